"""People of the company try for access that is not theirs, to keep it, or to act unseen: none of it works."""

import copy
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from access.people import SlackId
from blocks import ids
from bot.demo.world import World
from sandbox.slack.wire import Json
from tests.journeys.conftest import opened
from tests.journeys.tale import ADMINS, OWNERS, PAYMENTS, SELF, Tale, reason

DATA_LAKE = "222233334444"
TWIN = SlackId("U0TWIN")


@pytest.fixture
def strict(tmp_path: Path, sqlite_template: Path) -> Iterator[Tale]:
    """Found a company where prod-payments takes no custom sets, and a second Slack account is Rita in AWS as well."""
    path = tmp_path / "jitbot.db"
    shutil.copyfile(sqlite_template, path)
    world = World(f"sqlite:///{path}")
    accounts = dict(world.configuration.accounts)
    accounts[PAYMENTS] = replace(accounts[PAYMENTS], custom_sets=False)
    world.configuration = replace(world.configuration, accounts=accounts, identities={TWIN: "rita@example.com"})
    yield from opened(world)


def chosen(value: str) -> Json:
    """Write an answer to a select."""
    return {"selected_option": {"value": value}}


def answering(payload: Json, **answers: object) -> Json:
    """Forge answers into a submission, by the names of their action ids, whatever the form offered."""
    forged: Json = copy.deepcopy(payload)
    values: dict[str, dict[str, object]] = forged["view"]["state"]["values"]
    for name, answer in answers.items():
        action = str(getattr(ids, name))
        holding = [each for each in values.values() if action in each] or [values.setdefault("forged", {})]
        holding[0][action] = answer
    return forged


def submits(tale: Tale, payload: Json) -> dict[str, str]:
    """Deliver a submission that must be refused beside a field, and give the words."""
    before = len(tale.entries())
    answer = tale.world.slack.deliver_raw("interactive", payload)
    assert answer.body is not None, "it was taken"
    assert [each["kind"] for each in tale.entries()[before:] if each["kind"] == "requested"] == []
    errors: dict[str, str] = answer.body["errors"]
    return errors


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"ACCOUNT": chosen("999999999999")}, "This account can no longer be asked for."),
        ({"PERMISSION_SET": chosen("Billing")}, "prod-payments does not offer this permission set."),
        ({"PERMISSION_SET": chosen("AdministratorAccess")}, "prod-payments does not offer this permission set."),
        ({"ACCOUNT": chosen(DATA_LAKE), "PERMISSION_SET": chosen("PowerUser")}, "data-lake does not offer this"),
        ({"DURATION": chosen("1 month")}, "prod-payments allows at most 1 week."),
        ({"DURATION": chosen("999 weeks")}, "Choose one of the durations."),
        ({"DURATION": chosen("-1 hour")}, "Choose one of the durations."),
        ({"DURATION": {"selected_option": {"value": ["1 hour"]}}}, "Choose one of the durations."),
    ],
)
def test_what_a_form_did_not_offer_cannot_be_sent(tale: Tale, answers: dict[str, Json], words: str) -> None:
    """Another account's set, a set of no account, and a longer or made-up duration are refused at the server."""
    form = tale.opens_form("rita", "prod-payments ReadOnly 1h too short")
    tale.presses_send(form.fills("Justification", "short"))
    payload = answering(form.submit_payload(), JUSTIFICATION={"value": reason()}, **answers)

    assert words in " ".join(submits(tale, payload).values())

    form.close()


@pytest.mark.parametrize(
    "name",
    [
        "service-role/AWSConfigRole",
        "../AdministratorAccess",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "readonlyaccess",
    ],
)
def test_a_managed_policy_that_is_not_offered_cannot_be_sent(tale: Tale, name: str) -> None:
    """Service roles, paths, ARNs and other spellings are not on the list, so they are not in a set."""
    form = tale.opens_form("rita", f"prod-payments 1h {reason()}").fills("Permission set type", "Custom")
    tale.presses_send(form.fills("Name", "a space"))
    payload = answering(
        form.submit_payload(),
        NAME={"value": "fine"},
        MANAGED_POLICIES={"selected_options": [{"value": "ReadOnlyAccess"}, {"value": name}]},
    )

    assert f"Not offered: {name}." in " ".join(submits(tale, payload).values())

    form.close()


