"""Every size of Block Kit: at the edge it is taken, one over it is refused."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sandbox.slack.block_rules import check_message, check_options, check_view
from sandbox.slack.wire import Json
from tests.sandbox.slack.kit import actions, button, field, home, modal, mrkdwn, option, plain, section, typed

SOURCE = {"image_url": "https://example.com/a.png"}
CONFIRM = {"title": plain("t"), "text": plain("t"), "confirm": plain("y"), "deny": plain("n")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What is measured, how to make something of a size, and the largest size; `smallest` where there is one."""

    name: str
    make: Callable[[int], Json | list[Json]]
    most: int
    least: int = 1


def _select(**more: object) -> Json:
    return {"type": "static_select", "action_id": "s", **more}


def _options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def _groups(groups: int, size: int = 1) -> list[Json]:
    return [{"label": plain("g"), "options": _options(size)} for _ in range(groups)]


def _rows(rows: int, columns: int = 1) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def _confirm(**more: Json) -> Json:
    return actions(button(confirm={**CONFIRM, **more}))


IN_MESSAGES = [
    Limit(name="section text", make=lambda n: section("x" * n), most=3000),
    Limit(name="section fields", make=lambda n: {"type": "section", "fields": [plain("x")] * n}, most=10),
    Limit(name="field text", make=lambda n: {"type": "section", "fields": [mrkdwn("x" * n)]}, most=2000),
    Limit(name="header", make=lambda n: {"type": "header", "text": plain("x" * n)}, most=150),
    Limit(name="context elements", make=lambda n: {"type": "context", "elements": [plain("x")] * n}, most=10),
    Limit(name="context text", make=lambda n: {"type": "context", "elements": [mrkdwn("x" * n)]}, most=3000),
    Limit(name="action elements", make=lambda n: actions(*(button("b", str(i)) for i in range(n))), most=25),
    Limit(name="button text", make=lambda n: actions(button("x" * n)), most=75),
    Limit(name="button value", make=lambda n: actions(button(value="x" * n)), most=2000),
    Limit(name="button url", make=lambda n: actions(button(url="x" * n)), most=3000),
    Limit(name="accessibility label", make=lambda n: actions(button(accessibility_label="x" * n)), most=75),
    Limit(name="action_id", make=lambda n: actions(button("b", "x" * n)), most=255),
    Limit(name="block_id", make=lambda n: section("x", block_id="x" * n), most=255),
    Limit(name="options", make=lambda n: actions(_select(options=_options(n))), most=100),
    Limit(name="option groups", make=lambda n: actions(_select(option_groups=_groups(n))), most=100),
    Limit(name="group options", make=lambda n: actions(_select(option_groups=_groups(1, n))), most=100),
    Limit(name="option text", make=lambda n: actions(_select(options=[option("x" * n, "v")])), most=75),
    Limit(name="option value", make=lambda n: actions(_select(options=[option("t", "x" * n)])), most=150, least=2),
    Limit(
        name="option description",
        make=lambda n: actions(_select(options=[{**option("t"), "description": plain("x" * n)}])),
        most=75,
    ),
    Limit(
        name="placeholder",
        make=lambda n: actions(_select(options=_options(1), placeholder=plain("x" * n))),
        most=150,
    ),
    Limit(name="checkboxes", make=lambda n: actions({"type": "checkboxes", "options": _options(n)}), most=10),
    Limit(name="radio buttons", make=lambda n: actions({"type": "radio_buttons", "options": _options(n)}), most=10),
    Limit(name="overflow", make=lambda n: section("x", accessory={"type": "overflow", "options": _options(n)}), most=5),
    Limit(name="confirm title", make=lambda n: _confirm(title=plain("x" * n)), most=100),
    Limit(name="confirm text", make=lambda n: _confirm(text=plain("x" * n)), most=300),
    Limit(name="confirm yes", make=lambda n: _confirm(confirm=plain("x" * n)), most=30),
    Limit(name="confirm no", make=lambda n: _confirm(deny=plain("x" * n)), most=30),
    Limit(name="image alt_text", make=lambda n: {"type": "image", "alt_text": "x" * n, **SOURCE}, most=2000),
    Limit(name="image url", make=lambda n: {"type": "image", "alt_text": "x", "image_url": "x" * n}, most=3000),
    Limit(name="table rows", make=_rows, most=100),
    Limit(name="table columns", make=lambda n: _rows(1, n), most=20),
    Limit(name="markdown", make=lambda n: {"type": "markdown", "text": "x" * n}, most=12_000),
    Limit(
        name="markdown in all", make=lambda n: [{"type": "markdown", "text": "x" * (n // 2)}] * 2, most=12_000, least=2
    ),
    Limit(name="blocks in a message", make=lambda n: [section("x")] * n, most=50, least=0),
]
IN_MODALS = [
    Limit(name="blocks", make=lambda n: modal(*([section("x")] * n)), most=100),
    Limit(name="title", make=lambda n: modal(section("x"), title=plain("x" * n)), most=24),
    Limit(name="submit", make=lambda n: modal(section("x"), submit=plain("x" * n)), most=24),
    Limit(name="close", make=lambda n: modal(section("x"), close=plain("x" * n)), most=24),
    Limit(name="private_metadata", make=lambda n: modal(section("x"), private_metadata="x" * n), most=3000, least=0),
    Limit(name="callback_id", make=lambda n: modal(section("x"), callback_id="x" * n), most=255, least=0),
    Limit(name="external_id", make=lambda n: modal(section("x"), external_id="x" * n), most=255, least=0),
    Limit(name="label", make=lambda n: modal({**typed("l"), "label": plain("x" * n)}), most=2000),
    Limit(name="hint", make=lambda n: modal({**typed("l"), "hint": plain("x" * n)}), most=2000),
    Limit(name="min_length", make=lambda n: modal(typed("l", min_length=n)), most=3000, least=0),
    Limit(name="max_length", make=lambda n: modal(typed("l", max_length=n)), most=3000),
    Limit(name="initial_value", make=lambda n: modal(typed("l", initial_value="x" * n)), most=3000, least=0),
    Limit(
        name="initial under max", make=lambda n: modal(typed("l", max_length=9, initial_value="x" * n)), most=9, least=0
    ),
    Limit(name="min under max", make=lambda n: modal(typed("l", max_length=9, min_length=n)), most=9, least=0),
    Limit(name="files", make=lambda n: modal(field("f", {"type": "file_input", "max_files": n})), most=10),
    Limit(name="alert", make=lambda n: modal({"type": "alert", "text": plain("x" * n)}), most=3000),
]


def _message(made: Json | list[Json]) -> list[str]:
    return [each.line for each in check_message(made if isinstance(made, list) else [made])]


def _view(made: Json | list[Json]) -> list[str]:
    assert isinstance(made, dict)
    return [each.line for each in check_view(made)]


@pytest.mark.parametrize("limit", IN_MESSAGES, ids=lambda each: each.name)
def test_in_a_message_the_edge_is_taken_and_one_over_it_refused(limit: Limit) -> None:
    assert _message(limit.make(limit.most)) == []
    assert _message(limit.make(limit.least)) == []
    assert _message(limit.make(limit.most + (2 if limit.name == "markdown in all" else 1)))


@pytest.mark.parametrize("limit", IN_MODALS, ids=lambda each: each.name)
def test_in_a_modal_the_edge_is_taken_and_one_over_it_refused(limit: Limit) -> None:
    assert _view(limit.make(limit.most)) == []
    assert _view(limit.make(limit.least)) == []
    assert _view(limit.make(limit.most + 1))


@pytest.mark.parametrize("limit", [each for each in IN_MESSAGES if each.least == 1], ids=lambda each: each.name)
def test_in_a_message_nothing_is_too_little(limit: Limit) -> None:
    assert _message(limit.make(0))


@pytest.mark.parametrize("limit", [each for each in IN_MODALS if each.least == 1], ids=lambda each: each.name)
def test_in_a_modal_nothing_is_too_little(limit: Limit) -> None:
    assert _view(limit.make(0))


def test_a_home_tab_has_up_to_a_hundred_blocks() -> None:
    assert check_view(home(*([section("x")] * 100))) == []
    assert check_view(home(*([section("x")] * 101)))
    assert check_view(home())


def test_suggestions_are_up_to_a_hundred_options_or_groups_of_a_hundred() -> None:
    assert check_options({"options": _options(100)}) == []
    assert check_options({"options": []}) == []
    assert check_options({"option_groups": _groups(100, 100)}) == []
    assert check_options({"options": _options(101)})
    assert check_options({"option_groups": _groups(1, 101)})
    assert check_options({"options": [], "option_groups": []})
