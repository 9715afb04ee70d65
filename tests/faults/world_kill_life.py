"""Two requests under kills, told by gestures: people press, look, and press again where nothing came of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from access.request import RequestStatus
from access.session import SessionStatus
from sandbox.slack.finding import NotSeenError
from sandbox.slack.open_view import OpenView
from sandbox.slack.person import Person
from sandbox.slack.seen_message import SeenMessage
from tests.faults.world_kills import Siege

OWNERS, ADMINS = "#payments-owners", "#sso-admins"
_ANNOUNCED = timedelta(minutes=15)
CUSTOM = {
    "Permission set type": "Custom",
    "Name": "ledger",
    "Managed policies": ["ReadOnlyAccess"],
    "Justification": "INC-78: the ledger shows a wrong balance",
}


def live_through(siege: Siege) -> None:
    """Ask for a standard set and for one of one's own; the first expires, the second is revoked."""
    asks(siege, "prod-payments ReadOnly 1h INC-77: payments hang in the queue", {})
    approves(siege, "olga", OWNERS, lambda: decided(siege, RequestStatus.APPROVED) == 1)
    siege.until(lambda: ended(siege, SessionStatus.ACTIVE) == 1)
    asks(siege, "prod-payments", CUSTOM)
    approves(siege, "olga", OWNERS, lambda: decided(siege, RequestStatus.PENDING_ADMIN) == 1)
    approves(siege, "ada", ADMINS, lambda: decided(siege, RequestStatus.APPROVED) == 2)
    siege.until(lambda: ended(siege, SessionStatus.ACTIVE) == 2)
    revokes(siege)
    siege.until(lambda: _idle(siege))
    while (due := siege.onlooker.next_due(_ANNOUNCED)) is not None:
        siege.world.passes(max(timedelta(0), due - siege.world.time.now()))
        siege.until(lambda: _idle(siege))


def asks(siege: Siege, typed: str, fields: Mapping[str, object]) -> None:
    """Open the form, fill it and send it until it closes, which says that the request was taken; then it is there."""
    before = len(siege.onlooker.requests())
    opened: list[OpenView] = []

    def press() -> None:
        rita = siege.world.people["rita"]
        if not opened:
            rita.types(f"/jit request {typed}")
            form = rita.modal
            for label, value in fields.items():
                form.fills(label, value)
            opened.append(form)
        opened[0].submit()

    siege.until(lambda: opened and not opened[0].is_open, press)
    assert len(siege.onlooker.requests()) == before + 1, "I5: it was seen to be taken, and is not there once"


def approves(siege: Siege, who: str, where: str, goal: Callable[[], bool]) -> None:
    """Press Approve on the card that has such a button."""
    siege.until(goal, lambda: card_with(siege.world.people[who], where, "Approve").press("Approve"))


def revokes(siege: Siege) -> None:
    """Press Revoke on the card of the custom set, and give the reason."""

    def press() -> None:
        olga = siege.world.people["olga"]
        card_with(olga, OWNERS, "Revoke").press("Revoke")
        olga.modal.fills("Reason", "The ledger is right again.").submit()

    siege.until(lambda: ended(siege, SessionStatus.REVOKED) == 1, lambda: _unless_ordered(siege, press))


def _unless_ordered(siege: Siege, press: Callable[[], None]) -> None:
    if not ended(siege, SessionStatus.REVOKING):
        press()


def card_with(person: Person, where: str, button: str) -> SeenMessage:
    """Find the newest card with a button."""
    found = next((each for each in reversed(person.channel(where)) if button in each.buttons()), None)
    if found is None:
        raise NotSeenError(f"no card with {button} in {where}")
    return found


def decided(siege: Siege, status: RequestStatus) -> int:
    """Count the requests in a status."""
    return list(siege.onlooker.requests().values()).count(status)


def ended(siege: Siege, status: SessionStatus) -> int:
    """Count the sessions in a status."""
    return [each.status for each in siege.onlooker.sessions()].count(status)


def _idle(siege: Siege) -> bool:
    """Tell whether nothing is due and nothing in hand: the clock must not leap while a worker is at work."""
    now, due = siege.world.time.now(), siege.onlooker.next_due(_ANNOUNCED)
    return not siege.onlooker.in_hand(now) and (due is None or due > now)
