"""A screen over another: its keys stand at its foot, so that a mouse can answer and leave it too."""

from typing import TypeVar

from textual import on
from textual.events import Click
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from mkt_tui.widgets.exact import ExactScreen
from mkt_tui.widgets.key_bar import KeyBar

Result = TypeVar("Result")


class Modal(ModalScreen[Result], ExactScreen[Result]):
    """The base of all dialogs and menus; a click beside an empty one goes back, as Esc does."""

    def on_mount(self) -> None:
        """Leave nothing of what was told before over it."""
        if hush := getattr(self.app, "hush", None):
            hush()

    def _extend_compose(self, widgets: list[Widget]) -> None:
        # Mounted later, the keys at its foot would have it laid out and painted a second time.
        super()._extend_compose(widgets)
        widgets.append(KeyBar())

    @on(Click)
    async def _beside(self, event: Click) -> None:
        clicked, _region = self.get_widget_at(event.screen_x, event.screen_y)
        # Not as a key: one that a screen sends itself is not handed up to it.
        if clicked is self and not self._has_words and (back := self.active_bindings.get("escape")):
            await self.app.run_action(back.binding.action, back.node)

    @property
    def _has_words(self) -> bool:
        """Whether a click that went wrong would lose something typed."""
        typed = [each.value for each in self.query(Input)]
        return any([*typed, *(each.text for each in self.query(TextArea))])
