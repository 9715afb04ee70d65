"""Load what one person's home tab shows: their own first, then what they may decide and end, judged as at a press."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from access.freeze import Freeze
from access.people import Person, Roster, SlackId
from access.policy import must_be_full_member, standing_to_decide
from access.refusals import CannotTell, Refusal
from access.request import Request
from access.session import Session
from blocks.home import ROWS_OF_PAGE, ROWS_OF_PART, Health, Home, Page, Pair, Part, Shelf, Waiting
from operations.deps import Deps
from operations.look_up import person_now
from slackapi.errors import LookUpFailed
from storage import freezes, outbox, requests, sessions
from storage.lanes import Lane
from storage.stuck import stuck_lanes

_MOST_OWN = 200
_MOST = 500
_MOST_FAILURES = 3
_NOBODY = Roster(owners=frozenset(), admins=frozenset())
_STUCK_AFTER = timedelta(minutes=5)
_WORK = {Lane.REVOKE: "removals in AWS", Lane.GRANT: "grants in AWS", Lane.SLACK: "messages in Slack"}
_COME_BACK = "Everything that is shown is right, and something may be missing: come back in a minute."
Row = Pair | Session
"""A row that will be shown if its page is; the request of a session is read only then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stored:
    """What was stored at one moment: a person's own sessions and requests, and everybody's that may concern them."""

    held: tuple[Session, ...]
    mine: tuple[Pair, ...]
    undecided: tuple[Request, ...] = ()
    live: tuple[Session, ...] = ()
    frozen: Freeze | None = None


def load_own_home(deps: Deps, slack_id: SlackId) -> Home:
    """Load what needs no look-up in Slack, so that somebody who opens the tab for the first time sees it at once."""
    stored = _stored(deps, slack_id, everybody=False)
    return replace(_home(deps, Page(), _own(stored)), looking=True, frozen=stored.frozen)


def load_home(deps: Deps, slack_id: SlackId, page: Page) -> Home:
    """Load the whole of it; who may not see more than their own is told in words why not."""
    stored = _stored(deps, slack_id)
    lists = _own(stored)
    try:
        person = person_now(deps, slack_id)
        must_be_full_member(person)
        admin, unknown = _approving(deps, person, stored, lists)
    except CannotTell as failure:
        return replace(_home(deps, page, lists), frozen=stored.frozen, notice=(f"⚠️ {failure.words}", _COME_BACK))
    except Refusal as refusal:
        told = tuple(each for each in (f"🚫 {refusal.words}", refusal.next_step) if each)
        return replace(_home(deps, page, lists), notice=told, may_ask=False)
    return replace(
        _home(deps, page, lists),
        frozen=stored.frozen,
        notice=_missing(stored, unknown, admin=admin),
        health=_health(deps, lists) if admin else None,
    )


def _missing(stored: _Stored, unknown: Sequence[str], *, admin: bool) -> tuple[str, ...]:
    """Say what is not shown and why; where something goes on is told to SSO admins alone."""
    which = ", ".join(unknown) if admin else f"{len(unknown)} of the accounts"
    silent = (f"⚠️ Slack did not tell us who decides in {which}.", _COME_BACK) if unknown else ()
    many = max(len(stored.undecided), len(stored.live)) >= _MOST and admin
    return (*silent, f"There is more than fits here: the first {_MOST} are shown.") if many else silent


def digest_of(home: Home) -> str:
    """Tell one state from another, whatever the time is; how the bot does at this moment is no reason to draw anew."""
    return hashlib.sha256(repr(replace(home, health=None)).encode("utf-8", "backslashreplace")).hexdigest()


def _stored(deps: Deps, slack_id: SlackId, *, everybody: bool = True) -> _Stored:
    with deps.database.read() as db:
        held = sessions.live_of_holder(db, slack_id)
        asked = requests.of_requester(db, slack_id, _MOST_OWN)
        ended = sessions.of_requests(db, [each.id for each in asked])
        running = {each.request_id for each in held}
        return _Stored(
            held=tuple(held),
            mine=tuple((each, ended.get(each.id)) for each in asked if each.id not in running),
            undecided=tuple(requests.undecided(db, _MOST)) if everybody else (),
            live=tuple(sessions.live(db, _MOST)) if everybody else (),
            frozen=freezes.current(db),
        )


def _own(stored: _Stored) -> dict[Part, Sequence[Row]]:
    return {Part.SESSIONS: stored.held, Part.REQUESTS: stored.mine}


