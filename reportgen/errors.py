"""The errors and notes a user can meet: what is wrong, where, what was expected, and how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

SHOWN = 20


@dataclass(frozen=True)
class Place:
    """Where something stands: file, then line and column of a manifest, or row, column and value of a table.

    Rows are 1-based and the header counts as row 1, as a spreadsheet shows them.
    """

    file: str = ""
    line: int | None = None
    position: int | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        text = self.file
        if self.line is not None:
            text += f":{self.line}" + (f":{self.position}" if self.position is not None else "")
        parts = [
            f"row {self.row:,}" if self.row is not None else "",
            f'column "{self.column}"' if self.column is not None else "",
            f'value "{self.value}"' if self.value is not None else "",
        ]
        detail = ", ".join(part for part in parts if part)
        return f"{text}: {detail}" if text and detail else text or detail


@dataclass(frozen=True)
class Problem:
    """One thing that stops a build. ``code`` is stable (``RG101``); ``key`` is the manifest key it concerns."""

    code: str
    what: str
    where: Place = field(default_factory=Place)
    key: str = ""
    expected: str = ""
    mend: str = ""

    def __str__(self) -> str:
        head = ": ".join(part for part in (str(self.where), self.key, self.what) if part)
        tail = [part for part in (self.expected and f"expected {self.expected}", self.mend) if part]
        return f"{self.code} " + "; ".join([head, *tail])


class InputError(Exception):
    """Every problem that one stage found, at once; the command prints them and exits with 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def stop(problem: Problem) -> InputError:
    """The error of one problem alone, to be raised."""
    return InputError([problem])


def printable(text: str) -> str:
    """The text with control characters, terminal escapes among them, shown as escapes, for stderr and summaries."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
