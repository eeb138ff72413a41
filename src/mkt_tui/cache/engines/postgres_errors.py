"""What PostgreSQL and its driver complain of, in our own errors.

A server tells of a failed connection in words only, without its code (libpq); the words known
here are those of an English server, and others fall into the sentence that repeats them.
"""

import re
from collections.abc import Mapping
from typing import Final

import psycopg

from mkt_tui.domain.errors import (
    CacheFull,
    CacheLost,
    CacheMissing,
    CacheProblem,
    CacheRefuses,
    CacheUnreachable,
    CacheUnwritable,
)
from mkt_tui.i18n import N_

_BUSY: Final = N_("somebody else has been writing for too long; try again")
_CODES: Final[Mapping[str, type[CacheProblem]]] = {
    "53100": CacheFull,
    "25006": CacheUnwritable,
    "42501": CacheUnwritable,
    "3D000": CacheMissing,
}
# The connection is gone or about to go: class 08, shutdowns, and the limits set for a session.
_LOST: Final = re.compile("08...|57P0.|25P03|25P04")
_LOCK_WAIT: Final = "55P03"
# What libpq says before the reason: the address, which our sentence names already.
_PREFACE: Final = re.compile(r"(?:failed|FATAL): ")
_AT_THE_DOOR: Final = (
    (re.compile(r'database ".*" does not exist'), CacheMissing),
    (
        re.compile(
            r'authentication failed|no password supplied|role ".*" does not exist'
            r"|no pg_hba\.conf entry|permission denied for database|is not permitted to log in"
        ),
        CacheRefuses,
    ),
)


def of_connecting(error: psycopg.Error, name: str) -> CacheProblem:
    """Return why the server could not be reached or did not let us in."""
    told = _line(str(error))
    kinds = (kind for words, kind in _AT_THE_DOOR if words.search(told))
    return next(kinds, CacheUnreachable)(path=name, detail=_PREFACE.split(told)[-1])


def of_working(error: psycopg.Error, name: str) -> CacheProblem:
    """Return what stopped a statement; details of rows, which are customers', are left out."""
    code = error.sqlstate or ""
    told = _line(error.diag.message_primary or str(error))
    if _LOST.fullmatch(code) or (not code and isinstance(error, psycopg.OperationalError)):
        return CacheLost(path=name, detail=told)
    if code == _LOCK_WAIT:
        told = _BUSY
    return _CODES.get(code, CacheProblem)(path=name, detail=told)


def _line(text: str) -> str:
    return " ".join(text.split())
