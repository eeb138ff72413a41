"""On PostgreSQL, words are found part by part, so that the newest rows are there at once."""

from collections.abc import Sequence
from typing import Final

from alembic import op

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHOLE: Final = "array_to_tsvector(string_to_array(words, ' '))"
_PARTS: Final = """array_to_tsvector(string_to_array(
    to_hex({table}_id >> 13) || '_' || replace(
        words, ' ', ' ' || to_hex({table}_id >> 13) || '_'), ' '))"""


def upgrade() -> None:
    """Apply."""
    _index(_PARTS)


def downgrade() -> None:
    """Take back."""
    _index(_WHOLE)


def _index(words: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in ("ticket", "order"):
        op.execute(f"DROP INDEX {table}_words_index")
        indexed = words.format(table=table)
        op.execute(f"CREATE INDEX {table}_words_index ON {table}_words USING gin ({indexed})")
