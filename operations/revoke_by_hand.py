"""Revoke a session from the command line: the order goes into the database, and the running bot removes."""

import re

from access.changes import Change
from access.order_end import revoke_as_operator
from access.refusals import NotFound
from operations.deps import Deps
from operations.settle import settle
from storage import requests

_LABEL = re.compile(r"(?:REQ-)?(\d{1,9})", re.IGNORECASE)


def revoke_by_hand(deps: Deps, label: str, name: str, reason: str) -> Change:
    """Order the end of a session by its request's number, as the operating system's user `name`."""
    found = _LABEL.fullmatch(label.strip())
    request = None
    if found:
        with deps.database.read() as db:
            request = requests.by_number(db, int(found[1]))
    if request is None:
        raise NotFound(f"There is no request {label.strip()[:20] or 'without a number'}.", "Try jitbot sessions list.")
    return settle(
        deps,
        request.id,
        lambda latest, session: revoke_as_operator(latest, session, name, reason, deps.clock.now()),
    )
