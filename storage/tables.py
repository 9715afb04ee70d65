"""The tables: what is stored of requests, sessions, the outbox, cards and the audit log.

Partial indexes carry their condition with the values written out, and queries use the very same expression: planners
prove that an index fits from literals, not from parameters.
"""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)

from access.changes import EffectKind, Place
from access.durations import AccessDuration
from access.mass_order import OrderStatus, ScopeKind
from access.permission_sets import SetKind
from access.request import Level, RequestStatus, Verdict
from access.session import Ending, SessionStatus
from storage.lanes import Lane
from storage.types import UtcTime, Word

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: ColumnElement[StrEnum], words: Iterable[StrEnum]) -> ColumnElement[bool]:
    """Make `column IN ('a', 'b')` with the values written out, so that partial indexes are used."""
    return column.in_([literal_column(f"'{each.value}'") for each in words])


def _only(column: str, words: type[StrEnum]) -> CheckConstraint:
    allowed = ", ".join(f"'{each.value}'" for each in words)
    return CheckConstraint(f"{column} IN ({allowed})", name=column)


def _partial(name: str, *columns: ColumnElement[object], where: ColumnElement[bool]) -> Index:
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("requester_id", Text, nullable=False),
    Column("requester_name", Text, nullable=False),
    Column("requester_email", Text, nullable=False),
    Column("principal_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("account_name", Text, nullable=False),
    Column("set_kind", Word(SetKind), nullable=False),
    Column("set_name", Text, nullable=False),
    Column("set_content", Text),
    Column("duration", Word(AccessDuration), nullable=False),
    Column("justification", Text, nullable=False),
    Column("requested_at", UtcTime, nullable=False),
    Column("lapses_at", UtcTime, nullable=False),
    Column("status", Word(RequestStatus), nullable=False),
    Column("closed_at", UtcTime),
    Column("reminded_at", UtcTime),
    Column("escalated_at", UtcTime),
    Column("extends", BigInteger),
    Column("version", Integer, nullable=False),
    _only("set_kind", SetKind),
    _only("duration", AccessDuration),
    _only("status", RequestStatus),
)
undecided_requests = one_of(requests.c.status, [each for each in RequestStatus if each.undecided])
Index("ix_requests_requester", requests.c.requester_id, requests.c.number)
_partial("ix_requests_extends", requests.c.extends, where=requests.c.extends.is_not(None))
_partial("ix_requests_undecided", requests.c.requested_at, where=undecided_requests)
_partial("ix_requests_lapse", requests.c.lapses_at, where=undecided_requests)

