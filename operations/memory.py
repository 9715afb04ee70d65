"""What operations remember in memory: it is found out anew after a start, and never decides alone."""

import threading

from access.people import SlackId
from access.permission_sets import SetContent
from access.refusals import Refusal
from access.request import Requester


class Identities:
    """What is known of people, in memory: who they are in AWS, or why they cannot ask. Safe across threads."""

    def __init__(self) -> None:
        self._known: dict[SlackId, Requester | Refusal] = {}
        self._changed = threading.Condition()

    def get(self, slack_id: SlackId, patience: float = 0.0) -> Requester | Refusal | None:
        """Return what the last look-up found, after at most `patience` seconds; None before the first one."""
        with self._changed:
            self._changed.wait_for(lambda: slack_id in self._known, patience)
            return self._known.get(slack_id)

    def put(self, slack_id: SlackId, found: Requester | Refusal) -> None:
        """Keep what a look-up found."""
        with self._changed:
            self._known[slack_id] = found
            self._changed.notify_all()

    def forget(self, slack_id: SlackId) -> None:
        """Forget somebody who changed in Slack, so that they are looked up anew before they ask again."""
        with self._changed:
            self._known.pop(slack_id, None)


class KeptSets:
    """Which kept sets were found in step with which content, in memory. Safe across threads."""

    def __init__(self) -> None:
        self._arns: dict[tuple[str, SetContent], str] = {}
        self._lock = threading.Lock()

    def arn(self, name: str, content: SetContent) -> str | None:
        """Return the ARN of a set that was in step with this content when it was last looked at."""
        with self._lock:
            return self._arns.get((name, content))

    def note(self, name: str, content: SetContent, arn: str | None) -> None:
        """Note that a set is in step, or (None) that it is not known to be."""
        with self._lock:
            if arn is None:
                self._arns.pop((name, content), None)
            else:
                self._arns[name, content] = arn

    def forget(self, arn: str) -> None:
        """Forget a set that AWS turned out not to have any more."""
        with self._lock:
            self._arns = {key: known for key, known in self._arns.items() if known != arn}
