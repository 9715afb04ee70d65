"""Settle many due requests one by one, so that one bad row never blocks the others."""

import logging
from collections.abc import Iterable

from access.refusals import Refusal
from access.request import RequestId
from operations.deps import Deps
from operations.settle import Judge, settle
from storage.troubles import why_unwritten

log = logging.getLogger(__name__)
MOST = 200
"""Rows that one sweep takes; the next comes two seconds later."""


def each_settled(deps: Deps, due: Iterable[RequestId], judge: Judge) -> int:
    """Settle each; returns how many changed. A refusal means that somebody was faster.

    What the database refuses to write is said once for all of them: it comes again every two seconds.
    """
    changed = unwritten = 0
    why: str | None = None
    for request_id in due:
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
