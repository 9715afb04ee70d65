"""What a Slack client checks before it sends a form: required fields, lengths, numbers, addresses."""

import re

from sandbox.slack.elements import value_of
from sandbox.slack.views import View
from sandbox.slack.wire import Json

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def form_errors(view: View) -> dict[str, str]:
    """Find what must be mended before submitting, by block_id."""
    inputs = [block for block in view.content["blocks"] if block["type"] == "input"]
    found = {block["block_id"]: _error(block, view) for block in inputs}
    return {block_id: words for block_id, words in found.items() if words}


def _error(block: Json, view: View) -> str:
    element = block["element"]
    value = value_of(view.inputs[block["block_id"], element["action_id"]])
    if not value or (isinstance(value, str) and not value.strip()):
        return "" if block.get("optional") else REQUIRED
    return _wrong(element, value) if isinstance(value, str) else ""


def _wrong(element: Json, value: str) -> str:
    match element["type"]:
        case "plain_text_input":
            return _wrong_length(element, value)
        case "email_text_input":
            return "" if _EMAIL.fullmatch(value) else "Please enter a valid email address."
        case "url_text_input":
            return "" if value.startswith(("http://", "https://")) else "Please enter a valid URL."
        case "number_input":
            return _wrong_number(element, value)
        case _:
            return ""


def _wrong_length(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return ""


def _wrong_number(element: Json, value: str) -> str:
    if not _NUMBER.fullmatch(value) or ("." in value and not element["is_decimal_allowed"]):
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if (low and float(value) < float(low)) or (high and float(value) > float(high)):
        return "Please enter a number in range."
    return ""
