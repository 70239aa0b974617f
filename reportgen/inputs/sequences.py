"""Samples that are frames: the sequence and the number of each, checked together and coded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.errors import Problem
from reportgen.inputs.manifest import LoadedManifest
from reportgen.inputs.predictions import ROW
from reportgen.inputs.tables import Table
from reportgen.inputs.values import read_labels, read_numbers, several
from reportgen.model import Note
from reportgen.stats.frames import missing_between

SHOWN = 5
"""Problems of one kind that are told one by one."""


@dataclass(frozen=True, eq=False)
class Frames:
    """The samples' places in sequences: ``codes`` has ``columns.SEQUENCE`` and ``columns.FRAME``, a row a sample."""

    codes: pl.DataFrame
    names: tuple[str, ...]  # by code of the sequence, in order
    notes: tuple[Note, ...]


def read_frames(loaded: LoadedManifest, samples: Table, problems: list[Problem]) -> pl.DataFrame | None:
    """The sequence (text, null: a still) and the number (Float64, null: of a still) of each row of the sample table.

    None where the manifest names no sequences. A row of a sequence whose frame is no number, or missing (RG344), two
    frames of one sequence with one number (RG349) and a sequence that spans groups (RG350) are added to the problems.
    """
    names = loaded.manifest.columns
    if names.sequence is None or names.frame is None:
        return None
    before = len(problems)
    numbers = read_numbers(samples, names.frame, problems).fill_nan(None)
    sequence = read_labels(samples.frame[names.sequence], tokens=samples.null_tokens)
    frame = pl.DataFrame(
        [
            pl.Series(ROW, range(samples.n_rows), dtype=pl.UInt32),
            sequence.alias(columns.SEQUENCE),
            numbers.alias(columns.FRAME),
        ]
    )
    inside = frame.drop_nulls(columns.SEQUENCE)
    if len(problems) == before:  # else the numbers that are none would be told twice
        problems += _unnumbered(samples, names.frame, inside)
    problems += _twice(samples, names.frame, inside)
    if names.group is not None:
        problems += _spanning(samples, names.group, inside)
    return frame


def _unnumbered(samples: Table, column: str, inside: pl.DataFrame) -> Iterator[Problem]:
    lost = inside.filter(pl.col(columns.FRAME).is_null())
    if lost.height:
        more = f", and {lost.height - 1:,} more" if lost.height > 1 else ""
        what = f'a frame of sequence "{lost[columns.SEQUENCE][0]}" without a number{more}'
        place = samples.place(int(lost[ROW][0]), column)
        mend = "number it, or leave its sequence empty: then it is a still"
        yield Problem("RG344", what, place, expected="a whole number, or a time in seconds", mend=mend)


def _twice(samples: Table, column: str, inside: pl.DataFrame) -> Iterator[Problem]:
    key = [columns.SEQUENCE, columns.FRAME]
    twice = (
        inside.drop_nulls(columns.FRAME)
        .group_by(key, maintain_order=True)
        .agg(pl.col(ROW).head(2), pl.len().alias("n"))
        .filter(pl.col("n") > 1)
    )
    for sequence, number, rows, n in twice.head(SHOWN).iter_rows():
        times = "twice" if n == 2 else f"{n:,} times"
        what = f'sequence "{sequence}" has this frame {times}: in row {samples.place(rows[0]).row:,} too'
        place = samples.place(rows[1], column, f"{number:g}")
        yield Problem("RG349", what, place, mend="number the frames of a sequence anew, or leave the copy out")
    if twice.height > SHOWN:
        what = f"and {twice.height - SHOWN:,} more frames that stand twice"
        yield Problem("RG349", what, samples.place(column=column))


def _spanning(samples: Table, column: str, inside: pl.DataFrame) -> Iterator[Problem]:
    group = read_labels(samples.frame[column], tokens=samples.null_tokens)
    firsts = (
        inside.with_columns(group.gather(inside[ROW]).alias("group"))
        .unique([columns.SEQUENCE, "group"], keep="first", maintain_order=True)
        .filter(pl.len().over(columns.SEQUENCE) > 1)
        .group_by(columns.SEQUENCE, maintain_order=True)
        .agg(pl.col(ROW), pl.col("group"))
    )
    for sequence, rows, groups in firsts.head(SHOWN).iter_rows():
        first, second = (f'"{one}"' if one is not None else "no group" for one in groups[:2])
        what = f'sequence "{sequence}" is of {first} in row {samples.place(rows[0]).row:,}, and of {second} here'
        place = samples.place(rows[1], column, groups[1])
        yield Problem("RG350", what, place, mend="give all frames of a sequence one group, or leave `group` out")
    if firsts.height > SHOWN:
        what = f"and {firsts.height - SHOWN:,} more sequences of several groups"
        yield Problem("RG350", what, samples.place(column=column))


def place_frames(samples: Table, column: str, frames: pl.DataFrame, usable: pl.DataFrame) -> Frames:
    """The codes of the usable samples, and what is to be known of them.

    Args:
        samples: the sample table.
        column: the one with the sequences.
        frames: of ``read_frames``.
        usable: the samples with a target, in the order of ids, with their rows in the table.
    """
    own = frames[usable[ROW]]
    sequence = own[columns.SEQUENCE]
    names = sequence.drop_nulls().unique().sort().to_list()
    codes = sequence.replace_strict(names, list(range(len(names))), default=-1, return_dtype=pl.Int32)
    numbers = own[columns.FRAME].set(sequence.is_null(), None)
    placed = pl.DataFrame([codes.alias(columns.SEQUENCE), numbers])
    return Frames(placed, tuple(names), tuple(_notes(samples, column, placed, names, usable)))


def _notes(samples: Table, column: str, placed: pl.DataFrame, names: list[str], usable: pl.DataFrame) -> Iterator[Note]:
    still = placed[columns.SEQUENCE] < 0
    if n := int(still.sum()):
        first = tuple(usable[columns.ID].filter(still).head(SHOWN).to_list())
        each = "it is a still" if n == 1 else "each is a still of its own"
        yield Note(
            "RG397", "info", f"{several(n, 'sample')} without a sequence: {each}", samples.path, column, n, first
        )
    inside = placed.filter(~still).sort(columns.SEQUENCE, columns.FRAME)
    if not inside.height or inside[columns.SEQUENCE].n_unique() == inside.height:
        message = "no sequence has two frames: there is nothing to step through"
        yield Note("RG399", "degraded", message, samples.path, column, len(names))
        return
    missing = missing_between(inside[columns.SEQUENCE].to_numpy(), inside[columns.FRAME].to_numpy())
    gaps = np.flatnonzero(missing)
    if len(gaps):
        among = np.unique(inside[columns.SEQUENCE].to_numpy()[gaps])
        message = (
            f"{several(len(among), 'sequence')} of {len(names):,} with gaps: {several(int(missing.sum()), 'frame')} "
            f"missing between the first and the last, in {several(len(gaps), 'place')}"
        )
        first = tuple(names[code] for code in among[:SHOWN])
        yield Note("RG398", "info", message, samples.path, column, int(missing.sum()), first)
