"""What can be played in the machine's world: each verb of people, of time and of trouble is one plain method.

The Hypothesis machine plays them in random order; what it once found is played again, in order, by plain tests.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from access.durations import AccessDuration
from access.extension import ExtensionForm
from access.form import RequestForm
from access.people import Person
from access.refusals import CannotTell, NotAllowed, Refusal
from access.request import Request, RequestId
from operations.decide import approve_request, reject_request
from operations.deps import Deps
from operations.end import end_session_early, revoke_session
from operations.extend import request_extension
from operations.identify import identify
from operations.submit import submit_request
from operations.withdraw import withdraw_request
from sandbox.aws.world import Holding
from slackapi.errors import SlackBusy
from storage import requests
from storage.outbox import Lane
from tests.access.given import OLAF, RITA, a_custom_form, a_form
from tests.faults.machine_gates import Happening, Plan
from tests.faults.machine_people import ACCOUNTS, PEOPLE, may_decide
from tests.faults.machine_promises import Promises
from tests.faults.machine_world import MachineWorld, Store, next_moment
from tests.operations.company import PAYMENTS

FORMS: tuple[Callable[..., RequestForm], ...] = (
    a_form,
    lambda **named: a_form(set_name="PowerUser", **named),
    a_custom_form,
)
DURATIONS = tuple(each.value for each in AccessDuration)
REASONS = (
    "Received a 500 status error: internal.",
    "Received a 403 status error: Access denied.",
    "Received a 404 status error: Assignment not found.",
    "",
)
"""How AWS ends an operation that it took; where there is no reason, it never ends."""
MOST_PLANS = 3
MOST_ASKED = 3
"""Requests in one play: they meet on one target often enough, and more cost time only."""
MORE = "rq_more_"
"""How the ids of extensions begin."""
QUIET = timedelta(minutes=40)
MOST_TURNS = 2000
Act = Callable[[Deps, RequestId], object]


class Play:
    """One play: a world, those who watch it, and the requests that were made."""

    def __init__(self, store: Store) -> None:
        self.world = MachineWorld(store)
        self.promises = Promises(self.world)
        store.on_commit = self.promises.after_commit
        self.world.changed_aws = self.promises.when_ordered
        self.asked: list[RequestId] = []
        self.extensions = 0

    def ask(self, who: Person, *, staging: bool = False, form: int = 0, duration: int = 1) -> None:
        """Send the form, and once more where no answer came."""
        if len([each for each in self.asked if not each.startswith(MORE)]) >= MOST_ASKED:
            return
        account, replica = ACCOUNTS[int(staging)], self.world.replicas[0]
        filled = FORMS[form % len(FORMS)](account_id=account.id, duration=DURATIONS[duration % len(account.durations)])
        request_id = RequestId(f"rq_{len(self.asked) + 1}")

        def send() -> None:
            identify(replica.deps, who.slack_id)
            submit_request(replica.deps, filled, who.slack_id, request_id)
            self.promises.accepted.add(request_id)

        for _ in range(2):
            if request_id not in self.promises.accepted:
                replica.pressed(send)
        if self._stored(request_id):
            self.asked.append(request_id)

    def approve(self, which: int, who: Person, replica: int = 0) -> None:
        """Press Approve."""
        self._decide(which, who, replica, lambda deps, request_id: approve_request(deps, request_id, who.slack_id))

    def approve_rightly(self, which: int, replica: int = 0) -> None:
        """Press Approve as the first who may."""
        request = self._stored(self.asked[which % len(self.asked)]) if self.asked else None
        who = next((each for each in PEOPLE if request and may_decide(request, each)), None)
        if who is not None:
            self.approve(which, who, replica)

    def reject(self, which: int, who: Person, replica: int = 0) -> None:
        """Reject with a reason."""
        self._decide(
            which, who, replica, lambda deps, request_id: reject_request(deps, request_id, who.slack_id, "Not today.")
        )

    def withdraw(self, which: int, who: Person, replica: int = 0) -> None:
        """Withdraw the request."""
        self._press(which, replica, lambda deps, request_id: withdraw_request(deps, request_id, who.slack_id))

    def revoke(self, which: int, who: Person, replica: int = 0) -> None:
        """Revoke the session, with a reason."""
        self._press(which, replica, lambda deps, request_id: revoke_session(deps, request_id, who.slack_id, "Enough."))

    def end_early(self, which: int, who: Person, replica: int = 0) -> None:
        """Press I'm done."""
        self._press(which, replica, lambda deps, request_id: end_session_early(deps, request_id, who.slack_id))

    def another(self, who: Person = RITA, *, staging: bool = False, form: int = 0, duration: int = 1) -> None:
        """Ask, and have it approved by whoever may; nothing of it is performed yet."""
        self.ask(who, staging=staging, form=form, duration=duration)
        for _ in range(2):
            self.approve_rightly(-1)

    def extend(self, which: int, replica: int = 0) -> None:
        """Ask for more time as the holder of something active, and have it approved; both may be refused."""
        active = self.promises.active()
        first = self._stored(active[which % len(active)]) if active else None
        if first is None or self.extensions >= MOST_ASKED:
            return
        self.extensions += 1
        more, bot = RequestId(f"{MORE}{self.extensions}"), self.world.replicas[replica]
        form = ExtensionForm(duration="1 hour", justification="It takes longer than I thought.")
        bot.pressed(lambda: request_extension(bot.deps, first.id, form, first.requester.slack_id, more))
        if self._stored(more):
            self.asked.append(more)
            for _ in range(2):
                self.approve_rightly(-1, replica)

    def come_by(self, replica: int, limit: int = 2) -> None:
        """Let a replica sweep and work; where nothing went wrong, nothing runs past its end then."""
        fired, bot = self.world.borders.fired, self.world.replicas[replica]
        swept_at = min(bot.clock.now(), self.world.clock.now())
        if bot.come_by(limit) and fired == self.world.borders.fired:
            self.promises.after_sweep(swept_at)

    def work(self, replica: int, lane: Lane, limit: int = 1) -> None:
        """Let a replica perform what is due in one lane."""
        self.world.replicas[replica].work((lane,), limit)

    def hold(self, replica: int, lane: Lane) -> None:
        """Let a replica claim, and die before it performs anything."""
        self.world.replicas[replica].hold(lane)

    def tick(self, seconds: float, replica: int = 0) -> None:
        """Let time pass, and a replica come by."""
        self.world.pass_time(timedelta(seconds=seconds))
        self.come_by(replica)

    def until_next(self, replica: int = 0) -> None:
        """Let time pass until the next end of a session, or of the time to decide, and a replica come by."""
        moment = next_moment(self.world.store, self.world.clock.now(), ends_only=True)
        if moment is not None:
            self.world.pass_time(moment - self.world.clock.now())
            self.come_by(replica)

    def skew(self, replica: int, seconds: float) -> None:
        """Set a replica's clock forward or back."""
        self.world.replicas[replica].clock.off = timedelta(seconds=seconds)

    def soon(self, left: int, what: Happening, **more: Any) -> None:
        """Let something happen at one of the next borders; `more` is what a plan has besides."""
        if len(self.world.borders.plans) < MOST_PLANS:
            self.world.borders.plans.append(Plan(what=what, left=left, **more))

    def pause_soon(self, left: int, what: Happening, meanwhile: int, replica: int = 1, **more: Any) -> None:
        """Let whoever comes to a border pause there, while a replica (the other, or a thread of the same) goes on."""
        self.soon(left, what, meanwhile=lambda: self._meanwhile(meanwhile, replica), **more)

    def outage(self, calls: int, which: int) -> None:
        """Let AWS refuse the next calls."""
        self.world.borders.outage = [which] * calls

    def fail_operation(self, *, removal: bool, reason: int) -> None:
        """Let AWS take the next order, and end it badly or never."""
        call = "DeleteAccountAssignment" if removal else "CreateAccountAssignment"
        faults, words = self.world.aws.faults, REASONS[reason % len(REASONS)]
        faults.fail(call, words) if words else faults.never_end(call)

    def slowness(self, seconds: float) -> None:
        """Let operations of AWS take so long."""
        self.world.aws.takes = timedelta(seconds=seconds)
        self.world.aws.patience = 1 if seconds <= 1 else 1000

    def slack(self, *, up: bool) -> None:
        """Take Slack away, or bring it back."""
        self.world.slack.down = None if up else SlackBusy("Slack is away.")
        self.world.people.silent = not up

    def by_hand(self, who: Person) -> None:
        """Let an administrator assign PowerUser in prod-payments, where nobody can take it for a session's."""
        arn = next(each.arn for each in self.world.aws.sets.values() if each.name == "PowerUser")
        name = who.email.partition("@")[0]
        given = Holding(PAYMENTS, arn, "USER", name)
        subject = f"{name}/{PAYMENTS}/PowerUser"
        if given not in self.world.aws.holdings and not self.promises.concerned(subject):
            self.world.aws.holdings[given] = None
            self.promises.by_hand.add(given)

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        world = self.world
        world.borders.heal()
        world.aws.faults.clear()
        for each in world.aws.running():
            each.stuck = False
        self.slowness(1)
        self.slack(up=True)
        for replica in world.replicas:
            replica.clock.off = timedelta(0)

    def rest(self) -> None:
        """Heal everything; 40 minutes later nothing waits, and when the last session has ended nothing is left."""
        self.heal()
        self._run_until_quiet(QUIET)
        self.promises.when_quiet()
        self._run_until_quiet(None)
        self.promises.when_quiet()
        self.promises.nothing_left()

    def _run_until_quiet(self, longest: timedelta | None) -> None:
        """Come by whenever something is due, up to `longest` from now or until nothing is."""
        world = self.world
        until = world.clock.now() + longest if longest else None
        for turn in range(MOST_TURNS):
            self.come_by(turn % 2)
            moment = next_moment(world.store, world.clock.now())
            if moment is None or (until and moment > until):
                break
            world.pass_time(moment - world.clock.now())
        else:
            raise AssertionError("the bot never comes to rest")
        if until:
            world.pass_time(max(timedelta(0), until - world.clock.now()))

    def _meanwhile(self, what: int, replica: int) -> None:
        """Fill a pause: others work, press, or come by when the paused one's lease is over and hours later."""
        other = self.world.replicas[replica]
        waits = {0: [0], 1: [300], 2: [300, 7200, 60, 360, 60], 3: [0], 4: [300, 60], 5: [20]}[what % 6]
        if what % 6 in {3, 4} and self.asked:
            last = self.asked[-1]
            other.pressed(lambda: revoke_session(other.deps, last, OLAF.slack_id, "Enough."))
        for seconds in waits:
            self.world.pass_time(timedelta(seconds=seconds))
            other.come_by()

    def _decide(self, which: int, who: Person, replica: int, act: Act) -> None:
        """Press a decision: whoever may decide is heard, whoever may not is refused."""
        if not self.asked:
            return
        before, fired = self._stored(self.asked[which % len(self.asked)]), self.world.borders.fired
        refusal = self._press(which, replica, act)
        if before is None or fired != self.world.borders.fired or isinstance(refusal, CannotTell):
            return
        changed = self._stored(before.id) != before
        assert changed == (refusal is None)
        in_time = self.world.replicas[replica].clock.now() < before.lapses_at
        if changed:
            assert may_decide(before, who), f"{who.name} decided {before.label}"
        elif in_time and isinstance(refusal, NotAllowed):
            assert not may_decide(before, who), f"{who.name} may decide {before.label}: {refusal}"

    def _press(self, which: int, replica: int, act: Act) -> Refusal | None:
        if not self.asked:
            return None
        request_id, bot = self.asked[which % len(self.asked)], self.world.replicas[replica]
        return bot.pressed(lambda: act(bot.deps, request_id))

    def _stored(self, request_id: RequestId) -> Request | None:
        with self.world.store.read() as db:
            return requests.get(db, request_id)