def _approving(deps: Deps, person: Person, stored: _Stored, lists: dict[Part, Sequence[Row]]) -> tuple[bool, list[str]]:
    """Add what somebody can decide and end; tells whether they are an SSO admin, and which accounts are not known.

    A failing look-up is a no: what it is about is not shown.
    """
    rosters, unknown = _rosters(deps, stored)
    own = {each.id for each in stored.held}
    watched = [each for each in stored.live if _watches(person, rosters[each.account_id])]
    others = [each for each in watched if each.id not in own]
    lists[Part.WAITING] = [(each, None) for each in stored.undecided if _may_decide(each, person, rosters)]
    admin = _is_admin(deps, person)
    if admin:
        lists[Part.OVERDUE] = [each for each in watched if each.marked_overdue]
        others = [each for each in others if not each.marked_overdue]
    if admin or watched or _owns_something(deps, person):
        lists[Part.ACTIVE] = others
    return admin, unknown


def _rosters(deps: Deps, stored: _Stored) -> tuple[dict[str, Roster], list[str]]:
    """Look up who owns the accounts in question; one that cannot be told has nobody, and is named.

    After a few failures nobody is asked any more: a Slack that hangs would be waited for at each account anew.
    """
    accounts = {each.account_id for each in stored.undecided} | {each.account_id for each in stored.live}
    found: dict[str, Roster] = {}
    unknown: list[str] = []
    for each in sorted(accounts):
        found[each] = _NOBODY
        if len(unknown) >= _MOST_FAILURES:
            unknown.append(_name_of(deps, each))
            continue
        try:
            found[each] = deps.people.roster(deps.owners_of(each), deps.rules.sso_admins)
        except LookUpFailed:
            unknown.append(_name_of(deps, each))
    return found, unknown


def _name_of(deps: Deps, account_id: str) -> str:
    account = deps.catalogue().accounts.get(account_id)
    return account.name if account else account_id


def _is_admin(deps: Deps, person: Person) -> bool:
    try:
        return person.slack_id in deps.people.roster((), deps.rules.sso_admins).admins
    except LookUpFailed as failure:
        raise CannotTell(f"Slack did not tell us who the SSO admins are ({failure}).", "") from failure


def _owns_something(deps: Deps, person: Person) -> bool:
    """Tell whether an account names this address as owner; it only decides whether an empty list is shown."""
    return any(person.email in map(str.lower, each.owners) for each in deps.catalogue().accounts.values())


def _watches(person: Person, roster: Roster) -> bool:
    return person.slack_id in roster.owners or person.slack_id in roster.admins


def _may_decide(request: Request, person: Person, rosters: Mapping[str, Roster]) -> bool:
    try:
        standing_to_decide(request, person, rosters[request.account_id])
    except Refusal:
        return False
    return True


def _home(deps: Deps, page: Page, lists: Mapping[Part, Sequence[Row]]) -> Home:
    turned = page.within(len(lists[page.part])) if page.part and page.part in lists else Page()
    shelves = {part: _shelf(deps, rows, part, turned) for part, rows in lists.items()}
    return Home(shelves=shelves, page=turned, portal_url=deps.rules.portal_url)


def _shelf(deps: Deps, rows: Sequence[Row], part: Part, page: Page) -> Shelf:
    first = page.number * ROWS_OF_PAGE if page.part is part else 0
    shown = rows[first : first + (ROWS_OF_PAGE if page.part is part else ROWS_OF_PART)]
    return Shelf(rows=tuple(_pairs(deps, shown)), total=len(rows))


def _pairs(deps: Deps, rows: Sequence[Row]) -> list[Pair]:
    found: list[Pair] = []
    with deps.database.read() as db:
        for each in rows:
            pair = (requests.get(db, each.request_id), each) if isinstance(each, Session) else each
            if pair[0] is not None:
                found.append((pair[0], pair[1]))
    return found


def _health(deps: Deps, lists: Mapping[Part, Sequence[Row]]) -> Health:
    now = deps.clock.now()
    with deps.database.read() as db:
        counted = sessions.counts(db)
        state = outbox.state(db, now)
        stuck = stuck_lanes(db, now, _STUCK_AFTER)
        return Health(
            live=sum(counted[each] for each in ("granting", "active", "revoking")),
            overdue=len(lists[Part.OVERDUE]),
            next_end=sessions.next_end(db),
            waiting=tuple(
                Waiting(what=_WORK[lane], ready=each.ready, oldest=each.oldest) for lane, each in state.items()
            ),
            stuck=tuple(f"Nobody performs what is due: {_WORK[lane]}." for lane in stuck),
        )
