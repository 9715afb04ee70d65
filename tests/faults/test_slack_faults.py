"""Slack in trouble over the real wire: nothing is lost, nothing stands twice, and no end waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.demo.world import World
from bot.program import Program
from bot.readiness import ready_checks
from sandbox.slack.faults import DroppedCall, Fault, HtmlPage, LostAnswer, RateLimited, Refuse, ServerError
from tests.journeys.conftest import opened
from tests.journeys.tale import AUDIT, OWNERS, Tale

SPEAKING = ("chat.postMessage", "chat.update", "conversations.open", "conversations.history", "users.info")


@pytest.fixture(name="tale", scope="module")
def found_tale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tale]:
    """Found one company for this file."""
    yield from opened(World(f"sqlite:///{tmp_path_factory.mktemp('slack')}/jitbot.db"))


def check_slack(tale: Tale) -> str | None:
    """Ask what /readyz asks of Slack."""
    program = tale.world.program
    return ready_checks(program, program.check_slack)["slack"]()


@pytest.mark.parametrize(
    "fault",
    [
        HtmlPage(),
        HtmlPage(status=200),
        ServerError(),
        ServerError(after=True),
        Refuse(code="fatal_error", after=True),
        Refuse(code="internal_error"),
        LostAnswer(),
        DroppedCall(),
        RateLimited(retry_after=1),
        RateLimited(retry_after=30),
    ],
    ids=str,
)
def test_whatever_slack_answers_each_message_stands_once(tale: Tale, fault: Fault) -> None:
    """The card and the line of the audit channel are there once, whether or not the failing call had its effect."""
    tale.settles()
    why = f"slack answers with {fault}"
    form = tale.opens_form("rita", f"prod-payments ReadOnly 1h {why}")
    tale.world.slack.faults.on("chat.postMessage", fault, fault, fault)
    tale.presses_send(form)
    assert not form.is_open
    label = [each["request"] for each in tale.entries() if each["kind"] == "requested"][-1]
    for _ in range(3):
        tale.later(minutes=1)
    tale.world.slack.faults.clear()
    tale.later(minutes=6)

    for name, where in (("olga", OWNERS), ("sam", AUDIT)):
        assert len([each for each in tale[name].channel(where) if label in each.text]) == 1
    tale.rejects("olga", label, "This was a test.")
    tale.hears("rita", label, "rejected")
    tale.settles()


def test_a_revoked_token_is_told_and_holds_up_no_end(tale: Tale, caplog: pytest.LogCaptureFixture) -> None:
    """Slack takes the bot's token no longer: /readyz names the mend, the access ends on time, and is told later."""
    label = tale.granted()
    assert check_slack(tale) is None
    for method in SPEAKING:
        tale.world.slack.faults.on(method, *[Refuse(code="token_revoked")] * 40)

    tale.passes(hours=1, minutes=1)
    tale.world.tick()
    tale.until(lambda: tale.holds() == [])
    tale.until(lambda: "SLACK_BOT_TOKEN" in (check_slack(tale) or ""))
    assert "somebody should look: Slack no longer accepts the bot's token (token_revoked)" in caplog.text
    tale.world.slack.faults.clear()
    tale.later(minutes=6)
    tale.later(minutes=6)

    tale.hears("rita", label, "has expired")
    assert check_slack(tale) is None


def test_a_token_that_slack_never_took_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistyped token at the start: /readyz names the variable, and the bot waits for it to be mended."""

    class Mistyped(World):
        """A company whose bot nobody waits for."""

        def start_bot(self) -> None:
            """Start it, and return at once."""
            monkeypatch.setattr("bot.demo.world.BOT_TOKEN", "xoxb-mistyped")
            self.parts = self._build()
            self.program = Program(self.parts, self.configuration, "jitbot.demo.yml", self.make_transport())
            self.program.start()

        def stop_bot(self) -> None:
            """Stop it."""
            self.program.stop()

    with Mistyped(f"sqlite:///{tmp_path}/jitbot.db") as world:
        tale = Tale(world)
        tale.until(lambda: "SLACK_BOT_TOKEN" in (check_slack(tale) or ""))
        assert "invalid_auth" in (check_slack(tale) or "")


def test_an_end_does_not_wait_for_a_slack_that_hangs(tale: Tale) -> None:
    """Every message is refused with half an hour to wait: the removal is done in its own lane at once."""
    label = tale.granted()
    tale.world.slack.faults.on("chat.postMessage", *[RateLimited(retry_after=1800)] * 40)
    tale.world.slack.faults.on("chat.update", *[RateLimited(retry_after=1800)] * 40)

    tale.passes(hours=1, minutes=1)
    tale.world.tick()
    tale.until(lambda: tale.holds() == [])
    tale.until(lambda: tale.kinds(label)[-1] == "expired")

    tale.world.slack.faults.clear()
    for _ in range(3):
        tale.later(minutes=15)
    tale.hears("rita", label, "has expired")