def test_no_spelling_of_a_policy_that_changes_who_has_access_is_taken(tale: Tale) -> None:
    """Wildcards, case, escapes, NotAction, conditions and a harmless first statement hide nothing."""
    form = tale.opens_form("rita", f"prod-payments 1h {reason()}").fills("Permission set type", "Custom")
    tale.presses_send(form.fills("Name", "a space"))
    payload = form.submit_payload()
    harmless = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'
    actions = [
        *('"*"', '"*:*"', '"sso:*"', '"SSO:CreateAccountAssignment"', '"s?o:*"', '"S*:Create*"', '"*:Put*"'),
        *('"\\u0073so:Delete*"', '"identitystor?:*"', '["s3:Get*", "organizations:MoveAccount"]', '"s*:?reate*"'),
    ]
    parts = [f'"Action": {each}' for each in actions]
    parts += ['"NotAction": "iam:*"', '"NotAction": ["sso:List*", "s3:*"]', '"NotAction": ["sso:*"]']
    parts += ['"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, "Action": "sso:*"']

    for part in parts:
        statement = f'{{"Effect": "Allow", {part}, "Resource": "*"}}'
        policy = f'{{"Version": "2012-10-17", "Statement": [{harmless}, {statement}]}}'
        forged = answering(payload, NAME={"value": "fine"}, INLINE_POLICY={"value": policy})
        (words,) = submits(tale, forged).values()
        assert "This policy could change who has access" in words, part

    form.close()


def test_a_custom_set_cannot_pass_for_a_standard_one(tale: Tale) -> None:
    """A set named like a standard one, prefix or not, gets a name of its own in AWS and takes two people."""
    for name, bare in (("ReadOnly", "ReadOnly"), ("JIT-ReadOnly", "ReadOnly"), ("jit-PowerUser", "PowerUser")):
        label = tale.asks_custom("rita", Name=name, Managed_policies=["job-function/ViewOnlyAccess"])
        tale.card("olga", label, OWNERS, "Pending Owner").press("Approve")
        tale.approves("ada", label, ADMINS)
        tale.hears("rita", label, f"you have JIT-{bare}")
        (made,) = tale.made_sets()
        assert made.name.startswith(f"JIT-{bare}-")
        assert tale.holds() == [made.name]
        tale.later(hours=1, minutes=1)
        assert tale.made_sets() == []
    standard = next(each for each in tale.world.aws.permission_sets() if each.name == "ReadOnly")
    assert [each.rpartition("/")[2] for each in standard.managed_policies] == ["ReadOnlyAccess"]


def test_a_custom_set_cannot_be_forged_where_there_are_none(strict: Tale) -> None:
    """An account without custom sets refuses one, though the submission brings the fields that the form left out."""
    form = strict.opens_form("rita", f"prod-payments ReadOnly 1h {reason()}")
    assert "Permission set type" not in form.labels()
    strict.presses_send(form.fills("Justification", "short"))
    payload = answering(
        form.submit_payload(),
        JUSTIFICATION={"value": reason()},
        KIND=chosen("Custom"),
        NAME={"value": "mine"},
        SESSION_DURATION=chosen("1 hour"),
        MANAGED_POLICIES={"selected_options": [{"value": "AdministratorAccess"}]},
    )

    assert "prod-payments takes no custom permission sets." in " ".join(submits(strict, payload).values())

    form.close()


def test_a_second_slack_account_of_the_requester_is_the_requester(strict: Tale) -> None:
    """Whoever is the same user of AWS is the same person, whatever they are called and own in Slack."""
    twin = strict.joins("norita", OWNERS, id=TWIN)
    group = strict.world.workspace.people.groups["S0PAYMENTS"]
    strict.world.workspace.change_group(group, [strict["omar"].profile, twin.profile])
    strict.settles()
    strict.passes(minutes=2)
    label = strict.asks()

    with strict.refuses("OwnRequest"):
        strict.answer("norita", lambda: strict.approves("norita", label), OWNERS)

    other = strict.asks("norita")
    own = strict.card("rita", other)
    with strict.refuses("OwnRequest"):
        strict.answer("rita", lambda: own.press("Approve"), OWNERS)


def test_sessions_of_two_slack_accounts_on_one_user_leave_nothing_behind(strict: Tale) -> None:
    """The second account's session is not taken for a standing assignment, so with the last end all is gone."""
    strict.joins("norita", OWNERS, id=TWIN)
    strict.granted("rita", "prod-payments ReadOnly 1h")
    strict.passes(minutes=30)
    second = strict.granted("norita", "prod-payments ReadOnly 1h")
    assert strict.holds() == ["ReadOnly"]
    assert "already" not in " ".join(strict.heard("norita", second))

    strict.later(minutes=31)
    assert strict.holds() == ["ReadOnly"]
    strict.later(minutes=31)

    assert strict.holds() == []


