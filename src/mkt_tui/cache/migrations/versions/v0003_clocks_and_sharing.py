"""Two clocks per ticket, who has it and had it, notes, and what is put off."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TICKET = (
    sa.Column("kind", sa.String(), nullable=False, server_default="message"),
    sa.Column("reason", sa.String(), nullable=True),
    sa.Column("told_due_at", sa.BigInteger(), nullable=True),
    sa.Column("due_rule", sa.String(), nullable=True),
    sa.Column("house_due_at", sa.BigInteger(), nullable=True),
    sa.Column("house_rule", sa.String(), nullable=True),
    sa.Column("snoozed_after", sa.BigInteger(), nullable=True),
)


def upgrade() -> None:
    """Apply."""
    for column in _TICKET:
        op.add_column("ticket", column)
    op.add_column("channel", sa.Column("rules", sa.String(), nullable=True))
    op.create_index("ticket_customer", "ticket", ["customer"])
    op.create_index("audit_ticket", "audit", ["ticket"])
    _agents()
    _notes()


def _agents() -> None:
    op.create_table(
        "agent",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("present_until", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("handover_ticket", "handover", ["ticket_id"])


def _notes() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("note_ticket", "note", ["ticket_id"])
    op.create_table(
        "mention",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "agent"),
    )
    op.create_index("mention_agent", "mention", ["agent", "seen_at"])


def downgrade() -> None:
    """Take back."""
    for table in ("mention", "note", "handover", "agent"):
        op.drop_table(table)
    op.drop_index("audit_ticket", "audit")
    op.drop_index("ticket_customer", "ticket")
    op.drop_column("channel", "rules")
    for column in reversed(_TICKET):
        op.drop_column("ticket", column.name)
