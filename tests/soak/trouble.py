"""Faults of Slack and of AWS, drawn by chance from what both sandboxes can do."""

import random
import threading
from collections import Counter

from bot.demo.world import World
from sandbox.aws.faults import FaultKind, When
from sandbox.slack.faults import DroppedCall, Fault, Hang, HtmlPage, LostAnswer, RateLimited, Refuse, ServerError

AWS_CALLS = (
    "CreateAccountAssignment",
    "DeleteAccountAssignment",
    "DescribeAccountAssignmentCreationStatus",
    "DescribeAccountAssignmentDeletionStatus",
    "ListAccountAssignments",
    "CreatePermissionSet",
    "DeletePermissionSet",
    "ListPermissionSets",
    "DescribeUser",
)
SLACK_CALLS = ("chat.postMessage", "chat.update", "conversations.open", "users.info", "views.open", "views.update")
SLACK_FAULTS: tuple[Fault, ...] = (
    RateLimited(retry_after=2),
    ServerError(),
    ServerError(after=True),
    LostAnswer(),
    DroppedCall(),
    Hang(seconds=2.0),
    HtmlPage(),
    Refuse(code="fatal_error", after=True),
)


class Trouble:
    """Makes something go wrong every few seconds until it is stopped; `made` counts what."""

    def __init__(self, world: World, seed: int, pause: float) -> None:
        self.made: Counter[str] = Counter()
        self._world = world
        self._dice = random.Random(seed)  # noqa: S311 - no secret
        self._pause = pause
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and let everything work again."""
        self._over.set()
        self._thread.join(60)
        self._world.slack.faults.clear()
        self._world.slack.sockets.faults.lose_next = 0
        self._world.aws.faults.clear()

    def _run(self) -> None:
        makers = (self._in_aws, self._failed_in_aws, self._in_slack, self._at_the_socket)
        while not self._over.wait(self._dice.expovariate(1 / self._pause)):
            self.made[self._dice.choices(makers, weights=(5, 1, 5, 1))[0]()] += 1

    def _in_aws(self) -> str:
        kind, when = self._dice.choice(list(FaultKind)), self._dice.choice(list(When))
        self._world.aws.faults.add(self._dice.choice(AWS_CALLS), kind, when)
        return f"AWS: {kind} {when}"

    def _failed_in_aws(self) -> str:
        call = self._dice.choice(AWS_CALLS[:2])
        self._world.aws.faults.fail(call, "Received a 500 status error: as the soak wants it.")
        return "AWS: FAILED"

    def _in_slack(self) -> str:
        fault = self._dice.choice(SLACK_FAULTS)
        self._world.slack.faults.on(self._dice.choice(SLACK_CALLS), fault)
        return f"Slack: {type(fault).__name__}"

    def _at_the_socket(self) -> str:
        if self._dice.random() < 0.5:
            self._world.slack.sockets.faults.lose_next = 1
            return "Slack: a gesture lost"
        self._world.slack.on_loop(self._world.slack.sockets.cut())
        return "Slack: the socket cut"
