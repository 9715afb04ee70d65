"""Taking a request in: every mistake at once, nobody unknown, stored before anybody hears of it."""

from dataclasses import replace

import pytest

from access.durations import AccessDuration
from access.people import Membership
from access.refusals import BadForm, CannotTell, Field, NotAFullMember
from access.request import RequestId
from operations.identify import identify
from operations.started import record_configuration
from operations.stray import record_stray
from operations.submit import submit_request
from sandbox.aws.faults import FaultKind
from storage import audit
from tests.access.given import LAPSE_AFTER, MAX, OLAF, RITA, a_custom_form, a_form, a_person
from tests.operations.company import Company

POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'
SAME = RequestId("rq_same")


def test_a_request_is_stored_with_its_event_and_its_cards(company: Company) -> None:
    """What was asked stands in the database and in the log before any card is posted."""
    request = company.ask()
    assert company.request(request) == request
    assert request.lapses_at == request.requested_at + LAPSE_AFTER
    assert request.requester.email == RITA.email
    assert company.events(request) == ["requested"]
    assert company.slack.postings == []
    assert company.drain() == 4


def test_every_mistake_is_told_at_once_and_nothing_is_stored(company: Company) -> None:
    """A custom form wrong in five fields: each problem at its own field."""
    identify(company.deps, RITA.slack_id)
    form = a_custom_form(
        name="with space",
        managed_policies=("NoSuchPolicy",),
        inline_policy='{"Version": "2012-10-17", "Version": "2012-10-17"}',
        session_duration="12 hours",
        duration="1 month",
        justification="  short  ",
    )
    with pytest.raises(BadForm) as bad:
        submit_request(company.deps, form, RITA.slack_id, SAME)
    assert bad.value.problems.keys() == {
        Field.NAME,
        Field.MANAGED_POLICIES,
        Field.INLINE_POLICY,
        Field.DURATION,
        Field.JUSTIFICATION,
    }
    assert company.events() == []
    assert company.drain() == 0


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("not json", "JSON"),
        ('{"Version": "2012-10-17", "Statement": []}', "statement"),
        (POLICY.replace("s3:Get*", "sso:CreateAccountAssignment"), "could change who has access"),
        (POLICY.replace('"*"', f'"arn:aws:s3:::{"x" * 12_000}"'), "bytes"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_in_words(company: Company, policy: str, says: str) -> None:
    """What AWS or the house would not take is told at the field, and nothing is stored."""
    identify(company.deps, RITA.slack_id)
    with pytest.raises(BadForm) as bad:
        submit_request(company.deps, a_custom_form(inline_policy=policy), RITA.slack_id, SAME)
    assert says in bad.value.problems[Field.INLINE_POLICY]
    assert company.events() == []


def test_the_policy_is_stored_in_the_bytes_that_aws_gets(company: Company) -> None:
    """However it was typed, approvers see and AWS receives one canonical text."""
    texts = []
    for typed in (POLICY, f"  {POLICY}\n", POLICY.replace(" ", "\n\t")):
        content = company.ask(a_custom_form(inline_policy=typed)).permission_set.content
        assert content is not None
        texts.append(content.inline_policy)
        assert company.entries()[-1].details["inline_policy"] == content.inline_policy
    assert len(set(texts)) == 1


def test_an_inline_policy_left_in_a_standard_form_counts_for_nothing(company: Company) -> None:
    """Somebody typed a policy, then chose Standard: it is neither judged nor kept."""
    request = company.ask(a_form(inline_policy="not json"))
    assert request.permission_set.content is None


def test_an_account_that_vanished_while_typing_is_told(company: Company) -> None:
    """The account left the configuration between opening and sending."""
    identify(company.deps, RITA.slack_id)
    with pytest.raises(BadForm) as bad:
        submit_request(company.deps, a_form(account_id="999900001111"), RITA.slack_id, SAME)
    assert list(bad.value.problems) == [Field.ACCOUNT]


def test_nobody_unknown_asks(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom nobody has looked up yet is asked to send again; AWS is never asked while the form waits."""
    monkeypatch.setattr("operations.identify.LONGEST_WAIT", 0.0)
    before = len(company.aws.calls)
    with pytest.raises(CannotTell, match="still finding out"):
        submit_request(company.deps, a_form(), RITA.slack_id, SAME)
    assert len(company.aws.calls) == before


@pytest.mark.parametrize("membership", [Membership.GUEST, Membership.DEACTIVATED, Membership.FOREIGN])
def test_no_guest_asks(company: Company, membership: Membership) -> None:
    """Guests, deactivated people and strangers are refused by what they are."""
    company.people.persons[MAX.slack_id] = a_person("Max", membership=membership)
    with pytest.raises(NotAFullMember):
        identify(company.deps, MAX.slack_id)
    with pytest.raises(NotAFullMember):
        submit_request(company.deps, a_form(), MAX.slack_id, SAME)


def test_who_is_not_in_the_directory_cannot_ask(company: Company) -> None:
    """Olaf has no user in Identity Center: he is told whom to ask."""
    with pytest.raises(CannotTell, match=r"no user with the address olaf@example\.com") as refused:
        identify(company.deps, OLAF.slack_id)
    assert "platform team" in refused.value.next_step


def test_a_remembered_refusal_does_not_grow_with_each_press(company: Company) -> None:
    """It is one object, raised again and again; the frames of earlier presses must not hang on it."""

    def frames() -> int:
        with pytest.raises(CannotTell) as refused:
            submit_request(company.deps, a_form(), OLAF.slack_id, SAME)
        return len(refused.traceback)

    with pytest.raises(CannotTell):
        identify(company.deps, OLAF.slack_id)
    assert frames() == frames()


def test_who_is_disabled_in_the_directory_cannot_ask(company: Company) -> None:
    """A disabled user is nobody to give access to."""
    user = next(each.id for each in company.aws.world.users.values() if each.user_name == "rita")
    company.aws.set_user(user, enabled=False)
    with pytest.raises(CannotTell, match="not enabled"):
        identify(company.deps, RITA.slack_id)


def test_without_a_verified_address_nobody_asks(company: Company) -> None:
    """Slack shows no address: refused, unless the configuration maps the person."""
    company.people.persons[RITA.slack_id] = a_person("Rita", email="")
    with pytest.raises(CannotTell, match="no verified e-mail address"):
        identify(company.deps, RITA.slack_id)
    company.use(rules=replace(company.deps.rules, identities={RITA.slack_id: MAX.email}))
    found = identify(company.deps, RITA.slack_id)
    assert company.aws.world.users[found.principal_id].user_name == "max"


def test_a_look_up_that_failed_is_not_kept_for_ever(company: Company) -> None:
    """AWS was away when the form was opened; opening it again finds the person."""
    company.aws.faults.add("GetUserId", FaultKind.THROTTLING)
    with pytest.raises(CannotTell, match="AWS did not answer"):
        identify(company.deps, RITA.slack_id)
    assert identify(company.deps, RITA.slack_id).email == RITA.email
    assert submit_request(company.deps, a_form(), RITA.slack_id, SAME).duration is AccessDuration.HOURS_2


def test_what_no_version_made_is_recorded(company: Company) -> None:
    """A forged or old button stands in the log with who pressed it, and is told to the audit channel."""
    record_stray(company.deps, MAX.slack_id, "jit:grant_me_admin:v9")
    entry = company.entries()[-1]
    assert (entry.kind.value, entry.actor) == ("refused", MAX.slack_id)
    assert entry.details["verb"] == "jit:grant_me_admin:v9"
    company.drain()
    assert len(company.slack.postings) == 1


def test_a_start_is_recorded_with_its_configuration(company: Company) -> None:
    """The log says from which file, with which SHA-256 the bot was started, and its chain verifies."""
    record_configuration(company.deps, "jitbot.yml", "ab" * 32, "3 accounts")
    entry = company.entries()[-1]
    assert entry.kind.value == "configuration_loaded"
    assert entry.details["sha256"] == "ab" * 32
    with company.database.read() as db:
        assert audit.verify(db).ok
