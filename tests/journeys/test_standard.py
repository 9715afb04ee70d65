"""A standard request, from `/jit request` to Expired, on SQLite and PostgreSQL, over Socket Mode and HTTP."""

from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from bot import commands
from bot.addresses import Address
from bot.demo.world import World
from bot.http import PATH, HttpTransport
from bot.settings import Settings
from tests.journeys.conftest import opened
from tests.journeys.tale import AUDIT, DM, OWNERS, Tale

STEPS = ["approved ReadOnly", "you have ReadOnly", "prod-payments ends to", "has expired"]


class HttpWorld(World):
    """The company with a bot that Slack reaches by signed requests."""

    def make_transport(self) -> HttpTransport:
        """Listen on a free port."""
        self.transport = HttpTransport(self.parts.app, Address("127.0.0.1", 0))
        return self.transport

    def start_bot(self) -> None:
        """Start the bot, and give Slack its request URL."""
        super().start_bot()
        self.slack.use_http(f"http://{self.transport.address}{PATH}")


@pytest.fixture(params=[World, HttpWorld], ids=["sockets", "http"])
def company(request: pytest.FixtureRequest, database_url: str) -> Iterator[Tale]:
    """Found a company on each database and each transport."""
    yield from opened(request.param(database_url))


def test_a_standard_request_from_asking_to_expiry(company: Tale, capsys: pytest.CaptureFixture[str]) -> None:
    """Asked, approved by an owner, granted, announced, expired: each step is seen where it belongs."""
    rita = company["rita"]
    rita.types("/jit request prod-payments ReadOnly 2h INC-12: payments are stuck", channel="#general")
    assert rita.modal.title == "Request AWS access"
    assert rita.modal.value("AWS account") == "prod-payments (111122223333)"
    assert rita.modal.value("Access duration") == "2 hours"
    label = company.sends(rita.modal, "INC-12: payments are stuck")
    assert company.holds() == []

    card = company.card("olga", label, OWNERS, "Pending")
    assert card.buttons() == ["Approve", "Reject"]
    assert company.card("rita", label, DM, "Pending").buttons() == ["Withdraw"]
    card.press("Approve")

    granted = company.hears("rita", label, "you have ReadOnly in prod-payments until")
    assert "Open the AWS console" in granted.text
    assert "aws sso login --profile prod-payments-ReadOnly" in granted.text
    assert granted.buttons() == ["I'm done"]
    assert company.holds() == ["ReadOnly"]
    assert company.card("olga", label, OWNERS, "Active").buttons() == ["Revoke"]
    assert company.card("rita", label, DM, "Active").buttons() == ["Extend", "I'm done"]
    assert "Approved by @olga (Olga Owner) as owner, " in company.card("rita", label, DM).text

    company.later(hours=1, minutes=46)
    company.hears("rita", label, "ReadOnly in prod-payments ends to")
    assert company.holds() == ["ReadOnly"]

    company.later(minutes=15)
    company.hears("rita", label, "ReadOnly in prod-payments has expired")
    assert company.holds() == []
    assert company.card("olga", label, OWNERS, "Expired").buttons() == []
    assert company.card("rita", label, DM, "Expired").buttons() == ["Ask again"]

    company.settles()
    assert company.kinds(label) == ["requested", "approved", "granted", "announced", "expired"]
    lines = [each for each in company["sam"].channel(AUDIT) if label in each.text]
    assert [each.text.split(" · ")[0] for each in lines] == [
        "📝 Requested",
        "👍 Approved",
        "🟢 Granted",
        "⏰ End announced",
        "🏁 Expired",
    ]
    assert all(each.notifies == [] for each in lines)
    assert commands.verify(settings_of(company), "") == 0
    assert "The audit log is whole" in capsys.readouterr().out


def settings_of(company: Tale) -> Settings:
    """Make the settings with which somebody at the machine runs `jitbot audit verify` beside the bot."""
    nothing = SecretStr("")
    return Settings(
        slack_bot_token=nothing,
        slack_app_token=nothing,
        slack_signing_secret=nothing,
        database_url=company.world.database_url,
    )


def test_every_step_is_told_to_the_requester_once(tale: Tale) -> None:
    """The requester hears of each step in order, each once."""
    label = tale.granted()
    tale.later(minutes=46)
    tale.later(minutes=15)

    said = [each.partition("\n")[0] for each in tale.heard("rita", label)]

    assert len(said) == len(STEPS)
    assert all(step in line for step, line in zip(STEPS, said, strict=True)), said


def test_each_message_is_posted_once_and_changed_in_place(tale: Tale) -> None:
    """A request has one card in the owner channel and one with the requester, whatever happens to it."""
    label = tale.granted()
    tale.later(hours=1, minutes=1)

    for name, where in (("olga", OWNERS), ("rita", DM)):
        cards = [each for each in tale[name].channel(where) if each.text.startswith(f"{label} · ")]
        assert len(cards) == 1
        assert "Expired" in cards[0].text


def test_an_sso_admin_decides_as_well(tale: Tale) -> None:
    """A standard request may be approved by an SSO admin, who finds it with /jit pending."""
    label = tale.asks()
    listed = tale.says("ada", "/jit pending")
    assert label in listed.text

    listed.press("Approve")

    tale.hears("rita", label, "@ada (Ada Admin) approved")
    tale.hears("rita", label, "you have ReadOnly")
    assert "as SSO admin" in tale.card("olga", label, OWNERS, "Active").text
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []
