"""After a start, what reached far and is overdue is ended before everything else: the sweeps go by age."""

import logging
from itertools import islice

from access import session_lifecycle
from access.changes import Change
from access.request import Request, RequestId
from access.session import Session
from operations.deps import Deps
from operations.ranking import reaches_far
from operations.settle import there
from operations.sweep import each_settled
from storage import requests

log = logging.getLogger(__name__)
MOST_FIRST = 1000
LONGEST = 10.0
"""Seconds by which a start may be held up; the rest comes with the sweeps."""


def end_far_reaching_first(deps: Deps) -> int:
    """Order the end of overdue sessions whose sets reach far, longest over first; returns how many.

    Nothing is raised: what could not be done here is left to the sweeps.
    """

    def judge(request: Request, session: Session | None) -> Change:
        return session_lifecycle.expire(request, there(session), deps.clock.now())

    try:
        return each_settled(deps, _overdue_and_far(deps), judge, LONGEST)
    except Exception:
        log.exception("overdue ends could not be read; the sweeps will try")
        return 0


def _overdue_and_far(deps: Deps) -> list[RequestId]:
    with deps.database.read() as db:
        overdue = requests.with_overdue_end(db, deps.clock.now())
        return list(islice((each.id for each in overdue if reaches_far(deps, each)), MOST_FIRST))
