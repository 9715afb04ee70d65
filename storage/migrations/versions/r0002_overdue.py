"""Sessions that are overdue: since when, when they are called so again, and where the alerts about them stand."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
LANES = "'revoke', 'grant', 'slack'"
EFFECTS_BEFORE = "'revoke', 'verify_absent', 'grant', 'route', 'post_card', 'update_cards', 'tell', 'audit_line'"
EFFECTS = (
    "'revoke', 'verify_absent', 'grant', 'route', 'post_card', 'update_cards', 'tell', 'alert', 'update_alert',"
    " 'audit_line'"
)
ENDING = "status IN ('revoking')"


def upgrade() -> None:
    """Add what overdue sessions need; those that are being ended now are called overdue at the next sweep, if late."""
    op.add_column("sessions", sa.Column("overdue_since", TIME))
    op.add_column("sessions", sa.Column("overdue_again_at", TIME))
    condition = sa.text(ENDING)
    op.create_index(
        "ix_sessions_ending", "sessions", ["end_ordered_at"], sqlite_where=condition, postgresql_where=condition
    )
    op.create_table(
        "alerts",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("channel", "ts", "session_id")),
        sa.PrimaryKeyConstraint("channel", "ts", "session_id", name=op.f("pk_alerts")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_alerts_session_id_sessions")),
    )
    op.create_index("ix_alerts_session_id", "alerts", ["session_id"])
    _allow(EFFECTS)


def downgrade() -> None:
    """Take it away again, with the effects that the older version does not know."""
    op.execute("DELETE FROM outbox WHERE kind IN ('alert', 'update_alert')")
    _allow(EFFECTS_BEFORE)
    op.drop_table("alerts")
    op.drop_index("ix_sessions_ending", "sessions")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("overdue_again_at")
        sessions.drop_column("overdue_since")


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
