"""More time: asked for from the card or the announcement, decided like the first request, within the same limits."""

from access.hard_stop import expiry_of
from tests.journeys.tale import ADMINS, DM, OWNERS, PAYMENTS, Tale, reason


def asks_for_more(tale: Tale, label: str, how_long: str = "2 hours", name: str = "rita") -> str:
    """Press Extend on one's own card and send the form; give the number of the extension."""
    tale.card(name, label, DM, "Active").press("Extend")
    form = tale[name].modal
    form.waits_until(lambda: form.title == f"Extend {label}", "how much longer")
    why = reason()
    form.fills("Access duration", how_long).fills("Justification", why)
    return tale.sends(form, why)


def refused_more(tale: Tale, label: str, words: str) -> None:
    """Press Extend and read in the modal why not."""
    tale.card("rita", label, DM, "Active").press("Extend")
    modal = tale["rita"].modal
    modal.waits_until(lambda: words in modal.text, words)
    modal.close()


def test_a_session_is_extended_and_ends_at_its_new_end(fresh: Tale) -> None:
    """One session, one assignment, one end: two hours later than at first, and announced anew."""
    label = fresh.granted(what="prod-payments ReadOnly 1h")
    fresh.later(minutes=46)
    fresh.hears("rita", label, "left").press("Extend")
    form = fresh["rita"].modal
    form.waits_until(lambda: form.title == f"Extend {label}", "how much longer")
    why = reason()
    more = fresh.sends(form.fills("Access duration", "2 hours").fills("Justification", why), why)
    assert f"2 hours more: extends {label}" in fresh.card("olga", more).text

    fresh.approves("olga", more)

    assert "2 hours more of" in fresh.hears("rita", more, f"{label} goes on until").text
    assert "extended once" in fresh.card("olga", label, OWNERS, "Active").text
    fresh.later(minutes=15)
    assert fresh.holds() == ["ReadOnly"]
    fresh.later(hours=1, minutes=46)
    assert len([each for each in fresh.heard("rita", label) if "left)" in each]) == 2
    fresh.later(minutes=14)
    fresh.card("olga", label, OWNERS, "Expired")
    assert fresh.holds() == []
    kinds = [each["kind"] for each in fresh.entries(label)]
    assert kinds.count("extended") == kinds.count("expired") == kinds.count("granted") == 1
    fresh.card("olga", more, OWNERS, "Approved")


def test_what_is_too_early_is_refused_in_words(tale: Tale) -> None:
    """Before half of its time is gone a session cannot be extended, and the form says when it can."""
    label = tale.granted(what="prod-payments ReadOnly 1h")
    refused_more(tale, label, "when 50 % of its time is gone")


def test_a_custom_session_needs_both_levels_and_its_cut_moves(fresh: Tale) -> None:
    """The set that denies everything from the end on is given the new end, after an owner and an SSO admin agreed."""
    label = fresh.asks_custom()
    fresh.approves("olga", label)
    fresh.approves("ada", label, ADMINS)
    fresh.hears("rita", label, "you have")
    fresh.settles()
    (name,) = fresh.holds()
    before = expiry_of(fresh.world.aws.in_force(PAYMENTS, name) or "")
    fresh.later(minutes=31)
    more = asks_for_more(fresh, label, "1 hour")
    fresh.approves("olga", more)
    assert expiry_of(fresh.world.aws.in_force(PAYMENTS, name) or "") == before
    fresh.approves("ada", more, ADMINS)
    fresh.hears("rita", more, "goes on until")
    fresh.settles()

    after = expiry_of(fresh.world.aws.in_force(PAYMENTS, name) or "")
    assert before is not None
    assert after is not None
    assert (after - before).total_seconds() == 3600
    fresh.later(minutes=30)
    assert fresh.holds() == [name]
    fresh.later(hours=1)
    fresh.card("olga", label, OWNERS, "Expired")
    assert fresh.made_sets() == []


def test_an_extension_of_what_has_ended_is_refused(fresh: Tale) -> None:
    """The holder is done before anybody decided: the approver hears that there is nothing to extend."""
    label = fresh.granted(what="prod-payments ReadOnly 1h")
    fresh.later(minutes=31)
    more = asks_for_more(fresh, label)
    fresh.card("rita", label, DM, "Active").press("I'm done")
    fresh.card("olga", label, OWNERS, "Revoked")

    fresh.approves("olga", more)

    fresh["olga"].waits_for(lambda: [each for each in fresh["olga"].channel(OWNERS) if "not active" in each.text])
    assert fresh.holds() == []


def test_an_extension_that_nobody_decides_lapses_with_the_session(tale: Tale) -> None:
    """The end comes at its time; what was asked for on top lapses then."""
    label = tale.granted(what="prod-payments ReadOnly 1h")
    tale.later(minutes=31)
    more = asks_for_more(tale, label)
    tale.later(minutes=30)
    tale.card("olga", label, OWNERS, "Expired")
    tale.card("olga", more, OWNERS, "Lapsed")


def test_only_one_extension_waits_at_a_time(tale: Tale) -> None:
    """While one is undecided, the next is refused with its number."""
    label = tale.granted(what="prod-payments ReadOnly 1h")
    tale.later(minutes=31)
    more = asks_for_more(tale, label)
    refused_more(tale, label, f"{more} asks for more time already")


def test_the_same_is_asked_for_again_from_a_finished_request(tale: Tale) -> None:
    """The form opens with everything filled in; sending it is a new request."""
    label = tale.granted(what="prod-payments ReadOnly 1h")
    tale.card("rita", label, DM, "Active").press("I'm done")
    tale.card("rita", label, DM, "Revoked").press("Ask again")
    form = tale["rita"].modal
    form.waits_until(lambda: form.title == "Request AWS access" and "Justification" in form.labels(), "the form")
    why = reason()
    again = tale.sends(form.fills("Justification", why), why)
    assert again != label
    assert "prod-payments" in tale.card("olga", again).text
