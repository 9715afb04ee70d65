"""People without the right press buttons: each is refused in words, alone, on record, and nothing is granted."""

from tests.journeys.tale import ADMINS, DM, OWNERS, SELF, Tale

PLAYGROUND = "333344445555"


def test_nobody_approves_their_own_request(tale: Tale) -> None:
    """A requester who sees the card in the owner channel cannot approve it."""
    label = tale.asks()
    card = tale.card("rita", label, OWNERS)

    with tale.refuses("OwnRequest"):
        told = tale.answer("rita", lambda: card.press("Approve"), OWNERS)

    assert "Nobody decides their own request" in told.text
    assert "Ask another owner of the account or an SSO admin." in told.text
    assert told.text not in [each.text for each in tale["olga"].channel(OWNERS)]
    tale.card("olga", label, OWNERS, "Pending")


def test_a_channel_member_without_a_right_is_refused(tale: Tale) -> None:
    """Being in the owner channel gives no right to approve, reject or revoke."""
    tale.joins("mallory", OWNERS)
    label = tale.asks()

    with tale.refuses("NotAnApprover"):
        told = tale.answer("mallory", lambda: tale.approves("mallory", label), OWNERS)
    assert "You are neither an owner of prod-payments nor an SSO admin." in told.text

    with tale.refuses("NotAnApprover"):
        tale.card("mallory", label).press("Reject")
        tale["mallory"].modal.waits_for("You are neither an owner of prod-payments nor an SSO admin.")
    tale["mallory"].modal.close()

    tale.approves("olga", label)
    tale.hears("rita", label, "you have ReadOnly")
    tale.settles()
    with tale.refuses("NotAnApprover"):
        tale.card("mallory", label, OWNERS, "Active").press("Revoke")
        tale["mallory"].modal.waits_for("Only an owner of prod-payments or an SSO admin can revoke this session.")
    tale["mallory"].modal.close()
    assert tale.holds() == ["ReadOnly"]
    tale.later(hours=1, minutes=1)


def test_guests_neither_decide_nor_ask(tale: Tale) -> None:
    """A guest in the owner channel is refused, and a guest's form says so while it is open."""
    label = tale.asks()

    with tale.refuses("NotAFullMember"):
        told = tale.answer("gus", lambda: tale.approves("gus", label), OWNERS)
    assert "you are a guest" in told.text

    form = tale.opens_form("gus", "prod-payments ReadOnly 1h I would like to have a look")
    form.waits_for("Only full members of this workspace may do this; you are a guest.")
    form.submit()
    assert "you are a guest" in form.errors()["AWS account"]
    form.close()


def test_a_deactivated_owner_decides_nothing_any_more(tale: Tale) -> None:
    """A press that arrives from a deactivated account is refused, whatever the account owned."""
    label = tale.asks()
    profile = tale["omar"].profile
    tale.world.workspace.change_person(profile, deleted=True)
    tale.later(minutes=2)

    with tale.refuses("NotAFullMember"):
        told = tale.answer("omar", lambda: tale.approves("omar", label), OWNERS)

    assert "This Slack account is deactivated." in told.text
    tale.world.workspace.change_person(profile, deleted=False)
    tale.later(minutes=2)
    tale.approves("omar", label)
    tale.hears("rita", label, "you have ReadOnly")
    tale.later(hours=1, minutes=1)


def test_a_person_of_another_workspace_is_refused(tale: Tale) -> None:
    """Somebody from a connected workspace sees the card and decides nothing."""
    tale.joins("vera", OWNERS, team_id="T0VENDOR")
    label = tale.asks()

    with tale.refuses("NotAFullMember"):
        told = tale.answer("vera", lambda: tale.approves("vera", label), OWNERS)

    assert "you are a member of another workspace" in told.text


def test_the_first_approver_cannot_give_the_second_yes(fresh: Tale) -> None:
    """An owner who is an SSO admin too approves one level; the other needs another person."""
    group = fresh.world.workspace.people.groups["S0SSOADMINS"]
    admins = [fresh["alan"].profile, fresh["olga"].profile]
    fresh.world.workspace.change_group(group, admins)
    room = fresh.world.workspace.channels.named("sso-admins")
    assert room is not None
    fresh.world.workspace.join(room, fresh["olga"].profile)
    fresh.later(minutes=2)
    label = fresh.asks_custom()
    fresh.approves("olga", label)
    fresh.card("olga", label, ADMINS, "Pending Admin")

    with fresh.refuses("SecondPersonNeeded"):
        told = fresh.answer("olga", lambda: fresh.approves("olga", label, ADMINS), ADMINS)
    assert "You approved the first level; the second is for another person." in told.text

    fresh.approves("alan", label, ADMINS)
    fresh.hears("rita", label, "you have JIT-invoices")


