"""What is typed behind /jit, and the shortcut; every answer is seen by the one who typed alone."""

import pytest

from tests.journeys.tale import ADMINS, OWNERS, Tale

COMMANDS = ["request", "mine", "pending", "show", "withdraw", "revoke", "revoke-all", "freeze", "unfreeze", "help"]


@pytest.mark.parametrize("typed", ["/jit", "/jit help", "/jit HELP"])
def test_help_lists_every_command(tale: Tale, typed: str) -> None:
    """`/jit` alone and `/jit help` say all that can be typed."""
    told = tale.says("gus", typed)

    assert told.ephemeral
    assert all(f"/jit {each}" in told.text for each in COMMANDS)


def test_an_unknown_word_answers_with_usage(tale: Tale) -> None:
    """A typing mistake is named, harmlessly, and followed by the usage."""
    told = tale.says("rita", "/jit reqest <!channel> prod")

    assert "There is no /jit reqest." in told.text
    assert "/jit request" in told.text
    assert told.notifies == []


def test_help_leads_to_the_form(tale: Tale) -> None:
    """The button below the help opens an empty form."""
    tale.says("rita", "/jit help").press("Request AWS access")

    assert tale["rita"].modal.title == "Request AWS access"
    assert tale["rita"].modal.value("AWS account") is None
    tale["rita"].modal.close()


def test_the_shortcut_opens_an_empty_form(tale: Tale) -> None:
    """The global shortcut leads to the same form as the command."""
    tale["rita"].shortcut("Request AWS access")

    form = tale["rita"].modal
    assert form.title == "Request AWS access"
    assert form.value("Justification") in (None, "")
    form.close()


def test_words_prefill_the_form(tale: Tale) -> None:
    """Account by id or name, set, duration and the rest as justification, in whatever case; nothing is granted."""
    form = tale.opens_form("rita", "222233334444 billing 1 week close the books")

    assert form.value("AWS account") == "data-lake (222233334444)"
    assert form.value("Permission set") == "Billing"
    assert form.value("Access duration") == "1 week"
    assert form.value("Justification") == "close the books"
    form.close()
    assert tale.holds("rita", "222233334444") == []


def test_words_nobody_knows_become_the_justification(tale: Tale) -> None:
    """Nothing that was typed is lost, and what Slack makes of people, channels and addresses is undone."""
    typed = "prod-nothing as @olga said in #general: a < b & c, see https://example.com/a?b=1&c=2"
    form = tale.opens_form("rita", typed)

    assert form.value("AWS account") is None
    assert form.value("Justification") == typed
    form.close()


def test_mine_lists_requests_and_sessions(fresh: Tale) -> None:
    """`/jit mine` is empty at first; then it lists one's own, newest first, each with what can be done."""
    assert "You have no requests." in fresh.says("rita", "/jit mine").text
    running = fresh.granted()
    waiting = fresh.asks("rita", "data-lake ReadOnly 2h")

    told = fresh.says("rita", "/jit mine")

    assert told.text.index(waiting) < told.text.index(running)
    assert "Active" in told.text
    assert told.buttons() == ["Withdraw", "Extend", "I'm done"]
    assert "You have no requests." in fresh.says("oscar", "/jit mine").text


def test_pending_lists_what_waits_for_this_person(fresh: Tale) -> None:
    """Owners see what they can decide, SSO admins what has come to them, requesters none of their own."""
    standard, custom = fresh.asks(), fresh.asks_custom()
    fresh.asks("rita", "data-lake ReadOnly 2h")

    owner, admin = fresh.says("olga", "/jit pending").text, fresh.says("ada", "/jit pending").text
    assert [label in owner for label in (standard, custom)] == [True, True]
    assert "data-lake" not in owner
    assert standard in admin
    assert custom not in admin

    fresh.approves("olga", custom)
    fresh.card("ada", custom, ADMINS)
    assert custom in fresh.says("ada", "/jit pending").text
    assert custom not in fresh.says("olga", "/jit pending").text
    for nobody in ("rita", "gus"):
        assert fresh.says(nobody, "/jit pending").text == "Nothing waits for your decision."


def test_deciding_from_pending_is_answered(fresh: Tale) -> None:
    """Approve in the list, which only this person sees, leads to the grant; a press on it once more is told."""
    label = fresh.asks()
    listed = fresh.says("olga", "/jit pending")

    fresh.answer("olga", lambda: listed.press("Approve"))
    fresh.hears("rita", label, "you have ReadOnly")

    told = fresh.answer("olga", lambda: listed.press("Approve"))
    assert f"{label} was already approved by Olga Owner." in told.text
    fresh.later(hours=1, minutes=1)


def test_show_tells_those_concerned(tale: Tale) -> None:
    """Requester, owners and SSO admins see a request with the buttons of their role."""
    label = tale.asks()

    assert tale.says("rita", f"/jit show {label}").buttons() == ["Withdraw"]
    assert tale.says("olga", f"/jit show {label.lower()}").buttons() == ["Approve", "Reject"]
    assert tale.says("alan", f"/jit show {label.removeprefix('REQ-')}").buttons() == ["Approve", "Reject"]
    assert tale.says("ada", f"/jit show {label}").text == tale.card("olga", label, OWNERS).text


@pytest.mark.parametrize("verb", ["show", "withdraw"])
def test_strangers_learn_nothing(tale: Tale, verb: str) -> None:
    """Somebody not concerned gets the same answer for a real number as for one that does not exist."""
    label = tale.asks()

    real = tale.says("oscar", f"/jit {verb} {label}").text
    none = tale.says("oscar", f"/jit {verb} REQ-999999").text

    assert f"There is no request {label} that you may see." in real
    assert none == real.replace(label, "REQ-999999")


@pytest.mark.parametrize("number", ["", "REQ-0", "REQ-99999999999999999999", "REQ-1' OR '1'='1", "☃"])
@pytest.mark.parametrize("verb", ["show", "withdraw"])
def test_a_number_that_does_not_exist_is_answered(tale: Tale, verb: str, number: str) -> None:
    """Whatever stands where a number should, the answer is words, and never an error of the bot's own."""
    told = tale.says("rita", f"/jit {verb} {number}")

    assert "There is no request" in told.text or "Say which request, such as REQ-1042." in told.text


@pytest.mark.parametrize("number", ["", "REQ-999999"])
def test_revoking_a_number_that_does_not_exist_is_answered(tale: Tale, number: str) -> None:
    """The modal that opened for the reason says that there is nothing to revoke."""
    tale["ada"].types(f"/jit revoke {number}")

    tale["ada"].modal.waits_for("There is no request" if number else "Say which request, such as REQ-1042.")
    tale["ada"].modal.close()


def test_what_is_undecided_cannot_be_revoked(tale: Tale) -> None:
    """There is no access to end yet, and the next step is said."""
    label = tale.asks()

    tale["ada"].types(f"/jit revoke {label}")

    shown = tale["ada"].modal.waits_for(f"{label} is not decided yet: there is no access to end.")
    assert "Reject or withdraw it." in shown.text
    shown.close()
