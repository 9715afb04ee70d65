"""What a person reads: mrkdwn, mentions, dates in their zone, rich text; and whom a message notifies."""

from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from sandbox.slack import Person, Workspace
from sandbox.slack.mrkdwn import Show, plain, render
from sandbox.slack.reader import Reader
from sandbox.slack.wire import Json
from tests.sandbox.slack.bolt_apps import Clock
from tests.sandbox.slack.kit import mrkdwn, section

NOON = 1_700_000_000
"""14 November 2023, 22:13:20 UTC."""
Read = Callable[..., str]


@pytest.fixture
def read(workspace: Workspace, clock: Clock) -> Read:
    """Read mrkdwn as Ada does, in Berlin."""
    clock.at = NOON
    profile = workspace.people.named("ada")
    assert profile
    reader = Reader(workspace=workspace, profile=profile)

    def shown(text: str, *, verbatim: bool = True) -> str:
        return plain(render(text, reader, verbatim=verbatim))

    return shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt;", "&lt;"),
        ("<@W0GRACE> and <@U0NOBODY>", "@grace and <@U0NOBODY>"),
        ("<#C0OWNERS> <#C0SECRET>", "#owners #secret"),
        ("<!subteam^S0OWNERS>", "@owners-team"),
        ("<!channel>", "@channel"),
        ("<https://example.com/a?b=1&amp;c=2|the page>", "the page"),
        ("<https://example.com>", "https://example.com"),
        ("<mailto:ada@example.com>", "ada@example.com"),
        ("*bold* _it_ ~gone~ `code *kept*` prod_pay_eu", "bold it gone code *kept* prod_pay_eu"),
        ("*<@W0GRACE>* asks", "@grace asks"),
        ("```\nlines\n```", "\nlines\n"),
        ("&gt; quoted", "quoted"),
        ("@here #owners https://example.com", "@here #owners https://example.com"),
        ("<!date^1700000000^{date_short} at {time}|then>", "Nov 14, 2023 at 11:13 PM"),
        ("<!date^1700000000^{date_num} {time_secs}|then>", "2023-11-14 11:13:20 PM"),
        ("<!date^1700000000^{date_long}^https://example.com|then>", "Tuesday, November 14th, 2023"),
        ("<!date^1700003600^{date_short_pretty}|then>", "tomorrow"),
        ("<!date^1699900000^{date_pretty}|then>", "yesterday"),
        ("<!date^1699999000^{ago}|then>", "16 minutes ago"),
        ("<!date^1700007200^{ago}|then>", "in 2 hours"),
        ("<!date^soon^{date}|then>", "then"),
        ("<!date^1700000000^{nonsense}|then>", "then"),
    ],
)
def test_mrkdwn_is_shown_as_slack_shows_it(read: Read, written: str, shown: str) -> None:
    assert read(written) == shown


def test_everybody_reads_times_in_their_own_zone(client: WebClient, ada: Person, grace: Person) -> None:
    text = "ends <!date^1700000000^{time}|then>"
    client.chat_postMessage(channel="C0OWNERS", text=text, blocks=[section(text)])

    assert ada.channel("#owners")[0].text == "ends 11:13 PM"
    assert grace.channel("#owners")[0].text == "ends 5:13 PM"


def test_text_that_is_not_verbatim_is_parsed_by_itself(workspace: Workspace) -> None:
    reader = Reader(workspace=workspace, profile=workspace.people.by_id["W0GRACE"])

    shown = render("@here #owners #nowhere https://example.com a@here.com", reader, verbatim=False)

    found = [(each.show, each.target) for each in shown if each.show is not Show.TEXT]
    assert found == [
        (Show.BROADCAST, "here"),
        (Show.CHANNEL, "C0OWNERS"),
        (Show.LINK, "https://example.com"),
    ]


def test_a_private_channel_is_not_named_to_outsiders(workspace: Workspace) -> None:
    reader = Reader(workspace=workspace, profile=workspace.people.by_id["W0GRACE"])

    assert plain(render("<#C0SECRET>", reader, verbatim=True)) == "private channel"


@pytest.mark.parametrize(
    ("text", "blocks", "notified"),
    [
        ("<!channel> look", [], ["channel"]),
        ("@channel look", [], []),
        ("&lt;!channel&gt; look", [], []),
        ("t", [section("<!here> and <@W0GRACE>")], ["here", "W0GRACE"]),
        ("t", [section("@everyone")], []),
        ("t", [{"type": "section", "text": mrkdwn("@everyone", verbatim=False)}], ["everyone"]),
        ("t", [{"type": "section", "text": {"type": "mrkdwn", "text": "@here"}}], ["here"]),
        ("t", [{"type": "section", "text": {"type": "plain_text", "text": "<!channel> @here"}}], []),
        ("t", [section("<!subteam^S0OWNERS>")], ["S0OWNERS"]),
        (
            "t",
            [
                {
                    "type": "rich_text",
                    "elements": [
                        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "<!channel> @here"}]}
                    ],
                }
            ],
            [],
        ),
    ],
)
def test_a_message_notifies_whom_its_unescaped_words_name(
    client: WebClient, ada: Person, text: str, blocks: list[Json], notified: list[str]
) -> None:
    client.chat_postMessage(channel="C0OWNERS", text=text, blocks=blocks)

    assert ada.channel("#owners")[0].notifies == notified


def test_rich_text_is_read_as_it_is_written(client: WebClient, ada: Person) -> None:
    """It parses nothing: stars and angle brackets are shown."""
    parts = [
        {"type": "text", "text": "*a* <!channel> "},
        {"type": "user", "user_id": "W0GRACE"},
        {"type": "emoji", "name": "tada"},
        {"type": "link", "url": "https://example.com", "text": "page"},
        {"type": "channel", "channel_id": "C0OWNERS"},
        {"type": "usergroup", "usergroup_id": "S0OWNERS"},
        {"type": "color", "value": "#fff"},
        {"type": "date", "timestamp": NOON, "format": "{date_num}", "fallback": "then"},
    ]
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": each}]} for each in ("one", "two")]
    elements = [
        {"type": "rich_text_quote", "elements": parts},
        {"type": "rich_text_list", "style": "bullet", "elements": items},
    ]
    client.chat_postMessage(channel="C0OWNERS", text="t", blocks=[{"type": "rich_text", "elements": elements}])

    seen = ada.channel("#owners")[0].text
    assert seen == "*a* <!channel> @grace:tada:page#owners@owners-team#fff2023-11-14\none\ntwo"


def test_all_texts_of_blocks_are_read_and_the_top_level_text_is_the_notification(
    client: WebClient, ada: Person
) -> None:
    blocks: list[Json] = [
        {"type": "header", "text": {"type": "plain_text", "text": "Head *plain*"}},
        section("*Body*", fields=[mrkdwn("_field_")]),
        {"type": "context", "elements": [mrkdwn("small"), {"type": "image", "alt_text": "alt", "image_url": "u"}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]},
        {"type": "divider"},
    ]
    client.chat_postMessage(channel="C0OWNERS", text="*Stands* alone", blocks=blocks)

    seen = ada.channel("#owners")[0]
    assert seen.text.split("\n") == ["Head *plain*", "Body", "field", "small", "alt", "a\tb"]
    assert seen.notification == "Stands alone"
