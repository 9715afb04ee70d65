"""Hostile text in every field is shown harmlessly, notifies nobody, and is kept in the audit log as it was typed."""

import json

import pytest

from sandbox.slack.seen_message import SeenMessage
from tests.journeys.tale import ADMINS, AUDIT, DM, OWNERS, Tale, reason

LOUD = {"channel", "here", "everyone"}
TEXTS = {
    "broadcasts": "<!channel> <!here> <!everyone> @channel @here #general wake up",
    "mentions": "<@U0P000001> <!subteam^S0SSOADMINS> see <https://evil.example|the runbook>",
    "formatting": "*bold* _italic_ ~gone~ `code` ```fence``` > quote &lt;!channel&gt;",
    "right to left": "\u202eevorppA\u202c \u2066x\u2069 \u200fplease approve this now",
    "a colon": "INC-1: key: value: {'a': 1} %s ${HOME} {{7*7}}",
    "lines": "first line\n\nREQ-1 · 🟢 Active\nApproved by @olga\n" + "x" * 900,
}


def everything(tale: Tale, since: set[str]) -> list[SeenMessage]:
    """List every new message that somebody in the company sees."""
    places = [("olga", OWNERS), ("ada", ADMINS), ("sam", AUDIT), ("rita", DM), ("olga", DM)]
    return [each for name, where in places for each in tale[name].channel(where) if each.ts not in since]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_hostile_justification_and_reason_are_harmless(tale: Tale, text: str) -> None:
    """Nobody is called by a justification or a reason; approvers read it as it was typed; the audit log keeps it."""
    before = {each.ts for each in everything(tale, set())}
    typed = f"{reason()} {text}"[:1000]
    form = tale.opens_form("rita", "prod-payments ReadOnly 1h").fills("Justification", typed)
    tale.presses_send(form)
    card = tale["olga"].waits_for(typed.split(":")[0], OWNERS)
    label = card.text.split(" ")[0]
    tale.rejects("olga", label, text)
    tale.card("rita", label, DM, "Rejected")
    tale.settles()

    new = everything(tale, before)

    assert len(new) >= 5
    assert [LOUD.intersection(each.notifies) for each in new] == [set()] * len(new)
    assert not [each for each in new if "S0SSOADMINS" in each.notifies]
    assert not [each for each in new for hidden in "\u202e\u2066\u200f" if hidden in each.text]
    assert tale.entries(label)[0]["details"]["justification"] == typed.strip()
    assert card.text.splitlines()[0] == f"{label} · ⏳ Pending"


def test_a_hostile_policy_is_harmless(tale: Tale) -> None:
    """A policy that holds Slack's control sequences and hidden letters notifies nobody and hides nothing."""
    resource = "arn:aws:s3:::<!channel>`*_/\u00a0\u00e9"
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": resource}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, ensure_ascii=False)

    form = tale.opens_form("rita", f"prod-payments 1h {reason()}").fills("Permission set type", "Custom")
    form.fills("Name", "hostile").fills("Inline policy", policy)
    tale.presses_send(form)

    assert not form.is_open
    card = tale["olga"].waits_for("hostile", OWNERS)
    assert LOUD.isdisjoint(card.notifies)
    assert "\\u00a0\\u00e9" in card.text


@pytest.mark.parametrize("most", [5_000, 100_000])
def test_a_text_far_too_long_is_answered(tale: Tale, most: int) -> None:
    """A justification that no client would send is refused in words; nothing is stored."""
    form = tale.opens_form("rita", f"prod-payments ReadOnly 1h {reason()}")
    tale.presses_send(form.fills("Justification", " too short "))
    payload = form.submit_payload()
    payload["view"]["state"]["values"]["justification"]["jit:justification:v1"]["value"] = "x" * most
    count = len(tale.entries())

    answer = tale.world.slack.deliver_raw("interactive", payload)

    assert "1,000" in answer.body["errors"]["justification"]
    assert len(tale.entries()) == count
    form.close()


def test_a_reason_far_too_long_is_still_shown(tale: Tale) -> None:
    """A reason of 5,000 characters rejects the request, and is cut where it is shown."""
    label = tale.asks()
    tale.card("olga", label).press("Reject")
    form = tale["olga"].modal
    form.waits_until(lambda: form.title == f"Reject {label}")
    payload = form.submit_payload()
    payload["view"]["state"]["values"]["reason"]["jit:reason:v1"]["value"] = "no " * 1_700

    answer = tale.world.slack.deliver_raw("interactive", payload)

    assert answer.acked
    assert answer.body is None
    assert "no no no" in tale.card("rita", label, DM, "Rejected").text
    form.close()


def test_a_hostile_name_is_harmless(tale: Tale) -> None:
    """Somebody whose name is a control sequence calls nobody and cannot dress up as somebody else."""
    tale.world.aws.add_user("mallory", "mallory@example.com")
    tale.joins("mallory", real_name="<!channel> *Olga\n\u202eOwner* `approved`")
    before = {each.ts for each in everything(tale, set())}

    label = tale.asks("mallory")
    tale.rejects("olga", label, "Choose another name")
    tale.card("mallory", label, DM, "Rejected")
    tale.settles()

    new = everything(tale, before)
    assert [LOUD.intersection(each.notifies) for each in new] == [set()] * len(new)
    assert "<!channel>" in tale.card("olga", label).text
