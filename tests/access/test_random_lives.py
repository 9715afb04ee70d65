"""Random verbs by random people at random times: whatever happens, the rules hold."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from access.changes import Change, Effect, EventKind
from access.people import Membership, Person, Roster
from access.refusals import Refusal
from access.request import Request, RequestStatus
from access.session import Ending, Session, SessionStatus
from tests.access.given import (
    ABEL,
    ADA,
    GRANTED_AT,
    LAPSE_AFTER,
    MAX,
    NOW,
    OLAF,
    OLGA,
    RITA,
    a_custom_request,
    a_person,
    a_request,
    a_roster,
    a_session,
)
from tests.access.play import REQUEST_VERBS, SESSION_VERBS, Moment

R, S = RequestStatus, SessionStatus
TWIN = a_person("Twin", email=RITA.email)
GUEST = a_person("Gus", membership=Membership.GUEST)
GONE = a_person("Dee", membership=Membership.DEACTIVATED)
PEOPLE = (OLAF, ADA, ABEL, RITA, OLGA, MAX, TWIN, GUEST, GONE)

NEXT: dict[str, set[str]] = {
    "Pending": {"Approved", "Rejected", "Withdrawn", "Lapsed"},
    "Pending Owner": {"Pending Admin", "Rejected", "Withdrawn", "Lapsed"},
    "Pending Admin": {"Approved", "Rejected", "Withdrawn", "Lapsed"},
    "granting": {"active", "revoking"},
    "active": {"revoking"},
    "revoking": {"expired", "revoked", "failed"},
}
"""Where a request and a session can go; what is not named here is the end."""
OUTCOMES = {
    EventKind.REJECTED,
    EventKind.WITHDRAWN,
    EventKind.LAPSED,
    EventKind.EXPIRED,
    EventKind.REVOKED,
    EventKind.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One verb, tried by somebody so long after the step before."""

    verb: str
    person: Person
    roster: Roster
    after: timedelta
    words: str


