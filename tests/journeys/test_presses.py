"""Presses that should not be: forged, stale, or two in the same instant; each is answered, none does harm."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.slack.wire import Json
from tests.journeys.tale import ADMINS, DM, OWNERS, SELF, Tale

_NO = "🚫 "


def changed(payload: Json, **changes: object) -> Json:
    """Change the action within a press."""
    return {**payload, "actions": [{**payload["actions"][0], **changes}]}


@pytest.mark.parametrize("forged", ["jit:approve:v0", "jit:grant:v1", "approve", "<!channel>" * 40])
def test_an_action_that_no_version_knows_is_answered_and_recorded(tale: Tale, forged: str) -> None:
    """A forged or very old action id leads nowhere, in words to the one who pressed, and on record."""
    label = tale.asks()
    payload = changed(tale.card("olga", label).press_payload("Approve"), action_id=forged)

    with tale.refuses("NotFound"):
        told = tale.answer("olga", lambda: tale.world.slack.deliver_raw("interactive", payload), OWNERS)

    assert "This button is from another version of the bot." in told.text
    assert told.notifies == []
    tale.card("olga", label, OWNERS, "Pending")


@pytest.mark.parametrize("forged", ["", "REQ-1001", "x" * 2_000])
@pytest.mark.parametrize("verb", ["Approve", "Withdraw"])
def test_a_request_id_that_does_not_exist_is_answered_and_recorded(tale: Tale, verb: str, forged: str) -> None:
    """A button that names no request does nothing, whatever it carries."""
    label = tale.asks()
    name, where = ("olga", OWNERS) if verb == "Approve" else ("rita", DM)
    payload = changed(tale.card(name, label, where).press_payload(verb), value=forged)

    with tale.refuses("NotFound"):
        told = tale.answer(name, lambda: tale.world.slack.deliver_raw("interactive", payload), where)

    assert "There is no such request." in told.text


def test_a_button_carries_nothing_that_could_be_believed(tale: Tale) -> None:
    """Every button's value is the request's opaque id alone: no account, no person, no right."""
    label = tale.asks()
    cards = [tale.card("olga", label), tale.card("rita", label, DM)]

    values = {each.press_payload(button)["actions"][0]["value"] for each in cards for button in each.buttons()}

    (value,) = values
    assert value.isalnum()
    assert len(value) == 24


def test_an_id_of_somebody_elses_account_gives_no_right(tale: Tale) -> None:
    """An owner putting the id of another account's request on their own button is judged for that account."""
    other = tale.asks("rita", "data-lake ReadOnly 1h")
    value = tale.card("oscar", other, "#data-lake-owners").press_payload("Approve")["actions"][0]["value"]
    own = tale.asks()
    payload = changed(tale.card("olga", own).press_payload("Approve"), value=value)

    with tale.refuses("NotAnApprover"):
        told = tale.answer("olga", lambda: tale.world.slack.deliver_raw("interactive", payload), OWNERS)

    assert "You are neither an owner of data-lake nor an SSO admin." in told.text
    tale.card("oscar", other, "#data-lake-owners", "Pending")


def test_a_button_of_an_ended_session_is_stale(tale: Tale) -> None:
    """Approve, Revoke and I'm done on messages from before the end are answered, and nothing happens."""
    label = tale.asks()
    old = tale.card("olga", label)
    old.press("Approve")
    done = tale.hears("rita", label, "you have ReadOnly")
    active = tale.card("olga", label, OWNERS, "Active")
    tale.later(hours=1, minutes=1)
    tale.hears("rita", label, "has expired")
    before = tale.kinds(label)

    assert (
        f"{label} was already approved by Olga Owner." in tale.answer("olga", lambda: old.press("Approve"), OWNERS).text
    )
    assert f"{label} has already expired." in tale.answer("rita", lambda: done.press("I'm done"), DM).text
    active.press("Revoke")
    tale["olga"].modal.waits_for(f"{label} has already expired.")
    tale["olga"].modal.close()

    assert tale.kinds(label) == before
    assert tale.holds() == []


@pytest.mark.parametrize("others", [("omar", OWNERS), ("ada", SELF)], ids=["two owners", "owner and SSO admin"])
def test_of_two_approvals_at_once_one_wins(tale: Tale, others: tuple[str, str]) -> None:
    """Two people approving in the same instant make one decision and one grant; the other one is told who won."""
    name, where = others
    label = tale.asks()
    first = tale.card("olga", label)
    second = tale.card(name, label) if where == OWNERS else tale.says(name, f"/jit show {label}")

    told = at_once(
        tale, (("olga", OWNERS, first.press_payload("Approve")), (name, where, second.press_payload("Approve")))
    )

    (winner,) = [each for each in tale.entries(label) if each["kind"] == "approved"]
    assert told == [f"{label} was already approved by {winner['actor_name']}."]
    tale.hears("rita", label, "you have ReadOnly")
    assert tale.kinds(label).count("granted") == 1
    assert len([each for each in tale.heard("rita", label) if "you have" in each]) == 1
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []


