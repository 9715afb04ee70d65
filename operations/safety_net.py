"""The safety net beside the bot: what is over and still there is taken away, with the database's word and AWS alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from access.request import Request
from access.session import Session
from aws.errors import AwsTrouble
from aws.progress import State, poll
from operations.deps import Deps
from operations.revoke_anyway import ours_alone, over_before
from storage import requests
from storage.heartbeat import last_beat

PATIENCE = timedelta(minutes=5)
"""How long a bot has for an end of its own: twice a lease and more. Whatever is over for longer needs somebody else."""
SILENCE = timedelta(minutes=10)
"""A bot that has not swept for so long is called dead."""
LONGEST_LOOK = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caught:
    """One session that was over: whether its access is gone now, and what AWS said where it is not."""

    request: Request
    session: Session
    gone: bool
    words: str


def catch_what_is_over(deps: Deps) -> Iterator[Caught]:
    """Remove each assignment whose session was to be over `PATIENCE` ago; nothing is written, the bot ends it later.

    What a session that goes on needs, what existed before, and what AWS was never asked for is left alone.
    """
    latest = deps.clock.now() - PATIENCE
    for session in over_before(deps, latest):
        if session.over_at > latest or not ours_alone(deps, session):
            continue
        with deps.database.read() as db:
            request = requests.get(db, session.request_id)
        if request is not None:
            gone, words = _removed(deps, session)
            yield Caught(request=request, session=session, gone=gone, words=words)


def silent_since(deps: Deps) -> datetime | None:
    """Tell since when no bot has swept, None while one does; before the first sweep ever there is nothing to miss."""
    with deps.database.read() as db:
        last = last_beat(db)
    return last if last is not None and deps.clock.now() - last > SILENCE else None


def _removed(deps: Deps, session: Session) -> tuple[bool, str]:
    """Remove and read back, as the bot does; one that AWS refuses holds up no other."""
    center = deps.identity_center
    try:
        operation = center.request_removal(session.assignment)
        if operation is not None:
            progress = poll(lambda: center.removal_status(operation), deps.wait, bound=LONGEST_LOOK)
            if progress.state is State.FAILED:
                return False, f"AWS did not remove it: {progress.reason}"
        if center.is_assigned(session.assignment):
            return False, "AWS holds it still"
    except AwsTrouble as trouble:
        return False, str(trouble)
    return True, "removed" if operation is not None else "gone already"
