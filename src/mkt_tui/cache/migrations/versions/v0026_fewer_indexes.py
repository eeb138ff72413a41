"""Codes and numbers are found in the unique index of their channels; one index less to write each."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CORRECTED = sa.text("first_number IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.drop_index("ticket_code", "ticket")
    op.drop_index("order_number", "sales_order")
    op.drop_index("parcel_first_number", "parcel")
    op.create_index(
        "parcel_first_number",
        "parcel",
        ["first_number"],
        sqlite_where=_CORRECTED,
        postgresql_where=_CORRECTED,
    )


def downgrade() -> None:
    """Take back."""
    op.create_index("ticket_code", "ticket", ["code"])
    op.create_index("order_number", "sales_order", ["number"])
    op.drop_index("parcel_first_number", "parcel")
    op.create_index("parcel_first_number", "parcel", ["first_number"])
