"""Settle many due requests one by one, so that one bad row never blocks the others."""

import logging
import time
from collections.abc import Iterable

from access.refusals import Refusal
from access.request import RequestId
from operations.deps import Deps
from operations.settle import Judge, settle
from storage.troubles import why_unwritten

log = logging.getLogger(__name__)
MOST = 200
"""Rows that one sweep takes; the next comes two seconds later."""


LONGEST = 3.0
"""Seconds that one kind of sweep takes: a database that is slow or locked must not look like a sweep that is dead."""


def each_settled(deps: Deps, due: Iterable[RequestId], judge: Judge, longest: float | None = None) -> int:
    """Settle each; returns how many changed. A refusal means that somebody was faster.

    After `longest` seconds (`LONGEST` where none is given) the rest is left to the next sweep. What the database
    refuses to write is said once for all of them: it comes again every two seconds.
    """
    changed = unwritten = 0
    why: str | None = None
    until = time.monotonic() + (LONGEST if longest is None else longest)
    for request_id in due:
        if changed + unwritten and time.monotonic() >= until:
            break
        try:
            settle(deps, request_id, judge)
            changed += 1
        except Refusal as refusal:
            log.info("not due any more: %s", refusal.words, extra={"request": request_id})
        except Exception as error:
            if words := why_unwritten(error):
                why, unwritten = words, unwritten + 1
            else:
                log.exception("sweep failed for one request", extra={"request": request_id})
    if why:
        log.error("%d changes could not be stored: %s", unwritten, why)
    return changed