@dataclass(kw_only=True)
class World:
    """One request and its session as the steps move them, and all that was said and ordered on the way."""

    request: Request
    session: Session | None = None
    now: datetime = NOW
    outcomes: list[EventKind] = field(default_factory=list)
    ordered: dict[str, Effect] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Try one step and check every rule, whether it changed something or was refused."""
        self.now += step.after
        moment = Moment(person=step.person, roster=step.roster, now=self.now, words=step.words)
        try:
            change = self._try(step.verb, moment)
        except Refusal as refused:
            assert refused.words  # noqa: PT017 - a refusal is one of the two right answers
            self._check_refusal(step)
            return
        if change is not None:
            self._check_people(step)
            self._check_change(change, step)
            self.request, self.session = change.request, change.session or self.session

    def _try(self, verb: str, moment: Moment) -> Change | None:
        if verb in REQUEST_VERBS:
            return REQUEST_VERBS[verb](self.request, moment)
        return SESSION_VERBS[verb](self.request, self.session, moment) if self.session else None

    def _check_refusal(self, step: Step) -> None:
        in_time = self.now < self.request.lapses_at
        if step.verb == "approve" and self.request.status.undecided and in_time:
            assert not may_decide(self.request, step), "whoever may approve is not refused"

    def _check_people(self, step: Step) -> None:
        if step.verb in {"approve", "reject"}:
            assert may_decide(self.request, step)
        if step.verb in {"withdraw", "end_early"}:
            assert step.person == RITA
        if step.verb == "revoke":
            assert step.person.membership is Membership.FULL
            assert step.person.slack_id in step.roster.owners | step.roster.admins
        if step.verb in {"reject", "revoke"}:
            assert step.words.strip()

    def _check_change(self, change: Change, step: Step) -> None:
        versions = change.request.version - self.request.version, _moved(self.session, change.session)
        assert versions == _expected_versions(step.verb, change)
        assert_allowed(self.request.status, change.request.status)
        if change.session:
            assert_allowed(self.session.status if self.session else None, change.session.status)
            self._check_end(change.session, step)
        self._check_said(change)

    def _check_end(self, session: Session, step: Step) -> None:
        assert session.ends_at > self.request.requested_at
        if self.session is None:
            assert session.ends_at >= self.now + self.request.duration.length
        elif step.verb == "confirm_grant":
            assert session.ends_at == self.now + self.request.duration.length
        else:
            assert session.ends_at == self.session.ends_at, "only the confirmed grant moves the end"

    def _check_said(self, change: Change) -> None:
        assert all((each.at, each.request) == (self.now, "REQ-1042") for each in change.events)
        self.outcomes += [each.kind for each in change.events if each.kind in OUTCOMES]
        assert len(self.outcomes) <= 1, "one outcome, told once"
        for effect in change.effects:
            assert self.ordered.setdefault(effect.key, effect) == effect, "a key names one effect"


def may_decide(request: Request, step: Step) -> bool:
    """Tell who may decide, in the words of the design: fail closed, never oneself, two levels are two people."""
    person, roster = step.person, step.roster
    if person.membership is not Membership.FULL or RITA.email == person.email:
        return False
    owner, admin = person.slack_id in roster.owners, person.slack_id in roster.admins
    if request.status is R.PENDING:
        return owner or admin
    if request.status is R.PENDING_OWNER:
        return owner or (admin and roster.owners <= {RITA.slack_id})
    return admin and person.slack_id not in {each.by for each in request.decisions}


def _moved(before: Session | None, after: Session | None) -> int:
    return 0 if after is None else after.version - (before.version if before else 0)


def _expected_versions(verb: str, change: Change) -> tuple[int, int]:
    """Say by how much the versions of request and session grow: by one, where something changed."""
    return (1, int(change.session is not None)) if verb in REQUEST_VERBS else (0, 1)


def assert_allowed(before: str | None, after: str) -> None:
    """Check that a status is left only for one that may follow."""
    if before is None:
        assert after == "granting"
    else:
        assert after == before or after in NEXT.get(before, set())


SOON = [timedelta(0), timedelta(minutes=1), timedelta(minutes=20)]
PERSON = st.sampled_from(PEOPLE)
ROSTER = st.builds(
    a_roster,
    owners=st.lists(PERSON, max_size=3, unique=True).map(tuple),
    admins=st.lists(PERSON, max_size=3, unique=True).map(tuple),
)
ANYTHING = st.builds(
    Step,
    verb=st.sampled_from([*REQUEST_VERBS, *SESSION_VERBS]),
    person=PERSON,
    roster=ROSTER,
    after=st.sampled_from([*SOON, timedelta(hours=2), LAPSE_AFTER]),
    words=st.sampled_from(["It was so.", "", "  "]),
)
USUAL = [("approve", OLAF), ("approve", ADA), ("approve", ABEL), ("confirm_grant", MAX), ("announce", MAX)]
ENDING = [
    ("fail_grant", MAX),
    ("expire", MAX),
    ("expire", MAX),
    ("confirm_removal", MAX),
    ("revoke", ADA),
    ("end_early", RITA),
]
LIKELY = st.builds(
    lambda played, roster, after: Step(verb=played[0], person=played[1], roster=roster, after=after, words="So."),
    st.sampled_from([*USUAL, *ENDING]),
    st.sampled_from([a_roster(), a_roster(), a_roster(owners=(RITA,))]),
    st.sampled_from([*SOON, timedelta(hours=3)]),
)
"""Without these, random lives would hardly ever come as far as a session."""
STEP = LIKELY | LIKELY | ANYTHING
STEPS = st.lists(STEP, min_size=5, max_size=25)
Start = tuple[Request, Session | None]
STARTS: list[Start] = [
    (a_request(), None),
    (a_custom_request(), None),
    (a_custom_request(R.PENDING_ADMIN), None),
    *((a_request(R.APPROVED), a_session(each)) for each in (S.GRANTING, S.ACTIVE, S.REVOKING)),
]
"""Lives start in the middle too: random steps from the beginning would hardly ever come to an end."""
STARTED = st.sampled_from(STARTS)


def lived(start: Start, steps: list[Step]) -> World:
    """Take all the steps, checking every rule on the way."""
    request, session = start
    world = World(request=request, session=session, now=GRANTED_AT if session else NOW)
    for step in steps:
        world.take(step)
    return world


@given(STARTED, STEPS)
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_verbs_breaks_a_rule(start: Start, steps: list[Step]) -> None:
    lived(start, steps)


LATER = st.lists(STEP, min_size=1, max_size=10)
SETTLED: list[Start] = [
    *((a_request(each), None) for each in (R.REJECTED, R.WITHDRAWN, R.LAPSED)),
    *((a_request(R.APPROVED), a_session(each)) for each in (S.EXPIRED, S.REVOKED, S.FAILED)),
]


@given(st.sampled_from(SETTLED), LATER)
@settings(deadline=None)
def test_nothing_moves_what_is_settled(start: Start, steps: list[Step]) -> None:
    world = lived(start, steps)
    assert (world.request, world.session, world.ordered) == (*start, {})


ALONE = st.builds(
    replace,
    ANYTHING | LIKELY,
    person=st.sampled_from([RITA, TWIN, GUEST, GONE, MAX]),
    roster=st.just(a_roster(owners=(RITA, TWIN, GUEST, GONE), admins=(RITA, TWIN, GUEST, GONE))),
)


@given(st.sampled_from(STARTS[:2]), st.lists(ALONE, max_size=25))
@settings(deadline=None)
def test_nobody_gets_access_without_the_right_people(start: Start, steps: list[Step]) -> None:
    world = lived(start, steps)
    assert world.session is None
    assert world.request.decisions == ()


REACHED: dict[str, Callable[[World], bool]] = {
    "a custom request approved by two people": lambda world: (
        world.request.custom and world.request.status is R.APPROVED
    ),
    "an SSO admin who stood in": lambda world: any(each.stand_in for each in world.request.decisions),
    "an active session": lambda world: world.session is not None and world.session.status is S.ACTIVE,
    "a session being ended": lambda world: world.session is not None and world.session.status is S.REVOKING,
    "a session whose time was up": lambda world: world.session is not None and world.session.ending is Ending.EXPIRED,
    "a revoked session": lambda world: world.session is not None and world.session.status is S.REVOKED,
    "a session that could not be granted": lambda world: (
        world.session is not None and world.session.ending is Ending.FAILED
    ),
}


def test_the_random_lives_reach_what_they_are_meant_to_test() -> None:
    reached: set[str] = set()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(STARTED, STEPS)
    def live(start: Start, steps: list[Step]) -> None:
        world = lived(start, steps)
        reached.update(name for name, holds in REACHED.items() if holds(world))

    live()
    assert reached == set(REACHED)
