"""What Block Kit refuses besides sizes: unknown things, wrong texts, wrong places, things standing twice."""

import pytest

from sandbox.slack.block_rules import check_message, check_view, text_length
from sandbox.slack.wire import Json
from tests.sandbox.slack.kit import actions, button, field, home, modal, mrkdwn, option, plain, section, typed

CHOICE = {"type": "static_select", "options": [option("a"), option("b")]}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
PICTURE = {"type": "image", "alt_text": "x", "image_url": "https://example.com/a.png"}

IN_MESSAGES: list[tuple[str, list[Json], str]] = [
    ("an unknown block", [{"type": "sction"}], "unsupported type: sction [json-pointer:/blocks/0/type]"),
    ("a block without type", [{}], "missing required field: type [json-pointer:/blocks/0]"),
    ("an unknown key", [section("x", colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    (
        "an unknown element",
        [actions({"type": "knob"})],
        "unsupported type: knob [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "an unknown key in an element",
        [actions(button(labels="x"))],
        "invalid additional property: labels [json-pointer:/blocks/0/elements/0]",
    ),
    ("an empty text", [section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    (
        "mrkdwn in a header",
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    (
        "mrkdwn on a button",
        [actions(button(text={"type": "mrkdwn", "text": "x"}))],
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    (
        "mrkdwn in an option",
        [actions({"type": "static_select", "options": [{"text": mrkdwn("x"), "value": "v"}]})],
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/elements/0/options/0/text/type]",
    ),
    (
        "verbatim plain text",
        [{"type": "section", "text": plain("x") | {"verbatim": True}}],
        "invalid additional property: verbatim [json-pointer:/blocks/0/text]",
    ),
    (
        "a section without text",
        [{"type": "section"}],
        "must provide at least one of: text, fields [json-pointer:/blocks/0]",
    ),
    (
        "a text that is a string",
        [{"type": "section", "text": "x"}],
        "missing required field: type [json-pointer:/blocks/0/text]",
    ),
    ("a block_id twice", [section("x", block_id="b")] * 2, "duplicate block_id: b [json-pointer:/blocks]"),
    (
        "an action_id twice in one block",
        [actions(button("a", "x"), button("b", "x"))],
        "duplicate action_id: x [json-pointer:/blocks/0]",
    ),
    (
        "an option value twice",
        [actions({"type": "static_select", "options": [option("a", "v"), option("b", "v")]})],
        "duplicate option value: v [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        "an initial option that is no option",
        [actions({**CHOICE, "initial_option": option("c")})],
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        "options and groups at once",
        [actions({**CHOICE, "option_groups": [{"label": plain("g"), "options": [option("a")]}]})],
        "must provide exactly one of: options, option_groups [json-pointer:/blocks/0/elements/0]",
    ),
    (
        "two primary buttons",
        [actions(button("a", "1", style="primary"), button("b", "2", style="primary"))],
        "no more than 1 primary button allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        "an unknown style",
        [actions(button(style="loud"))],
        "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    (
        "an alert in a message",
        [{"type": "alert", "text": plain("x")}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    ("two tables", [TABLE, TABLE], "only one table allowed [json-pointer:/blocks]"),
    (
        "a text field among actions",
        [actions({"type": "plain_text_input"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a datetimepicker as accessory",
        [section("x", accessory={"type": "datetimepicker"})],
        "unsupported type: datetimepicker [json-pointer:/blocks/0/accessory/type]",
    ),
    (
        "a file field in a message",
        [field("f", {"type": "file_input"})],
        "unsupported type: file_input [json-pointer:/blocks/0/element/type]",
    ),
    (
        "a button in an input",
        [field("f", button())],
        "unsupported type: button [json-pointer:/blocks/0/element/type]",
    ),
    (
        "a picture without source",
        [{"type": "image", "alt_text": "x"}],
        "must provide at least one of: image_url, slack_file [json-pointer:/blocks/0]",
    ),
    (
        "an unknown rich text element",
        [{"type": "rich_text", "elements": [{"type": "rich_text_song", "elements": []}]}],
        "unsupported type: rich_text_song [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        "a mention in preformatted text",
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}],
            }
        ],
        "unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
]
IN_VIEWS: list[tuple[str, Json, str]] = [
    ("an unknown kind of view", {"type": "window"}, "unsupported type: window [json-pointer:/view/type]"),
    (
        "a modal without title",
        {"type": "modal", "blocks": [section("x")]},
        "missing required field: title [json-pointer:/view]",
    ),
    ("an unknown key", modal(section("x"), size="large"), "invalid additional property: size [json-pointer:/view]"),
    ("an input without submit", modal(typed("l"), submit=None), "missing required field: submit [json-pointer:/view]"),
    (
        "a home with a title",
        home(section("x")) | {"title": plain("t")},
        "invalid additional property: title [json-pointer:/view]",
    ),
    ("a table in a modal", modal(TABLE), "unsupported type: table [json-pointer:/view/blocks/0/type]"),
    (
        "a card in a modal",
        modal({"type": "card", "body": plain("x")}),
        "unsupported type: card [json-pointer:/view/blocks/0/type]",
    ),
    (
        "an alert in a home",
        home({"type": "alert", "text": plain("x")}),
        "unsupported type: alert [json-pointer:/view/blocks/0/type]",
    ),
    (
        "a number without its decimals said",
        modal(field("n", {"type": "number_input"})),
        "missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]",
    ),
    (
        "a number that is no string",
        modal(field("n", {"type": "number_input", "is_decimal_allowed": True, "min_value": 1})),
        "must provide a number as a string [json-pointer:/view/blocks/0/element/min_value]",
    ),
    (
        "numbers the wrong way round",
        modal(field("n", {"type": "number_input", "is_decimal_allowed": True, "min_value": "2", "max_value": "1"})),
        "must not be more than max_value [json-pointer:/view/blocks/0/element/min_value]",
    ),
    (
        "lengths the wrong way round",
        modal(typed("l", min_length=5, max_length=4)),
        "must not be more than max_length [json-pointer:/view/blocks/0/element/min_length]",
    ),
    (
        "nothing to select",
        modal(field("m", {"type": "multi_static_select", "options": [option("a")], "max_selected_items": 0})),
        "must be between 1 and 1000000000 [json-pointer:/view/blocks/0/element/max_selected_items]",
    ),
    (
        "two elements with the focus",
        modal(typed("a", focus_on_load=True), typed("b", focus_on_load=True)),
        "only one element may have focus_on_load [json-pointer:/view]",
    ),
    (
        "a file field that tells of changes",
        modal(field("f", {"type": "file_input"}, dispatch_action=True)),
        "must be false with a file_input [json-pointer:/view/blocks/0/dispatch_action]",
    ),
    ("a label of mrkdwn", modal({**typed("l"), "label": {"type": "mrkdwn", "text": "x"}}), "plain_text"),
    (
        "a moment of eleven digits",
        modal(field("d", {"type": "datetimepicker", "initial_date_time": 10_000_000_000})),
        "must be between 1000000000 and 9999999999 [json-pointer:/view/blocks/0/element/initial_date_time]",
    ),
]


@pytest.mark.parametrize(("blocks", "line"), [each[1:] for each in IN_MESSAGES], ids=[each[0] for each in IN_MESSAGES])
def test_a_message_is_refused_with(blocks: list[Json], line: str) -> None:
    assert line in [each.line for each in check_message(blocks)]


@pytest.mark.parametrize(("view", "line"), [each[1:] for each in IN_VIEWS], ids=[each[0] for each in IN_VIEWS])
def test_a_view_is_refused_with(view: Json, line: str) -> None:
    found = [each.line for each in check_view(view)]
    assert any(line in each for each in found), found


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}, PICTURE, section("x", expand=True, fields=[plain("f")])],
        [{"type": "context", "elements": [PICTURE, mrkdwn("x"), plain("y")]}],
        [actions(button("a", "1", style="primary"), button("b", "2", style="danger"), CHOICE)],
        [actions(button("a", "x")), actions(button("b", "x"))],
        [field("l", CHOICE)],
        [TABLE, {"type": "card", "title": mrkdwn("t"), "actions": [button()]}],
        [{"type": "data_visualization", "anything": 1}] * 2,
        [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "x", "style": {"bold": True}},
                            {"type": "user", "user_id": "U1"},
                            {"type": "link", "url": "https://example.com"},
                            {"type": "broadcast", "range": "here"},
                            {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "f"},
                        ],
                    },
                    {
                        "type": "rich_text_list",
                        "style": "bullet",
                        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "i"}]}],
                    },
                    {"type": "rich_text_quote", "elements": [{"type": "text", "text": "q"}]},
                    {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "p"}]},
                ],
            }
        ],
    ],
)
def test_sound_blocks_are_taken(blocks: list[Json]) -> None:
    assert check_message(blocks) == []


