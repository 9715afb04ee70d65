"""The form: it changes in place, offers what there is, and answers every mistake beside its field, all at once."""

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from access.people import SlackId
from access.request import Requester
from sandbox.slack.open_view import OpenView
from tests.journeys.tale import OWNERS, PAYMENTS, Tale, reason

STATEMENT = '{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}'
ALWAYS = ["AWS account", "Access duration", "Justification"]


def custom_form(tale: Tale, **fields: object) -> OpenView:
    """Open a form for a custom set that lacks nothing but these fields, named by their labels with _ for a space."""
    form = tale.opens_form("rita", f"prod-payments 1h {reason()}")
    form.fills("Permission set type", "Custom")
    form.fills("Name", "invoices").fills("Managed policies", ["ReadOnlyAccess"])
    for label, value in fields.items():
        form.fills(label.replace("_", " "), value)
    return form


def test_the_form_grows_with_the_account_and_keeps_what_was_typed(tale: Tale) -> None:
    """Choosing account and type changes the fields; what was typed before stays, even while it is not shown."""
    tale["rita"].types("/jit request")
    form = tale["rita"].modal
    assert form.labels() == ALWAYS
    form.fills("Justification", "typed before the account").fills("Access duration", "4 hours")

    form.fills("AWS account", "prod-payments")
    assert tuple(form.options("Permission set")) == ("ReadOnly", "PowerUser")
    assert "Goes to #payments-owners: an owner of prod-payments or an SSO admin decides." in form.text
    form.fills("Permission set", "PowerUser")

    form.fills("Permission set type", "Custom").fills("Name", "kept").fills("Inline policy", "{ not yet")
    assert "Permission set" not in form.labels()
    assert "Two different people decide: first an owner of prod-payments in #payments-owners" in form.text
    form.fills("Permission set type", "Standard")
    assert form.value("Permission set") == "PowerUser"
    form.fills("Permission set type", "Custom")
    assert (form.value("Name"), form.value("Inline policy")) == ("kept", "{ not yet")

    form.fills("Permission set type", "Standard").fills("AWS account", "data-lake")
    form.waits_for("Goes to #data-lake-owners")
    assert tuple(form.options("Permission set")) == ("ReadOnly", "Billing")
    assert form.value("Permission set") is None
    assert form.value("Access duration") == "4 hours"
    assert form.value("Justification") == "typed before the account"
    form.close()
    assert tale["rita"].modals == []


def test_accounts_are_found_by_name_and_id(tale: Tale) -> None:
    """Type-ahead over accounts takes parts of names and ids in any case; nothing typed lists all."""
    tale["rita"].types("/jit request")
    form = tale["rita"].modal

    assert form.options("AWS account", "PAY") == ["prod-payments (111122223333)"]
    assert form.options("AWS account", "3333444455") == ["playground (333344445555)"]
    assert form.options("AWS account", "lake 2222") == ["data-lake (222233334444)"]
    assert len(form.options("AWS account", "")) == 3
    assert form.options("AWS account", "nothing like it") == []
    form.close()


def test_managed_policies_are_found_by_their_words(tale: Tale) -> None:
    """Type-ahead over the managed policies takes words in any order, at most 100 at a time."""
    form = custom_form(tale)

    assert "AmazonS3ReadOnlyAccess" in form.options("Managed policies", "read s3")
    assert "job-function/Billing" in form.options("Managed policies", "billing")
    assert len(form.options("Managed policies", "a")) == 100
    form.close()


def test_only_durations_that_the_account_allows_are_offered(tale: Tale) -> None:
    """The eleven access durations end where the account's longest one is."""
    form = tale.opens_form("rita", "prod-payments")
    assert form.options("Access duration")[-1] == "1 week"

    form.fills("AWS account", "data-lake")

    form.waits_until(lambda: form.options("Access duration")[-1] == "1 month")
    assert form.options("Access duration")[0] == "1 hour"
    assert len(form.options("Access duration")) == 11
    form.close()


def test_every_mistake_is_answered_at_once(tale: Tale) -> None:
    """Name, session duration, policies and justification are all judged in one go, each beside its field."""
    form = custom_form(
        tale,
        Name="has a space",
        Session_duration="12 hours",
        Managed_policies=None,
        Inline_policy="not json",
        Justification="    short    ",
    )

    tale.presses_send(form)

    errors = form.errors()
    assert set(errors) == {"Name", "Session duration", "Inline policy", "Justification"}
    assert "no spaces" in errors["Name"]
    assert "A session cannot last longer than the access itself (1 hour)." in errors["Session duration"]
    assert "Say in at least 10 characters why you need it" in errors["Justification"]

    form.fills("Name", "mended").fills("Session duration", "1 hour").fills("Justification", "because it is mended")
    form.fills("Inline policy", None).fills("Managed policies", ["ReadOnlyAccess"])
    assert tale.sends(form, "because it is mended")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("{", "JSON"),
        ('{"Version":"2012-10-17","Version":"2012-10-17","Statement":[' + STATEMENT + "]}", "twice"),
        ('{"Version":"2008-10-17","Statement":[' + STATEMENT + "]}", '"Version": "2012-10-17"'),
        ('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject"}]}', "Resource"),
        (
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sso:*","Resource":"*"}]}',
            "could change who has access",
        ),
    ],
    ids=["no JSON", "a key twice", "an old version", "no resource", "grants itself"],
)
def test_a_policy_that_cannot_be_sent_is_answered(tale: Tale, policy: str, words: str) -> None:
    """The inline policy is judged strictly before anybody is asked, in words."""
    form = custom_form(tale, Inline_policy=policy)

    tale.presses_send(form)

    assert words in form.errors()["Inline policy"]
    form.close()


