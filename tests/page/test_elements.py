"""Every block and element as somebody uses it, in views that no bot of ours would build."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.page.studio import Studio, opened_studio, plain

MOMENT = 1_800_000_000
"""A moment that is 9:00 on 15 January 2027 in Berlin."""


def option(value: str) -> dict[str, Any]:
    """Make an option whose words are its value in capitals."""
    return {"text": plain(value.upper()), "value": value}


OPTIONS = [option(each) for each in ("one", "two", "three")]


def field(kind: str, **more: Any) -> dict[str, Any]:
    """Make an input block labelled Field."""
    element = {"type": kind, "action_id": "a"} | more
    return {"type": "input", "block_id": "b", "label": plain("Field"), "element": element}


@pytest.fixture(scope="module")
def studio(browser: Browser) -> Iterator[Studio]:
    """Open a workspace for all tests of this file."""
    with opened_studio(browser) as studio:
        yield studio


def test_a_static_select_holds_the_option_chosen(studio: Studio) -> None:
    """Choosing puts the whole option into the state, and choosing nothing takes it out."""
    view = studio.shows(field("static_select", options=OPTIONS))
    studio.page.get_by_label("Field").select_option("TWO")
    assert studio.value(view, "selected_option") == option("two")
    studio.page.get_by_label("Field").select_option("")
    assert studio.value(view, "selected_option") is None


def test_grouped_options_stand_in_their_groups(studio: Studio) -> None:
    """Groups of options are named, and chosen from."""
    groups = [{"label": plain("Odd"), "options": [OPTIONS[0]]}, {"label": plain("Even"), "options": [OPTIONS[1]]}]
    view = studio.shows(field("static_select", option_groups=groups, initial_option=OPTIONS[0]))
    expect(studio.page.locator("optgroup")).to_have_count(2)
    studio.page.get_by_label("Field").select_option("TWO")
    assert studio.value(view, "selected_option") == option("two")


def test_several_are_chosen_and_taken_away(studio: Studio) -> None:
    """A multi-select finds by typing, shows what is chosen, keeps to its limit and lets go of each."""
    view = studio.shows(field("multi_static_select", options=OPTIONS, max_selected_items=2))
    for words in ("ONE", "TWO", "THREE"):
        studio.page.get_by_label("Field").fill(words.lower())
        studio.page.get_by_role("option", name=words).click()
    assert studio.value(view, "selected_options") == [option("one"), option("two")]
    studio.page.get_by_role("button", name="Remove ONE").click()
    expect(studio.page.locator(".chips li")).to_have_count(1)
    assert studio.value(view, "selected_options") == [option("two")]


def test_a_list_is_used_with_the_keyboard(studio: Studio) -> None:
    """Arrows move, Enter takes, and Escape closes the list but not the modal."""
    view = studio.shows(field("multi_static_select", options=OPTIONS))
    studio.page.get_by_label("Field").focus()
    studio.page.get_by_role("option").first.wait_for()
    studio.page.keyboard.press("ArrowDown")
    studio.page.keyboard.press("ArrowDown")
    studio.page.keyboard.press("Enter")
    expect(studio.page.locator(".chips li")).to_contain_text("TWO")
    studio.page.get_by_label("Field").click()
    studio.page.get_by_role("option").first.wait_for()
    studio.page.keyboard.press("Escape")
    expect(studio.page.get_by_role("listbox")).to_be_hidden()
    assert studio.workspace.views.top(view.user) is view


def test_radio_buttons_and_checkboxes(studio: Studio) -> None:
    """One of several, and any of several."""
    view = studio.shows(field("radio_buttons", options=OPTIONS, initial_option=OPTIONS[0]))
    studio.page.get_by_label("TWO").check()
    assert studio.value(view, "selected_option") == option("two")
    view = studio.shows(field("checkboxes", options=OPTIONS))
    studio.page.get_by_label("ONE").check()
    studio.page.get_by_label("THREE").check()
    assert studio.value(view, "selected_options") == [option("one"), option("three")]
    studio.page.get_by_label("ONE").uncheck()
    assert studio.value(view, "selected_options") == [option("three")]


def test_people_are_chosen_by_name(studio: Studio) -> None:
    """A users select lists everybody, and holds an id."""
    view = studio.shows(field("users_select"))
    studio.page.get_by_label("Field").select_option("Ben Bold")
    ben = studio.workspace.people.named("ben")
    assert ben
    assert studio.value(view, "selected_user") == ben.id


def test_a_moment_is_read_by_the_persons_own_clock(studio: Studio) -> None:
    """A datetime picker shows and takes local time, and holds Unix seconds."""
    view = studio.shows(field("datetimepicker", initial_date_time=MOMENT))
    expect(studio.page.get_by_label("Field")).to_have_value("2027-01-15T09:00")
    studio.page.get_by_label("Field").fill("2027-01-15T10:30")
    assert studio.value(view, "selected_date_time") == MOMENT + 5400


def test_dates_and_times(studio: Studio) -> None:
    """Pickers of a day or an hour hold them as Slack writes them."""
    view = studio.shows(field("datepicker"))
    studio.page.get_by_label("Field").fill("2027-01-15")
    assert studio.value(view, "selected_date") == "2027-01-15"
    view = studio.shows(field("timepicker"))
    studio.page.get_by_label("Field").fill("09:30")
    assert studio.value(view, "selected_time") == "09:30"


def test_text_keeps_its_lines_and_its_limits(studio: Studio) -> None:
    """A text area holds lines as typed, takes no more than it may, and counts what is left."""
    view = studio.shows(field("plain_text_input", multiline=True, max_length=12))
    studio.page.get_by_label("Field").press_sequentially("a b\nc < d & e and more")
    expect(studio.page.get_by_text("0 characters left")).to_be_visible()
    studio.page.get_by_text("Try it").click()
    assert studio.value(view, "value") == "a b\nc < d & "


def test_mistakes_are_answered_beside_the_field(studio: Studio) -> None:
    """A client of Slack's checks required fields and lengths before anything is sent."""
    studio.shows(field("plain_text_input", min_length=5))
    studio.page.get_by_label("Field").fill("abc")
    studio.page.keyboard.press("Enter")
    expect(studio.page.get_by_role("alert")).to_have_text("Please enter at least 5 characters.")
    expect(studio.page.get_by_label("Field")).to_be_focused()
    expect(studio.page.get_by_label("Field")).to_have_value("abc")


