"""The home tab: what waits for its viewer, what they have and what they asked for; pure, from what is stored.

Limits: 100 blocks and 250 kB (https://docs.slack.dev/surfaces/app-home), so each part shows a few rows and pages the
rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from access.freeze import Freeze
from access.request import Request
from access.session import Session
from blocks import ids
from blocks.brakes import banner
from blocks.home_rows import access_row, request_row, session_row, waiting_row
from blocks.message import Block, Message
from blocks.parts import actions, button, context, header, plain, section
from blocks.text import inline, left, when

WORDS_MOST = 300
ROWS_OF_PAGE = 10
ROWS_OF_PART = 5
"""Rows of one part on the first page, where every part shows something."""
_NUMBER = re.compile(r"[0-9]{1,6}")
_DIVIDER: Block = {"type": "divider"}

Pair = tuple[Request, Session | None]


class Part(StrEnum):
    """The parts of the home tab, in their order; each pages by itself."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    SESSIONS = "sessions"
    REQUESTS = "requests"
    ACTIVE = "active"


_TITLES = {
    Part.OVERDUE: "🔴 Overdue",
    Part.WAITING: "Waiting for me",
    Part.SESSIONS: "My sessions",
    Part.REQUESTS: "My requests",
    Part.ACTIVE: "Active in my accounts",
}
_EMPTY = {
    Part.OVERDUE: "Nothing is overdue: all access that should have ended is gone.",
    Part.WAITING: "Nothing waits for your decision.",
    Part.SESSIONS: "You have no access to AWS through jitbot now.",
    Part.REQUESTS: "You have not asked for anything yet.",
    Part.ACTIVE: "Nobody else has access to your accounts through jitbot now.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a viewer looks at: all parts, or one of them from its page `number` (0 is the first)."""

    part: Part | None = None
    number: int = 0

    @property
    def rows(self) -> int:
        """How many rows a part shows there at most."""
        return ROWS_OF_PART if self.part is None else ROWS_OF_PAGE

    def within(self, total: int) -> "Page":
        """Return the last page there is where this one lies behind it: lists grow shorter."""
        last = max(0, (total - 1) // ROWS_OF_PAGE)
        return Page(part=self.part, number=min(max(self.number, 0), last)) if self.part else Page()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The rows of one part that are shown, and how many there are in all."""

    rows: tuple[Pair, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work that is due and not done yet, and since when its oldest has been."""

    what: str
    ready: int
    oldest: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the bot does, for SSO admins; `stuck` says which work nobody performs."""

    live: int
    overdue: int
    next_end: datetime | None
    waiting: tuple[Waiting, ...] = ()
    stuck: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All that one viewer's home tab shows; `shelves` hold the parts that are for this viewer.

    `notice` says why something is missing, such as what a guest may not do. `looking` tells that the rest is still
    being looked up.
    """

    shelves: Mapping[Part, Shelf]
    page: Page = field(default_factory=Page)
    notice: tuple[str, ...] = ()
    may_ask: bool = True
    looking: bool = False
    portal_url: str = ""
    health: Health | None = None
    frozen: Freeze | None = None


def home_view(home: Home, now: datetime) -> Block:
    """Render the view for `views.publish`."""
    blocks = _top(home)
    if home.page.part is None:
        blocks += [block for part in Part if part in home.shelves for block in _part(home, part, now)]
        blocks += _health(home.health) if home.health else []
    else:
        blocks += _one_part(home, home.page, now)
    below = context(f"Drawn {when(now)}: anew after every change, and when you open it.")
    return {"type": "home", "blocks": [*blocks, below]}


def _top(home: Home) -> list[Block]:
    ask = [actions(button("Request access", ids.ASK, style="primary"))] if home.may_ask and not home.page.part else []
    told = [section(*(inline(each, WORDS_MOST) for each in home.notice))] if home.notice else []
    looking = [context("One moment: what waits for you is being looked up …")] if home.looking else []
    frozen = [banner(home.frozen)] if home.frozen and home.may_ask else []
    return [header("Temporary access to AWS"), *frozen, *told, *ask, *looking]


def _part(home: Home, part: Part, now: datetime) -> list[Block]:
    shelf = home.shelves[part]
    if part is Part.OVERDUE and not shelf.total:
        return []  # the health below says so
    rows = [block for pair in shelf.rows[:ROWS_OF_PART] for block in _row(home, part, pair, now)]
    more = shelf.total - len(shelf.rows[:ROWS_OF_PART])
    show = [actions(button(f"Show all {shelf.total}", ids.HOME_PART, part.value, about=_spoken(part)))] if more else []
    return [_DIVIDER, header(_titled(part, shelf)), *(rows or [context(_EMPTY[part])]), *show]


def _titled(part: Part, shelf: Shelf) -> str:
    counted = shelf.total and part is not Part.REQUESTS
    return f"{_TITLES[part]} ({shelf.total})" if counted else _TITLES[part]


def _spoken(part: Part) -> str:
    return _TITLES[part].removeprefix("🔴 ").lower()


def _row(home: Home, part: Part, pair: Pair, now: datetime) -> list[Block]:
    request, session = pair
    match part:
        case Part.WAITING:
            return waiting_row(request, now)
        case Part.SESSIONS if session:
            return session_row(request, session, now, home.portal_url)
        case Part.OVERDUE | Part.ACTIVE if session:
            return access_row(request, session, now)
        case _:
            return request_row(request, session)


def _one_part(home: Home, page: Page, now: datetime) -> list[Block]:
    part = page.part or Part.REQUESTS
    shelf = home.shelves.get(part, Shelf())
    rows = [block for pair in shelf.rows[:ROWS_OF_PAGE] for block in _row(home, part, pair, now)]
    first = page.number * ROWS_OF_PAGE
    last = first + len(shelf.rows[:ROWS_OF_PAGE])
    back = button("Back to all", ids.HOME_BACK)
    turn = [button("Previous page", ids.HOME_PREVIOUS, f"{part}:{page.number - 1}")] if page.number else []
    turn += [button("Next page", ids.HOME_NEXT, f"{part}:{page.number + 1}")] if last < shelf.total else []
    told = f"{first + 1} to {last} of {shelf.total}" if rows else _EMPTY[part]
    below = [actions(*turn, back)] if rows else []
    return [actions(back), header(_titled(part, shelf)), context(told), *rows, *below]


def _health(health: Health) -> list[Block]:
    ends = f"the next ends {when(health.next_end)}" if health.next_end else "all of them are being ended"
    if health.stuck or health.overdue:
        lines = [f"⚠️ *{inline(each, WORDS_MOST)}*" for each in health.stuck]
        lines += [f"🔴 *Overdue: {health.overdue}*"] if health.overdue else []
    else:
        lines = ["🟢 All access that should have ended is gone, and nothing is stuck."]
    lines.append(f"Sessions now: {health.live}" + (f", {ends}" if health.live else ""))
    late = [f"{each.what} {each.ready} (oldest {left(each.oldest)})" for each in health.waiting if each.ready]
    lines.append(f"Work that is due: {', '.join(late) or 'none'}")
    return [_DIVIDER, header("Health"), section(*lines)]


def read_page(value: str) -> Page:
    """Read which page a button leads to; whatever nobody made leads to the first one."""
    name, _, number = value.partition(":")
    try:
        return Page(part=Part(name), number=int(number) if _NUMBER.fullmatch(number) else 0)
    except ValueError:
        return Page()


def trouble_view(words: str) -> Block:
    """Say on the home tab why there is nothing else."""
    return {"type": "home", "blocks": [header("Temporary access to AWS"), section(f"⚠️ {inline(words, WORDS_MOST)}")]}


def answer_view(message: Message) -> Block:
    """Make a modal of an answer: a press on the home tab leaves no other place for one."""
    return {"type": "modal", "title": plain("jitbot"), "close": plain("Close"), "blocks": message.blocks}