@pytest.mark.parametrize(("verb", "field"), [("Reject", "reject"), ("Revoke", "revoke")])
def test_a_form_with_another_request_s_id_is_judged_for_that_request(tale: Tale, verb: str, field: str) -> None:
    """An owner putting a foreign request into the form of their own one is refused in it, and recorded."""
    granted = verb == "Revoke"
    target = tale.granted() if granted else tale.asks()
    value = tale.card("olga", target, OWNERS).press_payload(verb)["actions"][0]["value"]
    own = tale.asks("rita", "data-lake ReadOnly 1h")
    if granted:
        tale.approves("oscar", own, "#data-lake-owners")
        tale.hears("rita", own, "you have ReadOnly in data-lake")
        tale.settles()
    tale.card("oscar", own, "#data-lake-owners", "Active" if granted else "Pending").press(verb)
    form = tale["oscar"].modal
    form.waits_until(lambda: form.title == f"{verb} {own}")
    payload = form.fills("Reason", "Mine to decide").submit_payload()
    payload["view"]["private_metadata"] = value

    with tale.refuses("NotAnApprover"):
        answer = tale.world.slack.deliver_raw("interactive", payload)

    assert "prod-payments" in answer.body["errors"]["reason"]
    assert tale.entries(target)[-1]["details"]["verb"] == field
    form.close()
    tale.card("olga", target, OWNERS, "Active" if granted else "Pending")
    tale.later(hours=1, minutes=1)


@pytest.mark.parametrize("claims", [{"team_id": "T0HOME"}, {"is_admin": True, "is_owner": True}, {"name": "olga"}])
def test_what_a_payload_claims_of_its_sender_is_not_believed(tale: Tale, claims: dict[str, Any]) -> None:
    """Only the id counts, and Slack is asked who that is."""
    label = tale.asks()
    payload = tale.card("gus", label).press_payload("Approve")
    payload["user"] |= claims

    with tale.refuses("NotAFullMember"):
        tale.answer("gus", lambda: tale.world.slack.deliver_raw("interactive", payload), OWNERS)

    tale.card("olga", label, OWNERS, "Pending")


def test_an_owner_taken_out_of_the_group_decides_nothing_from_then_on(fresh: Tale) -> None:
    """What the bot remembers of a group ends with the change, also for a card that was open before."""
    label = fresh.asks()
    card = fresh.card("omar", label)
    fresh.says("omar", "/jit pending")
    group = fresh.world.workspace.people.groups["S0PAYMENTS"]
    known = fresh.world.parts.people
    assert fresh["omar"].profile.id in known.members([group.id])

    fresh.world.workspace.change_group(group, [fresh["olga"].profile])
    fresh.until(lambda: fresh["omar"].profile.id not in known.members([group.id]))

    with fresh.refuses("NotAnApprover"):
        fresh.answer("omar", lambda: card.press("Approve"), OWNERS)


def test_request_numbers_cannot_be_probed(tale: Tale) -> None:
    """An outsider hears the same of a request that exists as of one that does not, whatever the verb."""
    tale.joins("mallory")
    label = tale.asks()

    for verb in ("show", "withdraw"):
        real = tale.says("mallory", f"/jit {verb} {label}").text
        assert real.replace(label, "REQ-9999") == tale.says("mallory", f"/jit {verb} REQ-9999").text
    for number in (label, "REQ-9999"):
        tale["mallory"].types(f"/jit revoke {number}")
        tale["mallory"].modal.waits_for(f"There is no request {number} that you may see.").close()
    assert label not in tale.says("mallory", "/jit pending").text
    assert label not in tale.says("mallory", "/jit mine").text


def test_a_submission_replayed_with_other_answers_changes_nothing(tale: Tale) -> None:
    """A form is one request: what approvers see cannot be exchanged by sending the form again."""
    why = reason()
    form = tale.opens_form("rita", f"prod-payments ReadOnly 1h {why}")
    payload = form.submit_payload()
    label = tale.sends(form, why)
    before = tale.kinds(label)

    tale.world.slack.deliver_raw("interactive", answering(payload, PERMISSION_SET=chosen("PowerUser")))
    tale.settles()

    assert tale.kinds(label) == before
    shown = tale.says("olga", f"/jit show {label}")
    assert "ReadOnly" in shown.text
    assert "PowerUser" not in shown.text
    tale.answer("olga", lambda: shown.press("Approve"), SELF)
    tale.hears("rita", label, "you have ReadOnly")
    assert tale.holds() == ["ReadOnly"]
    tale.later(hours=1, minutes=1)


def test_nobody_writes_a_second_line_or_breaks_the_chain(tale: Tale) -> None:
    """Line breaks, JSON and quotes in a justification stay within one entry, and the chain is whole."""
    before = len(tale.entries())
    hostile = (
        '"}\n{"body":{"kind":"approved","actor":"U0P000002","seq":1},"hash":"00"}\r\n\u2028\u0000\\u0000 ' + reason()
    )
    form = tale.opens_form("rita", "prod-payments ReadOnly 1h").fills("Justification", hostile)
    tale.presses_send(form)
    assert not form.is_open
    tale.settles()

    new = tale.entries()[before:]

    assert [each["kind"] for each in new] == ["requested"]
    assert new[0]["details"]["justification"] == hostile.replace("\u0000", "")
    assert json.dumps(new[0])
    assert tale.audit_is_whole()
