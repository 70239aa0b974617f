"""Classification, binary and multiclass: a label, and probabilities or a score where there are any."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.model import MetricInfo, Note
from reportgen.tasks.metric import Floats, Metric, Side

SURE = 0.9
"""A confidence from which a prediction counts as sure."""

PRIMARY = "accuracy"


def outcomes(frame: pl.DataFrame, n_versions: int) -> pl.DataFrame:
    """The joined frame with what each prediction is worth: ``correct_{v}`` and ``loss_{v}`` = 1 − correct."""
    added = []
    for v in range(n_versions):
        right = pl.col(columns.scored(v)) & (pl.col(columns.prediction(v)) == pl.col(columns.TARGET))
        added.append(right.fill_null(False).cast(pl.Int8).alias(columns.correct(v)))
        added.append(
            pl.when(pl.col(columns.scored(v))).then((~right).cast(pl.Float64)).otherwise(None).alias(columns.loss(v))
        )
    return frame.with_columns(added)


def _ones(side: Side) -> Floats:
    return side.scored.astype(np.float64)


def _is_target(side: Side, k: int) -> Floats:
    return np.asarray(side.scored & (side.target == k), np.float64)


def _is_predicted(side: Side, k: int) -> Floats:
    return np.asarray(side.scored & (side.prediction == k), np.float64)


def _hit(side: Side, k: int) -> Floats:
    return np.asarray(side.scored & (side.target == k) & (side.prediction == k), np.float64)


def _accuracy(side: Side, _k: int) -> tuple[Floats, Floats]:
    return side.correct.astype(np.float64) * side.scored, _ones(side)


def _recall(side: Side, k: int) -> tuple[Floats, Floats]:
    return _hit(side, k), _is_target(side, k)


def _precision(side: Side, k: int) -> tuple[Floats, Floats]:
    return _hit(side, k), _is_predicted(side, k)


def _f1(side: Side, k: int) -> tuple[Floats, Floats]:
    return 2 * _hit(side, k), _is_target(side, k) + _is_predicted(side, k)


def _others(side: Side, k: int) -> Floats:
    return np.asarray(side.scored & (side.target != k), np.float64)


def _false_alarm(side: Side, k: int) -> Floats:
    return np.asarray(side.scored & (side.target != k) & (side.prediction == k), np.float64)


def _specificity(side: Side, k: int) -> tuple[Floats, Floats]:
    return _others(side, k) - _false_alarm(side, k), _others(side, k)


def _false_positive_rate(side: Side, k: int) -> tuple[Floats, Floats]:
    return _false_alarm(side, k), _others(side, k)


def _false_negative_rate(side: Side, k: int) -> tuple[Floats, Floats]:
    return _is_target(side, k) - _hit(side, k), _is_target(side, k)


def _sure_wrong(side: Side, _k: int) -> tuple[Floats, Floats]:
    assert side.confidence is not None
    sure = side.scored & (side.correct == 0) & (side.confidence >= np.float32(SURE))
    return sure.astype(np.float64), _ones(side)


def _target_probability(side: Side) -> Floats:
    """The probability given to the true class."""
    if side.probabilities:
        table = np.stack(side.probabilities)
        safe = np.clip(side.target.astype(np.int64), 0, len(side.classes) - 1)
        return table[safe, np.arange(len(safe))].astype(np.float64)
    assert side.score is not None
    return np.where(side.target == side.positive, side.score, 1 - side.score)


def _log_loss(side: Side, _k: int) -> tuple[Floats, Floats]:
    p = np.nan_to_num(_target_probability(side), nan=1.0)
    return np.where(side.scored, -np.log(np.clip(p, _epsilon(side), 1.0)), 0.0), _ones(side)


def _epsilon(side: Side) -> float:
    """Below it log loss clips, as scikit-learn does: the epsilon of the numbers that the file holds."""
    return float(np.finfo(side.probabilities[0].dtype if side.probabilities else np.float64).eps)


def notes(side: Side, version: str) -> list[Note]:
    """Notes of what the figures of a version count otherwise than its file says."""
    if not _has_probabilities(side):
        return []
    n = int(np.count_nonzero(side.scored & (np.nan_to_num(_target_probability(side), nan=1.0) < _epsilon(side))))
    if not n:
        return []
    times = "once" if n == 1 else f"{n:,} times"
    message = f"{version} gives the true class a probability of about 0 {times}: log loss takes {_epsilon(side):.2g}"
    return [Note("RG404", "info", message, n=n)]


def _brier(side: Side, _k: int) -> tuple[Floats, Floats]:
    if side.score is not None and side.positive is not None:
        loss = (side.score - (side.target == side.positive)) ** 2
    elif side.positive is not None:
        loss = (side.probabilities[side.positive].astype(np.float64) - (side.target == side.positive)) ** 2
    else:
        loss = sum(
            ((p.astype(np.float64) - (side.target == k)) ** 2 for k, p in enumerate(side.probabilities)),
            start=np.zeros(len(side.target)),
        )
    return np.where(side.scored, np.nan_to_num(loss), 0.0), _ones(side)


def _cost(side: Side, _k: int) -> tuple[Floats, Floats]:
    assert side.costs is not None
    cost = side.costs[np.maximum(side.target, 0), np.maximum(side.prediction, 0)]
    return np.where(side.scored, cost, 0.0), _ones(side)


TOP_K = 5


def _top_k(side: Side, _k: int) -> tuple[Floats, Floats]:
    own = _target_probability(side)
    above = sum(((p > own).astype(np.int64) for p in side.probabilities), start=np.zeros(len(own), np.int64))
    return (side.scored & (above < TOP_K)).astype(np.float64), _ones(side)


def _has_probabilities(side: Side) -> bool:
    return bool(side.probabilities) or (side.score is not None and side.positive is not None)


def _is_binary(side: Side) -> bool:
    return side.positive is not None


def _info(
    name: str,
    label: str,
    plain: str,
    *,
    unit: Literal["rate", "number"] = "rate",
    higher: bool = True,
    per_class: bool = False,
) -> MetricInfo:
    return MetricInfo(name, label, plain, unit, higher, primary=False, per_class=per_class)


METRICS: tuple[Metric, ...] = (
    Metric(_info("accuracy", "Accuracy", "share of samples that are classified right"), "binary", _accuracy),
    Metric(
        _info("balanced_accuracy", "Balanced accuracy", "recall, averaged over the classes, each counting the same"),
        "influence",
    ),
    Metric(_info("macro_f1", "Macro F1", "F1, averaged over the classes, each counting the same"), "influence"),
    Metric(
        _info("mcc", "Matthews correlation", "agreement of prediction and truth, 1 perfect, 0 guessing", unit="number"),
        "influence",
    ),
    Metric(
        _info("kappa", "Cohen's kappa", "agreement beyond what guessing would reach, 1 perfect", unit="number"),
        "influence",
    ),
    Metric(
        _info("recall", "Recall", "of the samples truly of a class, the share that is found", per_class=True),
        "binary",
        _recall,
    ),
    Metric(
        _info("precision", "Precision", "of the samples called a class, the share that truly is", per_class=True),
        "binary",
        _precision,
    ),
    Metric(
        _info("f1", "F1", "recall and precision in one figure, their harmonic mean", per_class=True),
        "ratio",
        _f1,
        bounds=(0.0, 1.0),
    ),
    Metric(
        _info("specificity", "Specificity", "of the samples not of the class, the share left alone", per_class=True),
        "binary",
        _specificity,
        _is_binary,
    ),
    Metric(
        _info(
            "false_positive_rate",
            "False alarm rate",
            "of the samples not of the class, the share called it",
            higher=False,
            per_class=True,
        ),
        "binary",
        _false_positive_rate,
        _is_binary,
    ),
    Metric(
        _info(
            "false_negative_rate",
            "Miss rate",
            "of the samples truly of the class, the share not found",
            higher=False,
            per_class=True,
        ),
        "binary",
        _false_negative_rate,
        _is_binary,
    ),
    Metric(
        _info("auroc", "AUROC", "chance that a sample of the class is ranked above one that is not", per_class=True),
        "auroc",
        available=_has_probabilities,
    ),
    Metric(
        _info(
            "average_precision",
            "Average precision",
            "precision, averaged over the finds as the cut-off is lowered",
            per_class=True,
        ),
        "average_precision",
        available=_has_probabilities,
    ),
    Metric(
        _info(
            "log_loss",
            "Log loss",
            "how much the true answer surprises the version, 0 best",
            unit="number",
            higher=False,
        ),
        "ratio",
        _log_loss,
        _has_probabilities,
        bounds=(0.0, math.inf),
    ),
    Metric(
        _info("brier", "Brier score", "squared error of the probabilities, 0 best", unit="number", higher=False),
        "ratio",
        _brier,
        _has_probabilities,
        bounds=(0.0, 2.0),
    ),
    Metric(
        _info(
            "ece",
            "Calibration error",
            "how far, on average, the share that is right is from how sure the version says it is; 0 best",
            higher=False,
        ),
        "calibration",
        available=lambda side: side.confidence is not None,
    ),
    Metric(
        _info(
            "sure_wrong_rate",
            "Sure but wrong",
            f"share of samples that are wrong with a confidence of {SURE} or more",
            higher=False,
        ),
        "binary",
        _sure_wrong,
        lambda side: side.confidence is not None,
    ),
    Metric(
        _info(
            "cost",
            "Mean cost",
            "what an answer costs on average, by the costs that the manifest gives; 0 best",
            unit="number",
            higher=False,
        ),
        "ratio",
        _cost,
        lambda side: side.costs is not None,
        bounds=(0.0, math.inf),
    ),
    Metric(
        _info("top_k_accuracy", f"Top-{TOP_K} accuracy", f"share whose true class is among the {TOP_K} likeliest"),
        "binary",
        _top_k,
        lambda side: bool(side.probabilities) and len(side.classes) > 2 * TOP_K,
    ),
)


def flip_codes(frame: pl.DataFrame, baseline: int, candidate: int, _margin: float | None) -> npt.NDArray[Any]:
    """What became of each sample: 0 both wrong, 1 newly fixed, 2 newly broken, 3 both right; -1 not both scored."""
    both = (frame[columns.scored(baseline)] & frame[columns.scored(candidate)]).to_numpy()
    before = frame[columns.correct(baseline)].to_numpy().astype(np.int64)
    after = frame[columns.correct(candidate)].to_numpy().astype(np.int64)
    return np.where(both, 2 * before + after, -1)


def hardness(side: Side) -> npt.NDArray[Any]:
    """How sure the version is of a wrong label, 0-1 (Float32): its confidence, 1 where it gives none."""
    if side.confidence is None:
        return np.ones(len(side.target), np.float32)
    return np.nan_to_num(side.confidence, nan=0.0)
