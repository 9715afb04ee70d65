"""What stands behind Slack, read for the panes: what AWS holds, who holds it, and what was called lately."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.aws.server import AwsSandbox, HeldSet
from sandbox.aws.world import Status
from sandbox.slack.api.endpoint import Answered
from sandbox.slack.server import SlackSandbox

_MOST_CALLS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """One AWS account and who has what in it."""

    id: str
    name: str
    held: tuple["HeldShown", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldShown:
    """One assignment; `cut` is from when on the set itself denies everything, as this account has it."""

    who: str
    what: str
    cut: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallShown:
    """One call of the bot's, to Slack or AWS; `went_wrong` where it was refused or spoiled."""

    at: datetime
    to: str
    name: str
    outcome: str
    why: tuple[str, ...] = ()
    went_wrong: bool = False


def accounts(aws: AwsSandbox) -> list[AccountShown]:
    """List the accounts as Identity Center holds them now; the management account is left out."""
    held = aws.assignments()
    with aws.world.lock:
        known = dict(aws.world.accounts)
    known.pop(aws.management_account, None)
    return [
        AccountShown(
            id=each,
            name=name,
            held=tuple(
                HeldShown(who=who, what=what, cut=_cut(aws.in_force(each, what)))
                for where, who, what in sorted(held)
                if where == each
            ),
        )
        for each, name in known.items()
    ]


def _cut(policy: str | None) -> datetime | None:
    """Find the moment after which an inline policy denies everything to everybody."""
    for each in json.loads(policy)["Statement"] if policy else []:
        moment = each.get("Condition", {}).get("DateGreaterThan", {}).get("aws:CurrentTime")
        if each["Effect"] == "Deny" and each.get("Action") == "*" and moment:
            return datetime.fromisoformat(moment)
    return None


def readable_policy(held: HeldSet) -> str:
    """Write an inline policy so that it can be read; as it stands where it is no JSON."""
    try:
        return json.dumps(json.loads(held.inline_policy), indent=2, ensure_ascii=False)
    except ValueError:
        return held.inline_policy


def sets(aws: AwsSandbox) -> list[HeldSet]:
    """List the permission sets, those made for one request first."""
    return sorted(aws.permission_sets(), key=lambda each: (not each.name.startswith("JIT-"), each.name))


def latest_refusal(slack: SlackSandbox) -> Answered | None:
    """Find what Slack refused of the bot's blocks or views lately, and where in them the mistake is."""
    return next((each for each in reversed(slack.answers) if each.why and each.outcome.startswith("invalid")), None)


def latest_calls(slack: SlackSandbox, aws: AwsSandbox | None) -> list[CallShown]:
    """List what the bot called lately, newest first."""
    shown = [
        CallShown(
            at=datetime.fromtimestamp(each.at, UTC),
            to="Slack",
            name=each.method,
            outcome=f"{each.outcome} · ordered: {each.fault}" if each.fault else each.outcome,
            why=each.why,
            went_wrong=each.outcome != "ok" or bool(each.fault),
        )
        for each in list(slack.answers)
    ]
    for call in list(aws.calls)[-_MOST_CALLS:] if aws else ():
        ordered = f"ordered: {call.fault.kind.value}" if call.fault else "ok"
        shown.append(
            CallShown(at=call.at, to="AWS", name=call.operation, outcome=ordered, went_wrong=call.fault is not None)
        )
    shown += _failed(aws) if aws else []
    return sorted(shown, key=lambda each: each.at, reverse=True)[:_MOST_CALLS]


def _failed(aws: AwsSandbox) -> list[CallShown]:
    """List the asynchronous operations that AWS took and then ended as FAILED: no answer to a call shows that."""
    with aws.world.lock:
        ended = [each for each in aws.world.operations.values() if each.status is Status.FAILED]
    return [
        CallShown(at=each.started, to="AWS", name=each.kind, outcome="FAILED", why=(each.reason,), went_wrong=True)
        for each in ended
    ]
