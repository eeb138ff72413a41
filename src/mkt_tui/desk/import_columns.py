"""Which column of a file is which field: what heads usually mean, what people said, remembered."""

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mkt_tui.cache import channels
from mkt_tui.desk.desk import Desk
from mkt_tui.desk.tabular import Table
from mkt_tui.domain.channels import Channel
from mkt_tui.domain.errors import NotAllowed
from mkt_tui.domain.words import fold
from mkt_tui.i18n import _


class Columns(NamedTuple):
    """The columns of one kind of file.

    Attributes:
        option: The channel's option that remembers them: JSON {field: head}.
        usual: Every field, with the heads that usually mean it, as `plain` writes them.
    """

    option: str
    usual: Mapping[str, tuple[str, ...]]

    def of(
        self,
        channel: Channel,
        table: Table,
        mapping: Mapping[str, str],
        fields: Iterable[str] | None = None,
    ) -> dict[str, str]:
        """Return {field: head}: by what heads mean, then what was remembered, then `mapping`.

        Args:
            fields: Those to look for by their usual heads, the first one first; None = all.

        Raises:
            NotAllowed: `mapping` names a field or a head that there is not.
        """
        if unknown := [each for each in mapping if each not in self.usual]:
            raise NotAllowed(
                what=_("There is no field {name}").format(name=", ".join(unknown)),
                remedy=_("Write one of: {words}.").format(words=", ".join(self.usual)),
            )
        heads = {plain(each): each for each in reversed(table.heads)}
        found: dict[str, str] = {}
        for field in self.usual if fields is None else fields:
            free = (heads[name] for name in self.usual[field] if name in heads)
            head = next((each for each in free if each not in found.values()), None)
            if head is not None:
                found[field] = head
        for field, name in {**self._remembered(channel), **mapping}.items():
            if plain(name) in heads:
                found[field] = heads[plain(name)]
            elif field in mapping:
                raise no_column(name, table)
        return found

    def remember(self, desk: Desk, channel: Channel, mapping: Mapping[str, str]) -> None:
        """Keep what somebody said for the channel's next files."""
        if mapping:
            kept = json.dumps(self._remembered(channel) | dict(mapping), ensure_ascii=False)
            options = {**channel.options, self.option: kept}
            channels.keep_options(desk.database, channel.id, options)

    def _remembered(self, channel: Channel) -> dict[str, str]:
        try:
            kept = json.loads(channel.options.get(self.option, "{}"))
        except ValueError:
            return {}
        return {str(key): str(value) for key, value in kept.items() if key in self.usual}


def has(table: Table, names: Iterable[str]) -> bool:
    """Tell whether one of the table's heads is one of `names`."""
    return not {plain(each) for each in table.heads}.isdisjoint(names)


def plain(head: str) -> str:
    """Return a head as it is compared: folded, without signs of number."""
    return " ".join(fold(head.replace("°", "").replace("º", "")).replace("_", " ").split())


def no_column(name: str, table: Table) -> NotAllowed:
    """Return the error that names the columns there are."""
    return NotAllowed(
        what=_("The file has no column {name}").format(name=name),
        remedy=_("It has: {heads}. Say which is which: --map code=HEAD").format(
            heads=", ".join(table.heads)
        ),
    )
