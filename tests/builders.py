"""A small, whole `Report` made by hand from a planted world, for tests of what stands after the analysis.

The world: scenes by weather and time of day, four classes, three versions. The last version is better overall and
worse at night in the rain. Every figure is counted from the outcome frame, so the parts agree with each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.coverage import measure_coverage
from reportgen.analysis.precision import decide_decimals
from reportgen.analysis.slices import enumerate_axes
from reportgen.model import (
    ALL,
    Answer,
    Attribute,
    Change,
    Counts,
    Coverage,
    Effect,
    EffectRow,
    ExampleSet,
    Family,
    Finding,
    InputFile,
    Limits,
    Link,
    Media,
    MetricInfo,
    Note,
    Outcomes,
    Power,
    Search,
    Slice,
    Support,
    Term,
    Verdict,
    Version,
)
from reportgen.report import Report

CLASSES = ("car", "cyclist", "pedestrian", "van")
WEATHER = ("clear", "fog", "rain")
TIME = ("day", "night")
ACCURACY = MetricInfo("accuracy", "Accuracy", "the share of samples that are right", "rate", True, primary=True)
RECALL = MetricInfo(
    "recall", "Recall", "of the true samples of a class, how many are found", "rate", True, per_class=True
)
LOG_LOSS = MetricInfo("log_loss", "Log loss", "how much confidence was put on wrong labels", "number", False)
_NAMES = tuple(f"v{i}" for i in range(1, 21))
_Z = 1.959963984540054


@dataclass(frozen=True)
class World:
    """The planted samples: codes of weather, time and class, and who is right with which confidence."""

    weather: np.ndarray
    time: np.ndarray
    target: np.ndarray
    prediction: np.ndarray  # versions × samples
    confidence: np.ndarray  # versions × samples

    @property
    def correct(self) -> np.ndarray:
        """Versions × samples."""
        return self.prediction == self.target


def plant(n: int, n_versions: int, seed: int = 7) -> World:
    """A world of n samples; each version is a little better than the one before, the last worse in rainy nights."""
    rng = np.random.default_rng(seed)
    weather = rng.choice(3, n, p=[0.5, 0.1, 0.4])
    time = rng.choice(2, n, p=[0.6, 0.4])
    target = rng.choice(4, n, p=[0.4, 0.1, 0.3, 0.2])
    hard = rng.random(n)
    noise = rng.random((n_versions, n)) * 0.12
    wrong_label = (target + rng.integers(1, 4, n)) % 4
    prediction = np.empty((n_versions, n), dtype=np.int64)
    for v in range(n_versions):
        limit = np.full(n, 0.80 + 0.08 * (v + 1) / n_versions)
        if v == n_versions - 1 and n_versions > 1:
            limit = np.where((weather == 2) & (time == 1), 0.55, limit + 0.03)
        prediction[v] = np.where(hard + noise[v] < limit + 0.06, target, wrong_label)
    confidence = np.round(0.5 + 0.49 * rng.random((n_versions, n)), 3)
    return World(weather, time, target, prediction, confidence)


def report(
    *,
    n: int = 1200,
    n_versions: int = 3,
    attributes: bool = True,
    searched: bool = False,
    media: Media | None = None,
    title: str = "Street scenes, nightly evaluation",
) -> Report:
    """A valid classification report of the first version as baseline and the last as candidate (one: no baseline).

    ``searched``: rainy nights and cyclists in fog are critical, and a search found the pedestrians of rainy nights.
    """
    world = plant(n, n_versions)
    names = _NAMES[:n_versions]
    slices = _slices(world) if attributes else _slices(world)[:1]
    slices = _searched(slices, world) if searched else slices
    masks = {s.id: _mask(world, s) for s in slices}
    comparisons = _comparisons(world, names, slices, masks)
    outcomes = _outcomes(world, names, attributes, media or Media("none"))
    sets, examples = _examples(world, outcomes.frame["id"].to_list())
    baseline = names[0] if n_versions > 1 else None
    return Report(
        title=title,
        task="classification",
        created=datetime(2026, 11, 22, 17, 6, tzinfo=UTC),
        baseline=baseline,
        candidate=names[-1],
        manifest_path="reportgen.yaml",
        manifest_sha256="9f3c41" + "0" * 54 + "e21a",
        manifest_inferred=False,
        inputs=(
            InputFile("samples.parquet", "1a" * 32, n, "samples"),
            *(
                InputFile(f"preds/{name}.parquet", f"{i:02x}" * 32, n, f"predictions of {name}")
                for i, name in enumerate(names, 2)
            ),
        ),
        sampled=None,
        counts=Counts(n, n, 0, 0, 0),
        versions=tuple(
            Version(
                name,
                n,
                0,
                0,
                0,
                note="more night data" if i else "",
                commit=f"{i}f2a91c",
                has_confidence=True,
                changes=(Change("note", None, "more night data"), Change("config: optimiser.lr", "0.1", "0.05"))
                if i
                else (),
            )
            for i, name in enumerate(names)
        ),
        metrics=(ACCURACY, RECALL, LOG_LOSS),
        attributes=outcomes.attributes,
        limits=Limits(),
        slices=slices,
        estimates=_estimates(world, names, slices, masks),
        comparisons=comparisons,
        families=tuple(
            Family("accuracy", "change", names[0], name, sum(s.n >= 30 for s in slices[1:])) for name in names[1:]
        ),
        weaknesses=pl.DataFrame(schema=columns.WEAKNESSES),
        flips=_flips(world, names, slices, masks),
        confusions=_confusions(world, names),
        confusion_changes=_confusion_changes(world, names),
        example_sets=sets,
        examples=examples,
        answer=_answer(baseline, names[-1], comparisons),
        findings=_findings(baseline, names[-1], comparisons, slices, world, masks),
        notes=(Note("RG310", "info", "2 columns were not used: camera, comment", "samples.parquet", n=2),),
        outcomes=outcomes,
        coverage=_coverage(outcomes),
        searches=_searches(names[-1], baseline) if searched else (),
        discoveries=_discoveries(slices[-1], comparisons, names[-1])
        if searched and baseline
        else columns.DISCOVERIES.to_frame(),
        power=() if baseline is None else (Power(ALL, "accuracy", None, None, n, None, 0.0312, None, None),),
    )


def one_version(**options: bool) -> Report:
    """A report of one version alone."""
    return report(n_versions=1, **options)


def hostile(text: str) -> Report:
    """A report whose every name a user can give is ``text``."""
    plain = report(n=400)
    versions = tuple(
        replace(v, name=f"{text}{i}", note=text, commit=text, changes=(Change(text, text, text),))
        for i, v in enumerate(plain.versions)
    )
    renamed = {old.name: new.name for old, new in zip(plain.versions, versions, strict=True)}
    slices = tuple(replace(s, terms=tuple(Term(text, t.op, text + t.value) for t in s.terms)) for s in plain.slices)

    def rename(frame: pl.DataFrame) -> pl.DataFrame:
        found = [c for c in ("version", "baseline", "candidate") if c in frame.columns]
        classes = [c for c in ("class", "target", "prediction") if c in frame.columns]
        return frame.with_columns(
            *(pl.col(c).replace(renamed) for c in found), *((text + pl.col(c)).alias(c) for c in classes)
        )

    outcomes = plain.outcomes
    attributes = tuple(
        replace(a, name=f"{text}{a.index}", values=tuple(text + v for v in a.values)) for a in outcomes.attributes
    )
    ids = (text + pl.col("id")).alias("id")
    return replace(
        plain,
        title=text,
        manifest_path=text,
        baseline=renamed["v1"],
        candidate=renamed["v3"],
        versions=versions,
        inputs=tuple(replace(i, path=text, role=text) for i in plain.inputs),
        metrics=tuple(replace(m, label=text + m.label, plain=text) for m in plain.metrics),
        attributes=attributes,
        slices=slices,
        families=tuple(
            replace(f, baseline=renamed[f.baseline], candidate=renamed[f.candidate]) for f in plain.families
        ),
        estimates=rename(plain.estimates),
        comparisons=rename(plain.comparisons),
        flips=rename(plain.flips),
        confusions=rename(plain.confusions),
        confusion_changes=rename(plain.confusion_changes),
        examples=plain.examples.with_columns(ids),
        answer=replace(plain.answer, headline=text, sentence=text, support=(text,)),
        findings=tuple(
            replace(
                f,
                headline=text,
                text=text,
                reason=text,
                effect=f.effect and replace(f.effect, figure=text, unit=text, axis=text),
            )
            for f in plain.findings
        ),
        notes=(Note("RG310", "degraded", text, text, text, 2, (text,)),),
        coverage=_coverage(replace(outcomes, attributes=attributes)),
        outcomes=replace(
            outcomes,
            frame=outcomes.frame.with_columns(ids),
            samples=outcomes.samples.with_columns(ids),
            classes=tuple(text + c for c in outcomes.classes),
            attributes=attributes,
            versions=tuple(v.name for v in versions),
        ),
    )


def write_digits(folder: Path, n: int = 6) -> None:
    """Small PNGs ``images/0000.png`` … in the folder, for tests of media."""
    from PIL import Image  # noqa: PLC0415  (few tests need it)

    (folder / "images").mkdir(parents=True, exist_ok=True)
    for i in range(n):
        Image.new("RGB", (32, 20), (20 * i % 256, 90, 160)).save(folder / "images" / f"{i:04d}.png")


def _searched(slices: Sequence[Slice], world: World) -> tuple[Slice, ...]:
    """The slices with two that are critical, one of them small, and one of three terms that was found, last."""
    terms = (Term("weather", "=", "rain"), Term("time", "=", "night"), Term("label", "=", "pedestrian"))
    found = _counted(world, terms)
    whys = {"rain × night": "safety case 4.2", "fog × cyclist": "few, and hard to see"}
    marked = [replace(s, critical=whys.get(s.name)) for s in slices]
    return (*marked, replace(found, origin="found", n_confirm=found.n // 2))


def _searches(version: str, baseline: str | None) -> tuple[Search, ...]:
    asked = (Search("weak", version, None, 96, 2, 0), Search("worse", version, baseline, 96, 2, 1))
    return asked if baseline is not None else asked[:1]


def _discoveries(found: Slice, comparisons: pl.DataFrame, version: str) -> pl.DataFrame:
    """What the other half says of the found slice: its change as in the comparisons, with a wider interval."""
    change = comparisons.row(by_predicate=(pl.col("slice") == found.id) & (pl.col("candidate") == version), named=True)
    row = {
        "slice": found.id,
        "question": "worse",
        "metric": "accuracy",
        "version": version,
        "baseline": change["baseline"],
        "value": change["value_candidate"],
        "reference": change["value_baseline"],
        "delta": change["delta"],
        "delta_confirm": change["delta"] + 0.02,
        "low": change["low"] - 0.02,
        "high": min(change["high"] + 0.04, -0.01),
        "p": 0.0004,
        "q": 0.0016,
        "n": found.n,
        "n_confirm": found.n_confirm,
        "n_groups_confirm": None,
        "verdict": "worse",
    }
    return pl.DataFrame([{name: row[name] for name in columns.DISCOVERIES}], schema=columns.DISCOVERIES)


def _coverage(outcomes: Outcomes) -> Coverage | None:
    return measure_coverage(outcomes, enumerate_axes(outcomes, Limits()), Limits())


def _slices(world: World) -> tuple[Slice, ...]:
    found = [Slice(ALL, (), "all", len(world.target))]
    axes: dict[str, Sequence[str]] = {"weather": WEATHER, "time": TIME, "label": CLASSES}
    for name, values in axes.items():
        found += [_counted(world, (Term(name, "=", value),)) for value in values]
    for (a, left), (b, right) in (
        (("weather", WEATHER), ("time", TIME)),
        (("time", TIME), ("label", CLASSES)),
        (("weather", WEATHER), ("label", CLASSES)),
    ):
        found += [_counted(world, (Term(a, "=", x), Term(b, "=", y))) for x, y in product(left, right)]
    return tuple(found)


def _counted(world: World, terms: tuple[Term, ...]) -> Slice:
    bare = Slice(
        " & ".join(f"{t.attribute}={t.value}" for t in terms), terms, "attribute" if len(terms) == 1 else "pair", 0
    )
    return replace(bare, n=int(_mask(world, bare).sum()))


def _mask(world: World, slice_: Slice) -> np.ndarray:
    codes = {"weather": (world.weather, WEATHER), "time": (world.time, TIME), "label": (world.target, CLASSES)}
    mask = np.ones(len(world.target), dtype=bool)
    for term in slice_.terms:
        column, values = codes[term.attribute]
        mask &= column == values.index(term.value)
    return mask


def _support(n: int) -> Support:
    return "decide" if n >= 200 else "test" if n >= 30 else "show" if n >= 10 else "counts"


def _wilson(k: int, n: int) -> tuple[float, float]:
    p = k / n
    centre, half = p + _Z**2 / (2 * n), _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n * n))
    return max(0.0, (centre - half) / (1 + _Z**2 / n)), min(1.0, (centre + half) / (1 + _Z**2 / n))


def _estimates(
    world: World, names: Sequence[str], slices: Sequence[Slice], masks: dict[str, np.ndarray]
) -> pl.DataFrame:
    rows: list[tuple[object, ...]] = []
    for s, (v, name) in product(slices, enumerate(names)):
        k, n = int(world.correct[v][masks[s.id]].sum()), s.n
        if n:
            rows.append(
                (
                    s.id,
                    name,
                    "accuracy",
                    None,
                    k / n,
                    *_wilson(k, n),
                    n,
                    None,
                    float(k),
                    float(n),
                    "Wilson score",
                    None,
                    _support(n),
                )
            )
    for (v, name), (c, label) in product(enumerate(names), enumerate(CLASSES)):
        k, n = int(world.correct[v][world.target == c].sum()), int((world.target == c).sum())
        rows.append(
            (
                ALL,
                name,
                "recall",
                label,
                k / n,
                *_wilson(k, n),
                n,
                None,
                float(k),
                float(n),
                "Wilson score",
                None,
                _support(n),
            )
        )
    for v, name in enumerate(names):
        loss = -np.log(np.where(world.correct[v], world.confidence[v], 1 - world.confidence[v]))
        mean, half = float(loss.mean()), _Z * float(loss.std(ddof=1)) / math.sqrt(len(loss))
        rows.append(
            (
                ALL,
                name,
                "log_loss",
                None,
                mean,
                mean - half,
                mean + half,
                len(loss),
                None,
                float(loss.sum()),
                float(len(loss)),
                "linearisation, t",
                None,
                _support(len(loss)),
            )
        )
    return pl.DataFrame(rows, schema=columns.ESTIMATES, orient="row")


def _paired(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float, float, float, float]:
    """Both means, the difference, its interval and p, from paired values."""
    d = y - x
    mean, se = float(d.mean()), max(float(d.std()) / math.sqrt(len(d)), 1e-3)
    p = math.erfc(abs(mean) / se / math.sqrt(2))
    return float(x.mean()), float(y.mean()), mean, mean - _Z * se, mean + _Z * se, p


def _comparisons(
    world: World, names: Sequence[str], slices: Sequence[Slice], masks: dict[str, np.ndarray]
) -> pl.DataFrame:
    rows: list[dict[str, object]] = []
    for v, name in list(enumerate(names))[1:]:
        family = []
        for s in slices:
            if not s.n:
                continue
            m = masks[s.id]
            row = _comparison(
                s.id,
                "accuracy",
                None,
                names[0],
                name,
                world.correct[0][m] * 1.0,
                world.correct[v][m] * 1.0,
                higher=True,
            )
            rows.append(row)
            if s.id != ALL and s.n >= 30:
                family.append(row)
        _correct(family)
        for c, label in enumerate(CLASSES):
            m = world.target == c
            rows.append(
                _comparison(
                    ALL,
                    "recall",
                    label,
                    names[0],
                    name,
                    world.correct[0][m] * 1.0,
                    world.correct[v][m] * 1.0,
                    higher=True,
                )
            )
        losses = [-np.log(np.where(world.correct[i], world.confidence[i], 1 - world.confidence[i])) for i in (0, v)]
        rows.append(_comparison(ALL, "log_loss", None, names[0], name, *losses, higher=False))
    table = pl.DataFrame(rows, schema=columns.COMPARISONS, orient="row")
    return decide_decimals(table, (ACCURACY, RECALL, LOG_LOSS))


def _comparison(
    slice_id: str,
    metric: str,
    klass: str | None,
    baseline: str,
    candidate: str,
    x: np.ndarray,
    y: np.ndarray,
    *,
    higher: bool,
) -> dict[str, object]:
    before, after, delta, low, high, p = _paired(x, y)
    verdict: Verdict = (
        "too_few" if len(x) < 30 else "unclear" if p >= 0.05 else ("better" if (delta > 0) == higher else "worse")
    )
    return {
        "slice": slice_id,
        "metric": metric,
        "class": klass,
        "baseline": baseline,
        "candidate": candidate,
        "value_baseline": before,
        "value_candidate": after,
        "delta": delta,
        "low": low,
        "high": high,
        "p": p,
        "q": None,
        "n": len(x),
        "n_groups": None,
        "method": "paired difference",
        "verdict": verdict,
        "support": _support(len(x)),
        "discordance": float(np.mean(x != y)) if metric != "log_loss" else None,
        "decimals": None,
    }


def _correct(family: list[dict[str, object]]) -> None:
    """Fill q by Benjamini-Hochberg, and the verdict that follows from it."""
    ordered = sorted(family, key=lambda row: -float(row["p"]))  # type: ignore[arg-type]
    q = 1.0
    for rank, row in enumerate(ordered):
        q = min(q, float(row["p"]) * len(family) / (len(family) - rank))  # type: ignore[arg-type]
        row["q"] = q
        row["verdict"] = "unclear" if q >= 0.05 else "better" if float(row["delta"]) > 0 else "worse"  # type: ignore[arg-type]


def _flips(world: World, names: Sequence[str], slices: Sequence[Slice], masks: dict[str, np.ndarray]) -> pl.DataFrame:
    rows = []
    for (v, name), s in product(list(enumerate(names))[1:], slices):
        before, after = world.correct[0][masks[s.id]], world.correct[v][masks[s.id]]
        rows.append(
            (
                s.id,
                names[0],
                name,
                int((before & ~after).sum()),
                int((~before & after).sum()),
                int((before & after).sum()),
                int((~before & ~after).sum()),
                s.n,
            )
        )
    return pl.DataFrame(rows, schema=columns.FLIPS, orient="row")


def _cells(world: World, v: int) -> Iterator[tuple[str, str, int]]:
    for (t, target), (p, prediction) in product(enumerate(CLASSES), enumerate(CLASSES)):
        yield target, prediction, int(((world.target == t) & (world.prediction[v] == p)).sum())


def _confusions(world: World, names: Sequence[str]) -> pl.DataFrame:
    rows = [(ALL, name, t, p, n) for v, name in enumerate(names) for t, p, n in _cells(world, v) if n]
    return pl.DataFrame(rows, schema=columns.CONFUSIONS, orient="row")


def _confusion_changes(world: World, names: Sequence[str]) -> pl.DataFrame:
    rows = []
    for v, name in list(enumerate(names))[1:]:
        for (t, p, before), (_, _, after) in zip(_cells(world, 0), _cells(world, v), strict=True):
            half = _Z * math.sqrt(before + after + 1)
            delta = after - before
            clear = abs(delta) > half
            verdict = "unclear" if not clear else "better" if (delta > 0) == (t == p) else "worse"
            n = int((world.target == CLASSES.index(t)).sum())
            rows.append(
                (
                    t,
                    p,
                    names[0],
                    name,
                    before,
                    after,
                    delta,
                    delta - half,
                    delta + half,
                    0.01 if clear else 0.4,
                    n,
                    verdict,
                )
            )
    return pl.DataFrame(rows, schema=columns.CONFUSION_CHANGES, orient="row")


def _outcomes(world: World, names: Sequence[str], attributes: bool, media: Media) -> Outcomes:
    n = len(world.target)
    ids = [f"s{i:05d}" for i in range(n)]
    data: dict[str, object] = {"id": ids, "target": world.target.astype(np.int32)}
    kinds = (
        (
            Attribute("weather", "categorical", WEATHER, 0, phrases={"rain": "in the rain"}),
            Attribute("time", "categorical", TIME, 1, phrases={"night": "at night"}),
            Attribute("label", "target", CLASSES, 2),
        )
        if attributes
        else ()
    )
    if attributes:
        data |= {
            "a0": world.weather.astype(np.int32),
            "a1": world.time.astype(np.int32),
            "a2": world.target.astype(np.int32),
        }
    for v in range(len(names)):
        data |= {
            columns.scored(v): np.ones(n, dtype=bool),
            columns.prediction(v): world.prediction[v].astype(np.int32),
            columns.confidence(v): world.confidence[v].astype(np.float32),
            columns.correct(v): world.correct[v].astype(np.int8),
            columns.loss(v): 1.0 - world.correct[v],
        }
    samples: dict[str, object] = {"id": ids, "label": [CLASSES[c] for c in world.target]}
    if attributes:
        samples |= {"weather": [WEATHER[c] for c in world.weather], "time": [TIME[c] for c in world.time]}
    if media.kind == "image":
        samples[media.column] = [f"images/{i:04d}.png" for i in range(n)]
    elif media.kind == "text":
        samples[media.column] = [f"Scene {i}: a {CLASSES[c]} on the road." for i, c in enumerate(world.target)]
    return Outcomes(pl.DataFrame(data), pl.DataFrame(samples), CLASSES, kinds, tuple(names), media=media)


def _examples(world: World, ids: Sequence[str]) -> tuple[tuple[ExampleSet, ...], pl.DataFrame]:
    before, after = world.correct[0], world.correct[-1]
    sure = world.confidence[-1]
    rules = [("surest_wrong", "Surest wrong", "wrong in the candidate, the highest confidence first", ~after)]
    if len(world.correct) > 1:
        rules += [
            ("newly_broken", "Newly broken", "right before and wrong now, the surest first", before & ~after),
            ("newly_fixed", "Newly fixed", "wrong before and right now, the surest first", ~before & after),
            ("always_wrong", "Always wrong", "wrong in every version, the surest first", ~world.correct.any(axis=0)),
        ]
    sets, rows = [], []
    for name, label, rule, mask in rules:
        found = sorted(np.flatnonzero(mask).tolist(), key=lambda r: (-float(sure[r]), ids[r]))
        sets.append(ExampleSet(name, label, rule, len(found), min(len(found), 60)))
        rows += [(name, rank, row, ids[row], float(sure[row])) for rank, row in enumerate(found[:60], 1)]
    return tuple(sets), pl.DataFrame(rows, schema=columns.EXAMPLES, orient="row")


def _answer(baseline: str | None, candidate: str, comparisons: pl.DataFrame) -> Answer:
    if baseline is None:
        return Answer("single", "One version, nothing to hold it against", f"{candidate} is described alone.")
    pair = comparisons.filter((pl.col("candidate") == candidate) & (pl.col("metric") == "accuracy"))
    whole = pair.filter(pl.col("slice") == ALL).row(0, named=True)
    worse = pair.filter((pl.col("slice") != ALL) & (pl.col("verdict") == "worse")).height
    sentence = f"{candidate} gets {whole['value_candidate']:.1%} right, {baseline} got {whole['value_baseline']:.1%}."
    if worse:
        return Answer(
            "worse_somewhere",
            "Worse in places",
            sentence,
            (f"{worse} slices get worse beyond chance.",),
            (Link("slices", "All slices"),),
        )
    return Answer("unclear", "No clear change", sentence)


def _findings(
    baseline: str | None,
    candidate: str,
    comparisons: pl.DataFrame,
    slices: Sequence[Slice],
    world: World,
    masks: dict[str, np.ndarray],
) -> tuple[Finding, ...]:
    if baseline is None or len(slices) == 1:
        return ()
    pair = comparisons.filter(
        (pl.col("candidate") == candidate)
        & (pl.col("metric") == "accuracy")
        & (pl.col("verdict") == "worse")
        & (pl.col("slice") != ALL)
    ).sort("delta")
    found = []
    names = {s.id: s for s in slices}
    whole = comparisons.filter(
        (pl.col("candidate") == candidate) & (pl.col("metric") == "accuracy") & (pl.col("slice") == ALL)
    ).row(0, named=True)
    for row in pair.head(2).iter_rows(named=True):
        s, mask = names[row["slice"]], masks[row["slice"]]
        broken = np.flatnonzero(mask & world.correct[0] & ~world.correct[-1])
        state = (
            ("set", "newly_broken"),
            *((t.attribute if t.attribute == "label" else f"a.{t.attribute}", t.value) for t in s.terms),
        )
        found.append(
            Finding(
                "regression",
                "critical" if row["support"] == "decide" else "watch",
                f"{row['n']:,} samples",
                f"{candidate} gets worse in {s.name}",
                f"Of {row['n']:,} samples {candidate} gets {row['value_candidate']:.1%} right, "
                f"{baseline} got {row['value_baseline']:.1%}.",
                s.id,
                "accuracy",
                Effect(
                    f"{row['delta'] * 100:.1f}".replace("-", "−"),
                    f"points · n = {row['n']:,}",
                    "worse",
                    "difference",
                    (_effect_row(s.name, row), _effect_row("all samples", whole)),
                    "accuracy",
                    "change in accuracy",
                ),
                (
                    Link("examples", f"{len(broken)} newly broken", state, len(broken)),
                    Link("slices", "Slice in detail", (("slice", s.id),)),
                ),
                tuple(broken[:2].tolist()),
            )
        )
    return tuple(found)


def _effect_row(label: str, row: dict[str, object]) -> EffectRow:
    return EffectRow(label, row["low"], row["delta"], row["high"], row["verdict"], row["n"], row["support"])  # type: ignore[arg-type]
