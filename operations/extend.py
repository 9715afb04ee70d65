"""Ask for more time for a session that is running: decided like the first request, and linked to it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from access.durations import AccessDuration
from access.extension import Asked, ExtensionForm, must_be_extendable, new_extension
from access.people import SlackId
from access.policy import must_be_full_member, must_be_holder
from access.refusals import NotOffered, TooMany
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.refused import acting
from operations.settle import narrate, there
from operations.submit import must_not_be_too_many, take_in
from storage import requests, sessions
from storage.transactions import LostRace


@dataclass(frozen=True, slots=True, kw_only=True)
class Extendable:
    """A session that can be extended now, its request, and by which durations."""

    request: Request
    session: Session
    offered: tuple[AccessDuration, ...]


def judge_extension(deps: Deps, request_id: RequestId, slack_id: SlackId) -> Extendable:
    """Tell beforehand whether somebody may ask for more time, and how much; it is judged anew when they do."""
    _must_be_allowed(deps, request_id, slack_id)
    with deps.database.read() as db:
        return _extendable(db, deps, request_id)


def request_extension(
    deps: Deps, request_id: RequestId, form: ExtensionForm, slack_id: SlackId, extension_id: RequestId
) -> Request:
    """Store the request for more time and return it; the same `extension_id` sent twice is the same request.

    Raises `BadForm` for what is wrong in a field, and the refusal where the session cannot be extended now.
    """
    _must_be_allowed(deps, request_id, slack_id)
    try:
        return _store(deps, request_id, form, extension_id)
    except LostRace:
        return _store(deps, request_id, form, extension_id)  # sent twice in one instant: the first is there by now


def _must_be_allowed(deps: Deps, request_id: RequestId, slack_id: SlackId) -> None:
    with acting(deps, request_id, slack_id, "extend") as scene:
        must_be_holder(scene.request, scene.person, "extend it", "Ask for access of your own with /jit request.")
        must_be_full_member(scene.person)


def _store(deps: Deps, request_id: RequestId, form: ExtensionForm, extension_id: RequestId) -> Request:
    with deps.database.begin() as db:
        known = requests.get(db, extension_id)
        if known is not None:
            return known
        found = _extendable(db, deps, request_id, lock=True)
        must_not_be_too_many(db, found.request.requester)
        asked = Asked(
            id=extension_id, number=requests.next_number(db), at=deps.clock.now(), lapse_after=deps.rules.lapse_after
        )
        request = new_extension(found.request, found.session, form, found.offered, asked)
        events = take_in(db, request)
    narrate(events)
    return request


def _extendable(db: Connection, deps: Deps, request_id: RequestId, *, lock: bool = False) -> Extendable:
    """Judge on what is stored; `lock` lets two who ask in the same moment come one after the other."""
    request = requests.get(db, request_id, lock=lock)
    if request is None:
        raise LookupError(f"request {request_id} is gone")
    session = sessions.of_request(db, request_id)
    account = deps.catalogue().accounts.get(request.account_id)
    if account is None:
        raise NotOffered(f"{request.account_name} is no longer configured.", "Ask your platform team.")
    offered = must_be_extendable(
        request, session, deps.rules.extension_limits, account.longest_duration, deps.clock.now()
    )
    waiting = requests.undecided_extension(db, request.number)
    if waiting is not None:
        raise TooMany(f"{waiting.label} asks for more time already.", "Wait until it is decided, or withdraw it.")
    return Extendable(request=request, session=there(session), offered=offered)
