"""Draw home tabs in threads of their own: a Slack that hangs there holds up no button and no form."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from access.people import SlackId
from blocks.answers import bug
from blocks.home import trouble_view
from operations.deps import Deps
from slackapi.errors import SlackTrouble

log = logging.getLogger(__name__)
_THREADS = 4


def drawing_threads() -> ThreadPoolExecutor:
    """Make the threads; none is begun before the first drawing."""
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="home")


def draw(deps: Deps, threads: Executor, slack_id: SlackId, show: Callable[[Deps, SlackId], object]) -> None:
    """Draw somebody's home tab soon; where a drawing of theirs has not begun yet, that one will do."""
    if deps.home_memory.queue(slack_id):
        threads.submit(_draw, deps, slack_id, show)


def _draw(deps: Deps, slack_id: SlackId, show: Callable[[Deps, SlackId], object]) -> None:
    deps.home_memory.begun(slack_id)
    try:
        show(deps, slack_id)
    except SlackTrouble as trouble:
        log.warning("a home tab could not be drawn: %s", trouble, extra={"person": slack_id})
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a home tab could not be drawn", extra={"person": slack_id, "reference": reference})
        _own_up(deps, slack_id, reference)


def _own_up(deps: Deps, slack_id: SlackId, reference: str) -> None:
    """Say on the tab itself that it could not be drawn: there is no other place that somebody looks at now."""
    try:
        deps.messenger.publish_home(slack_id, trouble_view(bug(reference).text), stands="", hurry=True)
    except SlackTrouble as trouble:
        log.warning("nor could it be said: %s", trouble)
