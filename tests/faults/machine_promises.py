"""What must hold after every commit and after every change in AWS, and what must be true when all is quiet."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from access.changes import EventKind
from access.request import Level, Request, RequestId, RequestStatus
from access.session import Session
from sandbox.aws.world import Holding
from storage import audit, cards, chain, requests, sessions
from storage.tables import outbox
from storage.tables import requests as request_rows
from tests.access.test_random_lives import NEXT
from tests.faults.machine_aws import subject_of
from tests.faults.machine_world import MachineWorld
from tests.operations.company import AUDIT_CHANNEL

_READ_BACK = "ListAccountAssignments"
_BEFORE_IT = {"CreateAccountAssignment", "DeleteAccountAssignment"}
_BEFORE_IT |= {"DescribeAccountAssignmentCreationStatus", "DescribeAccountAssignmentDeletionStatus"}
_NOTICE = {"expired": "expired", "revoked by an approver": "revoked", "ended early by its holder": "ended_early"}
_DIGEST = re.compile(r"entries at once: (\d+) to (\d+)")
_OUTCOMES = {EventKind.EXPIRED, EventKind.REVOKED, EventKind.FAILED}
# Asked after every commit, so without SQLAlchemy's share in it.
_REQUESTS = "SELECT id, status FROM requests"
_SESSIONS = (
    "SELECT id, status, principal_id, account_id, set_arn, set_name, sent_at, existed_before, granted_at, ends_at"
    " FROM sessions"
)
_OPEN = "SELECT dedup_key FROM outbox WHERE done_at IS NULL AND lane IN ('revoke', 'grant')"


class Row(NamedTuple):
    """A session as it is stored; the times are as the driver gives them."""

    id: str
    status: str
    principal_id: str
    account_id: str
    set_arn: str
    set_name: str
    sent_at: object
    existed_before: bool
    granted_at: object
    ends_at: datetime | str

    @property
    def live(self) -> bool:
        """Tell whether AWS may hold an assignment for it."""
        return self.status in {"granting", "active", "revoking"}

    @property
    def holding(self) -> Holding:
        """What AWS holds for it."""
        return Holding(self.account_id, self.set_arn, "USER", self.principal_id)

    @property
    def subject(self) -> str:
        """Its target as the outbox names it."""
        return f"{self.principal_id}/{self.account_id}/{self.set_name}"


class PromiseBroken(AssertionError):  # noqa: N818 - it states a fact
    """What the bot promises does not hold."""


@dataclass(slots=True)
class Promises:
    """Watches one world; `by_hand` are assignments that an administrator gave, `accepted` what somebody saw taken."""

    world: MachineWorld
    by_hand: set[Holding] = field(default_factory=set)
    accepted: set[RequestId] = field(default_factory=set)
    commits: int = 0
    _known: dict[str, str] = field(default_factory=dict)
    sessions: list[Row] = field(default_factory=list)

    def after_commit(self) -> None:
        """Look at every row after a commit: nothing goes where it must not, nothing that must be done is forgotten."""
        self.commits += 1
        with self.world.store.read() as db:
            found: dict[str, str] = {row[0]: row[1] for row in db.exec_driver_sql(_REQUESTS)}
            self.sessions = [Row(*each) for each in db.exec_driver_sql(_SESSIONS)]
            still_open = set(db.exec_driver_sql(_OPEN).scalars())
        for session in self.sessions:
            found[session.id] = session.status
            before = self._known.get(session.id)
            if before != session.status:
                self._moved(session, before)
            effect = {"granting": f"grant:{session.id}", "revoking": f"revoke:{session.id}"}.get(session.status)
            _must(
                effect is None or effect in still_open, f"{session.id} is {session.status} and nobody is to see to it"
            )
        for each, status in found.items():
            before = self._known.get(each)
            allowed = before is None or before == status or status in NEXT.get(before, set())
            _must(allowed, f"I6: {each} went from {before} to {status}")
        _must(self._known.keys() <= found.keys(), "I5: a row has vanished")
        self._known = found
        self.after_aws()

    def _moved(self, session: Row, before: str | None) -> None:
        """See that a status is called what was read in AWS, in this very attempt."""
        asked = self.world.doing[-1].asked if self.world.doing else []
        held, late = session.holding in self.world.aws.holdings, session.subject in self.world.late
        if session.status == "active":
            _must(before == "granting" and session.granted_at is not None, f"{session.id} is active from {before}")
            _must(_read_back(asked), f"{session.id} was called active without a read-back")
            _must(held or late, f"{session.id} was called active and AWS does not hold it")
        if before is not None and not session.live and session.sent_at and not session.existed_before:
            shared = any(each.holding == session.holding and each.live for each in self._others(session.id))
            _must(shared or _read_back(asked), f"{session.id} was called ended without a read-back")
            _must(shared or not held or late, f"{session.id} was called ended and AWS still holds it")

    def _others(self, session_id: str) -> list[Row]:
        return [each for each in self.sessions if each.id != session_id]

    def after_aws(self) -> None:
        """I2: an assignment in AWS implies a row that is granting, active or revoking."""
        late, live = self.world.late, {each.holding for each in self.sessions if each.live}
        for session in self.sessions:
            held = session.holding in self.world.aws.holdings or session.subject in late
            _must(session.status != "active" or held, f"{session.id} is active and AWS does not hold it any more")
        for holding in self.world.aws.holdings:
            if holding not in live and holding not in self.by_hand:
                _must(subject_of(self.world.aws, holding) in late, f"I2: AWS holds {holding} for nobody")
        _must(self.by_hand <= self.world.aws.holdings.keys(), "what an administrator gave was taken away")

    def when_ordered(self, operation: str) -> None:
        """See that AWS is asked to assign only for what is on disk as asked for, and with its end."""
        if operation == "CreateAccountAssignment" and self.world.doing:
            claimed = self.world.doing[-1].claimed
            session = next(each for each in self.sessions if each.id == claimed.effect.arguments["session"])
            _must(session.sent_at is not None, f"AWS is asked for {session.id} before that is on disk")
        self.after_aws()

    def after_sweep(self, swept_at: datetime) -> None:
        """See that no session runs past its end when a sweep without trouble has come by at this time."""
        for each in self.sessions:
            ends_at = each.ends_at if isinstance(each.ends_at, datetime) else datetime.fromisoformat(each.ends_at)
            running = each.status in {"granting", "active"}
            _must(not running or ends_at > swept_at, f"I1: {each.id} still runs, its end was {ends_at}")

    def active(self) -> list[RequestId]:
        """List the requests whose session is active, by their ids."""
        with self.world.store.read() as db:
            found = db.exec_driver_sql("SELECT request_id FROM sessions WHERE status = 'active' ORDER BY id")
            return [RequestId(each) for each in found.scalars()]

    def extended(self) -> int:
        """Count the sessions whose end was put off."""
        with self.world.store.read() as db:
            return int(db.exec_driver_sql("SELECT count(*) FROM sessions WHERE extensions > 0").scalar_one())

    def concerned(self, subject: str) -> bool:
        """Tell whether a session stands on a target, or is still looked after."""
        looked_after = select(outbox.c.id).where(outbox.c.done_at.is_(None), outbox.c.subject == subject)
        with self.world.store.read() as db:
            waiting = db.execute(looked_after).first() is not None
        return waiting or any(each.subject == subject and each.live for each in self.sessions)

    def nothing_left(self) -> None:
        """I1: when every session has ended, AWS holds what an administrator gave, and no set of the bot's making."""
        _must(self.world.aws.holdings.keys() == self.by_hand, f"I1: AWS holds {[*self.world.aws.holdings]}")
        custom = [each.name for each in self.world.aws.sets.values() if "jit:request" in each.tags]
        _must(not custom, f"I1: {custom} are left in AWS")

    def when_quiet(self) -> None:
        """Check I1 to I7 when everything is well again and time enough has passed."""
        self.after_commit()
        with self.world.store.read() as db:
            stored = [requests.get(db, RequestId(each)) for each in db.execute(select(request_rows.c.id)).scalars()]
            lives = [(each, sessions.of_request(db, each.id)) for each in stored if each is not None]
            verified, log = chain.verify(db), [audit.get(db, seq) for seq in range(2, audit.head(db).seq + 1)]
            left = db.execute(
                select(outbox.c.dedup_key).where(outbox.c.done_at.is_(None), outbox.c.due_at <= self.world.clock.now())
            )
            waiting = left.scalars().all()
            subjects = {row.dedup_key: row.subject for row in db.execute(select(outbox.c.dedup_key, outbox.c.subject))}
            copies = Counter(
                (each.request_id, each.place) for life in lives for each in cards.of_request(db, life[0].id)
            )
        _must(not waiting, f"I7: {waiting} still wait")
        _must(verified.ok and verified.entries in {0, len(log) + 1}, f"I4: {verified.problem or 'a gap'}")
        _must(self.accepted <= {each.id for each, _ in lives}, "I5: what was accepted is not there")
        for request, session in lives:
            _check_decisions(request)
            if session is not None:
                kinds = [each.kind for each in log if each.request == request.label and each.kind in _OUTCOMES]
                self._check_session(request, session, kinds)
        _must(all(count == 1 for count in copies.values()), f"a card is known twice: {copies}")
        self._check_messages(subjects)

    def _check_messages(self, subjects: dict[str, str]) -> None:
        """See that what was ordered to be said stands in Slack once; where an answer was lost, a person may hear twice.

        Direct messages cannot be searched, so one whose answer was lost is sent again.
        """
        trouble = self.world.borders.fired + sum(each.deaths for each in self.world.replicas)
        counted = Counter((each.key, each.channel.startswith("D")) for each in self.world.slack.postings)
        for (key, direct), count in counted.items():
            most = 1 + trouble if direct or subjects[key] in self.world.late else 1
            _must(count <= most, f"I3: {key} stands {count} times")
        lines = [each for each in self.world.slack.postings if each.channel == AUDIT_CHANNEL]
        said = {each.key for each in lines}
        for digest in filter(None, (_DIGEST.search(each.text) for each in lines)):
            said |= {f"audit_line:{seq}" for seq in range(int(digest[1]), int(digest[2]) + 1)}
        unsaid = [each for each in subjects if each.startswith("audit_line:") and each not in said]
        _must(not unsaid, f"I3: {unsaid} were never said in the audit channel")

    def _check_session(self, request: Request, session: Session, kinds: list[EventKind]) -> None:
        now = self.world.clock.now()
        holding = Holding(session.account_id, session.set_arn, "USER", session.principal_id)
        held = holding in self.world.aws.holdings
        if session.status.live:
            _must(session.ends_at > now, f"I1: {session.id} is {session.status} after its end, all being well")
            _must(kinds == [], f"I3: {session.id} is live and has ended by the log: {kinds}")
            return
        _must(
            kinds == [EventKind(session.status.value)], f"I3: {session.id} is {session.status} and by the log {kinds}"
        )
        others = any(each.live and each.holding == holding for each in self._others(session.id))
        mine = not session.existed_before and holding not in self.by_hand
        _must(not held or others or not mine, f"I1: {session.id} has ended and AWS holds {session.assignment}")
        if request.custom:
            names = {each.name for each in self.world.aws.sets.values()}
            _must(session.set_name not in names, f"I1: {session.set_name} is left in AWS")
        notice = _NOTICE.get(session.ending.value if session.ending else "")
        if notice:
            keys = [each.key for each in self.world.slack.in_channel(f"D{request.requester.slack_id}")]
            _must(f"tell:{request.id}:{notice}" in keys, f"I3: nobody was told that {session.id} is {notice}")


def _read_back(asked: list[str]) -> bool:
    """Tell whether the assignments were read after all that was ordered and watched."""
    last = next((each for each in reversed(asked) if each == _READ_BACK or each in _BEFORE_IT), "")
    return last == _READ_BACK


def _check_decisions(request: Request) -> None:
    """See that nobody decided their own request, and that the two levels are two people."""
    people = [each.by for each in request.decisions]
    addresses = [each.by_email for each in request.decisions]
    own = request.requester.slack_id in people or request.requester.email in addresses
    _must(not own, f"{request.label} was decided by its requester")
    _must(len(set(people)) == len(people) == len(set(addresses)), f"{request.label} was decided twice by one person")
    if request.status is RequestStatus.APPROVED:
        levels = [each.level for each in request.decisions]
        right = [Level.OWNER, Level.ADMIN] if request.custom else [Level.ANY]
        _must(levels == right, f"{request.label} was approved at {levels}")


def _must(holds: bool, words: str) -> None:  # noqa: FBT001 - it reads as a sentence
    if not holds:
        raise PromiseBroken(words)
