"""Write an internal note: in other colours than a reply, for it never leaves the house."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from mkt_tui.desk import noting, rescue
from mkt_tui.desk.desk import Desk
from mkt_tui.domain.errors import UserError
from mkt_tui.i18n import N_, _
from mkt_tui.screens.act_dialogs import leave
from mkt_tui.widgets.editor import Editor
from mkt_tui.widgets.modal import Modal
from mkt_tui.widgets.typed_chooser import TypedChooser


class NoteScreen(Modal[list[str] | None]):
    """Ends with who is named in the note once it is kept; None when left without one."""

    DEFAULT_CSS = """
    NoteScreen { align: center middle; }
    NoteScreen Vertical {
        width: 70; max-width: 95%; height: 12; max-height: 90%;
        border: heavy $warning; background: $warning 15%; padding: 0 1;
    }
    NoteScreen Static { height: auto; }
    NoteScreen #title { color: $text-warning; text-style: bold; }
    NoteScreen #trouble { color: $text-error; }
    NoteScreen TextArea { height: 1fr; background: $warning 10%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+d", "keep", N_("Keep the note"), priority=True),
        Binding("escape", "leave", N_("Back")),
    ]

    def __init__(self, desk: Desk, ticket_id: int, code: str) -> None:
        super().__init__()
        self._desk = desk
        self._ticket_id = ticket_id
        self._code = code
        self._editor = Editor(compact=True)
        self._chooser = NameChooser(desk, self._editor)
        self._editor.beside = (self._chooser,)

    def compose(self) -> ComposeResult:
        """Say what it is, then take the words."""
        with Vertical():
            yield Static(self._title, id="title", markup=False)
            yield self._editor
            yield self._chooser
            yield Static(_("@name tells a colleague. ^D keeps it, Esc leaves."), markup=False)
            yield Static(id="trouble", markup=False)

    @on(TextArea.Changed)
    @on(TextArea.SelectionChanged)
    def _typed(self) -> None:
        self._chooser.look()

    def keep_at_once(self) -> Path | None:
        """Write what is typed to a private file: the desk ends, and a note has no draft."""
        words = self._editor.text.strip()
        return rescue.write(self._desk.home, self._title, words) if words else None

    @property
    def _title(self) -> str:
        return _("INTERNAL NOTE on {code}: never sent").format(code=self._code)

    def action_leave(self) -> None:
        """Leave; words are thrown away only when the agent says so."""
        leave(self, self._editor.text)

    def action_keep(self) -> None:
        """Keep the note, or say why not; the words stay here then."""
        try:
            named = noting.add(self._desk, self._ticket_id, self._editor.text)
        except UserError as error:
            self.query_one("#trouble", Static).update(Text(str(error)))
        else:
            self.dismiss(named)


class NameChooser(TypedChooser[str]):
    """Puts in the login of a colleague after @."""

    TYPED: ClassVar = noting.TYPED

    def __init__(self, desk: Desk, editor: Editor) -> None:
        super().__init__(editor)
        self._desk = desk

    def matching(self, typed: str) -> Sequence[str]:
        """Return the colleagues whose logins begin so."""
        return noting.colleagues(self._desk, typed)

    def line(self, item: str) -> Text:
        """Return the login."""
        return Text(f"@{item}")

    def put_in(self, item: str, start: int, end: int) -> None:
        """Put it in as a word of its own."""
        self._editor.put(f"@{item} ", start, end)
