"""The freeze of all granting, and orders to revoke all."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
EFFECTS_BEFORE = (
    "'revoke', 'verify_absent', 'grant', 'hard_stop', 'route', 'post_card', 'update_cards', 'tell', 'alert',"
    " 'update_alert', 'refresh_homes', 'audit_line'"
)
EFFECTS = EFFECTS_BEFORE.replace("'refresh_homes'", "'refresh_homes', 'revoke_all', 'show_brakes'")


def upgrade() -> None:
    """Add the tables; nothing is frozen."""
    op.create_table(
        "freezes",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name="single"),
    )
    op.create_table("mass_orders", *_order_columns())
    op.create_table(
        "mass_order_ends",
        sa.Column("order_id", sa.Text(), sa.ForeignKey("mass_orders.id"), primary_key=True),
        sa.Column("session_id", sa.Text(), sa.ForeignKey("sessions.id"), primary_key=True),
    )
    _allow(EFFECTS)


def _order_columns() -> list[sa.Column[object] | sa.CheckConstraint]:
    text = sa.Text()
    columns: list[sa.Column[object]] = [sa.Column("id", text, primary_key=True)]
    needed = ("scope", "target", "target_name", "by", "by_name", "by_email", "role", "reason")
    columns += [sa.Column(each, text, nullable=False) for each in needed]
    columns += [
        sa.Column("ordered_at", TIME, nullable=False),
        sa.Column("status", text, nullable=False),
        sa.Column("confirmed_by", text),
        sa.Column("confirmed_by_name", text, nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("done_at", TIME),
        sa.Column("channel", text, nullable=False, server_default=""),
        sa.Column("ts", text, nullable=False, server_default=""),
        sa.Column("shown", text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False),
    ]
    return [
        *columns,
        sa.CheckConstraint("scope IN ('person', 'account', 'everything')", name="scope"),
        sa.CheckConstraint("role IN ('owner or SSO admin', 'owner', 'SSO admin')", name="role"),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'lapsed')", name="status"),
    ]


def downgrade() -> None:
    """Take it away again, with the effects that the older version does not know."""
    op.execute("DELETE FROM outbox WHERE kind IN ('revoke_all', 'show_brakes')")
    _allow(EFFECTS_BEFORE)
    op.drop_table("mass_order_ends")
    op.drop_table("mass_orders")
    op.drop_table("freezes")


def _allow(effects: str) -> None:
    """Change which kinds the outbox takes; SQLite rebuilds the table for that, and must not give an id out twice."""
    db = op.get_bind()
    sqlite = db.dialect.name == "sqlite"
    last = db.scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")) if sqlite else None
    with op.batch_alter_table("outbox", table_kwargs={"sqlite_autoincrement": True}) as outbox:
        outbox.drop_constraint(op.f("ck_outbox_kind"), type_="check")
        outbox.create_check_constraint(op.f("ck_outbox_kind"), sa.text(f"kind IN ({effects})"))
    if last is not None:
        db.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'outbox'"))
        db.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', :last)"), {"last": last})
