"""Nothing that a bot or a person writes becomes part of the page: every block with words that try to break out."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.page.studio import Studio, opened_studio, plain

HOSTILE = "\"'></textarea></script><script>window.broken=1</script><img src=x onerror=window.broken=1>{{7*7}}"
"""Breaks out of an attribute, a text area or a script, if anything lets it."""
ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
"""The same as an app writes it into mrkdwn, so that people read it as it is."""
JAVASCRIPT = "javascript:window.broken=1"


def mrkdwn(words: str = ESCAPED) -> dict[str, Any]:
    """Make a mrkdwn object."""
    return {"type": "mrkdwn", "text": words}


def option(value: str = HOSTILE) -> dict[str, Any]:
    """Make an option that is hostile in all it has."""
    return {"text": plain(HOSTILE), "value": value, "description": plain(HOSTILE)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    """Make a rich text block."""
    return {"type": "rich_text", "elements": list(elements)}


TEXT = {"type": "text", "text": HOSTILE}
STYLED = TEXT | {"style": {"bold": True, "italic": True, "strike": True, "code": True}}
CONFIRM = {"title": plain(HOSTILE), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
BUTTON = {"type": "button", "text": plain(HOSTILE), "action_id": HOSTILE, "value": HOSTILE, "confirm": CONFIRM}
SECTION = {"type": "rich_text_section", "elements": [TEXT, STYLED]}

BLOCKS: dict[str, dict[str, Any]] = {
    "header": {"type": "header", "text": plain(HOSTILE)},
    "section": {"type": "section", "text": mrkdwn(), "fields": [mrkdwn(), plain(HOSTILE)]},
    "unescaped mrkdwn": {"type": "section", "text": mrkdwn(HOSTILE)},
    "context": {"type": "context", "elements": [mrkdwn(), plain(HOSTILE)]},
    "actions": {"type": "actions", "block_id": HOSTILE, "elements": [BUTTON]},
    "image": {"type": "image", "alt_text": HOSTILE, "slack_file": {"id": "F1"}, "title": plain(HOSTILE)},
    "rich text": rich(SECTION),
    "quote": rich({"type": "rich_text_quote", "elements": [TEXT]}),
    "preformatted": rich({"type": "rich_text_preformatted", "elements": [TEXT]}),
    "list": rich({"type": "rich_text_list", "style": "bullet", "elements": [SECTION]}),
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": HOSTILE}, rich(SECTION)]]},
    "code": {"type": "section", "text": mrkdwn(f"`{ESCAPED}` and\n```{ESCAPED}```")},
    "quoted lines": {"type": "section", "text": mrkdwn(f"> {ESCAPED}\n&gt; more")},
    "unknown": {"type": "markdown", "text": HOSTILE},
}
OVERFLOW = {"type": "overflow", "action_id": "a", "options": [option(), option("2")]}
IN_MODALS: dict[str, dict[str, Any]] = {
    "alert": {"type": "alert", "level": "warning", "text": mrkdwn()},
    "overflow": {"type": "actions", "block_id": HOSTILE, "elements": [OVERFLOW]},
    "accessory": {"type": "section", "text": plain("words"), "accessory": BUTTON},
}
ELEMENTS: dict[str, dict[str, Any]] = {
    "static select": {"type": "static_select", "options": [option()], "placeholder": plain(HOSTILE)},
    "groups": {"type": "static_select", "option_groups": [{"label": plain(HOSTILE), "options": [option()]}]},
    "external select": {"type": "external_select", "initial_option": option(), "placeholder": plain(HOSTILE)},
    "multi select": {"type": "multi_external_select", "initial_options": [option()]},
    "radio buttons": {"type": "radio_buttons", "options": [option()]},
    "checkboxes": {"type": "checkboxes", "options": [option()], "initial_options": [option()]},
    "text": {"type": "plain_text_input", "initial_value": HOSTILE, "placeholder": plain(HOSTILE)},
    "lines": {"type": "plain_text_input", "initial_value": HOSTILE, "multiline": True},
    "people": {"type": "users_select"},
    "several people": {"type": "multi_users_select", "placeholder": plain(HOSTILE)},
    "file": {"type": "file_input"},
    "moment": {"type": "datetimepicker"},
    "number": {"type": "number_input", "is_decimal_allowed": True, "placeholder": plain(HOSTILE)},
}


@pytest.fixture(scope="module")
def studio(browser: Browser) -> Iterator[Studio]:
    """Open a workspace in which a person, too, has a hostile name."""
    with opened_studio(browser) as studio:
        studio.workspace.add_person("eve", real_name=HOSTILE)
        yield studio


def is_whole(studio: Studio) -> None:
    """Claim that nothing hostile has run or has become part of the page."""
    assert studio.page.evaluate("window.broken") is None
    assert studio.page.locator("img[src=x], body script, [onerror]").count() == 0
    assert "{{7*7}}" in studio.page.content()
    assert studio.window.complaints == []


@pytest.mark.parametrize("name", BLOCKS)
def test_no_block_breaks_out(studio: Studio, name: str) -> None:
    """A message's block shows hostile words as words."""
    said = studio.says(BLOCKS[name], text=ESCAPED)
    shown = studio.page.locator(f'[id="m{said.channel}-{said.ts.replace(".", "-")}"]')
    if name == "image":
        expect(shown.get_by_role("img")).to_have_accessible_name(HOSTILE)
    elif name != "unescaped mrkdwn":
        expect(shown).to_contain_text("<script>window.broken=1</script>")
    is_whole(studio)


