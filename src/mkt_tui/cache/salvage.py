"""A damaged SQLite cache set aside, and a fresh one with what could be read of people's work.

Marketplaces can tell everything again but what agents wrote: drafts, notes, replies that were not
delivered, from hand to hand which ticket went, and of publishers' tickets what was declared corrected,
why a failed check did not stop it, and what an agent said is wrong. Those are saved with the tickets and channels they
belong to, the agents, and the audit log. The damaged file is never written to, and never overwritten.
"""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from mkt_tui.cache import indexing, wreck
from mkt_tui.cache.database import Database
from mkt_tui.cache.instants import to_cache
from mkt_tui.cache.settling import settle_unknown
from mkt_tui.cache.soundness import SIDE_FILES
from mkt_tui.cache.wreck import Wreck
from mkt_tui.domain.errors import Doubtful
from mkt_tui.domain.operation_kinds import Kind
from mkt_tui.domain.text import clean
from mkt_tui.domain.tickets import Audience
from mkt_tui.i18n import N_

Values: TypeAlias = dict[str, Any]

_UNDELIVERED: Final = frozenset({"queued", "sending", "unknown", "failed"})
_ON_ITS_WAY: Final = frozenset({"queued", "sending", "unknown"})
_NUMBERS: Final = ("INT", "BOOL")


class Salvaged(NamedTuple):
    """Where the damaged file is now, and how many rows of each table were saved."""

    aside: Path
    rows: Mapping[str, int]


