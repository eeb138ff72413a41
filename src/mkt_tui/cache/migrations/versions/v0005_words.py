"""The words that tickets and orders are found by."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from mkt_tui.cache import indexing

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES: Final = {"ticket": "ticket", "order": "sales_order"}
# Words come folded and with blanks between, so nothing but a blank may part them; nobody asks
# where in a text a word stands. A beginning of two or three letters must not be a merge of
# thousands of words.
_SQLITE: Final = (
    """
CREATE VIRTUAL TABLE {table}_index USING fts5(words, content='{table}_words',
    content_rowid='{table}_id', tokenize="ascii tokenchars '#$@'", detail=none, columnsize=0,
    prefix='2 3')""",
    "CREATE VIRTUAL TABLE {table}_terms USING fts5vocab({table}_index, row)",
    """
CREATE TRIGGER {table}_words_insert AFTER INSERT ON {table}_words BEGIN
    INSERT INTO {table}_index (rowid, words) VALUES (new.{table}_id, new.words);
END""",
    """
CREATE TRIGGER {table}_words_delete AFTER DELETE ON {table}_words BEGIN
    INSERT INTO {table}_index ({table}_index, rowid, words)
        VALUES ('delete', old.{table}_id, old.words);
END""",
    """
CREATE TRIGGER {table}_words_update AFTER UPDATE ON {table}_words BEGIN
    INSERT INTO {table}_index ({table}_index, rowid, words)
        VALUES ('delete', old.{table}_id, old.words);
    INSERT INTO {table}_index (rowid, words) VALUES (new.{table}_id, new.words);
END""",
)
_POSTGRES: Final = (
    """
CREATE INDEX {table}_words_index ON {table}_words
    USING gin (array_to_tsvector(string_to_array(words, ' ')))""",
)


def upgrade() -> None:
    """Apply."""
    for table, owner in _TABLES.items():
        op.create_table(
            f"{table}_words",
            sa.Column(f"{table}_id", sa.Integer(), nullable=False),
            sa.Column("words", sa.String(), nullable=False),
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{owner}.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(f"{table}_id"),
        )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _TABLES:
        for statement in _SQLITE if is_sqlite else _POSTGRES:
            op.execute(statement.format(table=table))
    indexing.fill(_rows, _write)


def _rows(sql: str, parameters: Mapping[str, Any]) -> list[Any]:
    return list(op.get_bind().execute(sa.text(sql), dict(parameters)))


def _write(table: str, found: Mapping[int, str]) -> None:
    sql = f"INSERT INTO {table}_words ({table}_id, words) VALUES (:id, :words)"
    rows = [{"id": each, "words": words} for each, words in found.items()]
    op.get_bind().execute(sa.text(sql), rows)


def downgrade() -> None:
    """Take back."""
    for table in _TABLES:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TABLE {table}_terms")
            op.execute(f"DROP TABLE {table}_index")
        op.drop_table(f"{table}_words")
