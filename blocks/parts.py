"""Small builders of Block Kit blocks: mrkdwn is always verbatim, plain text never turns `:words:` into pictures.

Limits: https://docs.slack.dev/reference/block-kit/blocks and .../composition-objects
"""

from blocks.message import Block
from blocks.text import bare

HEADER_MOST = 150
OPTION_MOST = 75
VALUE_MOST = 150
LABEL_MOST = 75
CONFIRM_MOST = 300


def plain(words: str) -> Block:
    """Make a plain_text object of words that are cleaned and short already."""
    return {"type": "plain_text", "text": words, "emoji": False}


def mrkdwn(words: str) -> Block:
    """Make a mrkdwn object; people's words in it have come through `text.inline`."""
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def header(words: str) -> Block:
    """Make a header of our own words."""
    return {"type": "header", "text": plain(bare(words, HEADER_MOST))}


def section(*lines: str) -> Block:
    """Make a section of mrkdwn lines, shown whole."""
    return {"type": "section", "text": mrkdwn("\n".join(lines)), "expand": True}


def context(*lines: str) -> Block:
    """Make one small grey text of mrkdwn lines."""
    return {"type": "context", "elements": [mrkdwn("\n".join(lines))]}


def alert(words: str, level: str = "warning") -> Block:
    """Make a notice that stands out; modals only."""
    return {"type": "alert", "level": level, "text": plain(words)}


def actions(*buttons: Block) -> Block:
    """Put buttons in a row."""
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action_id: str, value: str = "", *, style: str = "", about: str = "") -> Block:
    """Make a button; `about` is what a screen reader says besides the label."""
    made: Block = {"type": "button", "text": plain(label), "action_id": action_id}
    if value:
        made["value"] = value
    if style:
        made["style"] = style
    if about:
        made["accessibility_label"] = bare(f"{label} {about}", LABEL_MOST)
    return made


def confirm(title: str, words: str, yes: str, no: str) -> Block:
    """Ask once more before a press counts."""
    return {
        "title": plain(bare(title, 100)),
        "text": plain(bare(words, CONFIRM_MOST)),
        "confirm": plain(yes),
        "deny": plain(no),
    }


def quoted(label: str, words: str) -> Block:
    """Quote what somebody wrote below a label; rich text parses nothing."""
    return _labelled(label, {"type": "rich_text_quote", "elements": [{"type": "text", "text": words}]})


def preformatted(label: str, words: str) -> Block:
    """Show code below a label; rich text parses nothing."""
    return _labelled(label, {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words}]})


def _labelled(label: str, element: Block) -> Block:
    bold = {"type": "text", "text": label, "style": {"bold": True}}
    top = [{"type": "rich_text_section", "elements": [bold]}] if label else []
    return {"type": "rich_text", "elements": [*top, element]}


def option(words: str, value: str, description: str = "") -> Block:
    """Make one option of a select."""
    made: Block = {"text": plain(bare(words, OPTION_MOST)), "value": value}
    if description:
        made["description"] = plain(bare(description, OPTION_MOST))
    return made
