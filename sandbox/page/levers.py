"""The levers of the page: faults of Slack and AWS on demand, the clock, and the bot itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sandbox.aws.faults import FaultKind
from sandbox.aws.server import AwsSandbox
from sandbox.page.controls import Controls
from sandbox.slack.faults import LostAnswer, RateLimited, ServerError
from sandbox.slack.finding import NotSeenError
from sandbox.slack.server import SlackSandbox

_RETRY_AFTER = 5
_TIMES = 2
_BY_HAND, _BY_HAND_TO = "Billing", "omar"
_JUST_AFTER = timedelta(seconds=1)
STEPS = {"15min": timedelta(minutes=15), "1h": timedelta(hours=1), "1d": timedelta(days=1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackFault:
    """A fault of Slack's and the words on its button."""

    label: str
    hint: str
    strike: Callable[[SlackSandbox], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsFault:
    """A fault of AWS's and the words on its button."""

    label: str
    hint: str
    strike: Callable[[AwsSandbox], None]


_POSTS = ("chat.postMessage", "chat.update")
_WRITES = ("CreateAccountAssignment", "DeleteAccountAssignment")


def _limit(slack: SlackSandbox) -> None:
    for method in _POSTS:
        slack.faults.on(method, RateLimited(retry_after=_RETRY_AFTER))


def _break(slack: SlackSandbox) -> None:
    for method in _POSTS:
        slack.faults.on(method, *[ServerError()] * _TIMES)


def _lose(slack: SlackSandbox) -> None:
    for method in _POSTS:
        slack.faults.on(method, LostAnswer())


def _drop(slack: SlackSandbox) -> None:
    slack.on_loop(slack.sockets.cut())


def _lose_gesture(slack: SlackSandbox) -> None:
    slack.sockets.faults.lose_next = 1


SLACK_FAULTS = {
    "429": SlackFault(
        label="429", hint=f"The next post, and the next change, must wait {_RETRY_AFTER} s.", strike=_limit
    ),
    "500": SlackFault(label="500", hint=f"The next {_TIMES} posts and changes fail.", strike=_break),
    "lost": SlackFault(label="Lost answer", hint="The next post happens, and the bot never hears of it.", strike=_lose),
    "socket": SlackFault(label="Drop the socket", hint="The connection is cut without a word.", strike=_drop),
    "gesture": SlackFault(
        label="Lose a gesture",
        hint="The next gesture never reaches the bot; after 3 s Slack gives up.",
        strike=_lose_gesture,
    ),
}


def _throttle(aws: AwsSandbox) -> None:
    for call in _WRITES:
        aws.faults.add(call, FaultKind.THROTTLING, times=_TIMES)


def _fail(aws: AwsSandbox) -> None:
    for call in _WRITES:
        aws.faults.fail(call, "Received a 500 status error: as ordered on the page.")


def _hang(aws: AwsSandbox) -> None:
    for call in _WRITES:
        aws.faults.add(call, FaultKind.HANG)


def _assign(aws: AwsSandbox) -> None:
    """Give somebody what an administrator would give by hand, in the first account that has a fitting set."""
    world = aws.world
    user = next((each.id for each in world.users.values() if each.user_name == _BY_HAND_TO), None)
    arn = next((each.arn for each in world.sets.values() if each.name == _BY_HAND), None)
    account = next((each for each in world.accounts if each != aws.management_account), None)
    if user is None or arn is None or account is None:
        raise NotSeenError("There is nobody, or no permission set, to assign by hand.")
    aws.assign(account, user, arn)


AWS_FAULTS = {
    "throttle": AwsFault(
        label="Throttle", hint=f"The next {_TIMES} grants, and revokes, are throttled.", strike=_throttle
    ),
    "failed": AwsFault(label="FAILED", hint="The next grant, and the next revoke, end as FAILED.", strike=_fail),
    "hang": AwsFault(label="Hang", hint="The next grant, and the next revoke, get no answer.", strike=_hang),
    "hand": AwsFault(
        label="Assign by hand",
        hint="An administrator gives Omar Billing in AWS, without the bot; it looks around every 10 minutes.",
        strike=_assign,
    ),
}


def pull(slack: SlackSandbox, controls: Controls, lever: str, which: str) -> None:
    """Pull a lever: `clock`, `slack`, `aws`, `bot` or `heal`; NotSeenError for one that is not there."""
    match lever:
        case "clock":
            _move(controls, which)
        case "slack" if which in SLACK_FAULTS:
            SLACK_FAULTS[which].strike(slack)
        case "aws" if which in AWS_FAULTS and controls.aws:
            AWS_FAULTS[which].strike(controls.aws)
        case "heal":
            _heal(slack, controls)
        case "bot" if controls.bot:
            (controls.bot.start if which == "start" else controls.bot.kill)()
            slack.workspace.announce("bot_changed")
        case _:
            raise NotSeenError(f"There is no lever {lever} {which}.")


def _move(controls: Controls, which: str) -> None:
    clock = controls.clock
    if clock is None:
        raise NotSeenError("This world's clock cannot be moved.")
    if which in STEPS:
        clock.moves(STEPS[which])
    elif which == "end" and (end := clock.next_end()):
        clock.moves(max(timedelta(0), end - clock.now()) + _JUST_AFTER)
    else:
        raise NotSeenError("No session runs, so there is no end to go to.")


def _heal(slack: SlackSandbox, controls: Controls) -> None:
    slack.faults.clear()
    slack.sockets.faults.lose_next = 0
    if controls.aws:
        controls.aws.faults.clear()
