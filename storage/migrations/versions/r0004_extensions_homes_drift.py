"""Extensions of sessions, who has opened the home tab, and assignments in AWS that are not the bot's."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
EFFECTS_BEFORE = (
    "'revoke', 'verify_absent', 'grant', 'hard_stop', 'route', 'post_card', 'update_cards', 'tell', 'alert',"
    " 'update_alert', 'audit_line'"
)
EFFECTS = EFFECTS_BEFORE.replace("'update_alert'", "'update_alert', 'refresh_homes'")


def upgrade() -> None:
    """Add columns and tables; what is there was never extended."""
    op.add_column("requests", sa.Column("extends", sa.BigInteger()))
    op.add_column("sessions", sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_requests_extends", "requests", ["extends"], **_where("extends IS NOT NULL"))
    op.create_table(
        "homes",
        sa.Column("slack_id", sa.Text(), primary_key=True),
        sa.Column("opened_at", TIME, nullable=False),
    )
    op.create_table(
        "drift",
        sa.Column("principal_id", sa.Text(), primary_key=True),
        sa.Column("account_id", sa.Text(), primary_key=True),
        sa.Column("set_arn", sa.Text(), primary_key=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("ignored_until", TIME),
        sa.Column("ignored_by", sa.Text()),
    )
    _allow(EFFECTS)


def downgrade() -> None:
    """Take it away again, with the effects that the older version does not know."""
    op.execute("DELETE FROM outbox WHERE kind = 'refresh_homes'")
    _allow(EFFECTS_BEFORE)
    op.drop_table("drift")
    op.drop_table("homes")
    op.drop_index("ix_requests_extends", table_name="requests")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("extensions")
    with op.batch_alter_table("requests") as requests:
        requests.drop_column("extends")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


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
