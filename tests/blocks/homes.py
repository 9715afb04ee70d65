"""Home tabs to look at: of somebody new, of an SSO admin on a bad day, and longer ones than any page holds."""

from dataclasses import replace
from datetime import timedelta

from access.request import RequestId, RequestStatus
from access.session import SessionStatus
from blocks.home import ROWS_OF_PAGE, ROWS_OF_PART, Health, Home, Page, Pair, Part, Shelf, Waiting
from blocks.message import Block
from tests.access.given import HOUR, NOW, a_custom_request, a_request, a_session
from tests.blocks.states import State, every_state, hostile, with_policy

PORTAL = "https://example.awsapps.com/start"
EMPTY = Home(shelves={Part.WAITING: Shelf(), Part.SESSIONS: Shelf(), Part.REQUESTS: Shelf()})
OVERDUE = a_session(SessionStatus.REVOKING, overdue_since=NOW - HOUR, overdue_again_at=NOW, trouble="AccessDenied")
HEALTH = Health(
    live=12,
    overdue=1,
    next_end=NOW + HOUR,
    waiting=(Waiting(what="removals in AWS", ready=2, oldest=timedelta(minutes=6)),),
    stuck=("Nobody performs what is due: removals in AWS.",),
)
_STATES: dict[Part, list[State]] = {
    Part.OVERDUE: [(a_request(RequestStatus.APPROVED), OVERDUE)],
    Part.WAITING: [(a_request(), None), (with_policy(a_custom_request()), None), (a_request(extends=1001), None)],
    Part.SESSIONS: [each for each in every_state() if each[1] and each[1].status.live],
    Part.REQUESTS: [each for each in every_state() if not (each[1] and each[1].status.live)],
    Part.ACTIVE: [each for each in every_state() if each[1] and each[1].status.live],
}


def numbered(states: list[State], count: int) -> tuple[Pair, ...]:
    """Give as many rows as asked for, each with a number of its own."""
    found = [states[each % len(states)] for each in range(count)]
    return tuple(
        (replace(request, id=RequestId(f"rq_{row}"), number=1_001 + row), session)
        for row, (request, session) in enumerate(found)
    )


def a_home(count: int = 3, *, words: str = "", page: Page | None = None, total: int = 0) -> Home:
    """Give the tab of an SSO admin with so many rows in each part; `words` stand wherever people can put some."""
    states = {part: [hostile(each, words) for each in rows] if words else rows for part, rows in _STATES.items()}
    shelves = {part: Shelf(rows=numbered(rows, count), total=total or count) for part, rows in states.items()}
    return Home(shelves=shelves, page=page or Page(), portal_url=PORTAL, health=HEALTH)


def everything() -> list[Home]:
    """Give homes that show every row and every button."""
    every = max(map(len, _STATES.values()))
    pages = [a_home(every, page=Page(part=part, number=number), total=99) for part in Part for number in (0, 1)]
    chunks = [_chunk(part, rows) for part, rows in _STATES.items()]
    return [EMPTY, a_home(), a_home(ROWS_OF_PART + 1), *pages, *(each for chunk in chunks for each in chunk)]


def _chunk(part: Part, rows: list[State]) -> list[Home]:
    pages = range(0, len(rows), ROWS_OF_PAGE)
    return [
        Home(
            shelves={part: Shelf(rows=tuple(rows[first : first + ROWS_OF_PAGE]), total=len(rows))},
            page=Page(part=part, number=first // ROWS_OF_PAGE),
            portal_url=PORTAL,
        )
        for first in pages
    ]


def pressable(view: Block) -> list[tuple[str, str, str]]:
    """List the buttons of a home tab: label, action id and value."""
    rows = [each for block in view["blocks"] for each in [*block.get("elements", []), block.get("accessory", {})]]
    return [
        (each["text"]["text"], each["action_id"], each.get("value", ""))
        for each in rows
        if each.get("type") == "button"
    ]