decisions = Table(
    "decisions",
    metadata,
    # One person counts once, whatever the level.
    Column("request_id", Text, ForeignKey("requests.id"), primary_key=True),
    Column("approver_id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("verdict", Word(Verdict), nullable=False),
    Column("approver_name", Text, nullable=False),
    Column("approver_email", Text, nullable=False),
    Column("role", Word(Level), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("stand_in", Boolean, nullable=False),
    UniqueConstraint("request_id", "position"),
    _only("level", Level),
    _only("verdict", Verdict),
    _only("role", Level),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("request_id", Text, ForeignKey("requests.id"), nullable=False, unique=True),
    Column("principal_id", Text, nullable=False),
    Column("account_id", Text, nullable=False),
    Column("status", Word(SessionStatus), nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("set_name", Text, nullable=False),
    Column("own_set", Boolean, nullable=False, server_default=false()),
    Column("set_arn", Text, nullable=False),
    Column("sent_at", UtcTime),
    Column("grant_operation", Text, nullable=False),
    Column("removal_operation", Text, nullable=False),
    Column("existed_before", Boolean, nullable=False),
    Column("cut_at", UtcTime),
    Column("sign_in_hours", Integer),
    Column("granted_at", UtcTime),
    Column("announced_at", UtcTime),
    Column("ending", Word(Ending)),
    Column("ended_by", Text),
    Column("ended_by_name", Text, nullable=False),
    Column("end_reason", Text, nullable=False),
    Column("end_ordered_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("overdue_since", UtcTime),
    Column("overdue_again_at", UtcTime),
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("trouble", Text, nullable=False),
    Column("version", Integer, nullable=False),
    _only("status", SessionStatus),
    _only("ending", Ending),
)
live_sessions = one_of(sessions.c.status, [each for each in SessionStatus if each.live])
ended_sessions = one_of(sessions.c.status, [each for each in SessionStatus if not each.live])
running_sessions = one_of(sessions.c.status, [SessionStatus.GRANTING, SessionStatus.ACTIVE])
ending_sessions = one_of(sessions.c.status, [SessionStatus.REVOKING])
unannounced_sessions = and_(one_of(sessions.c.status, [SessionStatus.ACTIVE]), sessions.c.announced_at.is_(None))
# Not one index on all statuses: SQLite would find live sessions by it, and sort them, instead of by their end.
_partial("ix_sessions_ended", sessions.c.status, where=ended_sessions)
_partial("ix_sessions_live", sessions.c.ends_at, where=live_sessions)
_partial("ix_sessions_ending", sessions.c.end_ordered_at, where=ending_sessions)
_partial("ix_sessions_running", sessions.c.ends_at, where=running_sessions)
_partial("ix_sessions_announce", sessions.c.ends_at, where=unannounced_sessions)
_partial(
    "ix_sessions_assignment",
    sessions.c.principal_id,
    sessions.c.account_id,
    sessions.c.set_arn,
    where=running_sessions,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("lane", Word(Lane), nullable=False),
    Column("kind", Word(EffectKind), nullable=False),
    Column("subject", Text, nullable=False),
    Column("dedup_key", Text, nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("first_due_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", Text),
    Column("leased_until", UtcTime),
    Column("token", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("outcome_unknown", Boolean, nullable=False),
    Column("done_at", UtcTime),
    _only("lane", Lane),
    _only("kind", EffectKind),
    # An id is never used twice, so that a late worker cannot finish somebody else's row.
    sqlite_autoincrement=True,
)
open_effects = outbox.c.done_at.is_(None)
_partial("ix_outbox_due", outbox.c.lane, outbox.c.priority, outbox.c.due_at, where=open_effects)
_partial("ix_outbox_subject", outbox.c.subject, outbox.c.id, where=open_effects)
_partial("ix_outbox_leased", outbox.c.leased_until, outbox.c.subject, where=outbox.c.leased_until.is_not(None))
_partial("ix_outbox_done", outbox.c.done_at, where=outbox.c.done_at.is_not(None))

cards = Table(
    "cards",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("ts", Text, primary_key=True),
    Column("request_id", Text, ForeignKey("requests.id"), nullable=False, index=True),
    Column("place", Word(Place), nullable=False),
    Column("shown", Text, nullable=False),
    _only("place", Place),
)

alerts = Table(
    "alerts",
    metadata,
    # One message may be about many sessions, and a session may be called overdue in many messages.
    Column("channel", Text, primary_key=True),
    Column("ts", Text, primary_key=True),
    Column("session_id", Text, ForeignKey("sessions.id"), primary_key=True, index=True),
)

homes = Table(
    "homes",
    metadata,
    # Who has opened the home tab: nobody else's is published anew.
    Column("slack_id", Text, primary_key=True),
    Column("opened_at", UtcTime, nullable=False),
)

drift = Table(
    "drift",
    metadata,
    # Assignments in AWS that are not the bot's, as they were reported; what is ignored is not reported until then.
    Column("principal_id", Text, primary_key=True),
    Column("account_id", Text, primary_key=True),
    Column("set_arn", Text, primary_key=True),
    Column("seen_at", UtcTime, nullable=False),
    Column("ignored_until", UtcTime),
    Column("ignored_by", Text),
)

freezes = Table(
    "freezes",
    metadata,
    # One row while all granting is frozen, none otherwise.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("by", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

mass_orders = Table(
    "mass_orders",
    metadata,
    Column("id", Text, primary_key=True),
    Column("scope", Word(ScopeKind), nullable=False),
    Column("target", Text, nullable=False),
    Column("target_name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_email", Text, nullable=False),
    Column("role", Word(Level), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("status", Word(OrderStatus), nullable=False),
    Column("confirmed_by", Text),
    Column("confirmed_by_name", Text, nullable=False),
    Column("started_at", UtcTime),
    Column("done_at", UtcTime),
    # Where its message stands in the admin channel, and which version of the order it shows.
    Column("channel", Text, nullable=False, server_default=""),
    Column("ts", Text, nullable=False, server_default=""),
    Column("shown", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False),
    _only("scope", ScopeKind),
    _only("role", Level),
    _only("status", OrderStatus),
)
mass_order_ends = Table(
    "mass_order_ends",
    metadata,
    # Which sessions an order has ended, each in the transaction that ordered its end.
    Column("order_id", Text, ForeignKey("mass_orders.id"), primary_key=True),
    Column("session_id", Text, ForeignKey("sessions.id"), primary_key=True),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("id = 1", name="single"),
)
