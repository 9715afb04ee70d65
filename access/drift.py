"""Drift: what AWS holds compared with the sessions, and what becomes of a session whose assignment was taken away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from access.changes import Change, EventKind, update_cards
from access.lifecycle import event_of
from access.refusals import AlreadyDone
from access.request import Request
from access.session import Assignment, Session, SessionStatus
from access.session_lifecycle import already_ended

IGNORED_FOR = timedelta(days=30)
SET_GRACE = timedelta(hours=1)
"""How long a session has ended before its own set counts as left over: its removal waits for AWS, too."""
MISSING = (
    "AWS does not hold this access any more: somebody else took it away there. jitbot will not give it again by "
    "itself; ask anew if you need it."
)
_KEY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What AWS was seen to hold: the assignments of users, and where was looked, as (account id, set ARN).

    `names` are the names of all permission sets by ARN; `skipped` are accounts that AWS did not show, and why.
    """

    held: frozenset[Assignment]
    where: frozenset[tuple[str, str]]
    names: Mapping[str, str]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The outcome of a comparison.

    `returned` are sessions that were called missing and are there again; `leftover` are ended sessions that may have
    left an assignment, `leftover_sets` ended ones whose own set still stands, with its ARN as AWS has it;
    `unknown_sets` are ARNs of sets with the bot's tag of which the database knows nothing.
    """

    looked: Looked
    expected: tuple[Assignment, ...] = ()
    missing: tuple[Session, ...] = ()
    returned: tuple[Session, ...] = ()
    leftover: tuple[Session, ...] = ()
    leftover_sets: tuple[Session, ...] = ()
    foreign: tuple[Assignment, ...] = ()
    unknown_sets: tuple[str, ...] = ()

    @property
    def unlike(self) -> tuple[Assignment, ...]:
        """What nobody of ours made, sets included: a set has no principal and no account."""
        return (*self.foreign, *map(of_set, self.unknown_sets))

    def name_of(self, set_arn: str) -> str:
        """Give a permission set's name, its ARN where AWS has it no more."""
        return self.looked.names.get(set_arn, set_arn)


def of_set(arn: str) -> Assignment:
    """Stand for a permission set where an assignment is meant: nobody's, nowhere."""
    return Assignment(principal_id="", account_id="", set_arn=arn)


def key_of(assignment: Assignment) -> str:
    """Name an assignment shortly and without telling what it is: what a button carries."""
    whole = f"{assignment.principal_id}/{assignment.account_id}/{assignment.set_arn}"
    return sha256(whole.encode()).hexdigest()[:_KEY]


def compare(
    looked: Looked, before: Iterable[Session], after: Iterable[Session], doubtful: Iterable[Session]
) -> Findings:
    """Compare what AWS holds with the live sessions as they stood before and after AWS was read.

    Whatever was live at either moment is expected: grants and ends go on while the bot looks. An active session is
    missing only if it was so at both. `doubtful` are ended sessions for which the bot may have asked so late that the
    assignment came after the end (storage.drift).
    """
    first, last = list(before), list(after)
    ours = {each.assignment for each in (*first, *last) if each.set_arn}
    left = {each.assignment: each for each in doubtful if each.set_arn}
    active = {each.id for each in first if each.status is SessionStatus.ACTIVE}
    steady = [each for each in last if each.status is SessionStatus.ACTIVE and each.id in active]
    seen = [each for each in steady if (each.account_id, each.set_arn) in looked.where]
    return Findings(
        looked=looked,
        expected=_sorted(looked.held & ours),
        missing=tuple(each for each in seen if each.assignment not in looked.held),
        returned=tuple(each for each in seen if each.assignment in looked.held and each.trouble == MISSING),
        leftover=tuple(left[each] for each in _sorted((looked.held & left.keys()) - ours)),
        foreign=_sorted(looked.held - ours - left.keys()),
    )


def _sorted(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(sorted(assignments, key=lambda each: (each.account_id, each.set_arn, each.principal_id)))


def note_missing(request: Request, session: Session, now: datetime) -> Change:
    """Say on the cards and in the audit log that AWS does not hold an active session's assignment any more.

    The session stays: nothing is given again, and its end comes as it was decided.
    """
    if session.status is not SessionStatus.ACTIVE:
        raise already_ended(request, session)
    if session.trouble == MISSING:
        raise AlreadyDone(f"It was said already that {request.label} is missing.")
    marked = session.changed(trouble=MISSING)
    event = event_of(EventKind.ASSIGNMENT_MISSING, request, now, words=MISSING)
    return Change(request=request, session=marked, events=(event,), effects=(update_cards(request, marked),))


def note_returned(request: Request, session: Session, now: datetime) -> Change:
    """Take the mark away: AWS holds the assignment again."""
    if session.status is not SessionStatus.ACTIVE:
        raise already_ended(request, session)
    if session.trouble != MISSING:
        raise AlreadyDone(f"{request.label} is not called missing.")
    back = session.changed(trouble="")
    event = event_of(EventKind.ASSIGNMENT_RETURNED, request, now)
    return Change(request=request, session=back, events=(event,), effects=(update_cards(request, back),))
