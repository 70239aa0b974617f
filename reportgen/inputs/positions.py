"""YAML, TOML and JSON read into plain values, each with the line and column at which it stands.

Every scalar stays the text that was written (``null`` alone is None): a class called ``no``, ``1.0`` or ``2026-01-01``
is that class, and the model that reads a number asks for one.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from reportgen.errors import InputError, Place, Problem, stop

MAX_ALIASES = 100
MAX_DEPTH = 20
MAX_VALUES = 100_000

Loc = tuple[str | int, ...]
Spot = tuple[int, int]

_CORE = "tag:yaml.org,2002:"
_NULL = _CORE + "null"
_KNOWN_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp"))


@dataclass(frozen=True)
class Document:
    """The values of a file, and where each key and value stands (line and column, 1-based).

    ``blank`` are the places of values that nothing was written for, where another may have ``null``.
    """

    data: Any
    values: Mapping[Loc, Spot] = field(default_factory=dict)
    keys: Mapping[Loc, Spot] = field(default_factory=dict)
    blank: frozenset[Loc] = frozenset()

    def spot(self, loc: Loc, *, key: bool = False) -> Spot | None:
        """The place of a value (or of its key); of the nearest thing around it where it does not stand itself."""
        first, second = (self.keys, self.values) if key else (self.values, self.keys)
        while True:
            found = first.get(loc) or second.get(loc)
            if found or not loc:
                return found
            loc, key = loc[:-1], False


def parse_document(text: str, shown: str) -> Document:
    """The document in ``text``, read as the ending of ``shown`` says (.toml, .json, else YAML).

    Raises:
        InputError: on syntax (RG104), duplicate keys (RG105), unknown tags (RG106), and too many aliases, too deep
            nesting or too many values (RG107), each with line and column.
    """
    if shown.endswith(".toml"):
        return _parse_toml(text, shown)
    if shown.endswith(".json"):
        return _parse_json(text, shown)
    return _parse_yaml(text, shown)


def _syntax(shown: str, what: str, line: int | None, position: int | None, mend: str = "") -> InputError:
    return stop(Problem("RG104", what, Place(shown, line, position), mend=mend))


def _yaml() -> YAML:
    return YAML(typ="safe", pure=True)


def _parse_yaml(text: str, shown: str) -> Document:
    try:
        _refuse_bombs(text, shown)
        node = _yaml().compose(text)
    except MarkedYAMLError as error:
        raise _yaml_syntax(error, text, shown) from None
    except YAMLError as error:
        raise _syntax(shown, str(error).split("\n")[0], None, None, "remove control characters") from None
    return _Builder(shown).document(node)


def _yaml_syntax(error: MarkedYAMLError, text: str, shown: str) -> InputError:
    mark = error.problem_mark or error.context_mark
    line, position = (mark.line + 1, mark.column + 1) if mark else (None, None)
    lines = text.splitlines()
    caret = ""
    if line is not None and line <= len(lines) and position is not None:
        caret = f"\n  {lines[line - 1]}\n  {' ' * (position - 1)}^"
    what = " ".join(part for part in (error.context, error.problem) if part)
    mend = "indent with spaces, not tabs" if "\\t" in what else "see that brackets, quotes and indentation close"
    return _syntax(shown, what + caret, line, position, mend)


def _refuse_bombs(text: str, shown: str) -> None:
    """Count aliases and depth from the events, before anything is built from them."""
    aliases = depth = 0
    for event in _yaml().parse(text):
        if isinstance(event, AliasEvent):
            aliases += 1
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            depth += 1
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            depth -= 1
        if aliases > MAX_ALIASES or depth > MAX_DEPTH:
            mark = event.start_mark
            what = "too many aliases" if aliases > MAX_ALIASES else "nested too deep"
            raise stop(
                Problem(
                    "RG107",
                    what,
                    Place(shown, mark.line + 1, mark.column + 1),
                    expected=f"at most {MAX_ALIASES} aliases and {MAX_DEPTH} levels",
                    mend="write the values out",
                )
            )


class _Builder:
    """Plain values and positions from a composed YAML tree."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.values: dict[Loc, Spot] = {}
        self.keys: dict[Loc, Spot] = {}
        self.problems: list[Problem] = []
        self.n_values = 0
        self.blank: set[Loc] = set()

    def document(self, node: Node | None) -> Document:
        data = self._value(node, ()) if node is not None else None
        if self.problems:
            raise InputError(self.problems)
        return Document(data, self.values, self.keys, frozenset(self.blank))

    def _value(self, node: Node, loc: Loc) -> Any:
        self.n_values += 1
        if self.n_values > MAX_VALUES or len(loc) > MAX_DEPTH:  # aliases of aliases, or an alias within itself
            what = "too many aliases: they unfold into too many values"
            raise stop(Problem("RG107", what, self._place(node), mend="write the values out"))
        self.values[loc] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if node.tag not in _KNOWN_TAGS:
            tag = str(node.tag).replace(_CORE, "!!")
            self.problems.append(
                Problem("RG106", f'unknown tag "{tag}"', self._place(node), mend="write a plain value without a tag")
            )
            return None
        if isinstance(node, ScalarNode):
            if node.tag == _NULL and not node.value:
                self.blank.add(loc)
            return None if node.tag == _NULL else node.value
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        return [self._value(child, (*loc, i)) for i, child in enumerate(node.value)]

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.problems.append(Problem("RG104", "a key is not a plain text", self._place(key_node)))
                continue
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in first:
                self.problems.append(
                    Problem(
                        "RG105",
                        f"duplicate key, first on line {first[key]} and again on line {line}",
                        self._place(key_node),
                        key=dotted((*loc, key)),
                        mend="keep one of them",
                    )
                )
                continue
            first[key] = line
            self.keys[(*loc, key)] = (line, key_node.start_mark.column + 1)
            result[key] = self._value(value_node, (*loc, key))
        return result

    def _place(self, node: Node) -> Place:
        return Place(self.shown, node.start_mark.line + 1, node.start_mark.column + 1)


