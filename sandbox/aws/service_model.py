"""Checks what is sent and answered against botocore's own service model: patterns, enums and lengths.

botocore checks none of these itself; AWS does.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

_CATEGORY = re.compile(r"\\p\{([A-Z])\}")
_CLASS_OR_CATEGORY = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\p\{[A-Z]\}")


@cache
def service_model(service: str) -> ServiceModel:
    """Load botocore's model of one service, such as `sso-admin`."""
    return botocore.session.get_session().get_service_model(service)


@cache
def operation_model(service: str, operation: str) -> OperationModel | None:
    """Find one operation; None where the service has none of this name."""
    model = service_model(service)
    return model.operation_model(operation) if operation in model.operation_names else None


def request_problems(service: str, operation: str, params: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with the parameters of a call, one sentence each."""
    model = operation_model(service, operation)
    if model is None:
        return [f"{service} has no operation {operation}"]
    return list(_problems(model.input_shape, params, "")) if model.input_shape else []


def answer_problems(service: str, operation: str, answer: Mapping[str, Any]) -> list[str]:
    """Say what is wrong with an answer, one sentence each."""
    model = operation_model(service, operation)
    if model is None or model.output_shape is None:
        return []
    return list(_problems(model.output_shape, answer, ""))


def may_answer(service: str, operation: str, code: str) -> bool:
    """Tell whether an error code is modelled for an operation."""
    model = operation_model(service, operation)
    return model is not None and any(code == each.name for each in model.error_shapes)


def _problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from _structure_problems(shape, value, path)
        case "list":
            yield from _list_problems(shape, value, path)
        case "string":
            yield from _string_problems(shape, value, path)
        case "integer" | "long":
            yield from _number_problems(shape, value, path)
        case "boolean" if not isinstance(value, bool):
            yield f"{path} must be true or false"


def _structure_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    assert isinstance(shape, StructureShape)  # noqa: S101 - tells the type checker what type_name said
    if shape.is_document_type:
        return
    if not isinstance(value, Mapping):
        yield f"{path} must be a structure"
        return
    yield from (f"{path}.{name} is required" for name in shape.required_members if name not in value)
    yield from (f"{path}.{name} is unknown" for name in value if name not in shape.members)
    if shape.is_tagged_union and len(value) != 1:
        yield f"{path} takes exactly one of {', '.join(shape.members)}"
    for name, member in shape.members.items():
        if name in value:
            yield from _problems(member, value[name], f"{path}.{name}")


def _list_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        yield f"{path} must be a list"
        return
    yield from _size_problems(shape, len(value), path)
    for position, item in enumerate(value):
        yield from _problems(shape.member, item, f"{path}[{position}]")  # type: ignore[attr-defined]


def _string_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{path} must be a string"
        return
    yield from _size_problems(shape, len(value), path)
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield f"{path} must be one of {', '.join(allowed)}"
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield f"{path} does not match {pattern}"


def _number_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield f"{path} must be a whole number"
        return
    yield from _size_problems(shape, value, path)


def _size_problems(shape: Shape, size: int, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{path} is {size}, below the least of {least}"
    if most is not None and size > most:
        yield f"{path} is {size}, over the most of {most}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    r"""Compile a pattern of the model as Java reads it: `\w` and `\d` are ASCII, `\p{L}` is a Unicode category."""
    return re.compile(_CLASS_OR_CATEGORY.sub(_spelled, pattern), re.ASCII)


def _spelled(found: re.Match[str]) -> str:
    inside = _CATEGORY.sub(lambda category: _characters()[category[1]], found[0])
    return inside if found[0].startswith("[") else f"[{inside}]"


@cache
def _characters() -> dict[str, str]:
    r"""Spell out the Unicode categories as ranges for a character class, because `re` knows no `\p`."""
    ranges: dict[str, list[list[int]]] = {}
    for point in range(0x110000):
        found = ranges.setdefault(unicodedata.category(chr(point))[0], [])
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return {letter: "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in found) for letter, found in ranges.items()}
