"""The ids by which Slack tells what was pressed."""

import re

from access.changes import NoticeKind, Place
from access.mass_order import Progress
from access.refusals import Field
from blocks import ids
from blocks.answers import mine, usage, waiting
from blocks.drift import Stranger, drift_report
from blocks.home import home_view
from blocks.mass import order_message
from blocks.message import Block
from blocks.notices import NoticeFacts, notice
from blocks.reason_form import policy_view, reject_form, revoke_form
from blocks.request_card import request_card
from blocks.request_form import request_form
from tests.access.brakes import an_order
from tests.access.given import NOW, a_catalogue, a_custom_form, a_custom_request, a_form, a_request, a_session
from tests.blocks.homes import everything as every_home
from tests.blocks.states import CHANNELS, every_state, with_policy

FACTS = NoticeFacts(now=NOW)


def sent_by(part: object, *, inside_input: bool = False) -> set[str]:
    """Collect the action ids that send block_actions: all but those of inputs without dispatch_action."""
    if isinstance(part, list):
        return set().union(*(sent_by(each, inside_input=inside_input) for each in part))
    if not isinstance(part, dict):
        return set()
    silent = inside_input or (part.get("type") == "input" and not part.get("dispatch_action"))
    own = {str(part["action_id"])} if "action_id" in part and not inside_input else set()
    return own.union(*(sent_by(each, inside_input=silent) for each in part.values()))


def everything() -> list[list[Block]]:
    """Render everything that can be pressed."""
    long_policy = with_policy(a_custom_request(), '"' + "x" * 5_000 + '"')
    cards = [
        request_card(*state, place=place, channels=CHANNELS, now=NOW)
        for state in [*every_state(), (long_policy, None)]
        for place in Place
    ]
    told = [notice(kind, a_request(), a_session(), FACTS) for kind in NoticeKind]
    lists = [usage(), mine([], NOW), mine(every_state(), NOW), waiting(every_state(), NOW)]
    views = [request_form(a_catalogue(), form) for form in (a_form(), a_custom_form())]
    views += [reject_form(a_request().id), revoke_form(a_request().id), policy_view(a_custom_request())]
    views += [home_view(each, NOW) for each in every_home()]
    strange = Stranger(key="k", user="max@example.com", account_name="a", account_id="1", set_name="PowerUser")
    lists.append(drift_report([strange], total=1, waiting=1))
    lists.append(order_message(an_order(), Progress(), 2))
    return [*(each.blocks for each in (*cards, *told, *lists)), *(each["blocks"] for each in views)]


def test_what_can_be_pressed_is_what_is_registered() -> None:
    assert sent_by(everything()) == set(ids.ALL_ACTIONS)


def test_every_id_is_its_own_and_has_a_version() -> None:
    named = [
        value
        for name, value in vars(ids).items()
        if isinstance(value, str) and name.isupper() and not name.startswith("_")
    ]

    assert len(named) == len(set(named))
    assert all(re.fullmatch(r"jit:[a-z_]+:v1", each) for each in named)


def test_every_field_of_the_form_has_its_input() -> None:
    assert set(ids.FIELD_ACTIONS) == set(Field)


def test_the_shortcut_and_the_forms_have_the_ids_that_the_manifest_names() -> None:
    assert ids.SHORTCUT == "jit:request_shortcut:v1"
    asked = (ids.REQUEST_FORM, ids.REJECT_FORM, ids.REVOKE_FORM, ids.EXTEND_FORM)
    assert (*asked, ids.REVOKE_ALL_FORM, ids.ADOPT_FORM) == ids.ALL_FORMS
