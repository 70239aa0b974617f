"""What every kind of finding says in each of its states stands in ``finding_sentences.json``, word for word.

To accept what is said now: ``make test ARGS="--update-gold -k sentences"``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.facts import Facts
from reportgen.analysis.findings import KINDS, derive_findings
from reportgen.analysis.slices import Axis
from reportgen.model import Finding, Gate, Note, Outcomes
from tests.analysis.object_worlds import of_objects, slice_world, small_at_night
from tests.analysis.object_worlds import world as see
from tests.analysis.worlds import analyse, classify, regress

GOLD = Path(__file__).with_name("finding_sentences.json")
NIGHT_RAIN = "weather=rain&time=night"


def without_losses(facts: Facts) -> Facts:
    """The same figures where no slice got worse and nothing is weak."""
    calm = pl.col("verdict").replace({"worse": "unclear"})
    return replace(
        facts, comparisons=facts.comparisons.with_columns(calm), weaknesses=facts.weaknesses.with_columns(calm)
    )


def marked_critical(facts: Facts, slice_id: str) -> Facts:
    """The same facts with a slice that the manifest calls critical."""

    def mark(axis: Axis) -> Axis:
        return replace(
            axis,
            slices=tuple(replace(s, critical="safety case 4.2") if s.id == slice_id else s for s in axis.slices),
        )

    return replace(facts, axes=replace(facts.axes, pairs=tuple(map(mark, facts.axes.pairs))))


def confused(facts: Facts) -> Facts:
    """The first mistake of the table as if it had become more frequent beyond chance."""
    row = facts.confusion_changes.filter(pl.col("target") != pl.col("prediction")).row(0, named=True)
    told = row | {"n_baseline": 20, "n_candidate": 60, "delta": 40, "low": 25.0, "high": 55.0, "q": 0.001}
    return replace(facts, confusion_changes=pl.DataFrame([told | {"verdict": "worse"}]))


def failing(slice_id: str) -> Gate:
    """A gate that fails in a slice."""
    return Gate(
        name="No slice loses accuracy",
        rule="may lose at most 3.0 points",
        state="fails",
        kind="max_drop",
        on="every slice",
        metric="accuracy",
        klass=None,
        slice=slice_id,
        unit="rate",
        limit=0.03,
        value=-0.2,
        low=-0.3,
        high=-0.1,
        n=900,
        failing=(slice_id,),
    )


def apart(outcomes: Outcomes) -> Outcomes:
    """The same world where each version predicted a half of its own."""
    n = outcomes.frame.height
    first = np.arange(n) < n // 2
    return replace(
        outcomes,
        frame=outcomes.frame.with_columns(
            pl.Series("scored_0", first),
            pl.Series("scored_1", ~first),
        ),
    )


@cache
def world(n: int = 6000, **how: object) -> Facts:
    """A world of images that gets worse at night in the rain."""
    return analyse(classify(n, media="image", **how)).facts  # type: ignore[arg-type]


def alone() -> Facts:
    """The worse version of that world by itself."""
    outcomes = classify(6000, media="image")
    columns = [name for name in outcomes.frame.columns if not name.endswith("_0")]
    frame = outcomes.frame.select(columns).rename({c: c.replace("_1", "_0") for c in columns if c.endswith("_1")})
    return analyse(replace(outcomes, frame=frame, versions=("v2",))).facts


def sure() -> Facts:
    """A world whose second version is sure of all its mistakes."""
    outcomes = classify(6000, media="image", loss=0.0)
    confident = pl.when(pl.col("correct_1") == 0).then(0.97).otherwise("confidence_1").cast(pl.Float32)
    return analyse(replace(outcomes, frame=outcomes.frame.with_columns(confident.alias("confidence_1")))).facts


def too_sure(*, n_versions: int = 2, everywhere: bool = False) -> Facts:
    """A world whose last version is as sure as it is right, but at night in the rain, or everywhere, much surer."""
    outcomes = classify(6000, media="image", loss=0.0, gain=0.0, n_versions=n_versions)
    night_rain = ((outcomes.samples["weather"] == "rain") & (outcomes.samples["time"] == "night")).to_numpy()
    last = n_versions - 1
    sure = np.where(night_rain | everywhere, 0.95 + 0.02 * night_rain, 0.775).astype(np.float32)
    frame = outcomes.frame.with_columns(pl.Series(f"confidence_{last}", sure))
    if last:
        frame = frame.with_columns(pl.Series("confidence_0", np.full(6000, 0.775, np.float32)))
    return analyse(replace(outcomes, frame=frame)).facts


def without_fog_at_night() -> Outcomes:
    """A world in which there is fog only by day."""
    outcomes = classify(3000, loss=0.0)
    kept = ~((outcomes.samples["weather"] == "fog") & (outcomes.samples["time"] == "night"))
    return replace(outcomes, frame=outcomes.frame.filter(kept), samples=outcomes.samples.filter(kept))


@cache
def seen() -> tuple[Finding, ...]:
    """The findings of images whose small objects the second version misses more often, at night most of all."""
    outcomes = see(400, small_at_night)
    return derive_findings(analyse(outcomes).facts, [], of_objects(outcomes, slice_world(outcomes)))


LEFT_OUT = Note("RG310", "degraded", "12 samples have no prediction from v2", n=12)

CASES: dict[str, tuple[str, Callable[[], tuple[Finding, ...]]]] = {
    "regression in a slice, certain": ("regression", lambda: derive_findings(world())),
    "regression in a slice, without phrases": ("regression", lambda: derive_findings(world(phrases=False))),
    "regression overall, certain": ("regression", lambda: derive_findings(world(gain=-0.1))),
    "regression where a gate fails": ("regression", lambda: derive_findings(world(), [failing(NIGHT_RAIN)])),
    "regression with groups": ("regression", lambda: derive_findings(world(groups=300))),
    "regression of errors": ("regression", lambda: derive_findings(analyse(regress()).facts)),
    "critical slice, certain": ("regression", lambda: derive_findings(marked_critical(world(), NIGHT_RAIN))),
    "critical slice, inconclusive": (
        "critical",
        lambda: derive_findings(marked_critical(world(loss=0.09), NIGHT_RAIN)),
    ),
    "critical slice, too few": (
        "critical",
        lambda: derive_findings(marked_critical(world(150), "weather=fog&time=night")),
    ),
    "nothing got worse": ("none", lambda: derive_findings(without_losses(world(loss=0.0)))),
    "too few to compare": ("none", lambda: derive_findings(world(20))),
    "different samples": ("none", lambda: derive_findings(analyse(apart(classify(6000))).facts)),
    "confusion, certain": ("confusion", lambda: derive_findings(confused(without_losses(world())))),
    "sure but wrong, certain": ("confidence", lambda: derive_findings(sure())),
    "too sure in a slice": ("claim", lambda: derive_findings(without_losses(too_sure()))),
    "too sure overall": ("claim", lambda: derive_findings(without_losses(too_sure(everywhere=True)))),
    "too sure, one version": ("claim", lambda: derive_findings(too_sure(n_versions=1))),
    "improvement, certain": ("improvement", lambda: derive_findings(world(gain=0.1))),
    "improvement in places": ("improvement", lambda: derive_findings(world(gain=0.06))),
    "flips hidden in a gain": ("flips", lambda: derive_findings(without_losses(world(loss=0.25, gain=0.1)))),
    "flips of errors": ("flips", lambda: derive_findings(without_losses(analyse(regress(grow=0.9)).facts))),
    "weak slice, certain": ("weak", lambda: derive_findings(alone())),
    "no weak slice": ("none", lambda: derive_findings(world(3000, n_versions=1))),
    "no slice large enough to be weak": ("none", lambda: derive_findings(world(60, n_versions=1))),
    "objects missed more than before": ("newly_missed", seen),
    "objects missed more than others": ("missed", seen),
    "combinations without samples": ("coverage", lambda: derive_findings(analyse(without_fog_at_night()).facts)),
    "data left out": ("data", lambda: derive_findings(replace(world(3000), notes=[LEFT_OUT]))),
}


def told(kind: str, findings: tuple[Finding, ...]) -> dict[str, str]:
    """The words of the first finding of a kind."""
    one = next(finding for finding in findings if finding.kind == kind)
    size = f"{one.effect.figure} {one.effect.unit}" if one.effect else ""
    return {
        "headline": one.headline,
        "text": one.text,
        "size": size,
        "grounds": one.grounds,
        "reason": one.reason,
        "severity": one.severity,
        "state": one.state,
    }


@pytest.mark.parametrize("case", CASES)
def test_sentences_of(case: str, request: pytest.FixtureRequest) -> None:
    """Each kind of finding, in each state, says what the gold has."""
    gold = json.loads(GOLD.read_text(encoding="utf-8")) if GOLD.exists() else {}
    kind, derive = CASES[case]
    said = told(kind, derive())
    if request.config.getoption("--update-gold"):
        kept = {name: words for name, words in (gold | {case: said}).items() if name in CASES}
        GOLD.write_text(json.dumps(kept, indent=2, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
        gold = kept

    assert said == gold[case]


def test_every_kind_and_state_has_its_gold() -> None:
    """No kind is left without a sentence that is held, and certain, inconclusive and too few all stand in the gold."""
    gold = json.loads(GOLD.read_text(encoding="utf-8"))

    assert {kind for kind, _ in CASES.values()} == set(KINDS)
    assert {words["state"] for words in gold.values()} == {"certain", "inconclusive", "too_few"}
    assert set(gold) == set(CASES)


@pytest.mark.parametrize("words", json.loads(GOLD.read_text(encoding="utf-8")).values() if GOLD.exists() else [])
def test_a_finding_is_short_and_says_on_what_it_rests(words: dict[str, str]) -> None:
    """Twelve words at most in the headline, no number in it but for data; the text ends; the grounds are said."""
    assert len(words["headline"].split()) <= 12
    assert words["text"].endswith(".")
    assert words["grounds"].endswith(".")
    assert "  " not in words["text"]
