"""What people end themselves: an undecided request by Withdraw, a session by I'm done, or by Revoke with a reason."""

from tests.journeys.tale import DM, OWNERS, Tale


def test_a_requester_withdraws(tale: Tale) -> None:
    """Withdraw takes the request back; approvers see it without buttons, and a stale press is told so."""
    label = tale.asks()
    stale = tale.card("olga", label).press_payload("Approve")

    tale.card("rita", label, DM).press("Withdraw")

    assert tale.card("olga", label, OWNERS, "Withdrawn").buttons() == []
    assert tale.card("rita", label, DM, "Withdrawn").buttons() == ["Ask again"]
    told = tale.answer("olga", lambda: tale.world.slack.deliver_raw("interactive", stale), OWNERS)
    assert f"{label} was withdrawn by Rita Requester." in told.text
    tale.settles()
    assert tale.kinds(label) == ["requested", "withdrawn"]
    assert tale.holds() == []


def test_a_request_is_withdrawn_by_its_number(tale: Tale) -> None:
    """`/jit withdraw REQ-n` does the same and says so; a second time it is too late."""
    label = tale.asks()

    assert tale.says("rita", f"/jit withdraw {label}").text == f"{label} is withdrawn."

    tale.card("olga", label, OWNERS, "Withdrawn")
    again = tale.says("rita", f"/jit withdraw {label.removeprefix('REQ-')}")
    assert f"{label} was withdrawn by Rita Requester." in again.text


def test_a_holder_is_done(tale: Tale) -> None:
    """I'm done ends the session early: AWS holds nothing any more, and everybody concerned sees it."""
    label = tale.granted()

    tale.hears("rita", label, "you have ReadOnly").press("I'm done")

    tale.hears("rita", label, "you ended ReadOnly in prod-payments early")
    assert tale.holds() == []
    card = tale.card("olga", label, OWNERS, "Revoked")
    assert card.buttons() == []
    assert "Ended early by @rita (Rita Requester)" in card.text
    assert tale.card("rita", label, DM, "Revoked").buttons() == ["Ask again"]
    tale.settles()
    assert tale.kinds(label) == ["requested", "approved", "granted", "end_ordered", "revoked"]


def test_done_twice_is_told(tale: Tale) -> None:
    """A button left on an old message says that the session has ended already, and changes nothing."""
    label = tale.granted()
    old = tale.hears("rita", label, "you have ReadOnly")
    old.press("I'm done")
    tale.hears("rita", label, "early")

    told = tale.answer("rita", lambda: old.press("I'm done"), DM)

    assert f"{label} has already been ended by Rita Requester." in told.text


def test_an_owner_revokes_with_a_reason(tale: Tale) -> None:
    """Revoke asks for the reason, takes the access away, and the holder reads who did it and why."""
    label = tale.granted()
    tale.card("omar", label, OWNERS, "Active").press("Revoke")
    form = tale["omar"].modal
    form.waits_until(lambda: form.title == f"Revoke {label}")
    form.submit()
    assert "Reason" in form.errors()

    tale.reasons("omar", "Revoke", label, "The incident is over")

    told = tale.hears("rita", label, "@omar (Omar Owner) revoked ReadOnly in prod-payments")
    assert "The incident is over" in told.text
    assert tale.holds() == []
    card = tale.card("olga", label, OWNERS, "Revoked")
    assert card.buttons() == []
    assert "The incident is over" in card.text
    tale.settles()
    last = tale.entries(label)[-1]
    assert (last["kind"], last["actor_name"], last["details"]["reason"]) == (
        "revoked",
        "Omar Owner",
        "The incident is over",
    )


def test_an_sso_admin_revokes_by_number(tale: Tale) -> None:
    """`/jit revoke REQ-n` opens the same modal for somebody who sees no card."""
    label = tale.granted()

    tale["ada"].types(f"/jit revoke {label}")
    tale.reasons("ada", "Revoke", label, "Found a better way")

    tale.hears("rita", label, "@ada (Ada Admin) revoked")
    assert tale.holds() == []


def test_somebody_elses_session_cannot_be_revoked_by_number(tale: Tale) -> None:
    """Owners of other accounts are not even told that the request exists; the holder is told to press I'm done."""
    label = tale.granted()

    tale["oscar"].types(f"/jit revoke {label}")
    tale["oscar"].modal.waits_for(f"There is no request {label} that you may see.")
    tale["rita"].types(f"/jit revoke {label}")
    tale["rita"].modal.waits_for("its holder can press I'm done.")

    assert tale.holds() == ["ReadOnly"]
    tale["oscar"].modal.close()
    tale["rita"].modal.close()
    tale.later(hours=1, minutes=1)


def test_access_is_revoked_while_another_request_still_needs_it(tale: Tale) -> None:
    """The end of one of two sessions on one target leaves the assignment to the other, until that one ends too."""
    first = tale.granted()
    second = tale.granted("rita", "prod-payments ReadOnly 4h")

    tale.later(hours=1, minutes=1)

    tale.hears("rita", first, "has expired")
    assert tale.holds() == ["ReadOnly"]
    assert "AWS held this access" not in tale.card("olga", second, OWNERS, "Active").text
    tale.later(hours=3)
    tale.hears("rita", second, "has expired")
    assert tale.holds() == []