@pytest.mark.parametrize("name", IN_MODALS)
def test_no_block_of_a_modal_breaks_out(studio: Studio, name: str) -> None:
    """A modal's block without any input shows hostile words as words."""
    studio.shows(IN_MODALS[name])
    if name == "overflow":
        studio.page.get_by_label("More actions").click()
    expect(studio.window.modal).to_contain_text("<script>window.broken=1</script>")
    is_whole(studio)


@pytest.mark.parametrize("name", ELEMENTS)
def test_no_element_breaks_out(studio: Studio, name: str) -> None:
    """A modal's element shows hostile words as words, in its label, hint, options and confirm dialog too."""
    element = ELEMENTS[name] | {"action_id": HOSTILE, "confirm": CONFIRM}
    block = {"type": "input", "block_id": HOSTILE, "label": plain(HOSTILE), "hint": plain(HOSTILE), "element": element}
    view = studio.shows(block | {"optional": True}, BLOCKS["actions"] | {"block_id": "other"})
    expect(studio.window.modal).to_contain_text("<script>window.broken=1</script>")
    with studio.workspace.lock:
        view.errors[HOSTILE] = HOSTILE
        studio.workspace.announce("view_changed", user=view.user)
    expect(studio.page.get_by_role("alert")).to_have_text(HOSTILE)
    is_whole(studio)


def test_an_address_that_runs_something_is_no_link(studio: Studio) -> None:
    """Only addresses of the web and of mail can be followed, from text, rich text and buttons."""
    link = {"type": "link", "url": JAVASCRIPT, "text": "press me"}
    studio.says(
        {"type": "section", "text": mrkdwn(f"<{JAVASCRIPT}|press me> <https://example.com|fine>")},
        rich({"type": "rich_text_section", "elements": [link]}),
        {"type": "actions", "elements": [{"type": "button", "text": plain("go"), "action_id": "a", "url": JAVASCRIPT}]},
    )
    expect(studio.page.get_by_role("link", name="fine")).to_have_attribute("href", "https://example.com")
    assert studio.page.locator('[href^="javascript"]').count() == 0


def test_a_hostile_name_is_a_name(studio: Studio) -> None:
    """People's names are words in the menu of people."""
    studio.window.goes_to(f"{studio.url}/as/eve")
    expect(studio.page.locator(".people summary")).to_contain_text("<script>")
    studio.window.types("/" + HOSTILE)
    expect(studio.page.locator("#toasts")).to_contain_text("is not a valid command")
    is_whole(studio)
