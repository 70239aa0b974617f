"""CSV as text columns, read strictly, with the row of every fault.

pyarrow reads (fast, and it tells rows with too many or too few fields); a slow pass over the rows runs only where
something is wrong, to say where.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import pyarrow as pa
import pyarrow.csv as pc

from reportgen.errors import SHOWN, InputError, Place, Problem, stop

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BLANKS = " \t"
_SNIFFED = 30
_BLOCK = 1 << 22
_BLANK = re.compile(rb"\n[ \t]*\r?\n(?=[^\r\n])|\r[ \t]*\r(?=[^\r\n])")


@dataclass(frozen=True, eq=False)
class Rows:
    """The text columns of a CSV file, and the number of each row where blank lines stand between them.

    ``padded`` are columns whose names had blanks around them: names and cells are without.
    """

    frame: pl.DataFrame
    rows: tuple[int, ...] | None
    padded: tuple[str, ...] = ()


def read(content: bytes, shown: str, delimiter: str | None = None) -> Rows:
    """The columns of a CSV file, all text, empty cells as empty text.

    Args:
        content: the bytes of the file.
        shown: its path as the user wrote it.
        delimiter: where the file's ending says it; else it is sniffed among comma, semicolon, tab and bar.

    Raises:
        InputError: wrong encoding (RG201), delimiter not clear (RG202), rows of unequal length (RG203), a column name
            twice (RG204), no rows (RG205), a quote that never closes (RG206).
    """
    refuse_encoding(content, shown)
    content = content.removeprefix(codecs.BOM_UTF8)
    if not content.strip():
        raise stop(Problem("RG205", "no rows: the file holds blank lines only", Place(shown)))
    whole, content = content, content.lstrip(b"\r\n")  # the parser would take a leading blank line for the header
    delimiter = delimiter or _sniff(content, shown)
    names, padded = _header(content, delimiter, shown)
    ragged: list[int] = []
    try:
        table = _parse(content, delimiter, len(names), ragged)
    except pa.ArrowException as error:
        raise _located(whole, delimiter, len(names), shown, str(error)) from None
    if ragged or content.count(b'"') % 2:
        problems = _faults(whole, delimiter, len(names), shown)
        if problems:
            raise InputError(problems)
    frame = pl.DataFrame(pl.from_arrow(table)).rename(dict(zip(table.column_names, names, strict=True)))
    if b"\0" in content:
        frame = frame.with_columns(pl.all().str.replace_all("\0", "\u2400", literal=True))
    if padded:
        frame = frame.with_columns(pl.col(padded).str.strip_chars(_BLANKS))
    rows = _numbers(whole, delimiter) if len(whole) > len(content) or _BLANK.search(content) else None
    return Rows(frame, rows if rows is None or len(rows) == frame.height else None, tuple(padded))


def _parse(content: bytes, delimiter: str, n_columns: int, ragged: list[int]) -> pa.Table:
    names = [f"c{i}" for i in range(n_columns)]

    def note(row: pc.InvalidRow) -> str:
        ragged.append(row.actual_columns)
        return "skip"

    def parse(block: int) -> pa.Table:
        ragged.clear()
        # Without threads: pyarrow's, after a refused file, can abort the process as it ends; they save a tenth.
        return pc.read_csv(
            pa.BufferReader(content),
            read_options=pc.ReadOptions(
                column_names=names, skip_rows_after_names=1, block_size=block, use_threads=False
            ),
            parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note),
            convert_options=pc.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
            ),
        )

    try:
        return parse(_BLOCK)
    except pa.ArrowInvalid as error:
        if "block" not in str(error):
            raise
        return parse(min(len(content) + 1, 2**31 - 1))  # one row is longer than a block


def refuse_encoding(content: bytes, shown: str) -> None:
    """Raise where the bytes are not UTF-8, naming the encoding or the byte (RG201)."""
    head = content[:4]
    even, odd = content[:400:2].count(0), content[1:400:2].count(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or max(even, odd) > 0.3 * len(content[:400:2]):
        what = "the file is UTF-16"
        raise stop(Problem("RG201", what, Place(shown), expected="UTF-8", mend="save it as UTF-8 (CSV UTF-8 in Excel)"))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        start = content.rfind(b"\n", 0, error.start) + 1
        shown_line = content[start : start + 60].split(b"\n")[0].decode("latin-1")
        what = f'byte {error.start:,} (line {line:,}) is not UTF-8; as Latin-1 the line reads "{shown_line}"'
        raise stop(
            Problem(
                "RG201", what, Place(shown, line, error.start - start + 1), expected="UTF-8", mend="save it as UTF-8"
            )
        ) from None


def _rows(content: bytes, delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """The rows by Python's own reader; a blank line is an empty row."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    return csv.reader(text, delimiter=delimiter, strict=strict)


