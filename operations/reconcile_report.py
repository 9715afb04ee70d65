"""Report what AWS holds that the bot did not make: once, in one message, to the SSO admins; never removed unasked."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256

from access.changes import BOT, Event, EventKind
from access.drift import Findings, key_of
from access.permission_sets import PREFIX
from access.session import Assignment
from aws.errors import AwsTrouble
from blocks.drift import SHOWN_MOST, Stranger, drift_report
from blocks.message import Message
from blocks.text import person, when
from operations.deps import Deps
from operations.reconcile_post import post_found
from operations.settle import narrate, record
from storage import drift, requests
from storage.drift import Reported

log = logging.getLogger(__name__)
MOST_EVENTS = 20
"""Findings of one round that have an entry each in the audit log; more have one together."""


def report_strangers(deps: Deps, found: Findings) -> int:
    """Report what was never reported, or was left alone for a time that is over; returns how many.

    What AWS does not hold any more is forgotten, so that it is reported anew if it comes back.
    """
    now = deps.clock.now()
    with deps.database.read() as db:
        known = drift.reported(db)
    new = [each for each in found.unlike if each not in known or known[each].due(now)]
    gone = [each for each in known if _gone(found, each)]
    if new:
        post_found(
            deps, _key(new), report_of(deps, [Reported(assignment=each, seen_at=now) for each in new], found.name_of)
        )
    events = _events(deps, new, found, now)
    if new or gone:
        with deps.database.begin() as db:
            drift.forget(db, gone)
            drift.report(db, new, now)
            record(db, events, now)
        narrate(events)
    return len(new)


def _gone(found: Findings, each: Assignment) -> bool:
    if not each.principal_id:
        return each.set_arn not in found.looked.names
    where = (each.account_id, each.set_arn)
    vanished = each.set_arn not in found.looked.names
    return (where in found.looked.where or vanished) and each not in found.looked.held


def _key(new: Sequence[Assignment]) -> str:
    return "drift:" + sha256("/".join(sorted(map(key_of, new))).encode()).hexdigest()[:16]


def report_of(deps: Deps, rows: Sequence[Reported], name_of: Callable[[str], str]) -> Message:
    """Render one report as things stand now; who somebody is comes from AWS's directory, which remembers it."""
    now = deps.clock.now()
    waiting = sum(each.open(now) for each in rows)
    ordered = sorted(rows, key=lambda each: not each.open(now))
    named = [stranger_of(deps, each, name_of(each.assignment.set_arn)) for each in ordered[:SHOWN_MOST]]
    return drift_report(named, total=len(rows), waiting=waiting)


def stranger_of(deps: Deps, row: Reported, set_name: str) -> Stranger:
    """Say of one finding who has what where, and what was done about it."""
    it = row.assignment
    account = deps.catalogue().accounts.get(it.account_id)
    return Stranger(
        key=key_of(it),
        user=_user(deps, it.principal_id),
        account_name=account.name if account else it.account_id,
        account_id=it.account_id,
        set_name=set_name,
        adoptable=account is not None and bool(it.principal_id) and not set_name.startswith(PREFIX),
        outcome=_outcome(deps, row),
    )


def _user(deps: Deps, principal_id: str) -> str:
    """Name a user by the address; a name is no reason to report nothing."""
    if not principal_id:
        return ""
    try:
        return deps.directory.address_of(principal_id) or principal_id
    except AwsTrouble as trouble:
        log.warning("a user could not be named: %s", trouble)
        return principal_id


def _outcome(deps: Deps, row: Reported) -> str:
    if row.settled_until is None or row.open(deps.clock.now()):
        return ""
    until, who = when(row.settled_until), person(row.settled_by or "", "")
    with deps.database.read() as db:
        session = drift.live_on(db, row.assignment)
        request = requests.get(db, session.request_id) if session else None
    if request is not None:
        return f"🤝 Adopted as {request.label} by {who}: it ends {until}."
    return f"🙈 Left alone by {who} until {until}."


def _events(deps: Deps, new: Sequence[Assignment], found: Findings, now: datetime) -> list[Event]:
    if len(new) > MOST_EVENTS:
        words = f"{len(new)} assignments and permission sets in AWS were not made by jitbot"
        return [Event(kind=EventKind.DRIFT_FOUND, at=now, actor=BOT, details={"words": words})]
    return [
        Event(
            kind=EventKind.DRIFT_FOUND, at=now, actor=BOT, details=details_of(deps, each, found.name_of(each.set_arn))
        )
        for each in new
    ]


def details_of(deps: Deps, it: Assignment, set_name: str) -> dict[str, str]:
    """Say for the audit log what an assignment is."""
    account = deps.catalogue().accounts.get(it.account_id)
    said = {
        "account": it.account_id,
        "account_name": account.name if account else "",
        "permission_set": set_name,
        "set_arn": it.set_arn,
        "principal": it.principal_id,
        "words": f"user {_user(deps, it.principal_id)}" if it.principal_id else "a permission set with jitbot's tag",
    }
    return {key: words for key, words in said.items() if words}
