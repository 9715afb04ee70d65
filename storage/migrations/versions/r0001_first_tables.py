"""The first tables, the counters, and the triggers that keep the audit log append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.Text().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SET_KINDS = "'Standard', 'Custom'"
DURATIONS = (
    "'1 hour', '2 hours', '4 hours', '8 hours', '12 hours', '1 day', '2 days', '3 days', '1 week', '2 weeks', '1 month'"
)
UNDECIDED = "'Pending', 'Pending Owner', 'Pending Admin'"
REQUEST_STATUSES = f"{UNDECIDED}, 'Approved', 'Rejected', 'Withdrawn', 'Lapsed'"
LEVELS = "'owner or SSO admin', 'owner', 'SSO admin'"
VERDICTS = "'approved', 'rejected'"
SESSION_STATUSES = "'granting', 'active', 'revoking', 'expired', 'revoked', 'failed'"
ENDINGS = "'expired', 'revoked by an approver', 'ended early by its holder', 'could not be granted'"
LANES = "'revoke', 'grant', 'slack'"
EFFECTS = "'revoke', 'verify_absent', 'grant', 'route', 'post_card', 'update_cards', 'tell', 'audit_line'"
PLACES = "'owners', 'admins', 'requester'"

SQLITE_TRIGGERS = {
    "audit_no_update": "BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "audit_no_delete": "BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    # INSERT OR REPLACE deletes without waking the trigger above.
    "audit_no_replace": "BEFORE INSERT ON audit"
    " WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq OR hash = NEW.hash)"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
}
POSTGRESQL_FUNCTION = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$
"""
POSTGRESQL_TRIGGERS = {
    "audit_no_change": "BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "audit_no_truncate": "BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
}


def upgrade() -> None:
    """Create everything."""
    _create_counters()
    _create_requests()
    _create_decisions()
    _create_sessions()
    _create_outbox()
    _create_cards()
    _create_audit()


def downgrade() -> None:
    """Drop everything."""
    for table in ("audit", "audit_head", "cards", "outbox", "sessions", "decisions", "requests", "counters"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_append_only()")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _time(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, TIME, nullable=nullable)


def _only(table: str, column: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({words})", name=op.f(f"ck_{table}_{column}"))


def _index(name: str, table: str, columns: list[str], where: str | None = None) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def _create_counters() -> None:
    counters = op.create_table(
        "counters",
        _text("name"),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counters")),
    )
    op.bulk_insert(counters, [{"name": "requests", "value": 1000}, {"name": "checks", "value": 0}])


def _create_requests() -> None:
    op.create_table(
        "requests",
        _text("id"),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *map(_text, ("requester_id", "requester_name", "requester_email", "principal_id")),
        *map(_text, ("account_id", "account_name", "set_kind", "set_name")),
        _text("set_content", nullable=True),
        *map(_text, ("duration", "justification")),
        *map(_time, ("requested_at", "lapses_at")),
        _text("status"),
        *(_time(name, nullable=True) for name in ("closed_at", "reminded_at", "escalated_at")),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("number", name=op.f("uq_requests_number")),
        _only("requests", "set_kind", SET_KINDS),
        _only("requests", "duration", DURATIONS),
        _only("requests", "status", REQUEST_STATUSES),
    )
    _index("ix_requests_requester", "requests", ["requester_id", "number"])
    _index("ix_requests_undecided", "requests", ["requested_at"], f"status IN ({UNDECIDED})")
    _index("ix_requests_lapse", "requests", ["lapses_at"], f"status IN ({UNDECIDED})")


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        *map(_text, ("request_id", "approver_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        *map(_text, ("level", "verdict", "approver_name", "approver_email", "role")),
        _time("at"),
        _text("reason"),
        sa.Column("stand_in", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "approver_id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_decisions_request_id_position")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_decisions_request_id_requests")),
        _only("decisions", "level", LEVELS),
        _only("decisions", "verdict", VERDICTS),
        _only("decisions", "role", LEVELS),
    )


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        *map(_text, ("id", "request_id", "principal_id", "account_id", "status")),
        _time("ends_at"),
        *map(_text, ("set_name", "set_arn")),
        _time("sent_at", nullable=True),
        *map(_text, ("grant_operation", "removal_operation")),
        sa.Column("existed_before", sa.Boolean(), nullable=False),
        *(_time(name, nullable=True) for name in ("granted_at", "announced_at")),
        *(_text(name, nullable=True) for name in ("ending", "ended_by")),
        *map(_text, ("ended_by_name", "end_reason")),
        *(_time(name, nullable=True) for name in ("end_ordered_at", "ended_at")),
        _text("trouble"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("request_id", name=op.f("uq_sessions_request_id")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_sessions_request_id_requests")),
        _only("sessions", "status", SESSION_STATUSES),
        _only("sessions", "ending", ENDINGS),
    )
    running = "status IN ('granting', 'active')"
    _index("ix_sessions_ended", "sessions", ["status"], "status IN ('expired', 'revoked', 'failed')")
    _index("ix_sessions_live", "sessions", ["ends_at"], "status IN ('granting', 'active', 'revoking')")
    _index("ix_sessions_running", "sessions", ["ends_at"], running)
    _index("ix_sessions_announce", "sessions", ["ends_at"], "status IN ('active') AND announced_at IS NULL")
    _index("ix_sessions_assignment", "sessions", ["principal_id", "account_id", "set_arn"], running)


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        *map(_text, ("lane", "kind", "subject", "dedup_key", "payload")),
        sa.Column("priority", sa.Integer(), nullable=False),
        *map(_time, ("first_due_at", "due_at")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _text("leased_by", nullable=True),
        _time("leased_until", nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        _text("last_error"),
        sa.Column("outcome_unknown", sa.Boolean(), nullable=False),
        _time("done_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
        _only("outbox", "lane", LANES),
        _only("outbox", "kind", EFFECTS),
        sqlite_autoincrement=True,
    )
    _index("ix_outbox_due", "outbox", ["lane", "priority", "due_at"], "done_at IS NULL")
    _index("ix_outbox_subject", "outbox", ["subject", "id"], "done_at IS NULL")
    _index("ix_outbox_leased", "outbox", ["leased_until", "subject"], "leased_until IS NOT NULL")
    _index("ix_outbox_done", "outbox", ["done_at"], "done_at IS NOT NULL")


def _create_cards() -> None:
    op.create_table(
        "cards",
        *map(_text, ("channel", "ts", "request_id", "place", "shown")),
        sa.PrimaryKeyConstraint("channel", "ts", name=op.f("pk_cards")),
        sa.ForeignKeyConstraint(["request_id"], ["requests.id"], name=op.f("fk_cards_request_id_requests")),
        _only("cards", "place", PLACES),
    )
    _index("ix_cards_request_id", "cards", ["request_id"])


def _create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        _time("at"),
        *map(_text, ("kind", "actor", "request", "body", "prev", "hash")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_hash")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        _text("hash"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_single")),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    triggers = SQLITE_TRIGGERS
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL_FUNCTION)
        triggers = POSTGRESQL_TRIGGERS
    for name, rule in triggers.items():
        op.execute(f"CREATE TRIGGER {name} {rule}")