def test_a_policy_that_is_too_large_is_answered(tale: Tale) -> None:
    """A policy beyond what AWS takes is refused even where the client lets it through."""
    actions = [f"s3:GetObjectNumber{number:05d}" for number in range(600)]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    form = custom_form(tale)
    payload = form.submit_payload()
    values = payload["view"]["state"]["values"]
    values["inline_policy"]["jit:inline_policy:v1"]["value"] = json.dumps(
        {"Version": "2012-10-17", "Statement": [statement]}
    )

    answer = tale.world.slack.deliver_raw("interactive", payload)

    assert answer.body["response_action"] == "errors"
    assert "at most 10,101 fit beside what jitbot adds" in answer.body["errors"]["inline_policy"]
    form.close()


def test_an_account_that_vanished_meanwhile_is_answered(fresh: Tale) -> None:
    """An account taken out of the configuration between opening and sending the form cannot be asked for."""
    form = fresh.opens_form("rita", f"prod-payments ReadOnly 1h {reason()}")
    shelf = fresh.world.parts.shelf
    known = shelf()
    left = {key: each for key, each in known.accounts.items() if key != PAYMENTS}
    shelf._catalogue = dataclasses.replace(known, accounts=left)

    fresh.presses_send(form)

    assert form.errors()["AWS account"] == "This account can no longer be asked for. Choose another one."
    form.fills("AWS account", "data-lake").fills("Permission set", "ReadOnly").fills(
        "Justification", "another one then"
    )
    assert fresh.sends(form, "another one then")


def test_a_form_sent_twice_is_one_request(tale: Tale) -> None:
    """Slack delivering one submission several times at once makes one request, one card and one entry."""
    why = reason()
    form = tale.opens_form("rita", f"prod-payments ReadOnly 1h {why}")
    tale.until(lambda: is_known(tale, form))
    payload = form.submit_payload()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: tale.world.slack.deliver_raw("interactive", payload), range(4)))

    assert [(each.acked, each.body) for each in answers] == [(True, None)] * 4
    label = tale.sends(form, why)
    tale.settles()
    assert len([each for each in tale["olga"].channel(OWNERS) if why in each.text]) == 1
    assert tale.kinds(label) == ["requested"]


def test_somebody_unknown_in_aws_is_told_in_the_form(tale: Tale) -> None:
    """Whoever has no user in Identity Center reads so in the open form, and sending says it again."""
    tale.joins("paula")
    form = tale.opens_form("paula", "prod-payments ReadOnly 1h the numbers of October")

    form.waits_for("paula@example.com")
    assert "Ask your platform team to look at your user in Identity Center." in form.text
    form.submit()

    assert "paula@example.com" in form.errors()["AWS account"]
    assert form.value("Justification") == "the numbers of October"
    form.close()


def test_somebody_made_known_meanwhile_sends_the_same_form(tale: Tale) -> None:
    """Whoever could not be found is looked up anew at each sending, so that nothing has to be typed again."""
    tale.joins("quinn")
    form = tale.opens_form("quinn", "prod-payments ReadOnly 1h the numbers of November")
    form.waits_for("quinn@example.com")
    tale.world.aws.add_user("quinn", "quinn@example.com")

    form.submit()
    tale.until(lambda: is_known(tale, form))
    label = tale.sends(form, "the numbers of November")

    tale.card("olga", label, OWNERS, "Pending")


def is_known(tale: Tale, form: OpenView) -> bool:
    """Tell whether the bot knows who the person before this form is in AWS."""
    return isinstance(tale.world.parts.deps.identities.get(SlackId(form.screen.profile.id)), Requester)


def test_a_disabled_user_cannot_ask(tale: Tale) -> None:
    """A user that is disabled in Identity Center cannot ask, and is told why."""
    tale.world.aws.add_user("dora", "dora@example.com", enabled=False)
    tale.joins("dora")

    form = tale.opens_form("dora", "prod-payments ReadOnly 1h the numbers of October")

    form.waits_for("The IAM Identity Center user with the address dora@example.com is not enabled.")
    form.close()


def test_the_address_decides_who_somebody_is_in_aws(tale: Tale) -> None:
    """Names count for nothing: two people of one name get their own access."""
    tale.world.aws.add_user("rita-the-second", "rita.second@example.com")
    profile = tale.joins("second", real_name="Rita Requester").profile
    profile.email = "rita.second@example.com"

    label = tale.asks("second", "data-lake ReadOnly 1h")
    tale.approves("oscar", label, "#data-lake-owners")
    tale.hears("second", label, "you have ReadOnly")

    assert tale.holds("rita-the-second", "222233334444") == ["ReadOnly"]
    assert tale.holds("rita", "222233334444") == []
    tale.later(hours=1, minutes=1)
