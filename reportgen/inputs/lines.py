"""JSON lines (or one JSON array) as columns, with the line of every fault.

pyarrow reads clean files fast; whatever it refuses or would bend (NaN, integers beyond 64 bits, mixed types) goes line
by line through Python, which tells the fault or keeps the value.
"""

from __future__ import annotations

import codecs
import io
import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import polars as pl
import pyarrow as pa
import pyarrow.json as pj

from reportgen.errors import SHOWN, InputError, Place, Problem, stop
from reportgen.inputs.delimited import refuse_encoding
from reportgen.model import Note

_BENT = re.compile(rb"NaN|Infinity|\d{19}|\\u[dD][89a-fA-F]")
_OPENERS = 400
"""A line with more brackets than this never goes to pyarrow, whose recursion has no limit of its own."""
_ALONE = pj.ReadOptions(use_threads=False)
"""pyarrow's threads, after a refused file, can abort the process as it ends."""

Read = tuple[pl.DataFrame, tuple[Note, ...], tuple[int, ...] | None]


def read(content: bytes, shown: str) -> Read:
    """The columns of JSON lines, with notes, and the line of each row where they do not follow one another.

    A key that comes late, or is left out in places, is null elsewhere. A column of several types is read as text.

    Raises:
        InputError: wrong encoding (RG201), no rows (RG205), a line that is no JSON object (RG207), a key twice in one
            object (RG208).
    """
    refuse_encoding(content, shown)
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise stop(Problem("RG205", "no rows: the file is blank", Place(shown)))
    if content.lstrip().startswith(b"["):
        return _columns(_array(content, shown), shown)
    if not _BENT.search(content) and _is_plain(content):
        fast = _fast(content)
        if fast is not None:
            return fast, (), None
    return _columns(_objects(content, shown), shown)


def _is_plain(content: bytes) -> bool:
    """True where every line holds one whole object, with no more nesting than pyarrow takes without falling over."""
    return all(
        line.startswith(b"{") and line.endswith(b"}") and line.count(b"{") + line.count(b"[") < _OPENERS
        for line in map(bytes.strip, io.BytesIO(content))
    )


def _fast(content: bytes) -> pl.DataFrame | None:
    """What pyarrow reads without bending a value; None where it would, or where it refuses."""
    try:
        table = pj.read_json(pa.BufferReader(content), _ALONE)
        if dates := [name for name, kind in zip(table.column_names, table.schema.types, strict=True) if _is_date(kind)]:
            schema = pa.schema([(name, pa.string()) for name in dates])
            table = pj.read_json(pa.BufferReader(content), _ALONE, pj.ParseOptions(explicit_schema=schema))
        if len(set(table.column_names)) != table.num_columns or not table.num_columns:
            return None
        if table.num_rows != content.count(b"\n") + (not content.endswith(b"\n")):
            return None  # several objects in a line
        if any(pa.types.is_nested(kind) and "timestamp" in str(kind) for kind in table.schema.types):
            return None
        return pl.DataFrame(pl.from_arrow(table))
    except (pa.ArrowException, UnicodeDecodeError, pl.exceptions.PolarsError):
        return None


def _is_date(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind))


class _FaultError(ValueError):
    """A fault of one object: code, what, mend."""

    def __init__(self, code: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.code, self.what, self.mend = code, what, mend


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _FaultError("RG208", f'the key "{twice}" stands twice', "keep one of them")
    return result


def _constant(text: str) -> NoReturn:
    raise _FaultError("RG207", f"{text} is not JSON", "write null")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_constant=_constant)