def test_an_sso_admin_waits_for_the_owner(tale: Tale) -> None:
    """An SSO admin cannot give the first yes of a custom request while the account has owners."""
    label = tale.asks_custom(Name="early")
    card = tale.says("ada", f"/jit show {label}")

    with tale.refuses("NotAnApprover"):
        told = tale.answer("ada", lambda: card.press("Approve"), SELF)

    assert "An owner of prod-payments decides first." in told.text
    tale.card("olga", label, OWNERS, "Pending Owner")


def test_an_owner_is_no_sso_admin(tale: Tale) -> None:
    """Another owner cannot give the second yes."""
    label = tale.asks_custom(Name="second")
    shown = tale.card("omar", label)
    tale.approves("olga", label)
    tale.card("ada", label, ADMINS, "Pending Admin")

    with tale.refuses("NotAnApprover"):
        told = tale.answer(
            "omar", lambda: tale.world.slack.deliver_raw("interactive", shown.press_payload("Approve")), OWNERS
        )

    assert "An SSO admin decides now, and you are none." in told.text
    assert tale.holds() == []


def test_the_only_owner_asks_and_an_sso_admin_decides(tale: Tale) -> None:
    """Where the requester is the only owner, the SSO admins are asked at once, and one of them decides."""
    label = tale.asks("rita", "playground ReadOnly 1h")
    card = tale.card("ada", label, ADMINS, "Pending")
    own = tale.card("rita", label, "#playground")

    with tale.refuses("OwnRequest"):
        tale.answer("rita", lambda: own.press("Approve"), "#playground")

    card.press("Approve")
    tale.hears("rita", label, "you have ReadOnly in playground")
    assert tale.holds("rita", PLAYGROUND) == ["ReadOnly"]
    assert "the account has no owner besides the requester" in str(tale.entries(label))
    tale.later(hours=1, minutes=1)
    assert tale.holds("rita", PLAYGROUND) == []


def test_two_sso_admins_decide_where_there_is_no_other_owner(tale: Tale) -> None:
    """One stands in for the owner, which is on record; the second yes is for another one."""
    label = tale.asks_custom("rita", "playground", Name="toys")
    tale.card("ada", label, ADMINS, "Pending Owner").press("Approve")
    second = tale.card("ada", label, ADMINS, "Pending Admin")
    assert "as SSO admin, standing in for an owner" in second.text

    with tale.refuses("SecondPersonNeeded"):
        tale.answer("ada", lambda: second.press("Approve"), ADMINS)

    tale.approves("alan", label, ADMINS)
    tale.hears("rita", label, "you have JIT-toys in playground")
    approvals = [each for each in tale.entries(label) if each["kind"] == "approved"]
    assert "an SSO admin stood in" in approvals[0]["details"]["stand_in"]
    assert "stand_in" not in approvals[1]["details"]
    assert [each["actor_name"] for each in approvals] == ["Ada Admin", "Alan Admin"]
    tale.later(hours=1, minutes=1)


def test_only_the_requester_withdraws_and_only_the_holder_is_done(tale: Tale) -> None:
    """A press on somebody else's Withdraw or I'm done, forged from a copied button, is refused and recorded."""
    label = tale.asks()
    withdraw = tale.card("rita", label, DM).press_payload("Withdraw")
    with tale.refuses("NotTheRequester"):
        told = tale.answer("olga", lambda: forged(tale, "olga", withdraw, label), OWNERS)
    assert "Only Rita Requester, who asked, can withdraw" in told.text

    tale.approves("olga", label)
    done = tale.hears("rita", label, "you have ReadOnly").press_payload("I'm done")
    tale.settles()
    with tale.refuses("NotTheHolder"):
        told = tale.answer("olga", lambda: forged(tale, "olga", done, label), OWNERS)
    assert "Only Rita Requester, who holds this session" in told.text
    tale.later(hours=1, minutes=1)


def forged(tale: Tale, name: str, copied: dict[str, object], label: str) -> None:
    """Press on one's own card, with the action of another button in its place."""
    own = tale.card(name, label)
    payload = own.press_payload(own.buttons()[0])
    tale.world.slack.deliver_raw("interactive", {**payload, "actions": copied["actions"]})