def _sniff(content: bytes, shown: str) -> str:
    """The delimiter that gives every one of the first rows the same number of fields, more than one."""
    steady: list[str] = []
    found: dict[str, int] = {}
    for delimiter in _DELIMITERS:
        widths: list[int] = []
        try:
            for fields in _rows(content[:1_000_000], delimiter):
                widths += [len(fields)] if fields else []
                if len(widths) == _SNIFFED:
                    break
        except (csv.Error, UnicodeDecodeError):  # the sniffed piece may end within a character
            pass
        if widths and widths[0] > 1:
            found[delimiter] = widths[0]
        if widths and widths[0] > 1 and len(set(widths)) == 1:
            steady.append(delimiter)
    if len(steady) == 1:
        return steady[0]
    if steady:
        names = " and ".join(_DELIMITERS[delimiter] for delimiter in steady)
        what = f"the delimiter is not clear: {names} both split every row alike"
        raise stop(
            Problem("RG202", what, Place(shown, 1), mend="write the file with commas, and quote fields that hold one")
        )
    return max(found, key=lambda delimiter: found[delimiter]) if found else ","


def _header(content: bytes, delimiter: str, shown: str) -> tuple[list[str], list[str]]:
    """The names of the columns, and those of them that had blanks around them."""
    try:
        written = next(fields for fields in _rows(content, delimiter) if fields)
    except (StopIteration, csv.Error):
        raise stop(
            Problem("RG206", "the header cannot be read", Place(shown, row=1), mend="close its quotes")
        ) from None
    names = [name.strip(_BLANKS) for name in written]
    seen: dict[str, int] = {}
    problems = []
    for position, name in enumerate(names, start=1):
        first = seen.setdefault(name, position)
        if first != position:
            what = f"two columns of one name, the {_nth(first)} and the {_nth(position)}"
            problems.append(Problem("RG204", what, Place(shown, row=1, column=name), mend="rename one of them"))
    if problems:
        raise InputError(problems)
    return names, [name for name, before in zip(names, written, strict=True) if name != before]


def _nth(n: int) -> str:
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def _faults(content: bytes, delimiter: str, n_columns: int, shown: str) -> list[Problem]:
    """Rows of unequal length, or the quote that never closes, by the row's number."""
    problems: list[Problem] = []
    total = row = 0
    try:
        for row, fields in enumerate(_rows(content, delimiter, strict=True), start=1):
            if fields and len(fields) != n_columns:
                total += 1
                if len(problems) < SHOWN:
                    problems.append(_ragged(row, len(fields), n_columns, delimiter, shown))
    except csv.Error as error:
        if "unexpected end" in str(error):
            what = "a quote opens in this row and never closes"
            return [
                Problem(
                    "RG206", what, Place(shown, row=row + 1), mend='close it, or write "" for a quote in a quoted field'
                )
            ]
        what = f"a quoted field goes on after its quote ({error})"
        return [
            Problem("RG206", what, Place(shown, row=row + 1), mend='write "" for a quote in a quoted field'),
            *problems,
        ]
    if total > SHOWN:
        problems.append(Problem("RG203", f"and {total - SHOWN:,} more rows of another length", Place(shown)))
    return problems


def _ragged(row: int, n: int, n_columns: int, delimiter: str, shown: str) -> Problem:
    what = f"{n} {'field' if n == 1 else 'fields'}, the header has {n_columns}"
    more = f"quote fields that hold a {_DELIMITERS.get(delimiter, 'delimiter')}"
    mend = more if n > n_columns else "fill the row, empty fields too"
    return Problem("RG203", what, Place(shown, row=row), expected=f"{n_columns} fields", mend=mend)


def _located(content: bytes, delimiter: str, n_columns: int, shown: str, reason: str) -> InputError:
    problems = _faults(content, delimiter, n_columns, shown)
    return InputError(problems or [Problem("RG203", f"not a readable CSV file ({reason})", Place(shown))])


def _numbers(content: bytes, delimiter: str) -> tuple[int, ...]:
    """The number of each row, the header and blank lines counted."""
    numbered = enumerate(_rows(content, delimiter), start=1)
    return tuple(number for number, fields in numbered if fields)[1:]
