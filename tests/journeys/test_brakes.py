"""The brakes: a freeze of all granting, and revoking all of a person, of an account, or of everybody."""

import io
import re

from bot.revoking import revoke
from bot.settings import Settings
from sandbox.slack.seen_message import SeenMessage
from tests.journeys.tale import ADMINS, DM, OWNERS, Tale

LAKE, LAKE_OWNERS = "222233334444", "#data-lake-owners"


def in_admins(tale: Tale, words: str, name: str = "ada") -> SeenMessage:
    """Wait until an SSO admin sees a message that says this in the admin channel."""

    def newest() -> SeenMessage | None:
        return next((each for each in reversed(tale[name].channel(ADMINS)) if words in each.text), None)

    return tale[name].waits_for(newest)


def revokes_all(tale: Tale, name: str, whose: str, why: str = "The laptop was stolen") -> str:
    """Type /jit revoke-all, give the reason and the word, and return what the modal says then."""
    tale[name].types(f"/jit revoke-all {whose}")
    form = tale[name].modal
    form.waits_for("This ends ")
    form.fills("Reason", why).fills("Type REVOKE to confirm", "revoke").submit()
    assert not form.errors(), form.errors()
    shown = tale[name].modal.text
    tale[name].modal.close()
    return shown


def granted_in_lake(tale: Tale) -> str:
    """Have Rita's request for data-lake approved by its owner, and wait until the access is there."""
    label = tale.asks("rita", "data-lake ReadOnly 2h")
    tale.approves("oscar", label, LAKE_OWNERS)
    tale.hears("rita", label, "until")
    tale.settles()
    return label


def test_a_freeze_holds_up_approvals_and_nothing_else(tale: Tale) -> None:
    """Frozen: a request waits under a banner, Approve is refused in words, ends go on; lifted, it is approved."""
    running = tale.granted()
    early = tale.asks("rita", "data-lake ReadOnly 1h")

    told = tale.says("ada", "/jit freeze INC-9: somebody is in our accounts")

    assert re.search(r"Ada Admin froze all granting at \d{4}-\d\d-\d\d \d\d:\d\d UTC: INC-9", told.text)
    assert "INC-9: somebody is in our accounts" in in_admins(tale, "All granting is frozen").text
    tale["oscar"].waits_for(lambda: "Granting is frozen" in tale.card("oscar", early, LAKE_OWNERS).text or None)
    form = tale.opens_form("rita", "prod-payments ReadOnly 2h")
    form.waits_for("Ada Admin froze all granting")
    form.close()
    late = tale.asks("rita", "prod-payments ReadOnly 2h")
    assert "Granting is frozen" in tale.card("olga", late).text
    assert "Granting is frozen" in tale.says("olga", "/jit pending").text

    refused = tale.answer("olga", lambda: tale.card("olga", late).press("Approve"), OWNERS)
    assert "Nothing can be approved now. Ada Admin froze all granting" in refused.text
    assert "INC-9" in refused.text
    assert "frozen already" in tale.says("alan", "/jit freeze").text
    tale.card("rita", running, DM).press("I'm done")
    tale.hears("rita", running, "you ended")
    assert tale.holds() == []

    assert "lifted" in tale.says("alan", "/jit unfreeze").text
    in_admins(tale, "The freeze is lifted")
    tale.settles()
    assert "frozen" not in tale.card("olga", late).text
    tale.approves("olga", late)
    tale.hears("rita", late, "you have ReadOnly")
    kinds = [each["kind"] for each in tale.entries()]
    assert (kinds.count("frozen"), kinds.count("unfrozen")) == (1, 1)


def test_only_sso_admins_freeze(tale: Tale) -> None:
    """An owner who freezes is refused in words, and that is recorded."""
    with tale.refuses("NotAnApprover"):
        assert "Only an SSO admin can freeze" in tale.says("olga", "/jit freeze").text
    with tale.refuses("NotAnApprover"):
        assert "Only an SSO admin can unfreeze" in tale.says("rita", "/jit unfreeze").text


def test_an_sso_admin_revokes_all_of_a_person(fresh: Tale) -> None:
    """All of Rita's sessions in both accounts end, each as by Revoke; one order in the log and one entry for each."""
    labels = [fresh.granted(), granted_in_lake(fresh)]

    said = revokes_all(fresh, "ada", "@rita")

    assert "is being ended now" in said
    for label in labels:
        heard = fresh.hears("rita", label, "revoked")
        assert "The laptop was stolen" in heard.text
        assert "Ada Admin" in heard.text
    fresh.later(seconds=20)
    assert "2 sessions" in in_admins(fresh, "✅ Revoked all access of").text
    assert (fresh.holds(), fresh.holds("rita", LAKE)) == ([], [])
    entries = fresh.entries()
    assert [each["kind"] for each in entries].count("revoke_all_ordered") == 1
    ends = [each for each in entries if each["kind"] == "end_ordered"]
    assert {each["request"] for each in ends} == set(labels)
    assert len({each["details"]["order"] for each in ends}) == 1


