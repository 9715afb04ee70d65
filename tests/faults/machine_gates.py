"""The borders of the machine's world: each call outside passes one, and what is planned for it happens there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError
from sqlalchemy.exc import OperationalError

from slackapi.errors import LookUpFailed, SlackBusy

T = TypeVar("T")
Meanwhile = Callable[[], None]


class Crash(BaseException):
    """The process dies at this point: nothing may catch it."""


class Side(StrEnum):
    """What lies behind a border."""

    AWS = "aws"
    DATABASE = "database"
    SLACK = "slack"
    PEOPLE = "people"


class Happening(StrEnum):
    """What can happen at a border."""

    CRASH_BEFORE = "crash before"
    CRASH_AFTER = "crash after"
    FAIL = "fail"
    LOSE = "lose the answer"
    PAUSE_BEFORE = "pause before"
    PAUSE_AFTER = "pause after"


@dataclass(slots=True, kw_only=True)
class Plan:
    """Something that happens when `left` more borders were passed, of one `name` or of any.

    `which` chooses among the errors.
    """

    what: Happening
    left: int
    which: int = 0
    name: str = ""
    meanwhile: Meanwhile | None = None


AWS_ERRORS = (
    "ThrottlingException",
    "ConflictException",
    "InternalServerException",
    "AccessDeniedException",
    "ExpiredTokenException",
    "",
)
"""The codes with which AWS refuses for now; an empty one cannot even be reached."""


def aws_error(operation: str, which: int) -> Exception:
    """Make an error of AWS: the call had no effect."""
    code = AWS_ERRORS[which % len(AWS_ERRORS)]
    if not code:
        return ConnectTimeoutError(endpoint_url="aws")
    return ClientError({"Error": {"Code": code, "Message": "As ordered."}}, operation)


def failed(side: Side, name: str, which: int) -> Exception:
    """Make the error of a call that had no effect."""
    match side:
        case Side.AWS:
            return aws_error(name, which)
        case Side.DATABASE:
            return OperationalError("as ordered", None, Exception(name))
        case Side.SLACK:
            return SlackBusy("Slack is busy, as ordered.", retry_after=(0.0, 30.0)[which % 2])
        case Side.PEOPLE:
            return LookUpFailed("Slack does not say, as ordered.")


def lost(side: Side, name: str, which: int) -> Exception:
    """Make the error of a call whose effect has happened, and whose answer is lost."""
    match side:
        case Side.AWS if which % 2:
            return ClientError({"Error": {"Code": "InternalServerException", "Message": "As ordered."}}, name)
        case Side.AWS:
            return ReadTimeoutError(endpoint_url="aws")
        case Side.SLACK:
            return SlackBusy("Slack's answer was lost, as ordered.", unknown=True)
        case Side.DATABASE | Side.PEOPLE:
            return failed(side, name, which)


@dataclass(slots=True)
class Borders:
    """All borders of one world, in the order in which they are passed; `fired` counts what happened at them."""

    passed: int = 0
    fired: int = 0
    plans: list[Plan] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    outage: list[int] = field(default_factory=list)
    """Which error each of the next calls to AWS meets."""

    def before(self, side: Side, name: str) -> Plan | None:
        """Arrive at a border; returns what is to happen behind it."""
        self.passed += 1
        plan = self._due(name)
        if plan is not None:
            self.fired += 1
            match plan.what:
                case Happening.CRASH_BEFORE:
                    raise Crash
                case Happening.FAIL:
                    raise self._told(failed(side, name, plan.which))
                case Happening.PAUSE_BEFORE if plan.meanwhile:
                    plan.meanwhile()
        if side is Side.AWS and self.outage:
            self.fired += 1
            raise self._told(aws_error(name, self.outage.pop()))
        return plan

    def after(self, plan: Plan | None, side: Side, name: str) -> None:
        """Leave a border behind: the effect has happened."""
        match plan.what if plan else None:
            case Happening.CRASH_AFTER:
                raise Crash
            case Happening.LOSE:
                raise self._told(lost(side, name, plan.which if plan else 0))
            case Happening.PAUSE_AFTER if plan and plan.meanwhile:
                plan.meanwhile()

    def passing(self, side: Side, name: str, effect: Callable[[], T]) -> T:
        """Pass a border around one call."""
        plan = self.before(side, name)
        answer = effect()
        self.after(plan, side, name)
        return answer

    def heal(self) -> None:
        """Let nothing more go wrong."""
        self.plans.clear()
        self.outage.clear()

    def _due(self, name: str) -> Plan | None:
        for plan in self.plans:
            plan.left -= plan.name in {"", name}
        due = next((each for each in self.plans if each.left <= 0), None)
        if due is not None:
            self.plans.remove(due)
        return due

    def _told(self, error: Exception) -> Exception:
        self.errors.append(error)
        return error


class Bordered:
    """Stands for `inside` and lets every call of a method pass the border; everything else is inside's own."""

    def __init__(self, inside: object, side: Side, borders: Borders) -> None:
        self._inside = inside
        self._side = side
        self._borders = borders

    def __getattr__(self, name: str) -> Any:
        target = getattr(self._inside, name)
        if not callable(target):
            return target
        return lambda *given, **named: self._borders.passing(self._side, name, lambda: target(*given, **named))
