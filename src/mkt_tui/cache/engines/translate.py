"""From the statements of this program to psycopg's: `:name` and `?` become `%(name)s` and `%s`."""

import re
from functools import lru_cache
from typing import Final

_TOKEN: Final = re.compile(
    r"""'(?:[^']|'')*'      # a text
    | "(?:[^"]|"")*"        # a quoted name
    | ::                    # a cast of PostgreSQL
    | :([A-Za-z_]\w*)       # a parameter by name
    | \?                    # a parameter by place
    | %                     # to psycopg the sign of a parameter""",
    re.VERBOSE,
)


@lru_cache(maxsize=512)
def to_psycopg(sql: str) -> str:
    """Return the statement with psycopg's parameters; texts, names and casts stay as they are."""
    return _TOKEN.sub(_token, sql)


def _token(found: re.Match[str]) -> str:
    if found[1]:
        return f"%({found[1]})s"
    return "%s" if found[0] == "?" else found[0].replace("%", "%%")