def test_an_owner_revokes_all_in_their_account_only(fresh: Tale) -> None:
    """Olga ends what is in prod-payments; data-lake goes on, and is not hers to end."""
    mine, other = fresh.granted(), granted_in_lake(fresh)

    with fresh.refuses("NotAnApprover"):
        fresh["olga"].types("/jit revoke-all data-lake")
        fresh["olga"].modal.waits_for("Only an owner of data-lake or an SSO admin can revoke")
        fresh["olga"].modal.close()
    revokes_all(fresh, "olga", "prod-payments")

    fresh.hears("rita", mine, "revoked")
    fresh.settles()
    assert fresh.holds() == []
    assert fresh.holds("rita", LAKE) == ["ReadOnly"]
    assert "revoked" not in " ".join(fresh.heard("rita", other))


def test_everything_takes_two_sso_admins(fresh: Tale) -> None:
    """Ada orders, her own Confirm is refused, Alan confirms: all ends; a second press hears who was faster."""
    fresh.granted()
    granted_in_lake(fresh)

    assert "Another SSO admin has to confirm" in revokes_all(fresh, "ada", "everything", "Stop it all")
    card = in_admins(fresh, "A second SSO admin has to confirm")
    assert "Stop it all" in card.text
    assert "2 sessions" in card.text
    with fresh.refuses("SecondPersonNeeded"):
        told = fresh.answer("ada", lambda: card.press("Confirm"), ADMINS)
        assert "You ordered it; another SSO admin confirms." in told.text
    assert fresh.holds() == ["ReadOnly"]

    pressed = in_admins(fresh, "A second SSO admin has to confirm", "alan")
    told = fresh.answer("alan", lambda: pressed.press("Confirm"), ADMINS)

    assert "You confirmed" in told.text
    fresh.settles()
    fresh.later(seconds=20)
    assert (fresh.holds(), fresh.holds("rita", LAKE)) == ([], [])
    over = in_admins(fresh, "✅ Revoked all access of everybody: 2 sessions.")
    assert over.buttons() == []
    again = fresh.answer("alan", lambda: pressed.press("Confirm"), ADMINS)
    assert "Alan Admin confirmed it already." in again.text


def test_an_order_that_nobody_confirms_lapses(fresh: Tale) -> None:
    """After 15 minutes the card says so, has no button, and nothing has ended."""
    fresh.granted()
    revokes_all(fresh, "ada", "everything")
    in_admins(fresh, "A second SSO admin has to confirm")

    fresh.later(minutes=15, seconds=1)

    card = in_admins(fresh, "Nobody confirmed to revoke")
    assert card.buttons() == []
    assert fresh.holds() == ["ReadOnly"]


def test_what_is_typed_wrong_is_said_beside_it(fresh: Tale) -> None:
    """Without the word nothing ends, and nothing typed is lost; whom it concerns must be somebody."""
    fresh.granted()
    fresh["ada"].types("/jit revoke-all @rita")
    form = fresh["ada"].modal
    form.waits_for("1 session")
    form.fills("Reason", "She left").fills("Type REVOKE to confirm", "yes").submit()
    assert form.errors() == {"Type REVOKE to confirm": "Type REVOKE to confirm. Nothing was changed."}
    assert form.value("Reason") == "She left"
    form.close()
    for typed, words in [("", "Whose access?"), ("nobody at all", "is no person or account"), ("@alan", "nothing to")]:
        fresh["ada"].types(f"/jit revoke-all {typed}")
        fresh["ada"].modal.waits_for(words)
        fresh["ada"].modal.close()
    assert fresh.holds() == ["ReadOnly"]


def test_an_operator_revokes_beside_the_running_bot(fresh: Tale) -> None:
    """`jitbot sessions revoke` on the bot's own SQLite file: the order is in the log, and the running bot removes."""
    label = fresh.granted()
    out = io.StringIO()

    settings = Settings(database_url=fresh.world.database_url)
    code = revoke(settings, fresh.world.configuration, label, "The laptop is gone", out)

    assert (code, out.getvalue()) == (
        0,
        f"{label} is being ended: the order is in the database. The running bot removes the access.\n",
    )
    heard = fresh.hears("rita", label, "revoked")
    assert "(operator)" in heard.text
    assert "The laptop is gone" in heard.text
    assert fresh.holds() == []
    ordered = next(each for each in fresh.entries(label) if each["kind"] == "end_ordered")
    assert ordered["actor"].startswith("operator:")
