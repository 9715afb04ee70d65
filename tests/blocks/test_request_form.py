"""The request form: what it shows, what it keeps while it changes, and what is read from it."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.catalogue import Catalogue
from access.durations import AccessDuration, SessionDuration
from access.form import RequestForm
from access.permission_sets import SetKind, StandardSet
from access.refusals import Field
from blocks import ids
from blocks.request_form import account_of, form_errors, read_request_form, request_form
from tests.access.given import MANAGED_POLICIES, a_catalogue, a_custom_form, a_form, an_account
from tests.blocks.lint import lint_view, texts
from tests.blocks.slack_client import View, answered, element, labels, opened, updated
from tests.blocks.states import HOSTILE

PROD, SANDBOX = "111122223333", "444455556666"
STANDARD_LABELS = ["AWS account", "Permission set type", "Permission set", "Access duration", "Justification"]
CUSTOM_LABELS = [
    "AWS account",
    "Permission set type",
    "Name",
    "Session duration",
    "Managed policies",
    "Inline policy",
    "Access duration",
    "Justification",
]

_KEYS = st.sampled_from(["state", "values", "blocks", "private_metadata", "value", ids.ACCOUNT]) | st.text()
_LEAVES = st.none() | st.booleans() | st.integers() | st.text()
ANY_PAYLOAD = st.recursive(_LEAVES, lambda deeper: st.lists(deeper) | st.dictionaries(_KEYS, deeper))


def many_sets(count: int) -> Catalogue:
    """Give a catalogue whose one account offers so many sets."""
    names = tuple(f"Set{number:04}" for number in range(count))
    return a_catalogue(
        an_account(permission_sets=names), standard_sets={name: StandardSet(name=name) for name in names}
    )


def built(form: RequestForm, catalogue: Catalogue | None = None, **words: str) -> View:
    """Build the form, lint it, and open it."""
    view = request_form(catalogue or a_catalogue(), form, admin_channel="C0ADMINS", **words)
    assert lint_view(view) == []
    return opened(view)


def redrawn(shown: View, catalogue: Catalogue | None = None) -> View:
    """Do what a handler does on block_actions: read the form and draw it anew."""
    view = request_form(catalogue or a_catalogue(), read_request_form(shown), admin_channel="C0ADMINS")
    assert lint_view(view) == []
    return updated(shown, view)


def test_the_labels_are_those_of_the_contract() -> None:
    assert labels(built(a_form())) == STANDARD_LABELS
    assert labels(built(a_custom_form())) == CUSTOM_LABELS


def test_the_form_is_called_and_sent_in_these_words() -> None:
    view = built(RequestForm())

    assert [view[key]["text"] for key in ("title", "submit", "close")] == [
        "Request AWS access",
        "Send request",
        "Cancel",
    ]
    assert view["callback_id"] == "jit:request:v1"


def test_without_an_account_only_what_does_not_depend_on_it_is_asked() -> None:
    assert labels(built(RequestForm())) == ["AWS account", "Access duration", "Justification"]
    assert labels(built(RequestForm(account_id="999999999999"))) == ["AWS account", "Access duration", "Justification"]


def test_the_type_is_a_choice_only_where_the_account_takes_custom_sets() -> None:
    without = ["AWS account", "Permission set", "Access duration", "Justification"]

    assert labels(built(a_custom_form(account_id=SANDBOX))) == without
    assert [each["value"] for each in element(built(a_form()), "Permission set type")["options"]] == list(SetKind)


def test_account_and_type_redraw_the_form_at_once() -> None:
    inputs = {each["label"]["text"]: each for each in built(a_form())["blocks"] if each["type"] == "input"}
    dispatching = [label for label, each in inputs.items() if each.get("dispatch_action")]

    assert dispatching == ["AWS account", "Permission set type"]
    assert element(built(a_form()), "AWS account")["min_query_length"] == 0


@pytest.mark.parametrize("form", [a_form(), a_custom_form(), RequestForm()], ids=["standard", "custom", "empty"])
def test_what_is_built_is_read_back(form: RequestForm) -> None:
    assert read_request_form(built(form)) == form


@pytest.mark.parametrize("form", [a_form(), a_custom_form(), RequestForm()], ids=["standard", "custom", "empty"])
@pytest.mark.parametrize("state", [{}, {"state": {"values": {}}}], ids=["no state", "empty state"])
def test_a_view_that_was_only_opened_is_read_too(form: RequestForm, state: View) -> None:
    """The answer to views.open carries the blocks, but no state of what was typed."""
    assert read_request_form({**request_form(a_catalogue(), form), **state}) == form


@given(
    kind=st.sampled_from(SetKind),
    name=st.text(max_size=27),
    session=st.sampled_from(SessionDuration),
    managed=st.lists(st.sampled_from(MANAGED_POLICIES), unique=True, max_size=10),
    inline=st.text(max_size=2_000),
    duration=st.sampled_from([each for each in AccessDuration if each.within(AccessDuration.WEEK_1)]),
    justification=st.text(max_size=1_000),
)
def test_any_form_survives_being_built_and_read(  # noqa: PLR0913 - the fields of the form, drawn one by one
    *,
    kind: SetKind,
    name: str,
    session: SessionDuration,
    managed: list[str],
    inline: str,
    duration: AccessDuration,
    justification: str,
) -> None:
    form = RequestForm(
        account_id=PROD,
        kind=kind,
        set_name="PowerUser",
        name=name,
        session_duration=session.value,
        managed_policies=tuple(managed),
        inline_policy=inline,
        duration=duration.value,
        justification=justification,
    )

    assert read_request_form(built(form)) == form


def test_changing_the_account_keeps_what_was_typed() -> None:
    shown = answered(built(a_form()), "Justification", "because of INC-12")
    shown = answered(shown, "Access duration", "4 hours")
    moved = redrawn(answered(shown, "AWS account", SANDBOX))

    form = read_request_form(moved)
    assert (form.account_id, form.set_name, form.duration) == (SANDBOX, "ReadOnly", "4 hours")
    assert form.justification == "because of INC-12"


def test_a_set_that_the_new_account_does_not_offer_is_not_kept() -> None:
    catalogue = a_catalogue(an_account(), an_account(id=SANDBOX, name="sandbox", permission_sets=("PowerUser",)))
    moved = redrawn(answered(built(a_form(), catalogue), "AWS account", SANDBOX), catalogue)

    assert read_request_form(moved).set_name == ""
    assert "initial_option" not in element(moved, "Permission set")


def test_switching_the_type_there_and_back_keeps_both_sides() -> None:
    shown = built(a_form(set_name="PowerUser"))
    shown = redrawn(answered(shown, "Permission set type", "Custom"))
    for label, answer in (("Name", "Ledger"), ("Inline policy", '{"Statement": []}'), ("Session duration", "4 hours")):
        shown = answered(shown, label, answer)
    shown = answered(shown, "Managed policies", ["ReadOnlyAccess", "job-function/ViewOnlyAccess"])
    standard = redrawn(answered(shown, "Permission set type", "Standard"))
    custom = redrawn(answered(standard, "Permission set type", "Custom"))

    assert labels(standard) == STANDARD_LABELS
    assert read_request_form(standard).set_name == "PowerUser"
    assert read_request_form(custom) == replace(
        a_custom_form(duration="2 hours"),
        set_name="PowerUser",
        inline_policy='{"Statement": []}',
        session_duration="4 hours",
        managed_policies=("ReadOnlyAccess", "job-function/ViewOnlyAccess"),
    )


def test_a_policy_too_long_to_wait_unseen_takes_nothing_else_with_it() -> None:
    shown = built(a_custom_form(inline_policy='"' * 3_000))
    standard = redrawn(answered(shown, "Permission set type", "Standard"))

    assert read_request_form(standard).name == "Ledger"
    assert read_request_form(standard).inline_policy == ""


def test_only_what_is_not_shown_waits_unseen() -> None:
    custom = built(a_custom_form(inline_policy="{}"))
    standard = redrawn(answered(custom, "Permission set type", "Standard"))

    assert custom["private_metadata"] == ""
    assert "Ledger" in standard["private_metadata"]


def test_a_duration_that_the_new_account_does_not_allow_is_not_kept() -> None:
    short = an_account(id=SANDBOX, name="sandbox", longest_duration=AccessDuration.HOURS_4)
    catalogue = a_catalogue(an_account(), short)
    shown = answered(built(a_form(), catalogue), "Access duration", "1 week")
    moved = redrawn(answered(shown, "AWS account", SANDBOX), catalogue)

    assert read_request_form(moved).duration == "1 hour"


def test_a_set_named_before_the_account_is_chosen_with_it() -> None:
    shown = built(RequestForm(set_name="PowerUser"))
    chosen = redrawn(answered(shown, "AWS account", PROD))

    assert element(chosen, "Permission set")["initial_option"]["value"] == "PowerUser"


def test_an_account_without_custom_sets_is_always_asked_for_a_standard_one() -> None:
    shown = redrawn(answered(built(a_custom_form()), "AWS account", SANDBOX))

    assert read_request_form(shown).kind is SetKind.STANDARD


def test_only_the_durations_that_the_account_allows_are_offered() -> None:
    catalogue = a_catalogue(an_account(longest_duration=AccessDuration.HOURS_4))
    view = built(a_form(duration="1 week"), catalogue)

    offered = [each["value"] for each in element(view, "Access duration")["options"]]
    assert offered == ["1 hour", "2 hours", "4 hours"]
    assert read_request_form(view).duration == "1 hour"


def test_at_most_a_hundred_sets_are_listed_and_more_are_searched() -> None:
    assert element(built(a_form(), many_sets(100)), "Permission set")["type"] == "static_select"
    beyond = built(a_form(set_name="Set0100"), many_sets(101))

    assert element(beyond, "Permission set")["type"] == "external_select"
    assert read_request_form(beyond).set_name == "Set0100"


def test_the_search_for_sets_knows_its_account() -> None:
    view = built(a_form(), many_sets(101))
    block = next(each for each in view["blocks"] if each.get("element", {}).get("action_id") == ids.PERMISSION_SET)

    assert account_of(block["block_id"]) == PROD
    assert account_of("forged") == ""


def test_it_says_who_will_be_asked() -> None:
    standard, custom = "\n".join(texts(built(a_form()))), "\n".join(texts(built(a_custom_form())))

    assert "Goes to <#C0PAYMENTS>: an owner of prod-payments or an SSO admin decides." in standard
    assert "first an owner of prod-payments in <#C0PAYMENTS>, then an SSO admin in <#C0ADMINS>" in custom
    assert "Two different people" in custom


def test_a_notice_stands_out_at_the_top() -> None:
    view = built(a_form(), notice="We found no AWS user for you.")

    assert view["blocks"][0]["type"] == "alert"
    assert view["blocks"][0]["text"]["text"] == "We found no AWS user for you."


def test_an_empty_catalogue_is_said_instead_of_left_to_wonder() -> None:
    view = built(RequestForm(), Catalogue(accounts={}, standard_sets={}))

    assert "No AWS account can be asked for yet" in view["blocks"][0]["text"]["text"]


def test_an_account_without_standard_sets_says_so() -> None:
    catalogue = a_catalogue(an_account(permission_sets=()))

    assert "offers no standard permission set" in "\n".join(texts(built(a_form(), catalogue)))


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_never_break_the_form(words: str) -> None:
    catalogue = a_catalogue(an_account(name=words))
    for kind in SetKind:
        form = RequestForm(
            account_id=PROD,
            kind=kind,
            set_name=words,
            name=words,
            session_duration=words,
            managed_policies=(words,) * 20,
            inline_policy=words,
            duration=words,
            justification=words,
        )
        built(form, catalogue, notice=words)


@pytest.mark.parametrize(
    "view",
    [
        None,
        [],
        "view",
        {},
        {"state": None},
        {"state": {"values": []}},
        {"state": {"values": {"account": None, "x": {ids.ACCOUNT: "y"}, "y": {ids.NAME: {"value": 3}}}}},
        {"state": {"values": {"m": {ids.MANAGED_POLICIES: {"selected_options": [1, None, {"value": {}}]}}}}},
        {"private_metadata": "{"},
        {"private_metadata": "[" * 100_000},
        {"private_metadata": '["jit:name:v1"]'},
        {"private_metadata": '{"jit:kind:v1": {"selected_option": {"value": "Custom"}}, "jit:name:v1": 7}'},
    ],
)
def test_whatever_is_missing_or_forged_counts_as_left_out(view: Any) -> None:
    assert read_request_form(view) == RequestForm()


@given(ANY_PAYLOAD)
def test_no_payload_whatsoever_makes_the_reader_fail(view: Any) -> None:
    assert isinstance(read_request_form(view), RequestForm)
    assert isinstance(form_errors({Field.NAME: "x"}, view), dict)


def test_a_cleared_field_is_empty_and_not_what_it_was() -> None:
    shown = answered(answered(built(a_custom_form()), "Name", None), "Managed policies", [])

    assert read_request_form(shown).name == ""
    assert read_request_form(shown).managed_policies == ()


def test_each_problem_stands_at_its_input() -> None:
    view = built(a_custom_form())
    errors = form_errors({Field.NAME: "Too long.", Field.JUSTIFICATION: "Too short."}, view)

    assert errors == {"name": "Too long.", "justification": "Too short."}


def test_no_problem_is_swallowed_when_its_input_is_not_shown() -> None:
    view = built(RequestForm())
    problems = dict.fromkeys(Field, "Wrong.")
    errors = form_errors(problems, view)

    assert set(errors) <= {each["block_id"] for each in view["blocks"] if each["type"] == "input"}
    assert "Permission set: Wrong." in errors["account"]
    assert "Inline policy: Wrong." in errors["account"]


def test_problems_are_clipped() -> None:
    assert len(form_errors({Field.ACCOUNT: "x" * 5_000}, built(a_form()))["account"]) == 300


def test_the_form_is_built_in_a_millisecond_for_many_accounts_and_sets() -> None:
    names = tuple(f"Set{number:04}" for number in range(1_000))
    accounts = [
        an_account(id=f"{number:012}", name=f"account-{number}", permission_sets=names) for number in range(1_500)
    ]
    catalogue = a_catalogue(*accounts, standard_sets={name: StandardSet(name=name) for name in names})
    form = a_form(account_id="000000000007", set_name="Set0003")
    spent = []
    for _ in range(20):
        start = time.perf_counter()
        request_form(catalogue, form)
        spent.append(time.perf_counter() - start)

    assert min(spent) < 0.001
