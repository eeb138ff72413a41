"""An index of the tickets in mediation, for their view and its count."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_WHERE = sa.text("COALESCE(waiting, '') = 'operator' OR COALESCE(kind, '') = 'mediation'")


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ticket_mediation",
        "ticket",
        ["state", "sort_at", "id"],
        sqlite_where=_WHERE,
        postgresql_where=_WHERE,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ticket_mediation", "ticket")
