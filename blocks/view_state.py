"""Reading what Slack sends of a view: anything in it may be missing or of the wrong type, and then counts as empty."""

from collections.abc import Mapping


def part(value: object, key: str) -> object:
    """Take one part of a mapping; None where it is no mapping or has no such part."""
    return value.get(key) if isinstance(value, Mapping) else None


def string(value: object) -> str:
    """Take a string; empty where it is none."""
    return value if isinstance(value, str) else ""


def answers_of(view: object) -> dict[str, object]:
    """Map action id to what was answered there, whatever the block id."""
    values = part(part(view, "state"), "values")
    found: dict[str, object] = {}
    for block in values.values() if isinstance(values, Mapping) else ():
        if isinstance(block, Mapping):
            found.update({str(action): answer for action, answer in block.items()})
    return found


def initial_answers(view: object) -> dict[str, object]:
    """Map action id to what each input starts with: the answer to views.open has no state of its own yet."""
    blocks = part(view, "blocks")
    elements = [part(each, "element") for each in blocks] if isinstance(blocks, list) else []
    return {
        string(part(each, "action_id")): {
            "value": part(each, "initial_value"),
            "selected_option": part(each, "initial_option"),
            "selected_options": part(each, "initial_options"),
        }
        for each in elements
        if string(part(each, "action_id"))
    }


def inputs_of(blocks: object) -> dict[str, str]:
    """Map block id to action id, for all input blocks."""
    inputs = [each for each in blocks if part(each, "type") == "input"] if isinstance(blocks, list) else []
    found = {string(part(each, "block_id")): string(part(part(each, "element"), "action_id")) for each in inputs}
    return {block_id: action for block_id, action in found.items() if block_id and action}


def typed(answers: Mapping[str, object], action: str) -> str:
    """Take the text typed into an input."""
    return string(part(answers.get(action), "value"))


def chosen(answers: Mapping[str, object], action: str) -> str:
    """Take the value chosen in a select."""
    return string(part(part(answers.get(action), "selected_option"), "value"))


def chosen_many(answers: Mapping[str, object], action: str) -> tuple[str, ...]:
    """Take the values chosen in a select of several, each once."""
    options = part(answers.get(action), "selected_options")
    values = [string(part(each, "value")) for each in options] if isinstance(options, list) else []
    return tuple(dict.fromkeys(each for each in values if each))