def test_a_file_is_named(studio: Studio, tmp_path: Path) -> None:
    """A file input keeps the name and size of what was chosen; nothing is uploaded."""
    path = tmp_path / "proof.txt"
    path.write_text("four", encoding="utf-8")
    view = studio.shows(field("file_input"))
    studio.page.get_by_label("Field").set_input_files(path)
    expect(studio.page.get_by_text("proof.txt")).to_be_visible()
    held = studio.value(view, "files")
    assert [(each["name"], each["size"]) for each in held] == [("proof.txt", 4)]


def test_an_overflow_menu_and_a_button_without_a_bot(studio: Studio) -> None:
    """Pressing where no bot listens ends in Slack's words, and the modal stays."""
    menu = {"type": "overflow", "action_id": "menu", "options": [option("one"), option("two")]}
    studio.shows({"type": "section", "block_id": "s", "text": plain("More"), "accessory": menu}, submit=False)
    studio.page.get_by_label("More actions").click()
    studio.page.get_by_role("button", name="TWO").click()
    expect(studio.page.locator("#toasts")).to_contain_text("We had some trouble connecting")
    expect(studio.window.modal).to_be_visible()


def test_three_modals_stack_and_go_one_by_one(studio: Studio) -> None:
    """The top of the stack is shown with its depth; Escape closes one, the cross all."""
    view = studio.shows({"type": "divider"}, submit=False)
    for depth in (2, 3):
        with studio.workspace.lock:
            content = {"type": "modal", "title": plain(f"Level {depth}"), "blocks": [{"type": "divider"}]}
            studio.workspace.views.push(view.user, content, 0)
            studio.workspace.announce("view_opened", user=view.user)
        expect(studio.window.modal).to_contain_text(f"{depth} of 3")
    studio.page.keyboard.press("Escape")
    expect(studio.window.modal).to_contain_text("Level 2")
    studio.page.get_by_label("Close this and everything under it").click()
    expect(studio.window.modal).to_have_count(0)
    assert studio.workspace.views.top(view.user) is None
