"""The hard stop: sets of a session's own, the moment from which they deny everything, how long an AWS session lasts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
EFFECTS_BEFORE = (
    "'revoke', 'verify_absent', 'grant', 'route', 'post_card', 'update_cards', 'tell', 'alert', 'update_alert',"
    " 'audit_line'"
)
EFFECTS = EFFECTS_BEFORE.replace("'grant'", "'grant', 'hard_stop'")


def upgrade() -> None:
    """Add the columns; custom sets always were their session's own, and those that are live keep having no cut."""
    op.add_column("sessions", sa.Column("own_set", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("cut_at", TIME))
    op.add_column("sessions", sa.Column("sign_in_hours", sa.Integer()))
    op.execute(
        sa.text(
            "UPDATE sessions SET own_set = :yes WHERE request_id IN (SELECT id FROM requests WHERE set_kind = 'Custom')"
        ).bindparams(yes=True)
    )
    _allow(EFFECTS)


def downgrade() -> None:
    """Take it away again, with the effects that the older version does not know."""
    op.execute("DELETE FROM outbox WHERE kind = 'hard_stop'")
    _allow(EFFECTS_BEFORE)
    with op.batch_alter_table("sessions") as sessions:
        for column in ("sign_in_hours", "cut_at", "own_set"):
            sessions.drop_column(column)


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
