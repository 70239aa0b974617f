"""Outcome frames of planted worlds, for tests of the analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from reportgen import pipeline
from reportgen.analysis.attributes import AttributeSpec, code_attributes, code_target
from reportgen.analysis.declared import mark_pinned
from reportgen.analysis.facts import Facts
from reportgen.analysis.measure import Measure, measure
from reportgen.analysis.slices import Axes
from reportgen.declarations import NOTHING_DECLARED, Declarations
from reportgen.model import Limits, Media, Note, Outcomes, Parts
from reportgen.tasks import classification, regression
from reportgen.tasks.known import task_of
from reportgen.tasks.objects import hold
from reportgen.tasks.parts import count_parts, losses

CLASSES = ("car", "cyclist", "pedestrian")


@dataclass(frozen=True, eq=False)
class Analysed:
    """A world with everything that the analysis makes of it."""

    measure: Measure
    axes: Axes
    facts: Facts


def classify(
    n: int = 2000,
    *,
    n_versions: int = 2,
    seed: int = 1,
    loss: float = 0.35,
    gain: float = 0.08,
    groups: int | None = None,
    weights: bool = False,
    confidence: bool = True,
    phrases: bool = True,
    media: str = "none",
) -> Outcomes:
    """Scenes by weather and time; the last version gains everywhere and loses at night in the rain."""
    rng = np.random.default_rng(seed)
    weather = np.array(["clear", "fog", "rain"])[rng.choice(3, n, p=[0.5, 0.1, 0.4])]
    time = np.array(["day", "night"])[rng.choice(2, n, p=[0.6, 0.4])]
    target = rng.choice(3, n, p=[0.5, 0.2, 0.3]).astype(np.int32)
    samples = pl.DataFrame({"weather": weather, "time": time, "brightness": rng.normal(size=n).round(3)})
    columns: dict[str, object] = {"id": [f"s{i:06d}" for i in range(n)], "target": target}
    if groups:
        columns["group"] = rng.integers(0, groups, n).astype(np.int32)
    if weights:
        columns["weight"] = rng.uniform(0.5, 2, n)
    hard = rng.random(n)
    dark = (weather == "rain") & (time == "night")
    for v in range(n_versions):
        share = np.full(n, 0.78 + gain * v / max(1, n_versions - 1))
        if v and v == n_versions - 1:
            share[dark] -= loss
        wrong = (target + rng.integers(1, 3, n)) % 3
        jitter = rng.normal(0, 0.02, n)
        columns |= {
            f"scored_{v}": np.ones(n, bool),
            f"invalid_{v}": np.zeros(n, bool),
            f"prediction_{v}": np.where(hard + jitter < share, target, wrong).astype(np.int32),
        }
        if confidence:
            columns[f"confidence_{v}"] = rng.uniform(0.4, 1, n).astype(np.float32)
    frame = classification.outcomes(pl.DataFrame(columns), n_versions)
    specs = [
        AttributeSpec(
            "weather", phrases={"rain": "in the rain", "fog": "in fog", "clear": "in clear air"} if phrases else {}
        ),
        AttributeSpec("time", phrases={"night": "at night", "day": "by day"} if phrases else {}),
        AttributeSpec("brightness", bins=4),
    ]
    return _finish(frame, samples, specs, CLASSES, n_versions, media)


def regress(n: int = 2000, *, n_versions: int = 2, seed: int = 1, grow: float = 0.8) -> Outcomes:
    """Prices by district; the last version's error grows in the harbour."""
    rng = np.random.default_rng(seed)
    district = np.array(["centre", "harbour", "hills"])[rng.choice(3, n)]
    target = rng.normal(10, 3, n)
    columns: dict[str, object] = {"id": [f"s{i:06d}" for i in range(n)], "target": target}
    error = rng.normal(0, 1, n)
    for v in range(n_versions):
        scale = np.where((district == "harbour") & (v == n_versions - 1) & (v > 0), 1 + grow, 1.0)
        columns |= {
            f"scored_{v}": np.ones(n, bool),
            f"invalid_{v}": np.zeros(n, bool),
            f"prediction_{v}": target + scale * error + rng.normal(0, 0.1, n),
        }
    frame = pl.DataFrame(columns)
    frame = regression.outcomes(frame, n_versions, 1.0)
    outcomes = _finish(frame, pl.DataFrame({"district": district}), [AttributeSpec("district")], (), n_versions, "none")
    return replace(outcomes, tolerance=1.0, flip_margin=1.0)


def objects_frame(sample: Sequence[int], left: Sequence[float], score: float | None = None) -> pl.DataFrame:
    """Boxes of 10 × 10 pixels of class 0, ascending by sample (``columns.OBJECTS``)."""
    n = len(sample)
    return pl.DataFrame(
        {
            "sample": pl.Series(sample, dtype=pl.Int64),
            "class": pl.Series([0] * n, dtype=pl.Int32),
            "left": pl.Series(left, dtype=pl.Float64),
            "top": pl.Series([0.0] * n, dtype=pl.Float64),
            "width": pl.Series([10.0] * n, dtype=pl.Float64),
            "height": pl.Series([10.0] * n, dtype=pl.Float64),
            "area": pl.Series([100.0] * n, dtype=pl.Float64),
            "crowd": pl.Series([False] * n, dtype=pl.Boolean),
            "score": pl.Series([score] * n, dtype=pl.Float64),
        }
    ).sort("sample", maintain_order=True)


