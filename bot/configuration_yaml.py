"""Reads YAML into plain values, remembering the line and the written text of each, and refusing what hides mistakes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Loader: type[yaml.SafeLoader] | type["yaml.CSafeLoader"] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Path: TypeAlias = tuple[str | int, ...]
DEEPEST = 30
_TAG = "tag:yaml.org,2002:"
_MERGE = _TAG + "merge"
_SCALARS = frozenset(_TAG + kind for kind in ("bool", "float", "int", "null"))
_GROUPS = frozenset({_TAG + "map", _TAG + "seq"})
_NO_TAG = "the tag {} has no meaning here: remove it."
_TEXTS = frozenset(_TAG + kind for kind in ("str", "timestamp", "value"))


class Mark(NamedTuple):
    """Where a value stands, and how it is written there (empty for lists and mappings)."""

    line: int
    written: str = ""


class Problem(NamedTuple):
    """One thing that is wrong; `path` may be empty where the line says it all."""

    line: int
    path: Path
    words: str


Speller: TypeAlias = Callable[[Path, str, frozenset[str]], tuple[str | None, str]]
"""(path of the mapping, key, all its keys) to (the key that was meant or None to leave it out, what is wrong or "")."""


@dataclass(slots=True)
class Document:
    """The values of one file, with the mark of each path."""

    data: object = None
    marks: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mark(self, path: Path) -> Mark:
        """Return the mark of a path, or the line of the nearest thing around it."""
        if path in self.marks:
            return self.marks[path]
        return Mark(self.mark(path[:-1]).line) if path else Mark(1)


def read_document(content: bytes, spell: Speller) -> Document:
    """Read one YAML document; syntax errors, duplicate keys and what `spell` finds are among its problems."""
    document = Document()
    try:
        node = yaml.compose(content.decode("utf-8-sig"), Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = f"this is not YAML: {error.problem or error.context}. Check indentation, quotes and colons."
        document.problems.append(Problem(mark.line + 1 if mark else 1, (), words))
    except (UnicodeDecodeError, yaml.YAMLError):
        document.problems.append(Problem(1, (), "this is not text in UTF-8: save the file as UTF-8."))
    else:
        if node is None:
            document.problems.append(Problem(1, (), "the file is empty: start from jitbot.example.yml."))
        else:
            document.data = _Reader(document, spell).read(node, ())
    return document


class _Reader:
    def __init__(self, document: Document, spell: Speller) -> None:
        self._document = document
        self._spell = spell
        self._scalars = SafeConstructor()

    def read(self, node: Node, path: Path) -> object:
        """Turn one node into a plain value and remember where its parts stand."""
        self._document.marks.setdefault(path, Mark(_line(node), node.value if isinstance(node, ScalarNode) else ""))
        if len(path) > DEEPEST:
            self._note(node, path, "this is nested too deeply; does an alias contain itself?")
            return None
        if not isinstance(node, ScalarNode) and node.tag not in _GROUPS:
            self._note(node, path, _NO_TAG.format(node.tag.replace(_TAG, "!!")))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(each, (*path, index)) for index, each in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, object]:
        merged = [pair for key, value in node.value if key.tag == _MERGE for pair in self._merged(value, path)]
        own = [(key, value) for key, value in node.value if key.tag != _MERGE]
        names = frozenset(str(key.value) for key, _ in (*merged, *own))
        result: dict[str, object] = {}
        seen: dict[str, int] = {}
        for key, value in own:
            name = self._key(key, path, names, seen)
            if name is not None:
                result[name] = self._entry(key, value, (*path, name))
        for key, value in merged:
            name = str(key.value)
            if name not in result:
                result[name] = self._entry(key, value, (*path, name))
        return result

    def _entry(self, key: Node, value: Node, path: Path) -> object:
        self._document.marks[path] = Mark(_line(key), value.value if isinstance(value, ScalarNode) else "")
        return self.read(value, path)

    def _key(self, key: Node, path: Path, names: frozenset[str], seen: dict[str, int]) -> str | None:
        if not isinstance(key, ScalarNode):
            self._note(key, path, "a setting's name must be a word.")
            return None
        name = str(key.value)
        if name in seen:
            self._note(key, (*path, name), f"this stands twice, first in line {seen[name]}: remove one of them.")
            return None
        seen[name] = _line(key)
        meant, words = self._spell(path, name, names)
        if words:
            self._note(key, (*path, name), words)
        return meant

    def _merged(self, value: Node, path: Path) -> Iterator[tuple[Node, Node]]:
        mappings = value.value if isinstance(value, SequenceNode) else [value]
        for each in mappings:
            if isinstance(each, MappingNode):
                yield from (pair for pair in each.value if pair[0].tag != _MERGE)
            else:
                self._note(value, path, "<< takes a mapping that was named with &.")

    def _scalar(self, node: Node, path: Path) -> object:
        if node.tag in _TEXTS:
            return node.value
        if node.tag in _SCALARS:
            try:
                return self._scalars.construct_object(node)
            except (ConstructorError, ValueError):
                return node.value
        self._note(node, path, _NO_TAG.format(node.tag.replace(_TAG, "!!")))
        return None

    def _note(self, node: Node, path: Path, words: str) -> None:
        self._document.problems.append(Problem(_line(node), path, words))


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
