"""The request form: what is accepted, and the words for every wrong field, all at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.durations import AccessDuration, SessionDuration
from access.form import AcceptedForm, InlinePolicy, RequestForm, judge_form
from access.permission_sets import RequestedSet, SetContent, SetKind
from access.refusals import BadForm, Field
from tests.access.given import MANAGED_POLICIES, a_catalogue, a_custom_form, a_form, an_account

NO_INLINE = InlinePolicy()
CANONICAL = InlinePolicy(text='{"Statement":[],"Version":"2012-10-17"}')


def accepted(form: RequestForm, inline: InlinePolicy = NO_INLINE) -> AcceptedForm:
    """Judge the form by the catalogue of these tests."""
    return judge_form(form, a_catalogue(), inline)


def problems_of(form: RequestForm, inline: InlinePolicy = NO_INLINE) -> dict[Field, str]:
    """Judge a form that must be refused and give the words beside each field."""
    with pytest.raises(BadForm) as refused:
        judge_form(form, a_catalogue(), inline)
    return refused.value.problems


def test_a_form_for_a_standard_set_is_accepted() -> None:
    assert accepted(a_form()) == AcceptedForm(
        account=an_account(),
        permission_set=RequestedSet(kind=SetKind.STANDARD, name="ReadOnly"),
        duration=AccessDuration.HOURS_2,
        justification="INC-12: the ledger shows a wrong balance",
    )


def test_a_form_for_a_custom_set_is_accepted_with_the_canonical_policy_and_not_with_the_bytes_typed() -> None:
    form = a_custom_form(name=" jit-Ledger ", session_duration="2h", inline_policy='{ "Version": "2012-10-17" }')
    assert accepted(form, CANONICAL).permission_set == RequestedSet(
        kind=SetKind.CUSTOM,
        name="Ledger",
        content=SetContent(
            session_duration=SessionDuration.HOURS_2,
            managed_policies=("ReadOnlyAccess",),
            inline_policy=CANONICAL.text,
        ),
    )


@pytest.mark.parametrize("managed", [(), ("ReadOnlyAccess",)], ids=["inline only", "both"])
def test_an_inline_policy_may_stand_alone_or_beside_managed_ones(managed: tuple[str, ...]) -> None:
    form = a_custom_form(managed_policies=managed, inline_policy="{}")
    content = accepted(form, CANONICAL).permission_set.content
    assert content is not None
    assert (content.managed_policies, content.inline_policy) == (managed, CANONICAL.text)


def test_what_a_standard_form_says_of_custom_fields_is_not_looked_at() -> None:
    form = a_form(name="no good", session_duration="never", managed_policies=("Nothing",))
    assert accepted(form).permission_set.content is None


TOO_SHORT = "Say in at least 10 characters why you need it; approvers and auditors read this."
NOTHING_GIVEN = "Choose at least one managed policy, or write an inline policy."
NOT_OFFERED = "prod-payments does not offer this permission set. Choose another one."
GONE = "This account can no longer be asked for. Choose another one."

STANDARD_PROBLEMS: list[tuple[dict[str, Any], Field, str]] = [
    ({"account_id": ""}, Field.ACCOUNT, "Choose an AWS account."),
    ({"account_id": "999999999999"}, Field.ACCOUNT, GONE),
    ({"account_id": "prod-payments"}, Field.ACCOUNT, GONE),
    ({"set_name": ""}, Field.PERMISSION_SET, "Choose a permission set."),
    ({"set_name": "Administrator"}, Field.PERMISSION_SET, NOT_OFFERED),
    ({"set_name": "readonly"}, Field.PERMISSION_SET, NOT_OFFERED),
    ({"duration": ""}, Field.DURATION, "Choose one of the durations."),
    ({"duration": "3 hours"}, Field.DURATION, "Choose one of the durations."),
    ({"duration": "2 weeks"}, Field.DURATION, "prod-payments allows at most 1 week."),
    ({"justification": ""}, Field.JUSTIFICATION, TOO_SHORT),
    ({"justification": "   \n\t         "}, Field.JUSTIFICATION, TOO_SHORT),
]
CUSTOM_PROBLEMS: list[tuple[dict[str, Any], Field, str]] = [
    (
        {"account_id": "444455556666"},
        Field.KIND,
        "sandbox takes no custom permission sets. Choose Standard.",
    ),
    ({"name": "  "}, Field.NAME, "Give the permission set a name."),
    ({"name": "JIT-"}, Field.NAME, "Give the permission set a name."),
    ({"name": "x" * 24}, Field.NAME, "Use at most 23 characters; this has 24."),
    (
        {"name": "my set"},
        Field.NAME,
        "Use only letters (A-Z), digits and + = , . @ _ - and no spaces.",
    ),
    ({"session_duration": ""}, Field.SESSION_DURATION, "Choose one of the durations."),
    ({"session_duration": "1 day"}, Field.SESSION_DURATION, "Choose one of the durations."),
    (
        {"session_duration": "4 hours"},
        Field.SESSION_DURATION,
        "A session cannot last longer than the access itself (2 hours).",
    ),
    ({"managed_policies": ()}, Field.MANAGED_POLICIES, NOTHING_GIVEN),
    ({"managed_policies": (), "inline_policy": " \n"}, Field.MANAGED_POLICIES, NOTHING_GIVEN),
    (
        {"managed_policies": MANAGED_POLICIES[:11]},
        Field.MANAGED_POLICIES,
        "Choose at most 10 managed policies.",
    ),
    (
        {"managed_policies": ("ReadOnlyAccess", "Nope", "Neither")},
        Field.MANAGED_POLICIES,
        "Not offered: Nope, Neither.",
    ),
    ({"duration": "1 month"}, Field.DURATION, "prod-payments allows at most 1 week."),
    ({"justification": "too short"}, Field.JUSTIFICATION, TOO_SHORT),
]


@pytest.mark.parametrize(("changes", "field", "words"), STANDARD_PROBLEMS)
def test_each_wrong_field_of_a_standard_form_is_answered_beside_it(
    changes: dict[str, Any], field: Field, words: str
) -> None:
    assert problems_of(a_form(**changes)) == {field: words}


@pytest.mark.parametrize(("changes", "field", "words"), CUSTOM_PROBLEMS)
def test_each_wrong_field_of_a_custom_form_is_answered_beside_it(
    changes: dict[str, Any], field: Field, words: str
) -> None:
    assert problems_of(a_custom_form(**changes)) == {field: words}


@pytest.mark.parametrize("managed", [(), ("ReadOnlyAccess",)], ids=["alone", "beside managed ones"])
def test_a_wrong_inline_policy_is_answered_beside_it_alone(managed: tuple[str, ...]) -> None:
    form = a_custom_form(managed_policies=managed, inline_policy="{")
    problem = "This is no JSON: line 1, column 2."
    assert problems_of(form, InlinePolicy(problem=problem)) == {Field.INLINE_POLICY: problem}


def test_every_mistake_of_a_custom_form_is_answered_at_once() -> None:
    everything_wrong = RequestForm(
        account_id="999999999999",
        kind=SetKind.CUSTOM,
        name="my set",
        session_duration="forever",
        managed_policies=("Nope",),
        inline_policy="{",
        duration="forever",
        justification="because",
    )
    assert set(problems_of(everything_wrong, InlinePolicy(problem="No JSON."))) == {
        Field.ACCOUNT,
        Field.NAME,
        Field.SESSION_DURATION,
        Field.MANAGED_POLICIES,
        Field.INLINE_POLICY,
        Field.DURATION,
        Field.JUSTIFICATION,
    }


def test_every_mistake_of_an_empty_standard_form_is_answered_at_once() -> None:
    assert set(problems_of(RequestForm(duration=""))) == {
        Field.ACCOUNT,
        Field.PERMISSION_SET,
        Field.DURATION,
        Field.JUSTIFICATION,
    }


def test_an_account_that_takes_no_custom_sets_says_so_beside_all_other_mistakes() -> None:
    found = problems_of(a_custom_form(account_id="444455556666", name="", justification=""))
    assert set(found) == {Field.KIND, Field.NAME, Field.JUSTIFICATION}


@pytest.mark.parametrize("length", [10, 11, 999, 1000])
def test_a_justification_of_10_to_1000_characters_is_accepted(length: int) -> None:
    assert accepted(a_form(justification="x" * length)).justification == "x" * length


@pytest.mark.parametrize("length", [10, 1000])
def test_a_justification_is_measured_and_kept_without_the_white_space_around_it(length: int) -> None:
    assert accepted(a_form(justification=f"  \n{'x' * length}\t \n")).justification == "x" * length


@pytest.mark.parametrize("typed", ["x" * 9, f"   {'x' * 9}   ", f"{'x' * 9}\0", f"\0 {'x' * 9} \0"])
def test_a_justification_of_9_characters_is_too_short_whatever_stands_around_it(typed: str) -> None:
    assert problems_of(a_form(justification=typed)) == {Field.JUSTIFICATION: TOO_SHORT}


def test_a_justification_is_kept_without_the_characters_that_no_database_stores() -> None:
    assert accepted(a_form(justification="\0 INC-12: \0ledger \0")).justification == "INC-12: ledger"


def test_a_justification_of_1001_characters_is_too_long_and_the_answer_says_by_how_much() -> None:
    assert problems_of(a_form(justification="x" * 1001)) == {
        Field.JUSTIFICATION: "Use at most 1,000 characters; this has 1,001."
    }


@pytest.mark.parametrize("session", list(SessionDuration))
@pytest.mark.parametrize("access", [each for each in AccessDuration if each.within(AccessDuration.WEEK_1)])
def test_a_session_never_lasts_longer_than_the_access(session: SessionDuration, access: AccessDuration) -> None:
    form = a_custom_form(session_duration=session.value, duration=access.value)
    if session.hours <= access.hours:
        assert accepted(form).duration is access
        return
    assert list(problems_of(form)) == [Field.SESSION_DURATION]


@pytest.mark.parametrize("duration", list(AccessDuration))
def test_only_the_durations_that_the_account_allows_are_accepted(duration: AccessDuration) -> None:
    if duration in an_account().durations:
        assert accepted(a_form(duration=duration.value)).duration is duration
        return
    assert list(problems_of(a_form(duration=duration.value))) == [Field.DURATION]


def test_ten_managed_policies_are_accepted() -> None:
    content = accepted(a_custom_form(managed_policies=MANAGED_POLICIES[:10])).permission_set.content
    assert content is not None
    assert content.managed_policies == MANAGED_POLICIES[:10]


def test_a_set_that_the_account_names_but_nobody_defined_is_not_offered() -> None:
    catalogue = a_catalogue(an_account(permission_sets=("ReadOnly", "Forgotten")))
    with pytest.raises(BadForm) as refused:
        judge_form(a_form(set_name="Forgotten"), catalogue, NO_INLINE)
    assert refused.value.problems == {Field.PERMISSION_SET: NOT_OFFERED}


def test_a_set_that_is_defined_but_not_for_this_account_is_not_offered() -> None:
    catalogue = a_catalogue(an_account(permission_sets=("PowerUser",)))
    with pytest.raises(BadForm) as refused:
        judge_form(a_form(set_name="ReadOnly"), catalogue, NO_INLINE)
    assert refused.value.problems == {Field.PERMISSION_SET: NOT_OFFERED}


def test_an_account_that_vanished_between_opening_and_submitting_is_named_beside_its_field() -> None:
    with pytest.raises(BadForm) as refused:
        judge_form(a_form(), a_catalogue(accounts={}), NO_INLINE)
    assert refused.value.problems == {Field.ACCOUNT: GONE}


def test_a_form_left_as_it_opens_asks_for_one_hour_of_a_standard_set() -> None:
    form = RequestForm()
    assert (form.kind, form.duration, form.session_duration) == (SetKind.STANDARD, "1 hour", "1 hour")


TYPED = st.builds(
    RequestForm,
    account_id=st.sampled_from(["", "111122223333", "444455556666", "999999999999"]),
    kind=st.sampled_from(SetKind),
    set_name=st.sampled_from(["", "ReadOnly", "PowerUser", "Administrator"]) | st.text(max_size=5),
    name=st.sampled_from(["Ledger", "JIT-Ledger", "x" * 23]) | st.text(max_size=30),
    session_duration=st.sampled_from([each.value for each in SessionDuration]) | st.text(max_size=5),
    managed_policies=st.lists(st.sampled_from([*MANAGED_POLICIES, "Nope"]), max_size=12, unique=True).map(tuple),
    duration=st.sampled_from([each.value for each in AccessDuration]) | st.text(max_size=5),
    justification=st.sampled_from(["x" * 9, "x" * 10, "x" * 1000, "x" * 1001]) | st.text(max_size=15),
)


@given(TYPED)
def test_whatever_is_typed_is_either_accepted_with_every_rule_kept_or_refused_with_words(form: RequestForm) -> None:
    try:
        taken = accepted(form)
    except BadForm as refused:
        assert refused.problems  # noqa: PT017 - both answers are right; what each holds is the point
        assert all(refused.problems.values())  # noqa: PT017 - see above
        return
    account, content = taken.account, taken.permission_set.content
    assert taken.duration in account.durations
    assert 10 <= len(taken.justification.strip()) == len(taken.justification) <= 1000
    if form.kind is SetKind.STANDARD:
        assert taken.permission_set.name in account.permission_sets
        return
    assert account.custom_sets
    assert content is not None
    assert 1 <= len(content.managed_policies) <= 10
    assert set(content.managed_policies) <= set(MANAGED_POLICIES)
    assert content.session_duration.hours <= taken.duration.hours
    assert 1 <= len(taken.permission_set.name) <= 23
