"""What a Slack client does with a modal: keeps what was typed, and sends it as state.values."""

from typing import Any

View = dict[str, Any]


def opened(view: View) -> View:
    """Show a modal: each input starts with its initial value."""
    return {**view, "id": "V0FORM", "hash": "1", "state": {"values": _values(view, {})}}


def updated(shown: View, view: View) -> View:
    """Show the modal anew: an input keeps what was typed only under the same block_id and action_id."""
    return {**view, "id": "V0FORM", "hash": "2", "state": {"values": _values(view, shown["state"]["values"])}}


def answered(shown: View, label: str, answer: str | list[str] | None) -> View:
    """Fill the input with this label, as a person does; the label must be there."""
    block = next(each for each in shown["blocks"] if each["type"] == "input" and each["label"]["text"] == label)
    values = {key: dict(each) for key, each in shown["state"]["values"].items()}
    element = block["element"]
    values[block["block_id"]] = {element["action_id"]: _answer(element, answer)}
    return {**shown, "state": {"values": values}}


def labels(view: View) -> list[str]:
    """List the labels of the inputs, in order."""
    return [each["label"]["text"] for each in view["blocks"] if each["type"] == "input"]


def element(view: View, label: str) -> dict[str, Any]:
    """Find the element of the input with this label."""
    found: dict[str, Any] = next(
        each["element"] for each in view["blocks"] if each["type"] == "input" and each["label"]["text"] == label
    )
    return found


def _values(view: View, kept: dict[str, Any]) -> dict[str, Any]:
    inputs = [each for each in view["blocks"] if each["type"] == "input"]
    return {
        each["block_id"]: {
            each["element"]["action_id"]: kept.get(each["block_id"], {}).get(each["element"]["action_id"])
            or _initial(each["element"])
        }
        for each in inputs
    }


def _initial(made: dict[str, Any]) -> dict[str, Any]:
    kind = made["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": made.get("initial_value")}
    if kind == "multi_external_select":
        return {"type": kind, "selected_options": made.get("initial_options", [])}
    return {"type": kind, "selected_option": made.get("initial_option")}


def _answer(made: dict[str, Any], answer: str | list[str] | None) -> dict[str, Any]:
    kind = made["type"]
    if kind == "plain_text_input":
        return {"type": kind, "value": answer}
    if isinstance(answer, list):
        return {"type": kind, "selected_options": [{"value": each} for each in answer]}
    return {"type": kind, "selected_option": answer and {"value": answer}}
