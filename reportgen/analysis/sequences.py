"""Where in the sequences of frames errors lie: how many, how many in a row, and which sequences hold most of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.flips import FlipCodes
from reportgen.model import Outcomes
from reportgen.stats.frames import Ints, longest_runs, missing_between

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FrameOrder:
    """The frames, sequence by sequence and by number; every array has an entry a frame, stills have none."""

    rows: Ints  # of the outcome frame
    sequence: Ints  # its code
    number: Floats
    missing: Ints  # frames that seem to be missing before it
    begins: Ints  # where each sequence that has frames begins, and the end


def order_frames(outcomes: Outcomes) -> FrameOrder | None:
    """The frames in their order; None where no sample is a frame."""
    frame = outcomes.frame
    if columns.SEQUENCE not in frame.columns:
        return None
    sequence = frame[columns.SEQUENCE].to_numpy().astype(np.int64)
    number = frame[columns.FRAME].fill_null(np.nan).to_numpy()
    inside = np.flatnonzero(sequence >= 0)
    if not len(inside):
        return None
    rows = inside[np.lexsort((number[inside], sequence[inside]))]
    sequence, number = sequence[rows], number[rows]
    begins = np.flatnonzero(np.r_[True, sequence[1:] != sequence[:-1], True])
    return FrameOrder(rows, sequence, number, missing_between(sequence, number), begins)


def measure_sequences(outcomes: Outcomes, flip_codes: FlipCodes, baseline: int | None, candidate: int) -> pl.DataFrame:
    """What became of each sequence in each version (``columns.SEQUENCES``); empty where no sample is a frame.

    Sequences stand in the order in which they are worth looking at: most newly broken frames of the candidate first,
    then most wrong ones, then the largest mean loss, then by name. A run of wrong frames ends where frames are missing
    or not scored: nobody knows what was there.

    Args:
        outcomes: the outcomes; ``correct_{v}`` says what is wrong.
        flip_codes: the task's rule of what is newly broken and newly fixed.
        baseline: the position of the version to hold against; None where there is one version.
        candidate: the position of the version in question.
    """
    order = order_frames(outcomes)
    if order is None:
        return columns.SEQUENCES.to_frame()
    parts = [_of_version(outcomes, order, v, _flips(outcomes, flip_codes, baseline, v)) for v in _positions(outcomes)]
    rank = parts[candidate].select(
        "sequence",
        rank=pl.struct(
            -pl.col("n_newly_broken").fill_null(0), -pl.col("n_wrong"), -pl.col("mean_loss").fill_null(0.0), "sequence"
        ).rank("ordinal"),
    )
    return (
        pl.concat(parts)
        .join(rank, on="sequence", maintain_order="left")
        .sort("rank", maintain_order=True)
        .select(columns.SEQUENCES.names())
        .cast(columns.SEQUENCES)
    )


def _positions(outcomes: Outcomes) -> range:
    return range(len(outcomes.versions))


def _flips(outcomes: Outcomes, flip_codes: FlipCodes, baseline: int | None, version: int) -> Ints | None:
    if baseline is None or version == baseline:
        return None
    return flip_codes(outcomes.frame, baseline, version, outcomes.flip_margin)


def _of_version(outcomes: Outcomes, order: FrameOrder, version: int, flips: Ints | None) -> pl.DataFrame:
    frame = outcomes.frame
    scored = frame[columns.scored(version)].to_numpy()[order.rows]
    wrong = scored & (frame[columns.correct(version)].to_numpy()[order.rows] == 0)
    loss = frame[columns.loss(version)].cast(pl.Float64).fill_null(np.nan).to_numpy()[order.rows]
    starts = order.begins[:-1]
    codes = order.sequence[starts]
    names = [outcomes.sequence_names[code] for code in codes]

    def total(marks: npt.NDArray[np.generic]) -> Ints:
        return np.add.reduceat(marks.astype(np.int64), starts)

    n_scored = total(scored)
    with np.errstate(invalid="ignore"):
        mean = np.add.reduceat(np.where(scored, loss, 0.0), starts) / n_scored
    runs = longest_runs(order.sequence, wrong, order.missing > 0)
    at = np.searchsorted(codes, runs[:, 0])
    run, first, last = np.zeros(len(codes), np.int64), np.full(len(codes), np.nan), np.full(len(codes), np.nan)
    run[at], first[at], last[at] = runs[:, 1], order.number[runs[:, 2]], order.number[runs[:, 3]]
    moved: Mapping[str, object] = {
        name: None if flips is None else total(flips[order.rows] == code)
        for name, code in (("n_newly_broken", 2), ("n_newly_fixed", 1))
    }
    return pl.DataFrame(
        {
            "sequence": names,
            "version": [outcomes.versions[version]] * len(names),
            "n": np.diff(order.begins),
            "n_missing": total(order.missing),
            "n_scored": n_scored,
            "n_wrong": total(wrong),
            "mean_loss": mean,
            "longest_run": run,
            "run_first": first,
            "run_last": last,
            **moved,
        },
        schema_overrides={"n_newly_broken": pl.Int64, "n_newly_fixed": pl.Int64},
        nan_to_null=True,
    )
