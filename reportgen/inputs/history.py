"""The history: a folder beside the manifest, with a small JSON file a report; read, and laid out to be written."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from reportgen.errors import Place, Problem, stop
from reportgen.model import KEPT_BYTES, Note, PastReport, PastSet

KIND = "reportgen past report"
FORM = 1
"""The version of the files' own form; files of a newer one are left alone."""

MOST_BYTES = 1_000_000
MOST_REPORTS = 200
"""So many of the newest files are read."""

_PAST = TypeAdapter(PastReport)


def prepare_history(folder: Path, shown: str) -> None:
    """Return where past reports can be kept in the folder; it is made where it is missing.

    Raises:
        InputError: it cannot be made, or nothing can be written there (RG544).
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(_refused(shown, str(error.strerror))) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise stop(_refused(shown, "no right to write there"))


def _refused(shown: str, why: str) -> Problem:
    mend = "name another folder under history, leave the key out, or build with --no-history"
    return Problem("RG544", f"the history cannot be kept: {why}", Place(shown), "history", mend=mend)


def read_history(folder: Path, shown: str) -> tuple[tuple[PastReport, ...], tuple[Note, ...]]:
    """The past reports that a folder holds, oldest first, and notes of the files that are none.

    A folder that is not there holds none. Where two files are of the same inputs, the older one counts.
    """
    names = sorted(path.name for path in folder.glob("*.json")) if folder.is_dir() else []
    notes: list[Note] = []
    if len(names) > MOST_REPORTS:
        message = f"of {len(names):,} files of the history the newest {MOST_REPORTS} by name are read"
        notes.append(Note("RG543", "info", message, shown, n=len(names) - MOST_REPORTS))
    damaged: list[str] = []
    newer: list[str] = []
    found: list[PastReport] = []
    for name in names[-MOST_REPORTS:]:
        try:
            found.append(_read(folder / name))
        except _NewerError:
            newer.append(name)
        except (OSError, ValueError, RecursionError):  # pydantic's and json's errors are values' errors
            damaged.append(name)
    notes += _left_out("RG541", damaged, "no past report, or damaged", shown)
    notes += _left_out("RG542", newer, "of a newer form than this release reads", shown)
    oldest: dict[str, PastReport] = {}
    for one in sorted(found, key=lambda one: (one.created, one.inputs)):
        oldest.setdefault(one.inputs, one)
    return tuple(oldest.values()), tuple(notes)


def _left_out(code: str, names: list[str], why: str, shown: str) -> Iterable[Note]:
    if names:
        files = "1 file" if len(names) == 1 else f"{len(names):,} files"
        message = f"{files} of the history left out: {why}"
        yield Note(code, "degraded", message, shown, n=len(names), examples=tuple(names[:5]))


class _NewerError(ValueError):
    """A file of a form that is not known yet."""


def _read(path: Path) -> PastReport:
    """The past report in a file. Raises ``ValueError`` for anything else."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("too large")
    value = json.loads(content, parse_constant=_refuse)
    if not isinstance(value, dict) or value.get("kind") != KIND:
        raise ValueError("another kind of file")
    form = value.get("form")
    if not isinstance(form, int) or form < 1:
        raise ValueError("no form")
    if form > FORM:
        raise _NewerError
    try:
        past = _PAST.validate_python(value.get("report"))
    except ValidationError as error:
        raise ValueError("not of its form") from error
    numbers = [number for one in past.figures for number in (one.value, one.low, one.high) if number is not None]
    if not all(map(_is_kept, past.sets or ())):
        raise ValueError("not of its form")
    if past.created.tzinfo is None or not all(map(isfinite, numbers)):
        raise ValueError("not of its form")
    return past


def _is_kept(one: PastSet) -> bool:
    """Whether samples of a list are told by whole hashes, and by no more than the list has."""
    data = base64.b64decode(one.kept, validate=True)
    return len(data) % KEPT_BYTES == 0 and len(data) // KEPT_BYTES <= one.n


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def file_of(past: PastReport) -> str:
    """The name of a past report's file: its time, and the hash of its inputs."""
    return f"{past.created.astimezone(UTC):%Y%m%dT%H%M%SZ}-{past.inputs[:12]}.json"


def to_keep(past: PastReport) -> Mapping[str, Any]:
    """What stands in a past report's file, for the serialiser of JSON."""
    report = asdict(past) | {"created": _moment(past.created)}
    return {"kind": KIND, "form": FORM, "report": report}


def _moment(created: datetime) -> str:
    return created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
