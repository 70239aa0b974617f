"""Regression: a value. Right means within the tolerance; a flip is an error that moves by more than the margin."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import MetricInfo, Note
from reportgen.tasks.metric import Floats, Metric, Side

PRIMARY = "mae"


def outcomes(frame: pl.DataFrame, n_versions: int, tolerance: float) -> pl.DataFrame:
    """The joined frame with ``loss_{v}`` = |prediction − target| and ``correct_{v}`` = within the tolerance."""
    added = []
    for v in range(n_versions):
        error = (pl.col(columns.prediction(v)) - pl.col(columns.TARGET)).abs()
        scored = pl.col(columns.scored(v))
        added.append((scored & (error <= tolerance)).fill_null(False).cast(pl.Int8).alias(columns.correct(v)))
        added.append(pl.when(scored).then(error).otherwise(None).alias(columns.loss(v)))
    return frame.with_columns(added)


def usual_error(frame: pl.DataFrame, version: int) -> float:
    """The version's mean absolute error to two significant digits: the default tolerance and flip margin."""
    error = (frame[columns.prediction(version)] - frame[columns.TARGET]).abs().filter(frame[columns.scored(version)])
    mean = error.sort().mean()
    return float(f"{mean:.1e}") if isinstance(mean, float) and mean > 0 else 1.0


def _ones(side: Side) -> Floats:
    return side.scored.astype(np.float64)


def _error(side: Side) -> Floats:
    return np.where(side.scored, np.nan_to_num(side.prediction - side.target), 0.0)


def _mae(side: Side, _k: int) -> tuple[Floats, Floats]:
    return np.abs(_error(side)), _ones(side)


def _bias(side: Side, _k: int) -> tuple[Floats, Floats]:
    return _error(side), _ones(side)


def _mape(side: Side, _k: int) -> tuple[Floats, Floats]:
    return np.abs(_error(side)) / np.abs(side.target), _ones(side)


def _smape(side: Side, _k: int) -> tuple[Floats, Floats]:
    scale = np.abs(side.target) + np.abs(np.nan_to_num(side.prediction))
    return np.divide(2 * np.abs(_error(side)), scale, out=np.zeros(len(scale)), where=scale > 0), _ones(side)


def _within(side: Side, _k: int) -> tuple[Floats, Floats]:
    return side.correct.astype(np.float64) * side.scored, _ones(side)


def _info(
    name: str, label: str, plain: str, *, unit: Literal["rate", "number"] = "number", higher: bool = False
) -> MetricInfo:
    return MetricInfo(name, label, plain, unit, higher)


METRICS: tuple[Metric, ...] = (
    Metric(
        _info("mae", "Mean absolute error", "how far off a prediction is, on average"),
        "ratio",
        _mae,
        bounds=(0.0, math.inf),
    ),
    Metric(_info("rmse", "Root mean squared error", "how far off, large errors counting more"), "influence"),
    Metric(_info("bias", "Bias", "prediction minus truth, on average"), "ratio", _bias, compared=False),
    Metric(_info("r2", "R²", "share of the target's spread that is explained, 1 perfect", higher=True), "influence"),
    Metric(
        _info("pearson_r", "Pearson correlation", "how well predictions rise with the truth, 1 perfect", higher=True),
        "influence",
    ),
    Metric(
        _info("mape", "Mean percentage error", "how far off in percent of the truth, on average", unit="rate"),
        "ratio",
        _mape,
        lambda side: bool(np.all(side.target[side.scored] > 0)) and bool(side.scored.any()),
        bounds=(0.0, math.inf),
    ),
    Metric(
        _info("smape", "Symmetric percentage error", "error against the mean of prediction and truth", unit="rate"),
        "ratio",
        _smape,
        lambda side: bool(np.all(side.target[side.scored] >= 0)) and bool(side.scored.any()),
        bounds=(0.0, 2.0),
    ),
    Metric(
        _info(
            "within_tolerance",
            "Within tolerance",
            "share of samples whose error is at most the tolerance",
            unit="rate",
            higher=True,
        ),
        "binary",
        _within,
    ),
)


def flip_codes(frame: pl.DataFrame, baseline: int, candidate: int, margin: float | None) -> npt.NDArray[Any]:
    """What became of each sample: 2 newly broken and 1 newly fixed where the error moved by more than the margin.

    Of the others 3 (both right) where the candidate is within the tolerance, else 0; -1 where not both scored.
    """
    both = (frame[columns.scored(baseline)] & frame[columns.scored(candidate)]).to_numpy()
    before = frame[columns.loss(baseline)].fill_null(0.0).to_numpy()
    after = frame[columns.loss(candidate)].fill_null(0.0).to_numpy()
    right = frame[columns.correct(candidate)].to_numpy() == 1
    moved = after - before
    limit = 0.0 if margin is None else margin
    code = np.where(moved > limit, 2, np.where(moved < -limit, 1, np.where(right, 3, 0)))
    return np.where(both, code, -1)


def notes(_side: Side, _version: str) -> list[Note]:
    """None: every figure takes the values as the file has them."""
    return []


def hardness(side: Side) -> npt.NDArray[Any]:
    """The size of the error (Float32), as the browser has it."""
    return np.abs(_error(side)).astype(np.float32)
