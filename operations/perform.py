"""Perform one effect of the outbox: one effect, one verb; a refusal settles it, and what fails is put off."""

import logging
import random
from collections.abc import Callable, Mapping
from datetime import timedelta

from access.changes import Change, EffectKind
from access.refusals import Refusal, TooLate
from access.request import Request
from access.session import Session, SessionId
from access.session_lifecycle import note_trouble
from aws.errors import AwsTrouble, Busy
from operations.alert import post_alert, update_alert
from operations.audit_lines import post_audit_line
from operations.backoff import wait_before
from operations.deps import Deps
from operations.end_all import end_all
from operations.grant import grant_session
from operations.hard_stop import set_hard_stop
from operations.outcome import Done, Later, Outcome
from operations.publish import post_card, update_cards
from operations.refresh_homes import refresh_homes
from operations.remove import remove_access, verify_absent
from operations.route import route_request
from operations.settle import settle, there
from operations.show_brakes import show_brakes
from operations.tell import tell
from slackapi.errors import SlackAuthLost, SlackBusy, SlackTrouble
from storage import outbox, sessions
from storage.outbox import Claimed, FencedOut

log = logging.getLogger(__name__)
Verb = Callable[[Deps, Claimed], Outcome]
VERBS: Mapping[EffectKind, Verb] = {
    EffectKind.GRANT: grant_session,
    EffectKind.HARD_STOP: set_hard_stop,
    EffectKind.REVOKE: remove_access,
    EffectKind.VERIFY_ABSENT: verify_absent,
    EffectKind.ROUTE: route_request,
    EffectKind.POST_CARD: post_card,
    EffectKind.UPDATE_CARDS: update_cards,
    EffectKind.TELL: tell,
    EffectKind.ALERT: post_alert,
    EffectKind.UPDATE_ALERT: update_alert,
    EffectKind.REFRESH_HOMES: refresh_homes,
    EffectKind.REVOKE_ALL: end_all,
    EffectKind.SHOW_BRAKES: show_brakes,
    EffectKind.AUDIT_LINE: post_audit_line,
}
_TROUBLE_AFTER = 3
"""Attempts before people are told that AWS makes trouble; those that were only patient count, too."""
LONGEST_ATTEMPT = timedelta(seconds=90)
"""What must be left of a lease to begin: an attempt that outlives its lease does what somebody else does by then."""


def perform(deps: Deps, claimed: Claimed) -> bool:
    """Perform a claimed effect and finish its row, or put it off; tells whether it is done.

    One that waited too long between its claim and this moment (a process that stood still) is given back untouched.
    """
    if deps.clock.now() + LONGEST_ATTEMPT > claimed.leased_until:
        _give_back(deps, claimed)
        return False
    try:
        outcome = _attempt(deps, claimed)
        if outcome is Done.FINISH:
            _finish(deps, claimed)
    except FencedOut:
        log.warning("another worker took this effect over", extra={"effect": claimed.effect.key})
        return False
    if isinstance(outcome, Later):
        _put_off(deps, claimed, outcome)
    return isinstance(outcome, Done)


def _attempt(deps: Deps, claimed: Claimed) -> Outcome:
    try:
        return VERBS[claimed.effect.kind](deps, claimed)
    except FencedOut:
        raise
    except SlackBusy as busy:
        return Later(words=str(busy), after=busy.retry_after, unknown=busy.unknown)
    except (SlackTrouble, AwsTrouble) as trouble:
        if isinstance(trouble, SlackAuthLost) or (isinstance(trouble, AwsTrouble) and trouble.alert):
            log.error("somebody should look: %s", trouble, extra={"effect": claimed.effect.key})  # noqa: TRY400 - in words
        return Later(words=str(trouble), unknown=isinstance(trouble, Busy) and trouble.unknown)
    except Refusal as settled:
        if type(settled) is TooLate:
            return Later(words=settled.words)  # others were faster five times; that settles nothing
        log.info("nothing left to do: %s", settled.words, extra={"effect": claimed.effect.key})
        return Done.FINISH
    except Exception as bug:
        log.exception("an effect failed", extra={"effect": claimed.effect.key})
        return Later(words=f"{type(bug).__name__}: an error of the bot's own, see its log", unknown=True)


def _finish(deps: Deps, claimed: Claimed) -> None:
    with deps.database.begin() as db:
        outbox.finish(db, claimed, deps.clock.now())


def _give_back(deps: Deps, claimed: Claimed) -> None:
    with deps.database.begin() as db:
        outbox.put_off(db, claimed, deps.clock.now(), "claimed too long ago to be begun")
    log.warning("claimed too long ago to be begun", extra={"effect": claimed.effect.key})


def _put_off(deps: Deps, claimed: Claimed, later: Later) -> None:
    now = deps.clock.now()
    wait = wait_before(claimed.attempts, random.random(), later.after or 0.0)  # noqa: S311 - jitter, no secret
    if later.polite and later.after is not None:
        wait = min(wait, wait_before(1, 1.0, later.after))
    with deps.database.begin() as db:
        outbox.put_off(db, claimed, now + wait, later.words, unknown=later.unknown)
    log.info("put off: %s", later.words, extra={"effect": claimed.effect.key, "attempts": claimed.attempts})
    if not later.polite and claimed.attempts >= _TROUBLE_AFTER and "session" in claimed.effect.arguments:
        _tell_of_trouble(deps, claimed, later.words)


def _tell_of_trouble(deps: Deps, claimed: Claimed, words: str) -> None:
    with deps.database.read() as db:
        session = sessions.get(db, SessionId(claimed.effect.arguments["session"]))
    if session is None or session.trouble:
        return  # said already

    def judge(request: Request, latest: Session | None) -> Change:
        return note_trouble(request, there(latest), deps.clock.now(), words)

    try:
        settle(deps, session.request_id, judge)
    except Refusal:
        log.info("settled while in trouble", extra={"session": session.id})
