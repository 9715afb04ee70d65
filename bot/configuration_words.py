"""Puts pydantic's findings into words: what is wrong, and what to write instead; pure."""

from collections.abc import Mapping
from typing import Any

from bot.configuration_model import part_at
from bot.configuration_yaml import Mark, Path

_KINDS = {
    "list_type": "it must be a list, such as [one, two].",
    "tuple_type": "it must be a list, such as [one, two].",
    "bool_type": "it must be true or false.",
    "bool_parsing": "it must be true or false.",
    "model_type": "it must be a mapping of settings.",
    "model_attributes_type": "it must be a mapping of settings.",
    "dict_type": "it must be a mapping, such as {{U0123ABCD: ada@example.com}}.",
    "string_too_long": "it must have at most {max_length} characters.",
    "too_long": "it must have at most {max_length} entries.",
    "string_too_short": "it must not be empty.",
}


def words_for(error: Mapping[str, Any], path: Path, mark: Mark) -> str:
    """Say what one of pydantic's errors means for the person who wrote the file."""
    kind = error["type"]
    context = error.get("ctx") or {}
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return _missing(path)
    if kind == "string_type":
        return _text(path, mark)
    return _KINDS[kind].format(**context) if kind in _KINDS else f"{error['msg']}."


def where(path: Path) -> str:
    """Write a path as people read it: `accounts[0].owners[1]`."""
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return written.removeprefix(".")


def _missing(path: Path) -> str:
    part = part_at(path[:-1])
    field = part.model_fields.get(str(path[-1])) if part else None
    example = field.examples[0] if field and field.examples else "…"
    return f"it is missing: write {path[-1]}: {example}"


def _text(path: Path, mark: Mark) -> str:
    if path[:1] == ("accounts",) and path[-1] == "id" and mark.written.isdigit():
        octal = " in base 8, because of its leading 0" if mark.written.startswith("0") else ""
        return f'without quotes YAML reads a number{octal}: write "{mark.written}" in quotes.'
    if mark.written:
        return f'it must be text: write "{mark.written}" in quotes.'
    return "it must be one piece of text."
