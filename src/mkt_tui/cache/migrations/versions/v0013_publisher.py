"""Titles of publishers, what shops find wrong with them, corrections, deliveries, sales."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_TABLES = ("title", "title_file", "title_shop", "complaint", "correction", "upload", "sale")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _large(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _channel() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], ondelete="CASCADE"),
    )


def _ticket() -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], ondelete="CASCADE"),
    )


def upgrade() -> None:
    """Apply."""
    _make_titles()
    _make_complaints()
    op.create_table(
        "upload",
        _text("operation"),
        *map(_large, ("sent", "size", "at")),
        sa.PrimaryKeyConstraint("operation"),
    )
    op.create_table(
        "sale",
        *_channel(),
        _text("code"),
        _text("isbn", nullable=True),
        _text("shop", nullable=True),
        _text("kind"),
        sa.Column("units", sa.Integer(), nullable=True),
        _large("amount"),
        _text("currency"),
        _large("at"),
        sa.PrimaryKeyConstraint("channel_id", "code"),
    )
    op.create_index("sale_at", "sale", ["at"])


def _make_titles() -> None:
    op.create_table(
        "title",
        *_channel(),
        *map(_text, ("isbn", "name")),
        *(_text(name, nullable=True) for name in ("author", "imprint", "state")),
        _large("on_sale_at", nullable=True),
        _text("manager", nullable=True),
        _text("words"),
        _large("updated_at"),
        sa.PrimaryKeyConstraint("channel_id", "isbn"),
    )
    op.create_index("title_isbn", "title", ["isbn"])
    op.create_index("title_changed", "title", ["updated_at", "isbn"])
    op.create_table(
        "title_file",
        *_channel(),
        *map(_text, ("isbn", "code", "kind")),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("sha256"),
        _large("size"),
        _large("received_at", nullable=True),
        _text("checked", nullable=True),
        _text("problems"),
        sa.PrimaryKeyConstraint("channel_id", "isbn", "code"),
    )
    op.create_table(
        "title_shop",
        *_channel(),
        *map(_text, ("isbn", "shop", "state")),
        _text("message", nullable=True),
        _large("updated_at"),
        sa.PrimaryKeyConstraint("channel_id", "isbn", "shop"),
    )


def _make_complaints() -> None:
    op.create_table(
        "complaint",
        *_ticket(),
        *_channel(),
        *map(_text, ("isbn", "shop", "defect")),
        *(_text(name, nullable=True) for name in ("defect_by", "defect_note")),
        _text("stage"),
        *(_text(name, nullable=True) for name in ("source", "rule", "manager")),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_index("complaint_title", "complaint", ["channel_id", "isbn"])
    op.create_table(
        "correction",
        _text("operation"),
        *_ticket(),
        _large("at"),
        _text("agent"),
        *(_text(name, nullable=True) for name in ("sha256", "name", "path")),
        _large("size"),
        _text("reason"),
        *(_text(name, nullable=True) for name in ("override", "report")),
        _text("before"),
        _large("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("operation"),
    )
    op.create_index("correction_ticket", "correction", ["ticket_id"])


def downgrade() -> None:
    """Take back."""
    for name in reversed(_TABLES):
        op.drop_table(name)
