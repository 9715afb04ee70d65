"""Dependencies for benchmarks: a real database, and people, Slack and AWS that answer at once."""

import itertools
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from access.catalogue import Catalogue
from access.people import Person, Roster, SlackId
from bot.clock import SystemClock
from operations.deps import Deps, Rules
from operations.ports import Aws
from slackapi.messenger import Posted
from storage.transactions import Database

OWNER = SlackId("U0OWNER")


class InstantPeople:
    """Everybody is a full member, and one person owns everything."""

    def person(self, slack_id: SlackId) -> Person:
        return Person(slack_id=slack_id, name="Somebody", email=f"{slack_id.lower()}@example.com")

    def roster(self, owners: Iterable[str], admins: Iterable[str]) -> Roster:
        return Roster(owners=frozenset({OWNER}), admins=frozenset())

    def forget(self, slack_id: SlackId) -> None:
        pass

    def forget_group(self, group_id: str) -> None:
        pass


class InstantMessenger:
    """Every message is sent at once."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def post(self, channel: str, text: str, blocks: Any, *, key: str = "") -> Posted:
        return Posted(channel=channel, ts=f"{next(self._numbers)}.0")

    def direct(self, slack_id: SlackId, text: str, blocks: Any, *, key: str = "") -> Posted:
        return Posted(channel=f"D{slack_id}", ts=f"{next(self._numbers)}.0")

    def update(self, channel: str, ts: str, text: str, blocks: Any) -> None:
        pass

    def find_posted(self, channel: str, key: str, since: datetime) -> Posted | None:
        return None

    def publish_home(self, slack_id: SlackId, view: Any, *, stands: str = "", hurry: bool = False) -> str:
        return f"h{next(self._numbers)}"


def no_aws() -> Aws:
    """Benchmarks that come this far measure something else."""
    raise LookupError("no AWS in this benchmark")


RULES = Rules(
    admin_channel="C0ADMINS",
    audit_channel="C0AUDIT",
    sso_admins=(),
    portal_url="https://example.awsapps.com/start",
    region="eu-west-1",
    identities={},
    lapse_after=timedelta(hours=24),
    remind_after=timedelta(hours=1),
    escalate_after=timedelta(minutes=30),
    announce_before=timedelta(minutes=15),
)


@contextmanager
def bench_deps(url: str, catalogue: Catalogue) -> Iterator[Deps]:
    """Open a fresh database (`sqlite:///:memory:` stands for a file of its own) and give the dependencies."""
    with tempfile.TemporaryDirectory(prefix="jitbot-bench-") as folder:
        database = Database(f"sqlite:///{folder}/bench.db" if url.endswith(":memory:") else url)
        database.upgrade()
        numbers = itertools.count(1)
        yield Deps(
            clock=SystemClock(),
            database=database,
            people=InstantPeople(),
            aws=no_aws,
            messenger=InstantMessenger(),
            catalogue=lambda: catalogue,
            rules=RULES,
            wait=lambda _: None,
            new_id=lambda: f"bench-{next(numbers)}",
            suffix=lambda: "abcd",
        )
        database.close()


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)
