"""What tests of home tabs do and read: opened, drawn anew after a pause, and what stands there."""

from datetime import timedelta

from access.people import Person
from operations.home import open_home
from storage.outbox import Lane
from tests.blocks.lint import lint_home, texts
from tests.operations.company import Company

SECOND = timedelta(seconds=1)


def opens(company: Company, *people: Person) -> None:
    """Let people open their home tabs."""
    for each in people:
        open_home(company.deps, each.slack_id)


def shown(company: Company, person: Person) -> str:
    """Read somebody's home tab, which must be one that Slack takes."""
    _, view = company.slack.homes[person.slack_id]
    assert lint_home(view) == []
    return " ".join(texts(view["blocks"])).replace("*", "")


def drawn(company: Company) -> list[str]:
    """List whose home tab was drawn, in order."""
    return [who for method, who in company.slack.calls if method == "publish_home"]


def refreshed(company: Company, wait: timedelta = 5 * SECOND) -> list[str]:
    """Let the pause after a change pass, and a rest after another round; draw, and list whose home tab was drawn."""
    before = len(drawn(company))
    company.clock.move(wait)
    company.drain(Lane.SLACK)
    return drawn(company)[before:]
