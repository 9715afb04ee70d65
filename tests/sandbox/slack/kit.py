"""Block Kit pieces and a check for refusals, shared by the sandbox's tests."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]


def plain(text: str) -> Json:
    """Make a plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, *, verbatim: bool = True) -> Json:
    """Make a mrkdwn object."""
    return {"type": "mrkdwn", "text": text, "verbatim": verbatim}


def section(text: str, **more: Any) -> Json:
    """Make a section of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "Approve", action_id: str = "approve", **more: Any) -> Json:
    """Make a button."""
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    """Make an actions block."""
    return {"type": "actions", "elements": list(elements)}


def option(text: str, value: str = "") -> Json:
    """Make an option whose value is its text unless said otherwise."""
    return {"text": plain(text), "value": value or text}


def field(label: str, element: Json, **more: Any) -> Json:
    """Make an input block whose ids are its label."""
    return {
        "type": "input",
        "block_id": label,
        "label": plain(label),
        "element": {"action_id": label, **element},
        **more,
    }


def typed(label: str, **more: Any) -> Json:
    """Make an input block with a text field."""
    return field(label, {"type": "plain_text_input", **more})


def modal(*blocks: Json, **more: Any) -> Json:
    """Make a modal with a submit button."""
    return {"type": "modal", "title": plain("A modal"), "submit": plain("Go"), "blocks": list(blocks), **more}


def home(*blocks: Json) -> Json:
    """Make a Home tab."""
    return {"type": "home", "blocks": list(blocks)}


def refusal(call: Callable[..., Any], **arguments: Any) -> Json:
    """Make a call that Slack refuses, and give its answer."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    answer: Json = caught.value.response.data
    return answer


def error(call: Callable[..., Any], **arguments: Any) -> str:
    """Make a call that Slack refuses, and give the error's code."""
    return str(refusal(call, **arguments)["error"])