def dotted(loc: Loc) -> str:
    """The location as a reader writes it: ``attributes[3].bins``."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _parse_json(text: str, shown: str) -> Document:
    try:
        data = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise _syntax(shown, error.msg, error.lineno, error.colno, "write valid JSON") from None
    except RecursionError:
        raise stop(Problem("RG107", "nested too deep", Place(shown), expected=f"at most {MAX_DEPTH} levels")) from None
    try:
        # JSON is YAML but for tabs between tokens, which stand in for one blank each
        places = _parse_yaml(text.replace("\t", " "), shown)
    except InputError as error:
        if any(problem.code != "RG104" for problem in error.problems):
            raise
        places = Document(None)
    return Document(_as_text(data), places.values, places.keys)


def _as_text(value: Any) -> Any:
    """The value with every scalar but null as text."""
    if isinstance(value, dict):
        return {str(key): _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if value is None else str(value)


_TOML_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def _parse_toml(text: str, shown: str) -> Document:
    try:
        data = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        match = _TOML_PLACE.match(str(error))
        line, position = (int(match[2]), int(match[3])) if match and match[2] else (None, None)
        what = match[1] if match else str(error)
        if re.search(r"overwrite|twice", what):
            problem = Problem("RG105", f"duplicate key: {what}", Place(shown, line, position), mend="keep one of them")
            raise stop(problem) from None
        raise _syntax(shown, what, line, position, "write valid TOML") from None
    spots = dict(_toml_spots(text))
    return Document(_as_text(data), spots, spots)


_TOML_HEADER = re.compile(r"\s*\[\[?([^\]]+)\]\]?\s*(?:#.*)?$")
_TOML_KEY = re.compile(r"""(\s*)((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=\s*""")
_TOML_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")


def _toml_spots(text: str) -> Iterator[tuple[Loc, Spot]]:
    """Each key that begins a line, and each table's header; what stands inside a value takes the place of its key."""
    table: Loc = ()
    counts: dict[Loc, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TOML_HEADER.match(line):
            table = _toml_parts(header[1])
            if line.lstrip().startswith("[["):
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, (number, line.index("[") + 1)
        elif key := _TOML_KEY.match(line):
            yield (*table, *_toml_parts(key[2])), (number, len(key[1]) + 1)


def _toml_parts(text: str) -> Loc:
    return tuple(part.strip("\"'") for part in _TOML_PART.findall(text))
