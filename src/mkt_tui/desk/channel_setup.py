"""Setting a channel up: its key, a test, personal data, from when on it is read (C2-C7).

What an agent changes is planned first and applied at once, with a row in the audit log for each.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from uuid import uuid4

from mkt_tui import secret_store
from mkt_tui.cache import channels as kept
from mkt_tui.cache.audit import Act
from mkt_tui.config import marketplaces
from mkt_tui.desk import channel_options, channels
from mkt_tui.desk.channels import NewChannel
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.channels import ORDERS_SINCE, PORTAL, Channel
from mkt_tui.domain.errors import NotAllowed, UserError
from mkt_tui.domain.marketplaces import Marketplace
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _, why
from mkt_tui.secret_references import read_secret

_REFERENCES: Final = ("env:", "file:", "cmd:", "keyring:", "store:")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to become of a channel; None = as it is.

    Attributes:
        account: The account with the provider of personal data; "" = none any more (C5, C6).
        modules: The modules matched with it (C7).
        since: From which day on orders are read; what changed before is left out (C4).
        address: Where its API or its portal is.
        options: All options of its adapter that people set.
    """

    account: str | None = None
    modules: tuple[str, ...] | None = None
    enabled: bool | None = None
    since: date | None = None
    address: str | None = None
    options: Mapping[str, str] | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to apply."""
        return self == Changes()


def adapters() -> tuple[str, ...]:
    """Return the names of the installed adapters."""
    from mkt_tui.adapters import registry  # brings HTTP, which no desk needs to start

    return registry.names()


def key_names(adapter: str) -> tuple[str, ...]:
    """Return what a channel's key consists of: () = one bare key.

    Raises:
        NotFound, SettingsWrong: There is no such adapter, or it is broken.
    """
    from mkt_tui.adapters import registry

    return registry.secret_names(adapter)


def meant(desk: Desk, name: str) -> Marketplace | None:
    """Return the marketplace that a new channel's name means (T49)."""
    return marketplaces(desk.home).find(name)


def add(desk: Desk, wanted: NewChannel, key: Mapping[str, str]) -> Channel:
    """Keep a new, disabled channel with the key that was typed, and return it.

    Args:
        wanted: Its `secret` is left empty; the key goes to the secret store.
        key: Values by `key_names`, or by "" where it is one bare key.

    Raises:
        NotAllowed, NotFound, SettingsWrong: See `channels.add`; nothing is kept then.
    """
    secret = "" if wanted.adapter == PORTAL else _kept(desk, key)
    options = {**_own_files(desk, wanted.adapter), **wanted.options}
    told = NewChannel(wanted.name, wanted.adapter, wanted.country, wanted.base_url, secret, options)
    try:
        return channels.add(desk, told, adapters())
    except UserError:
        secret_store.forget(desk.home.secrets, secret)
        raise


def change_key(desk: Desk, name: str, key: Mapping[str, str]) -> Channel:
    """Put another key in place of the channel's; the old one is removed from the store.

    Raises:
        NotFound: There is no channel of that name.
        NotAllowed: It is a portal, or there is no key.
    """
    channel = desk.channel(name)
    if channel.by_hand:
        raise NotAllowed(
            what=_("{channel} is a portal: people read it").format(channel=channel.name),
            remedy=_("It needs no key here."),
        )
    secret = _kept(desk, key)
    with desk.database.transaction():
        kept.keep_secret(desk.database, channel.id, secret)
        desk.record(Act("channel.key-changed", channel=channel.name))
    secret_store.forget(desk.home.secrets, channel.secret)
    return desk.channel(channel.name)


def check(channel: Channel) -> None:
    """Ask the marketplace one harmless question with the channel's key; for a thread.

    Raises:
        UserError: What is wrong with address, key or answer.
    """
    import asyncio

    from mkt_tui.adapters import registry

    kind = registry.load(channel.adapter)

    async def ask() -> None:
        async with kind(channel, partial(read_secret, channel.secret, channel.name)) as adapter:
            await adapter.check()

    asyncio.run(ask())


def personal_accounts(desk: Desk) -> list[str]:
    """Return the accounts with providers of personal data that channels have (C6)."""
    known = {each.personal_data.account for each in desk.channels().values()}
    return sorted(each for each in known if each)