@pytest.mark.parametrize(
    "element",
    [
        {"type": "external_select", "min_query_length": 0, "placeholder": plain("p")},
        {"type": "multi_external_select", "max_selected_items": 10},
        {"type": "users_select", "initial_user": "U1"},
        {"type": "multi_users_select", "initial_users": ["U1"]},
        {"type": "conversations_select", "filter": {"include": ["im"]}, "response_url_enabled": True},
        {"type": "channels_select"},
        {"type": "radio_buttons", "options": [{"text": mrkdwn("a"), "value": "a"}]},
        {"type": "checkboxes", "options": [option("a")], "initial_options": [option("a")]},
        {"type": "datepicker", "initial_date": "2026-11-23"},
        {"type": "timepicker", "initial_time": "23:59"},
        {"type": "datetimepicker", "initial_date_time": 1_700_000_000},
        {"type": "email_text_input"},
        {"type": "url_text_input"},
        {"type": "number_input", "is_decimal_allowed": False, "initial_value": "3", "min_value": "1", "max_value": "5"},
        {"type": "rich_text_input"},
        {"type": "plain_text_input", "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}},
    ],
    ids=lambda each: str(each["type"]),
)
def test_every_element_of_a_form_is_known(element: Json) -> None:
    assert check_view(modal(field("It", element))) == []
    assert check_view(modal(field("It", {**element, "nonsense": 1})))


def test_all_texts_are_counted_together() -> None:
    blocks = [section("four"), actions(button("six__6")), {"type": "context", "elements": [plain("ten_______")]}]

    assert text_length(blocks) == 20
