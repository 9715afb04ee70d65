"""A custom request: an owner first, then an SSO admin, and a permission set that lives as long as the access."""

import json

from sandbox.slack.wire import Json
from tests.journeys.tale import ADMINS, DM, OWNERS, Tale

POLICY = """{
  "Version": "2012-10-17",
  "Statement": {"Action": ["s3:GetObject"], "Effect": "Allow", "Resource": "arn:aws:s3:::invoices/*"}
}"""
READ = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::invoices/*"}


def test_a_custom_request_takes_two_people_and_leaves_nothing_behind(tale: Tale) -> None:
    """Owner, SSO admin, a set with exactly the policy shown, and at the end neither assignment nor set."""
    label = tale.asks_custom(Inline_policy=POLICY, Managed_policies=None)
    first = tale.card("olga", label, OWNERS, "Pending Owner")
    assert tale.made_sets() == []

    first.press("Approve", confirm=True)
    assert "Rita Requester defined JIT-invoices" in tale["olga"].dialogs[-1]
    second = tale.card("ada", label, ADMINS, "Pending Admin")
    assert second.buttons() == ["Approve", "Reject"]
    assert tale.card("olga", label, OWNERS, "Pending Admin").buttons() == []
    assert "not Olga Owner, who approved as owner" in second.text
    tale.hears("rita", label, "@olga (Olga Owner) approved JIT-invoices in prod-payments at the first level")
    assert tale.made_sets() == []
    assert tale.holds() == []

    second.press("Approve", confirm=True)
    tale.hears("rita", label, "you have JIT-invoices in prod-payments until")
    (made,) = tale.made_sets()
    *approved, hard_stop = json.loads(made.inline_policy)["Statement"]
    read = json.dumps({"Version": "2012-10-17", "Statement": approved}, indent=2)
    assert read in first.text
    assert hard_stop["Sid"] == "JitExpiry"
    assert "Hard stop:" in first.text
    assert read in second.text
    assert approved == [READ]
    assert made.tags["jit:managed"] == "true"
    assert made.tags["jit:request"] == label
    assert made.session_duration == "PT1H"
    assert made.name.startswith("JIT-invoices-")
    assert tale.holds() == [made.name]
    for name, where in (("olga", OWNERS), ("ada", ADMINS), ("rita", DM)):
        text = tale.card(name, label, where, "Active").text
        assert "Approved by @olga (Olga Owner) as owner" in text
        assert "Approved by @ada (Ada Admin) as SSO admin" in text

    tale.later(hours=1, minutes=1)
    tale.hears("rita", label, "JIT-invoices in prod-payments has expired")
    assert tale.holds() == []
    assert tale.made_sets() == []
    assert [tale.card(*each, "Expired").buttons() for each in everywhere(label)] == [[], [], ["Ask again"]]
    assert tale.kinds(label) == ["requested", "approved", "approved", "granted", "hard_stop", "expired"]


def everywhere(label: str) -> list[tuple[str, str, str]]:
    """List who sees which copy of a custom request's card."""
    return [("olga", label, OWNERS), ("ada", label, ADMINS), ("rita", label, DM)]


def test_a_policy_too_long_for_a_card_is_shown_whole_on_demand(tale: Tale) -> None:
    """Show policy opens every character of a policy that the card had to cut."""
    buckets = [f"arn:aws:s3:::invoices-{number:04d}/*" for number in range(60)]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": buckets}]}
    label = tale.asks_custom(Name="many", Inline_policy=json.dumps(policy))
    card = tale.card("olga", label)
    assert "Show policy" in card.buttons()
    assert buckets[-1] not in card.text

    card.press("Show policy")

    whole = tale["olga"].modal.waits_for(buckets[-1])
    assert whole.title == f"{label} policy"
    assert json.loads(preformatted(whole.blocks)) == policy
    whole.close()


def preformatted(blocks: list[Json]) -> str:
    """Join what stands in preformatted text, over all blocks."""
    texts = [each for block in blocks if block["type"] == "rich_text" for each in block["elements"]]
    return "".join(part["text"] for each in texts if each["type"].endswith("preformatted") for part in each["elements"])


def test_show_policy_is_for_those_concerned(tale: Tale) -> None:
    """Somebody in the channel who is neither owner nor requester nor SSO admin does not see the policy."""
    stranger = tale.joins("mallory", OWNERS)
    label = tale.asks_custom(Name="secret", Inline_policy=long_policy())

    tale.card("mallory", label).press("Show policy")

    stranger.modal.waits_for("Only the requester, the account's owners and the SSO admins may see this.")


def long_policy() -> str:
    """Make a policy that no card shows whole."""
    actions = [f"s3:Get{'Object' * 3}{number:03d}" for number in range(90)]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_two_sets_of_one_name_do_not_meet(tale: Tale) -> None:
    """Two custom requests of the same name get permission sets of their own."""
    labels = [tale.asks_custom(Name="twins"), tale.asks_custom(Name="JIT-twins")]
    for label in labels:
        tale.approves("olga", label)
        tale.approves("ada", label, ADMINS)
        tale.hears("rita", label, "you have JIT-twins")

    held = [each for each in tale.holds() if each.startswith("JIT-twins-")]

    assert len(held) == len(set(held)) == 2
    tale.later(hours=1, minutes=1)
    assert tale.holds() == []
    assert tale.made_sets() == []