def salvage(path: Path, now: datetime) -> Salvaged:
    """Set the cache at `path` aside and put a fresh one there; nobody may have it open.

    Raises:
        OSError: Files cannot be renamed or written; the damaged one is still there.
        CacheProblem: The fresh cache cannot be written.
    """
    folder = Path(tempfile.mkdtemp(prefix=".salvage-", dir=path.parent))
    try:
        fresh = folder / "fresh.db"
        Database(fresh).close()
        empty = folder / "empty.db"
        shutil.copyfile(fresh, empty)
        with wreck.opened(path, empty, folder) as found:
            saved = _save(found, fresh, now) if found else Counter[str]()
        aside = _set_aside(path, now)
        fresh.rename(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Salvaged(aside, saved)


def _set_aside(path: Path, now: datetime) -> Path:
    name = f"{path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    while (aside := path.with_name(name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    # The log first: without its file it can do no harm, a file without its log is incomplete.
    for each in SIDE_FILES:
        with suppress(FileNotFoundError):
            Path(f"{path}{each}").rename(f"{aside}{each}")
    path.rename(aside)
    return aside


def _save(found: Wreck, fresh: Path, now: datetime) -> Counter[str]:
    database = Database(fresh)
    try:
        with database.transaction():
            saver = _Saver(found, database, now)
            saver.save()
        for operation, channel in saver.in_doubt:
            error = Doubtful(channel=channel, detail=N_("the cache was damaged meanwhile"))
            settle_unknown(database, operation, error, now, now)
        indexing.rebuild(database)
    finally:
        database.close()
    return saver.saved


class _Saver:
    """Carries rows from the wreck to the fresh cache, each only if it makes sense there."""

    def __init__(self, found: Wreck, database: Database, now: datetime) -> None:
        self._found = found
        self._database = database
        self._now = to_cache(now)
        self.saved: Counter[str] = Counter()
        self.in_doubt: list[tuple[str, str]] = []
        self._corrected: frozenset[str] = frozenset()

    def save(self) -> None:
        """Save channels, then words with their tickets, then the log."""
        channels = list(self._read("channel", _as_it_is))
        drafts = list(self._read("draft", _draft))
        corrections = list(self._read("correction", _as_it_is))
        self._corrected = frozenset(each["operation"] for each in corrections)
        operations = list(self._read("operation", self._operation))
        notes = list(self._read("note", _note))
        handed = list(self._read("handover", _as_it_is))
        corrected = {each["ticket_id"] for each in corrections}
        complaints = [
            each
            for each in self._read("complaint", _as_it_is)
            if each.get("defect_by") is not None or each["ticket_id"] in corrected
        ]
        written = (*drafts, *operations, *notes, *handed, *corrections, *complaints)
        tickets = self._tickets({each["ticket_id"] for each in written} - {None})
        lost = {each["channel_id"] for each in (*tickets, *operations)}
        lost -= {each["id"] for each in channels}
        self._insert_all("channel", channels)
        self._insert_all("channel", (_lost_channel(each, self._now) for each in lost))
        self._insert_all("ticket", tickets)
        self._insert_all("agent", self._read("agent", _as_it_is))
        self._insert_all("note", notes)
        self._insert_all("mention", self._read("mention", _as_it_is))
        self._insert_all("handover", handed)
        self._insert_all("draft", drafts)
        self._insert_all("operation", operations)
        self._insert_all("complaint", complaints)
        self._insert_all("correction", corrections)
        self._note_doubts()
        self._insert_all("audit", self._read("audit", _as_it_is))

    def _read(self, table: str, mend: Callable[[Values], Values | None]) -> Iterable[Values]:
        kinds = {
            row[1]: (row[2], row[3]) for row in self._database.rows(f"PRAGMA table_info({table})")
        }
        names = [each for each in self._found.columns(table) if each in kinds]
        for row in self._found.rows(table, names):
            values = dict(zip(names, row, strict=True))
            if all(_fits(value, *kinds[name]) for name, value in values.items()):
                mended = mend(values)
                if mended is not None:
                    yield mended

    def _tickets(self, wanted: set[int]) -> list[Values]:
        """Return the tickets of the words, made up where they cannot be read: words come first."""
        found = list(self._read("ticket", lambda row: row if row["id"] in wanted else None))
        lost = wanted - {each["id"] for each in found}
        channel = min((each["channel_id"] for each in found), default=1)
        return [*found, *(_lost_ticket(each, channel, self._now) for each in sorted(lost))]

    def _operation(self, values: Values) -> Values | None:
        """Keep what was not delivered, and what declared a title corrected.

        What was on its way may be older here than it was.
        """
        state = values.get("state")
        if values.get("id") not in self._corrected and state not in _UNDELIVERED:
            return None
        if not (_is_audience(values) or values["kind"] != Kind.REPLY):
            return None
        if state in _ON_ITS_WAY:
            values |= {"state": "sending", "claimed_by": "salvage", "claim_expires_at": self._now}
        return values | {"text": clean(values["text"])} if values["text"] else values

    def _note_doubts(self) -> None:
        self.in_doubt = [
            (row[0], row[1])
            for row in self._database.rows(
                "SELECT operation.id, channel.name FROM operation"
                " JOIN channel ON channel.id = operation.channel_id WHERE state = 'sending'"
            )
        ]

    def _insert_all(self, table: str, rows: Iterable[Values]) -> None:
        for values in rows:
            self._insert(table, values)

    def _insert(self, table: str, values: Values) -> None:
        names = ", ".join(values)
        marks = ", ".join(f":{each}" for each in values)
        # A row that refers to nothing, or tells a number twice, is itself damage.
        with suppress(sqlite3.IntegrityError):
            self._database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
            self.saved[table] += 1


def _draft(values: Values) -> Values | None:
    if not _is_audience(values):
        return None
    # Messages get new numbers: whoever wrote is shown once more what the thread holds.
    return values | {"text": clean(values["text"]), "seen": 0}


def _note(values: Values) -> Values | None:
    return values | {"text": clean(values["text"])}


def _is_audience(values: Values) -> bool:
    return values.get("audience") in set(Audience) and isinstance(values.get("text"), str)


def _fits(value: object, kind: str, needed: int) -> bool:
    if value is None:
        return not needed
    return isinstance(value, int if any(each in kind.upper() for each in _NUMBERS) else str)


def _lost_channel(number: int, now: int) -> Values:
    values: Values = dict.fromkeys(("adapter", "country", "base_url", "secret", "created_by"), "?")
    return values | {
        "id": number,
        "name": f"salvaged-{number}",
        "zone": "UTC",
        "enabled": 0,
        "options": "{}",
        "created_at": now,
    }


def _lost_ticket(number: int, channel: int, now: int) -> Values:
    instants = ("sort_at", "registered_at", "received_at", "created_at", "updated_at")
    values: Values = dict.fromkeys(instants, now)
    return values | {
        "id": number,
        "channel_id": channel,
        "code": f"salvaged-{number}",
        "subject": "?",
        "state": 0,
        "participants": "customer,operator",
    }


def _as_it_is(values: Values) -> Values:
    return values