def _objects(content: bytes, shown: str) -> Iterator[tuple[int, dict[str, Any]]]:
    problems: list[Problem] = []
    total = 0
    for number, line in enumerate(content.decode("utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = _decode(line.strip("\r\n \t"))
        except _FaultError as fault:
            total += 1
            if len(problems) < SHOWN:
                problems.append(Problem(fault.code, fault.what, Place(shown, row=number), mend=fault.mend))
            continue
        if not problems:
            yield number, value
    if total > SHOWN:
        problems.append(Problem("RG207", f"and {total - SHOWN:,} more lines that cannot be read", Place(shown)))
    if problems:
        raise InputError(problems)


def _decode(line: str) -> dict[str, Any]:
    try:
        value = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        piece = line[max(0, error.pos - 20) : error.pos + 20]
        mend = "write one JSON object a line"
        raise _FaultError("RG207", f"{error.msg} at character {error.pos + 1}: …{piece}…", mend) from None
    except RecursionError:
        raise _FaultError("RG207", "nested too deep", "write plain values") from None
    if not isinstance(value, dict):
        raise _FaultError("RG207", "the line is no JSON object", "write one JSON object a line")
    return value


def _array(content: bytes, shown: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        values = _DECODER.decode(content.decode("utf-8"))
    except _FaultError as fault:
        raise stop(Problem(fault.code, fault.what, Place(shown), mend=fault.mend)) from None
    except json.JSONDecodeError as error:
        raise stop(
            Problem("RG207", error.msg, Place(shown, error.lineno, error.colno), mend="write valid JSON")
        ) from None
    except RecursionError:
        raise stop(Problem("RG207", "nested too deep", Place(shown), mend="write plain values")) from None
    for number, value in enumerate(values, start=1):
        if not isinstance(value, dict):
            raise stop(Problem("RG207", "an entry is no JSON object", Place(shown, row=number)))
        yield number, value


def _columns(objects: Iterator[tuple[int, dict[str, Any]]], shown: str) -> Read:
    numbers: list[int] = []
    columns: dict[str, list[Any]] = {}
    for i, (number, value) in enumerate(objects):
        numbers.append(number)
        for key, cell in value.items():
            column = columns.get(key)
            if column is None:
                column = columns[key] = []
            if len(column) < i:
                column.extend([None] * (i - len(column)))
            column.append(cell)
    notes: list[Note] = []
    series = []
    for name, column in columns.items():
        column.extend([None] * (len(numbers) - len(column)))
        series.append(_series(name, column, shown, notes))
    rows = None if not numbers or numbers[-1] == len(numbers) else tuple(numbers)
    return pl.DataFrame(series), tuple(notes), rows


def _series(name: str, values: list[Any], shown: str, notes: list[Note]) -> pl.Series:
    name = name.encode("utf-8", "replace").decode("utf-8")
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {str}:
        return pl.Series(name, _valid_text(name, values, shown, notes), dtype=pl.String)
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return pl.Series(name, values, dtype=pl.Int64)
    if kinds <= {int, float} and float in kinds:
        return pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64)
    if kinds == {list} and (lists := _number_lists(name, values)) is not None:
        return lists
    if kinds == {dict}:
        return _struct(name, values, shown, notes)
    if kinds != {int}:
        message = f'column "{name}" holds values of several kinds: read as text'
        notes.append(Note("RG215", "degraded", message, shown, name, len(values)))
    text = [value if value is None or isinstance(value, str) else _as_json(value) for value in values]
    return pl.Series(name, _valid_text(name, text, shown, notes), dtype=pl.String)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number_lists(name: str, values: list[Any]) -> pl.Series | None:
    numbers = all(
        value is None or all(isinstance(x, int | float) and not isinstance(x, bool) for x in value) for value in values
    )
    if numbers:
        cells = [None if value is None else [float(x) for x in value] for value in values]
        return pl.Series(name, cells, dtype=pl.List(pl.Float64))
    return None


def _struct(name: str, values: list[Any], shown: str, notes: list[Note]) -> pl.Series:
    keys = dict.fromkeys(key for value in values if value is not None for key in value)
    fields = [
        _series(key, [None if value is None else value.get(key) for value in values], shown, notes) for key in keys
    ]
    if not fields:
        return pl.Series(name, [None] * len(values), dtype=pl.String)
    return pl.DataFrame(fields).to_struct(name)


def _whole(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _valid_text(name: str, values: list[Any], shown: str, notes: list[Note]) -> list[Any]:
    """The texts with lone surrogates, which no file can hold, replaced by U+FFFD and counted."""
    if all(value is None or value.isascii() for value in values):
        return values
    cleaned = [None if value is None else _whole(value) for value in values]
    n = sum(a != b for a, b in zip(values, cleaned, strict=True))
    if n:
        message = f'column "{name}" holds half characters (lone surrogates): shown as U+FFFD'
        notes.append(Note("RG216", "degraded", message, shown, name, n))
    return cleaned
