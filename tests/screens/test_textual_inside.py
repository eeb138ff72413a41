"""What of Textual's inside the desk overrides: a newer Textual must be looked at before it is pinned.

`widgets/exact.py` repaints less than Textual does, and Textual offers no public way to it;
`typed_ahead.py` and `widgets/reply_editor.py` stand in front of how keys and lines are dealt with,
the app takes notifications away before Textual does, and `own_keys.py` names keys as Textual does.
Where one of these fails, read what changed in Textual, see that ours still fits (bench.queue tells
the bytes of a key), and take the new mark.
"""

import hashlib
import inspect
from collections.abc import Callable

import pytest
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App
from textual.command import CommandPalette
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import TextArea
from textual.widgets._toast import ToastRack

OVERRIDDEN = [
    (Screen._screen_resized, "9ac8cd9df5630782"),
    (Screen._on_screen_resume, "f39caa8ec4424d3c"),
    (Screen._on_timer_update, "421401660de142c5"),
    (Screen._compositor_refresh, "7a40efe563816a06"),
    (Widget._check_refresh, "ad1c8196be9747bf"),
    (Compositor.render_partial_update, "888dccc892d8ecc2"),
    (Compositor._render_chops, "ca8c3359d7afd017"),
    (Compositor._get_renders, "8ac93299aa5d3bef"),
    (ChopsUpdate.__init__, "f40588bd8fbd6469"),
    (ChopsUpdate.render_segments, "4c1cdb567e0b8354"),
    (TextArea.get_line, "f59b5f6cd013bea7"),
    (TextArea._on_key, "7d96cf803349c17f"),
    (App.on_event, "3dbf14d694916fe3"),
    (CommandPalette._start_no_matches_countdown, "0bc07d1794718e89"),
    (Screen._extend_compose, "b80043bc2e09b886"),
    (Widget.remove, "535a3d91617bc73e"),
    (App._prune, "be1dc93ca4615538"),
    (_character_to_key, "422e0a6af915a9c4"),
    (App._unnotify, "0ca739607455a3aa"),
    (ToastRack.show, "764c33fbdc911fd0"),
]


@pytest.mark.parametrize(
    ("method", "mark"), OVERRIDDEN, ids=[method.__qualname__ for method, _mark in OVERRIDDEN]
)
def test_what_is_overridden_is_as_it_was_when_it_was_looked_at(
    method: Callable[..., object], mark: str
) -> None:
    source = inspect.getsource(method).encode()
    assert hashlib.sha256(source).hexdigest()[:16] == mark
