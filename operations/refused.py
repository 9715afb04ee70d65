"""Look up who acts on what, and write every attempt that may not be to the audit log."""

from collections.abc import Iterator
from contextlib import contextmanager

from access.changes import Event, EventKind
from access.lifecycle import event_of
from access.people import SlackId
from access.refusals import NotAllowed, NotFound, Refusal
from access.request import RequestId
from operations.deps import Deps
from operations.look_up import Scene, look_up
from operations.settle import narrate, record


@contextmanager
def acting(deps: Deps, request_id: RequestId, slack_id: SlackId, verb: str) -> Iterator[Scene]:
    """Give the scene of one attempt; a forged id or a person without the right is recorded, then refused."""
    try:
        scene = look_up(deps, request_id, slack_id)
    except NotFound as refusal:
        _record(deps, Event(kind=EventKind.REFUSED, at=deps.clock.now(), actor=slack_id, details=_why(verb, refusal)))
        raise
    try:
        yield scene
    except NotAllowed as refusal:
        person = scene.person
        why = _why(verb, refusal)
        _record(deps, event_of(EventKind.REFUSED, scene.request, deps.clock.now(), slack_id, person.name, **why))
        raise


def _why(verb: str, refusal: Refusal) -> dict[str, str]:
    return {"verb": verb, "refusal": refusal.kind, "words": refusal.words}


def _record(deps: Deps, event: Event) -> None:
    with deps.database.begin() as db:
        record(db, [event], event.at)
    narrate([event])