def test_a_double_press_is_one_decision(tale: Tale) -> None:
    """One person pressing twice in the same instant approves once and is told so."""
    label = tale.asks()
    payload = tale.card("olga", label).press_payload("Approve")

    told = at_once(tale, (("olga", OWNERS, payload), ("olga", OWNERS, payload)))

    assert told == [f"{label} was already approved by Olga Owner."]
    assert tale.kinds(label).count("approved") == 1
    tale.hears("rita", label, "you have ReadOnly")
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []


def test_a_withdrawal_and_an_approval_at_once_are_one_of_both(tale: Tale) -> None:
    """Whoever is first decides: either it is withdrawn and nothing is granted, or it is approved."""
    label = tale.asks()
    approve = tale.card("olga", label).press_payload("Approve")
    withdraw = tale.card("rita", label, DM).press_payload("Withdraw")

    told = at_once(tale, (("olga", OWNERS, approve), ("rita", DM, withdraw)))

    kinds = tale.kinds(label)
    assert ("approved" in kinds) != ("withdrawn" in kinds)
    assert len(told) == 1
    if "approved" in kinds:
        tale.hears("rita", label, "you have ReadOnly")
        assert "already approved by Olga Owner" in told[0]
    else:
        assert "was withdrawn by Rita Requester" in told[0]
        assert tale.holds() == []
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []


def at_once(tale: Tale, presses: tuple[tuple[str, str, Json], ...]) -> list[str]:
    """Deliver presses in the same instant; give the first line that each loser, and nobody else, is told."""
    places = {(name, where) for name, where, _ in presses}
    known = {each.ts for place in places for each in tale[place[0]].channel(place[1])}

    def told() -> list[str]:
        seen = [each for name, where in places for each in tale[name].channel(where) if each.ts not in known]
        return [each.text.removeprefix(_NO).splitlines()[0] for each in seen if each.text.startswith(_NO)]

    with ThreadPoolExecutor(len(presses)) as threads:
        list(threads.map(lambda each: tale.world.slack.deliver_raw("interactive", each[2]), presses))
    tale.until(told)
    tale.settles()
    return told()


def test_both_levels_pressed_at_once_need_two_people(tale: Tale) -> None:
    """Both SSO admins pressing Approve on a card of the first level at once give the two levels, or one of them."""
    label = tale.asks_custom("rita", "playground", Name="toys")
    card = tale.card("ada", label, ADMINS, "Pending Owner")
    presses = [card.press_payload("Approve"), tale.card("alan", label, ADMINS).press_payload("Approve")]

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda each: tale.world.slack.deliver_raw("interactive", each), presses))
    tale.until(lambda: tale.kinds(label).count("approved") == 2)
    tale.hears("rita", label, "you have JIT-toys")

    approvals = [each["actor_name"] for each in tale.entries(label) if each["kind"] == "approved"]
    assert sorted(approvals) == ["Ada Admin", "Alan Admin"]
    tale.later(hours=1, minutes=1)


def test_a_decision_from_a_list_is_confirmed(tale: Tale) -> None:
    """Pressing in an answer that nobody else sees is answered there, since no card stands beside it."""
    label = tale.asks()
    shown = tale.says("olga", f"/jit show {label}")
    told = tale.answer("olga", lambda: shown.press("Approve"))
    assert told.text == f"You approved {label}."

    tale.hears("rita", label, "you have ReadOnly")
    mine = tale.says("rita", "/jit mine")
    assert tale.answer("rita", lambda: mine.press("I'm done")).text == f"{label} is being ended."
    tale.hears("rita", label, "early")


def test_slack_s_rate_limits_only_delay(fresh: Tale) -> None:
    """With Slack's limits of messages a minute and channel in force, everything is said once, and later."""
    fresh.settles()
    fresh.world.slack.limits.on = True
    labels = [fresh.asks("rita", f"{account} ReadOnly 1h") for account in ("prod-payments", "data-lake") * 4]

    for _ in range(12):
        fresh.later(seconds=20)

    for name, where in (("sam", "#jit-audit"), ("rita", DM)):
        texts = [each.text for each in fresh[name].channel(where)]
        assert [len([each for each in texts if label in each]) for label in labels] == [1] * len(labels)
