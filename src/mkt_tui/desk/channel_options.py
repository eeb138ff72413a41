"""What a channel's owner may set otherwise later: its address, and the options of its adapter."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from mkt_tui.cache import channels as kept
from mkt_tui.cache.audit import Act
from mkt_tui.desk.channels import checked_address
from mkt_tui.desk.desk import Desk
from mkt_tui.domain import portals
from mkt_tui.domain.channels import ORDERS_SINCE, Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.text import clean_line
from mkt_tui.i18n import _

# Set by acts of their own, or by the program itself.
_OURS: Final = frozenset({"personal_account", "personal_modules", ORDERS_SINCE, "marketplace"})
_IMPORTS: Final = "import_"


def settable(desk: Desk, channel: Channel) -> dict[str, str]:
    """Return the options that a person has set, or may set otherwise."""
    own_files = str(desk.home.secrets)
    return {
        name: value
        for name, value in channel.options.items()
        if _is_theirs(name) and not value.startswith(own_files)
    }


def split(line: str) -> list[str]:
    """Return the words of a line; quotes hold blanks together, and a backslash is one.

    Raises:
        NotAllowed: A quote is not closed.
    """
    lexer = shlex.shlex(line, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters = True, "", ""
    try:
        return list(lexer)
    except ValueError as error:
        raise _not_understood() from error


def read(lines: Iterable[str]) -> dict[str, str]:
    """Return options written as key=value, one a line.

    Raises:
        NotAllowed: Something is no such pair, or is not a person's to set; what follows its sign is
            not repeated, for somebody may have typed a key there.
    """
    pairs = [line.strip().partition("=") for line in lines if line.strip()]
    if not all(key and sign for key, sign, _value in pairs):
        raise _not_understood()
    found = {clean_line(key.strip()): clean_line(value.strip()) for key, _sign, value in pairs}
    if ours := [each for each in found if not _is_theirs(each)]:
        raise NotAllowed(
            what=_("{names} is set elsewhere").format(names=", ".join(ours)),
            remedy=_("Leave it out."),
        )
    return found


def _not_understood() -> NotAllowed:
    return NotAllowed(
        what=_("The options are not understood"), remedy=_("Write them like key=value.")
    )


def written(options: Mapping[str, str]) -> list[str]:
    """Return the options as `read` takes them, one a line."""
    return [f"{name}={value}" for name, value in sorted(options.items())]


def changed(
    desk: Desk, channel: Channel, address: str | None, options: Mapping[str, str] | None
) -> Channel:
    """Return the channel as it would be.

    Args:
        address: Its new address; None = as it is.
        options: All that a person sets of it; None = as they are.

    Raises:
        SettingsWrong: Its adapter cannot work with them.
    """
    kept_ones = channel.options
    if options is not None:
        theirs = settable(desk, channel)
        kept_ones = {k: v for k, v in channel.options.items() if k not in theirs} | dict(options)
    url = channel.base_url if address is None else checked_address(address.strip())
    wanted = replace(channel, base_url=url, options=kept_ones)
    _check(wanted)
    return wanted


def keep(desk: Desk, before: Channel, after: Channel) -> None:
    """Keep address and options within the caller's transaction, with a row in the audit log.

    From another address everything is read anew: places in its lists are that address's own.
    """
    names = {*before.options, *after.options}
    told = [each for each in names if before.options.get(each) != after.options.get(each)]
    if after.base_url != before.base_url:
        kept.keep_address(desk.database, before.id, after.base_url)
        for stream in kept.stream_status(desk.database, before.id):
            kept.read_anew(desk.database, before.id, stream)
        told.append("address")
    if told:
        kept.keep_options(desk.database, before.id, after.options)
        detail = f"settings={','.join(sorted(told))}"
        desk.record(Act("channel.settings", channel=before.name, detail=detail))


def _check(channel: Channel) -> None:
    from mkt_tui.adapters import registry  # brings HTTP, which no desk needs to start

    if channel.by_hand:
        portals.check(channel)
    else:
        # Made, not opened: an adapter reads its options then, and asks nobody.
        registry.load(channel.adapter)(channel, str)


def _is_theirs(name: str) -> bool:
    return name not in _OURS and not name.startswith(_IMPORTS)
