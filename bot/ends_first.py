"""After a start nothing is granted before every overdue end is ordered: what must go comes before what is new."""

import logging
from datetime import datetime, timedelta

from operations.deps import Deps
from storage import sessions

log = logging.getLogger(__name__)
STUCK_AFTER = timedelta(seconds=60)
"""So long the same end may stay the oldest overdue one; after that it is one bad row, which must not stop everybody."""


class EndsFirst:
    """Asked before each grant is taken up; says yes once no end is overdue, and from then on.

    It raises what the database raises: where the sessions cannot be read, nothing is granted.
    """

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._caught_up = False
        self._oldest: tuple[datetime, datetime] | None = None

    def __call__(self) -> bool:
        """Tell whether grants may be performed."""
        if not self._caught_up:
            with self._deps.database.read() as db:
                oldest = sessions.next_end(db)
            now = self._deps.clock.now()
            self._caught_up = oldest is None or oldest > now or self._stuck(oldest, now)
        return self._caught_up

    def _stuck(self, oldest: datetime, now: datetime) -> bool:
        if self._oldest is None or self._oldest[0] != oldest:
            self._oldest = (oldest, now)
            log.info("grants wait until the overdue ends are ordered")
        stuck = now - self._oldest[1] > STUCK_AFTER
        if stuck:
            log.error("the end of %s cannot be ordered; grants go on all the same", oldest.isoformat())
        return stuck
