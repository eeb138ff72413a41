"""Titles have ids, and an index holds the publishers' tickets that are not closed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_NUMBER = """
UPDATE title SET id = numbered.number
FROM (SELECT channel_id, isbn, ROW_NUMBER() OVER (ORDER BY channel_id, isbn) AS number FROM title)
    AS numbered
WHERE numbered.channel_id = title.channel_id AND numbered.isbn = title.isbn
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("title", sa.Column("id", sa.Integer(), nullable=True))
    op.execute(_NUMBER)
    op.create_index("title_id", "title", ["id"], unique=True)
    open_ones = sa.text("stage <> 'closed'")
    op.create_index(
        "complaint_open",
        "complaint",
        ["channel_id", "isbn", "stage"],
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("complaint_open", "complaint")
    op.drop_index("title_id", "title")
    op.drop_column("title", "id")