def apply(desk: Desk, name: str, changes: Changes) -> Channel:
    """Carry the changes out, in one transaction, and return the channel.

    Raises:
        NotFound: There is no channel of that name.
        NotAllowed: It is a portal, or has no use for such an account or module.
        SettingsWrong: Address or options cannot be used.
    """
    with desk.database.transaction():
        before = desk.channel(name)
        channel = before
        if changes.address is not None or changes.options is not None:
            channel = channel_options.changed(desk, before, changes.address, changes.options)
            channel_options.keep(desk, before, channel)
        options = {**channel.options, **_personal(channel, changes)}
        if changes.since is not None:
            options[ORDERS_SINCE] = changes.since.isoformat()
        if options != channel.options:
            kept.keep_options(desk.database, channel.id, options)
            _record(desk, channel, options)
            _read_orders_again(desk, channel, options)
        if changes.enabled is not None:
            channels.switch(desk, channel, enabled=changes.enabled)
        number = channel.id
    return desk.channels()[number]


def rename(desk: Desk, name: str, new: str) -> Channel:
    """Call a channel otherwise; whose shop it is stays known (T49).

    Raises:
        NotFound: There is no channel of that name.
        NotAllowed: The new name is taken or cannot be one.
    """
    with desk.database.transaction():
        channel = desk.channel(name)
        wanted = channels.checked_name(desk, new, channel)
        whose = marketplaces(desk.home).of_channel(channel)
        if whose:
            options = {**channel.options, "marketplace": whose.id}
            kept.keep_options(desk.database, channel.id, options)
        kept.rename(desk.database, channel.id, wanted)
        desk.record(Act("channel.renamed", channel=wanted, detail=f"before={channel.name}"))
    return desk.channel(wanted)


def _own_files(desk: Desk, adapter: str) -> dict[str, str]:
    """Return where an adapter may keep what it must: files of the secret store, not made yet."""
    from mkt_tui.adapters import registry

    wanted = getattr(registry.load(adapter), "OWN_FILES", ()) if adapter in registry.names() else ()
    return {each: str(desk.home.secrets / f"{uuid4().hex}.{each}") for each in wanted}


def _personal(channel: Channel, changes: Changes) -> dict[str, str]:
    if changes.account is None and changes.modules is None:
        return {}
    known = channel.personal_data.modules
    modules = changes.modules if changes.modules is not None else ()
    if not known or not set(modules) <= set(known):
        raise NotAllowed(
            what=_("{channel} has no use for that").format(channel=channel.name),
            remedy=_("Its modules: {names}.").format(names=", ".join(known) or "-"),
        )
    found = {}
    if changes.account is not None:
        found["personal_account"] = clean_line(changes.account, 60)
    if changes.modules is not None:
        found["personal_modules"] = ",".join(changes.modules)
    return found


def _record(desk: Desk, channel: Channel, options: Mapping[str, str]) -> None:
    names = ("personal_account", "personal_modules")
    if any(options.get(each) != channel.options.get(each) for each in names):
        told = " ".join(f"{each}={options.get(each) or '-'}" for each in names)
        desk.record(Act("channel.personal-data", channel=channel.name, detail=told))
    if options.get(ORDERS_SINCE) != channel.options.get(ORDERS_SINCE):
        since = f"since={options[ORDERS_SINCE]}"
        desk.record(Act("channel.orders-since", channel=channel.name, detail=since))


def _read_orders_again(desk: Desk, channel: Channel, options: Mapping[str, str]) -> None:
    """Read orders from their new first day on: a marketplace was asked from the old one on only."""
    since, before = options.get(ORDERS_SINCE, ""), channel.options.get(ORDERS_SINCE, "")
    if since != before and (not before or since < before):
        kept.read_anew(desk.database, channel.id, "orders")


def _kept(desk: Desk, key: Mapping[str, str]) -> str:
    """Return the reference to a key that was typed; what is a reference already is taken as it is."""
    told = {name: value.strip() for name, value in key.items() if value.strip()}
    if not told:
        raise NotAllowed(what=_("There is no key"), remedy=_("Type or paste it."))
    first = next(iter(told.values()))
    if len(told) == 1 and first.startswith(_REFERENCES):
        return first
    text = told[""] if "" in told else json.dumps(told)
    try:
        return secret_store.keep(desk.home.secrets, text)
    except OSError as error:
        raise NotAllowed(
            what=_("The key cannot be kept in {path} ({detail})").format(
                path=desk.home.secrets, detail=why(error)
            ),
            remedy=_("Check who owns the folder."),
        ) from error