def detect(n: int = 60, *, tolerance: float = 0.0, flip_margin: float = 0.0) -> Outcomes:
    """Images of four objects each, by light; v1 finds three of them, v2 all by day, and at night two and one false.

    Of every fourth image v1 finds all, too; the last image has no object, where v1 detects one and v2 none.
    """
    rows = range(n - 1)
    place = {k: 50.0 * k for k in range(5)}
    night = ["night" if i % 3 == 0 else "day" for i in range(n)]
    easy = [i % 4 == 1 for i in range(n)]
    old = [(i, place[k]) for i in rows for k in range(4 if easy[i] else 3)] + [(n - 1, place[0])]
    new = [(i, place[k]) for i in rows for k in ([0, 1, 4] if night[i] == "night" else [0, 1, 2, 3])]
    truth = objects_frame([i for i in rows for _ in range(4)], [place[k] for _ in rows for k in range(4)])
    held = [
        hold(truth, objects_frame([i for i, _ in found], [left for _, left in found], 0.5), n, 1, 0.25)
        for found in (old, new)
    ]
    frame = pl.DataFrame({"id": [f"s{i:03d}" for i in range(n)], "target": np.zeros(n)}).with_columns(
        *(one for v in range(2) for one in (pl.lit(True).alias(f"scored_{v}"), pl.lit(False).alias(f"invalid_{v}"))),
        *(pl.Series(f"prediction_{v}", losses(one.counts)) for v, one in enumerate(held)),
    )
    coded = code_attributes(pl.DataFrame({"light": night}), [AttributeSpec("light")])
    return Outcomes(
        pl.concat([regression.outcomes(frame, 2, tolerance), coded.codes], how="horizontal"),
        pl.DataFrame({"id": frame["id"], "light": night}),
        (),
        coded.attributes,
        ("v1", "v2"),
        tolerance=tolerance,
        flip_margin=flip_margin,
        parts=Parts(
            "object",
            ("nucleus",),
            tuple(one.counts for one in held),
            tuple(one.judged for one in held),
            truth,
            tuple(one.detections for one in held),
            tuple(one.cutoff for one in held),
            tuple(one.found for one in held),
        ),
    )


def label(
    truth: np.ndarray,
    *said: np.ndarray,
    scored: Sequence[np.ndarray] | None = None,
    group: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> Outcomes:
    """Sets of the labels a, b, c …: tables of flags, samples × labels; the truth's, then each version's."""
    n, k = truth.shape
    scored = scored or [np.ones(n, bool)] * len(said)
    sample, klass = (axis.ravel() for axis in np.indices(truth.shape))
    counts = []
    columns: dict[str, object] = {"id": [f"s{i:03d}" for i in range(n)], "target": np.zeros(n)}
    for v, (flags, known) in enumerate(zip(said, scored, strict=True)):
        own = [
            (one & known[:, None]).ravel().astype(np.int64) for one in (truth & flags, ~truth & flags, truth & ~flags)
        ]
        counts.append(count_parts(n, sample, klass, *own))
        columns |= {f"scored_{v}": known, f"invalid_{v}": np.zeros(n, bool), f"prediction_{v}": losses(counts[-1])}
    if group is not None:
        columns["group"] = group.astype(np.int32)
    if weight is not None:
        columns["weight"] = weight
    frame = regression.outcomes(pl.DataFrame(columns), len(said), 0.0)
    return Outcomes(
        frame,
        frame.select("id"),
        (),
        (),
        tuple(f"v{v + 1}" for v in range(len(said))),
        group_names=() if group is None else tuple(f"g{g}" for g in range(int(group.max()) + 1)),
        tolerance=0.0,
        flip_margin=0.0,
        parts=Parts("label", tuple("abcdefgh"[:k]), tuple(counts)),
    )


def _finish(
    frame: pl.DataFrame,
    samples: pl.DataFrame,
    specs: Sequence[AttributeSpec],
    classes: tuple[str, ...],
    n_versions: int,
    media: str,
) -> Outcomes:
    coded = code_attributes(samples, specs)
    target, codes = code_target(frame["target"], "label", classes, len(coded.attributes))
    frame = pl.concat([frame, coded.codes, pl.DataFrame({f"a{target.index}": codes})], how="horizontal")
    n_groups = int(frame["group"].max()) + 1 if "group" in frame.columns else 0
    return Outcomes(
        frame,
        samples,
        classes,
        (*coded.attributes, target),
        tuple(f"v{v + 1}" for v in range(n_versions)),
        group_names=tuple(f"g{g}" for g in range(n_groups)),
        media=Media("image" if media == "image" else "none"),
    )


def analyse(
    outcomes: Outcomes,
    *,
    limits: Limits | None = None,
    notes: Sequence[Note] = (),
    declarations: Declarations = NOTHING_DECLARED,
) -> Analysed:
    """The whole analysis of a world; the first version is the baseline and the last the candidate."""
    task = task_of(outcomes)
    outcomes = mark_pinned(outcomes, declarations.pinned)
    measured = measure(outcomes, limits or Limits(), [task.primary])
    primary = next(metric for metric in task.metrics if metric.name == task.primary)
    baseline = 0 if len(outcomes.versions) > 1 else None
    candidate = len(outcomes.versions) - 1
    facts = pipeline.analyse(
        measured, task.metrics, primary, baseline, candidate, declarations=declarations, notes=notes
    ).facts
    return Analysed(measured, facts.axes, facts)
