"""The lines of ``expect``, read: a small grammar of what people believe of the versions.

    V is better|worse|not worse [than W] [on METRIC [of CLASS]] [where A = B and C = D …]
    V METRIC [of CLASS] is at least|at most X [where A = B and C = D …]

Names that hold one of the words of the grammar stand in quotes. ``where A = null`` are the samples without a value of
A; in quotes it is the value "null". What a line names is looked up later, when the samples are read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.errors import Place, Problem
from reportgen.model import Relation

GRAMMAR = (
    '"V is better (or worse, not worse) than W on METRIC where A = B and C = D", '
    'or "V METRIC is at least (or at most) 0.9 where A = B"; names of several words may stand in quotes'
)

_WORD = re.compile(r'"[^"]*"|\'[^\']*\'(?=[\s=]|$)|=|[^\s=]+')
_NUMBER = re.compile(r"([+\-\u2212]?(?:\d+(?:\.\d*)?|\.\d+))(%?)")


@dataclass(frozen=True)
class BeliefLine:
    """A line as it was read; ``other`` and ``metric`` are empty where it leaves them out.

    ``limit`` is none for a comparison.
    """

    version: str
    relation: Relation
    other: str = ""
    metric: str = ""
    klass: str = ""
    limit: float | None = None
    where: tuple[tuple[str, str | None], ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """Where a line stops being readable (1-based, within the line), and what should stand there."""

    text: str
    position: int
    expected: str

    def problem(self, place: Place, key: str) -> Problem:
        """The problem of the line."""
        what = f'"{self.text}" can\'t be read at its character {self.position:,}: {self.expected} should stand there'
        return Problem("RG125", what, place, key, expected=GRAMMAR)


@dataclass(frozen=True)
class _Word:
    text: str  # without quotes
    start: int
    end: int
    is_quoted: bool

    def says(self, *words: str) -> bool:
        """Whether it is one of the grammar's words; those in quotes are names."""
        return not self.is_quoted and self.text.casefold() in words


class _UnreadableError(Exception):
    def __init__(self, position: int, expected: str) -> None:
        super().__init__(expected)
        self.position = position
        self.expected = expected


def parse_belief(text: str) -> BeliefLine | Unreadable:
    """The line of ``expect``, read, or where it can't be."""
    try:
        return _Reader(text).line()
    except _UnreadableError as stop:
        return Unreadable(text, stop.position + 1, stop.expected)


class _Reader:
    """Reads a line from left to right; ``at`` is the next word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = [_Word(_unquoted(m[0]), m.start(), m.end(), m[0] != _unquoted(m[0])) for m in _WORD.finditer(text)]
        self.at = 0

    def line(self) -> BeliefLine:
        subject = self._until("is", "of", of="the name of a version")
        klass = self._name_after("of", "is", of="a class") if self._is_next("of") else ""
        self._take("is")
        if self._is_next("at"):
            return self._level(subject, klass)
        if klass:
            raise _UnreadableError(self._here(), '"at least" or "at most"')
        return self._comparison(subject)

    def _level(self, subject: Sequence[_Word], klass: str) -> BeliefLine:
        self._take("at")
        way = self._take("least", "most")
        if len(subject) < 2:
            raise _UnreadableError(subject[0].end, "a metric after the version")
        limit = self._number()
        relation: Relation = "at least" if way.says("least") else "at most"
        return BeliefLine(self._name(subject[:-1]), relation, "", subject[-1].text, klass, limit, self._where_and_end())

    def _comparison(self, subject: Sequence[_Word]) -> BeliefLine:
        first = self._take("better", "worse", "not", expected='"better", "worse", "not worse", "at least" or "at most"')
        if first.says("not"):
            self._take("worse")
        relation: Relation = "better" if first.says("better") else "worse" if first.says("worse") else "not worse"
        other = self._name_after("than", "on", "where", of="the name of a version") if self._is_next("than") else ""
        metric = klass = ""
        if self._is_next("on"):
            metric = self._name_after("on", "of", "where", of="the name of a metric")
            klass = self._name_after("of", "where", of="a class") if self._is_next("of") else ""
        return BeliefLine(self._name(subject), relation, other, metric, klass, None, self._where_and_end())

    def _where_and_end(self) -> tuple[tuple[str, str | None], ...]:
        found: list[tuple[str, str | None]] = []
        if self._is_next("where"):
            self._take("where")
            while True:
                name = self._until("=", of="the name of a column")
                self._take("=")
                value = self._value()
                nothing = len(value) == 1 and value[0].says("null")
                found.append((self._name(name), None if nothing else self._name(value)))
                if not self._is_next("and"):
                    break
                self._take("and")
        if self.at < len(self.words):
            raise _UnreadableError(self._here(), "the end of the line")
        return tuple(found)

    def _value(self) -> list[_Word]:
        """The words up to the "and" before the next "=": a value may hold an "and" of its own."""
        rest = self.words[self.at :]
        ends = [i for i, word in enumerate(rest) if word.says("=")]
        end = len(rest)
        if ends:
            joints = [i for i, word in enumerate(rest[: ends[0]]) if word.says("and")]
            if not joints:
                raise _UnreadableError(rest[ends[0]].start, '"and" between two conditions, or the end of the line')
            end = joints[-1]
        if not end:
            raise _UnreadableError(self._here(), "a value")
        self.at += end
        return rest[:end]

    def _name_after(self, word: str, *stops: str, of: str) -> str:
        self._take(word)
        return self._name(self._until(*stops, of=of, may_end=True))

    def _until(self, *stops: str, of: str, may_end: bool = False) -> list[_Word]:
        """The words, one at least, before the first of the stops (or the end)."""
        start = self.at
        while self.at < len(self.words) and not self.words[self.at].says(*stops):
            self.at += 1
        if self.at == start:
            raise _UnreadableError(self._here(), of)
        if self.at == len(self.words) and not may_end:
            raise _UnreadableError(self._here(), f'"{stops[0]}"')
        return self.words[start : self.at]

    def _name(self, words: Sequence[_Word]) -> str:
        """The words as one name, with the blanks that stand between them."""
        return words[0].text if len(words) == 1 else self.text[words[0].start : words[-1].end]

    def _number(self) -> float:
        match = _NUMBER.fullmatch(self.words[self.at].text) if self.at < len(self.words) else None
        if match is None:
            raise _UnreadableError(self._here(), "a number such as 0.9 or 90%")
        self.at += 1
        number = float(match[1].replace("\u2212", "-"))
        if not math.isfinite(number):
            raise _UnreadableError(self.words[self.at - 1].start, "a number such as 0.9 or 90%")
        return number / 100 if match[2] else number

    def _take(self, *words: str, expected: str = "") -> _Word:
        if not self._is_next(*words):
            raise _UnreadableError(self._here(), expected or " or ".join(f'"{word}"' for word in words))
        self.at += 1
        return self.words[self.at - 1]

    def _is_next(self, *words: str) -> bool:
        return self.at < len(self.words) and self.words[self.at].says(*words)

    def _here(self) -> int:
        return self.words[self.at].start if self.at < len(self.words) else len(self.text)


def _unquoted(word: str) -> str:
    is_quoted = len(word) > 1 and word[0] == word[-1] and word[0] in "\"'"
    return word[1:-1] if is_quoted else word
