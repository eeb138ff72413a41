"""Keys act one after the other, however fast they come.

On a slow link an agent types ahead, and many keys come in one packet. Textual hands each to
whatever has the focus at that moment, and goes on with the next one before the first has acted:
letters of a reply would act on the queue, and a reply be sent without its last words.
"""

import asyncio
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import Final, TypeVar

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump
from textual.widget import Widget

Result = TypeVar("Result")

# A key that comes so long after another has been handed on finds that one's work done: whatever
# takes longer keeps the event loop, and with it the next key, waiting.
_BURST: Final = 0.02
_LOOK_AGAIN: Final = 0.005
_PATIENCE: Final = 2.0


class TypedAhead(App[Result]):
    """An app whose keys act in their order.

    A screen that has its focus only some time after it was opened says so in `takes_keys`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ahead: deque[Key | Paste] = deque()
        self._catching: asyncio.Task[None] | None = None
        self._handed_on = 0.0
        self._in_words = False

    @property
    def catching_up(self) -> bool:
        """Whether keys wait for those before them."""
        return self._catching is not None

    async def settled(self) -> None:
        """Wait until every key that has come has acted."""
        await self._reach(self)
        while self._catching is not None:
            await self._catching
        await self._settle()

    async def on_event(self, event: Event) -> None:
        """Hand a key on, or keep it until those before it have acted."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
        elif not self.catching_up and self._may_act(event):
            await self._hand_on(event)
        else:
            self._ahead.append(event)
            if not self.catching_up:
                self._catching = asyncio.create_task(self._catch_up())

    def _may_act(self, event: Key | Paste) -> bool:
        if self._in_words and self._is_word(event):
            return True
        if monotonic() - self._handed_on <= _BURST or not self._takes_keys:
            return False
        # On a busy machine time may have passed in which nothing was done.
        return not any(each.message_queue_size for each in self._on_the_way())

    async def _hand_on(self, event: Key | Paste) -> None:
        self._in_words = self._is_word(event)
        await super().on_event(event)
        self._handed_on = monotonic()

    def _is_word(self, event: Key | Paste) -> bool:
        """Whether it only adds to what a field holds, which needs no waiting for."""
        typed = isinstance(event, Paste) or event.is_printable
        return typed and self.focused is not None and self.focused.check_consume_key("x", "x")

    async def _catch_up(self) -> None:
        """Hand on what was typed ahead, each key after the one before it has acted."""
        while self._ahead:
            if not (self._in_words and self._is_word(self._ahead[0])):
                await self._settle()
            # In the app's own turn, as every other key.
            self.call_later(self._hand_on, self._ahead.popleft())
            await self._reach(self)
        self._catching = None

    async def _settle(self) -> None:
        """Wait until the keys before have acted, and what they opened can take keys."""
        # What a key does may itself be a message to a screen.
        for _round in range(2):
            await self._reach(self)
            for each in self._on_the_way():
                await self._reach(each)
        until = monotonic() + _PATIENCE
        while not self._takes_keys and monotonic() < until:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(_LOOK_AGAIN)

    def _on_the_way(self) -> list[MessagePump]:
        """Return whose messages a key may become: the field, what it is in, the screens, the app."""
        focused: Widget | None = self.focused
        above = focused.ancestors_with_self if focused else ()
        found = [*above, *self.screen_stack, self]
        return [each for each in found if isinstance(each, MessagePump)]

    @property
    def _takes_keys(self) -> bool:
        return self.screen.is_mounted and bool(getattr(self.screen, "takes_keys", True))

    @staticmethod
    async def _reach(pump: MessagePump) -> None:
        """Wait until a message queue has come to where it ends now."""
        reached = asyncio.Event()
        if pump.call_later(reached.set):
            with suppress(TimeoutError):
                await asyncio.wait_for(reached.wait(), _PATIENCE)
