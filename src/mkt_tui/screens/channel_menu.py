"""Choose a channel with one letter (J1)."""

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from mkt_tui.desk.overview import Overview
from mkt_tui.domain.channels import Channel
from mkt_tui.i18n import N_, _
from mkt_tui.screens.queue_words import late_count
from mkt_tui.widgets.modal import Modal

EVERYTHING = 0


class ChannelMenu(Modal[int | None]):
    """Ends with the channel's id, EVERYTHING, or None when nothing was chosen.

    Args:
        also: The other names of the channels' marketplaces, as agents may know them (T49).
    """

    DEFAULT_CSS = """
    ChannelMenu { align: center middle; }
    ChannelMenu OptionList {
        width: 66; max-width: 95%; height: auto; max-height: 80%;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,m", "dismiss(None)", N_("Back"))]

    def __init__(
        self,
        channels: Mapping[int, Channel],
        overview: Overview,
        also: Mapping[int, tuple[str, ...]],
    ) -> None:
        super().__init__()
        self._also = also
        self._channels = channels
        self._counts = {each.id: each for each in overview.channels}
        self._total = overview.open
        self._letters = letters({key: each.name for key, each in channels.items()})

    def compose(self) -> ComposeResult:
        """List everything and then each channel with its letter and counts."""
        everything = _("All channels")
        options = [Option(Text(f" 0  {everything}  {self._total or ''}"), "0")]
        options += [Option(self._line(key), str(key)) for key in self._channels]
        yield OptionList(*options)

    def _line(self, channel_id: int) -> Text:
        """Return a channel's line; its counts may not have been made yet."""
        line, name = Text(" "), self._channels[channel_id].name
        line.append(self._letters[channel_id], "bold")
        line.append(f"  {name}")
        if self._channels[channel_id].by_hand:
            line.append("  ⌂ " + _("portal"), "cyan")
        if count := self._counts.get(channel_id):
            line.append(f"  {count.open}")
            if count.late:
                line.append(f"  {late_count(count.late)}", "red")
        # A longer form of the same name tells nobody anything.
        names = [each for each in self._also.get(channel_id, ()) if name not in each]
        if names:
            line.append("  " + ", ".join(names), "dim")
        return line

    def on_key(self, event: Key) -> None:
        """Take the letter of a channel."""
        if event.character == "0":
            self.dismiss(EVERYTHING)
        for channel_id, letter in self._letters.items():
            if event.character == letter:
                event.stop()
                self.dismiss(channel_id)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(int(event.option_id or 0))


def letters(names: dict[int, str]) -> dict[int, str]:
    """Return a letter for each name: its first one that is still free, else a free digit."""
    taken = {"m", "0"}
    given = {}
    for key, name in names.items():
        wanted = [char for char in name.lower() if char.isascii() and char.isalnum()]
        free = (
            char for char in [*wanted, *"123456789abcdefghijklnopqrstuvwxyz"] if char not in taken
        )
        given[key] = next(free, "")
        taken.add(given[key])
    return given
