"""Findings: plain sentences made by rules from the figures, each with its size, its interval and its evidence."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import numbers
from reportgen.analysis.facts import Facts, Row
from reportgen.analysis.sentences import (
    change_text,
    counted,
    examples_link,
    listed,
    noun,
    slice_link,
    unit_word,
    value_text,
)
from reportgen.columns import TARGET, prediction
from reportgen.model import ALL, Effect, EffectRow, Finding, Link, MetricInfo, Slice
from reportgen.tasks.classification import SURE

Mark = npt.NDArray[np.bool_]

MAX_FINDINGS = 5
COVERED = 0.6
"""A slice most of whose newly broken samples are in slices already reported is folded into them."""

CRITICAL_RATE, CRITICAL_PART = 0.01, 0.05
"""A loss in a slice is critical where even its interval's near end is a point, or 5 % of what is no rate."""

LARGEST_WEAK = 0.5
"""A slice that holds more than half of the samples is no weak spot; its small complement is a strong one."""


def derive_findings(facts: Facts) -> tuple[Finding, ...]:
    """At most five findings, most serious first, with at least one improvement where there is one."""
    taken: set[int] = set()
    if facts.baseline is None:
        found = [*_weak(facts, taken, MAX_FINDINGS - 1), *_data(facts)]
        return tuple(found[:MAX_FINDINGS]) or (_nothing_weak(facts),)
    regressions = _regressions(facts, taken)
    worse = [*regressions, *_confusions(facts, taken), *_sure_but_wrong(facts, taken)]
    better = _improvement(facts, taken)
    weak = _weak(facts, taken, 1, {one.slice for one in regressions})
    data = _data(facts)
    if not regressions and facts.overall["verdict"] != "worse":
        worse.insert(0, _nothing_worse(facts))
    room = MAX_FINDINGS - len(better[:1]) - len(data[:1])
    return tuple([*worse[:room], *better, *weak, *data][: MAX_FINDINGS - len(data[:1])] + data[:1])


# --- regressions -------------------------------------------------------------------------------------------------


def _regressions(facts: Facts, taken: set[int]) -> list[Finding]:
    """The slices that got worse, folded where another one tells the same story; the whole first where it is worse."""
    found = []
    if facts.overall["verdict"] == "worse":
        found.append(_regression(facts, facts.overall, [], taken))
    for row, folded in _separate(facts, facts.with_verdict("worse"))[:MAX_FINDINGS]:
        found.append(_regression(facts, row, folded, taken))
    return found


def _certain(row: Row) -> float:
    """The loss that is certain: the interval's end nearest no change, in the samples it stands for."""
    near = min(abs(row["low"]), abs(row["high"]))
    return float(near * row["n"])


def _separate(facts: Facts, rows: Sequence[Row]) -> list[tuple[Row, list[Row]]]:
    """The rows that tell different stories, largest certain loss first, each with those folded into it."""
    ranked = sorted(rows, key=lambda row: (-_certain(row), row["slice"]))
    kept: list[tuple[Row, list[Row]]] = []
    covered = np.zeros(facts.outcomes.frame.height, bool)
    for row in ranked:
        mark = _evidence(facts, row)
        if kept and mark.any() and (mark & covered).sum() >= COVERED * mark.sum():
            best = max(kept, key=lambda item: int((mark & facts.rows(item[0]["slice"])).sum()))
            best[1].append(row)
        elif kept and not mark.any():
            kept[0][1].append(row)
        else:
            kept.append((row, []))
            covered |= facts.rows(row["slice"])
    return kept


def _evidence(facts: Facts, row: Row) -> Mark:
    """The newly broken samples of a slice; all of its samples where none flipped."""
    inside = facts.rows(row["slice"])
    assert facts.flip_codes is not None
    broken = inside & (facts.flip_codes == 2)
    return broken if broken.any() else inside


def _regression(facts: Facts, row: Row, folded: Sequence[Row], taken: set[int]) -> Finding:
    one = facts.slices[row["slice"]]
    flips = facts.flipped[one.id]
    base, cand = facts.baseline, facts.candidate
    near = min(abs(row["low"]), abs(row["high"]))
    limit = CRITICAL_RATE if facts.primary.unit == "rate" else CRITICAL_PART * abs(row["value_baseline"])
    critical = near >= limit or one.id == ALL
    verb = (
        "gets worse" if facts.is_right_or_wrong else "is further off" if not facts.primary.higher_is_better else "drops"
    )
    text = [_first_sentence(facts, one, row), _flip_sentence(facts, flips), _chance_sentence(facts, row)]
    if folded:
        text.append(_folded_sentence(facts, folded))
    links = []
    if flips["newly_broken"]:
        label = "newly broken" if facts.outcomes.classes else "much worse"
        links.append(examples_link("newly_broken", flips["newly_broken"], label, one, facts.attributes, cand))
    if one.terms:
        links.append(slice_link(one, cand))
    else:
        links.append(Link("compare", "What changed", (("version", cand),)))
    assert facts.flip_codes is not None
    return (
        Finding(
            kind="regression",
            severity="critical" if critical else "watch",
            reason=_share_of_all(facts, one),
            headline=f"{cand} {verb} {facts.where(one)}",
            text=" ".join(part for part in text if part),
            slice=one.id,
            metric=facts.primary.name,
            effect=_difference_effect(facts, [row] if one.id == ALL else [row, facts.overall]),
            links=tuple(links),
            rows=facts.hardest(facts.rows(one.id) & (facts.flip_codes == 2), taken),
        )
        if base
        else _nothing_worse(facts)
    )


def _share_of_all(facts: Facts, one: Slice) -> str:
    if one.id == ALL:
        return f"All {noun(facts.outcomes)}"
    return f"{numbers.rate(one.n / facts.slices[ALL].n)} of the {noun(facts.outcomes)}"


def _first_sentence(facts: Facts, one: Slice, row: Row) -> str:
    metric = facts.primary
    ends = row["value_baseline"], row["value_candidate"]
    decimals = numbers.difference_decimals(*ends, row["delta"], metric.unit)
    before, after = (value_text(metric, value, decimals) for value in ends)
    samples = facts.counted_in(one, row["n"])
    if facts.is_right_or_wrong:
        return f"Of {samples}, {facts.candidate} gets {after} right, {facts.baseline} got {before}."
    label = _lowered(metric.label)
    return f"On {samples}, {facts.candidate} has a {label} of {after}, {facts.baseline} had {before}."


def _lowered(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[:2].isupper() or not label[1:2].islower() else label[0].lower() + label[1:]


def _flip_sentence(facts: Facts, flips: Row) -> str:
    broken, fixed = numbers.count(flips["newly_broken"]), numbers.count(flips["newly_fixed"])
    if facts.outcomes.classes:
        return f"It broke {broken} and fixed {fixed}."
    if facts.outcomes.flip_margin is None:
        return ""
    margin = numbers.value(facts.outcomes.flip_margin, "number")
    return f"For {broken} the error grew by more than {margin}, for {fixed} it shrank by as much."


def _chance_sentence(facts: Facts, row: Row) -> str:
    if row["q"] is None:
        return f"The change is beyond chance ({change_text(facts.primary, row)})."
    return (
        f"This is beyond chance: it holds after correcting for {numbers.count(facts.n_tested)} slices "
        f"(q {_q(row['q'])})."
    )


def _q(q: float) -> str:
    text = numbers.q_value(q)
    return text if text.startswith("<") else f"= {text}"


def _folded_sentence(facts: Facts, folded: Sequence[Row]) -> str:
    names = [facts.slices[row["slice"]].name for row in folded[:2]]
    if len(folded) > 2:
        names.append(f"{numbers.count(len(folded) - 2)} more")
    verb = "tells" if len(folded) == 1 else "tell"
    return f"{listed(names)} {verb} the same story."


def _difference_effect(facts: Facts, rows: Sequence[Row]) -> Effect:
    first = rows[0]
    metric = facts.primary
    decimals = numbers.difference_decimals(
        first["value_baseline"], first["value_candidate"], first["delta"], metric.unit
    )
    unit = unit_word(metric) or _lowered(metric.label)
    interval = numbers.difference_interval(first["low"], first["high"], metric.unit, decimals)
    return Effect(
        figure=numbers.difference(first["delta"], metric.unit, decimals),
        unit=f"{unit} · 95% {interval} · n = {numbers.count(first['n'])}",
        verdict=first["verdict"],
        kind="difference",
        rows=tuple(_effect_row(facts, row) for row in rows),
        metric=metric.name,
        axis=f"change in {_lowered(metric.label)}" + (", points" if metric.unit == "rate" else ""),
    )


def _effect_row(facts: Facts, row: Row) -> EffectRow:
    one = facts.slices[row["slice"]]
    label = f"all {noun(facts.outcomes)}" if one.id == ALL else one.name
    return EffectRow(
        label,
        row["low"],
        row["delta"],
        row["high"],
        row["verdict"],
        row["n"],
        row["support"],
        decimals=_decimals(facts.primary, row),
    )


def _decimals(metric: MetricInfo, row: Row) -> int:
    """The decimals of a comparison, wherever it is printed."""
    return numbers.difference_decimals(row["value_baseline"], row["value_candidate"], row["delta"], metric.unit)


# --- confusions --------------------------------------------------------------------------------------------------


def _confusions(facts: Facts, taken: set[int], n: int = 1) -> list[Finding]:
    """The mistakes that became more frequent beyond chance, largest first."""
    table = facts.confusion_changes.filter(
        (pl.col("candidate") == facts.candidate)
        & (pl.col("target") != pl.col("prediction"))
        & (pl.col("verdict") == "worse")
    ).sort(["delta", "target", "prediction"], descending=[True, False, False])
    return [_confusion(facts, row, taken) for row in table.head(n).iter_rows(named=True)]


def _confusion(facts: Facts, row: Row, taken: set[int]) -> Finding:
    target, said = row["target"], row["prediction"]
    before, after, n = row["n_baseline"], row["n_candidate"], row["n"]
    classes = facts.outcomes.classes
    frame = facts.outcomes.frame
    version = facts.outcomes.versions.index(facts.candidate)
    mark = ((frame[TARGET] == classes.index(target)) & (frame[prediction(version)] == classes.index(said))).to_numpy()
    interval = f"{numbers.signed(row['low'], 0)}{numbers.ELLIPSIS}{numbers.signed(row['high'], 0)}"
    return Finding(
        kind="confusion",
        severity="watch",
        reason=f"of {counted(facts.outcomes, n)} labelled {target}",
        headline=f"{target} is taken for {said} more often",
        text=(
            f"Among {counted(facts.outcomes, n)} labelled {target}, {facts.candidate} calls {numbers.count(after)} "
            f"{said}; {facts.baseline} called {numbers.count(before)}. {_confusion_chance(row)}"
        ),
        slice=None,
        metric=None,
        effect=Effect(
            figure=f"{numbers.count(before)} → {numbers.count(after)}",
            unit=f"of {numbers.count(n)} labelled {target} · 95% {interval}",
            verdict="worse",
            kind="pair",
            rows=(
                EffectRow(
                    f"{target} called {said}",
                    None,
                    after / n,
                    None,
                    "worse",
                    n,
                    baseline=before / n,
                ),
            ),
            axis=f"share of {target} called {said}",
        ),
        links=(
            Link(
                "examples",
                f"{numbers.count(int(mark.sum()))} {noun(facts.outcomes, int(mark.sum()))}",
                (("set", "all"), ("version", facts.candidate), ("label", target), ("predicted", said)),
                int(mark.sum()),
            ),
            Link("compare", "All confusions", (("version", facts.candidate), ("cell", f"{target}>{said}"))),
        ),
        rows=facts.hardest(mark, taken),
    )


def _confusion_chance(row: Row) -> str:
    return f"This is beyond chance, corrected for all pairs of classes (q {_q(row['q'])})."


# --- confidence --------------------------------------------------------------------------------------------------


def _sure_but_wrong(facts: Facts, taken: set[int]) -> list[Finding]:
    """Mistakes made with high confidence, where they became more frequent beyond chance."""
    row = facts.comparison("sure_wrong_rate")
    if row is None or row["verdict"] != "worse":
        return []
    info = next(metric for metric in facts.metrics if metric.name == "sure_wrong_rate")
    decimals = _decimals(info, row)
    before, after = (round(row[k] * row["n"]) for k in ("value_baseline", "value_candidate"))
    version = facts.outcomes.versions.index(facts.candidate)
    frame = facts.outcomes.frame
    wrong = (frame[f"scored_{version}"] & (frame[f"correct_{version}"] == 0)).to_numpy()
    sure = wrong & (facts.hardness >= np.float32(SURE))
    weighted = "weight" in frame.columns
    counts = "" if weighted else f": {numbers.count(before)} → {numbers.count(after)} {noun(facts.outcomes)}"
    return [
        Finding(
            kind="confidence",
            severity="watch",
            reason=f"confidence ≥ {SURE}",
            headline=f"{facts.candidate} makes more mistakes that it is sure of",
            text=(
                f"Wrong with a confidence of {SURE} or more{counts}. Confidence is how sure a version says it is, "
                f"from 0 to 1. {_chance_sentence(facts, row)}"
            ),
            slice=None,
            metric=info.name,
            effect=Effect(
                figure=numbers.difference(row["delta"], info.unit, decimals),
                unit=f"points · 95% {numbers.difference_interval(row['low'], row['high'], info.unit, decimals)} "
                f"· n = {numbers.count(row['n'])}",
                verdict="worse",
                kind="difference",
                rows=(
                    EffectRow(
                        f"all {noun(facts.outcomes)}",
                        row["low"],
                        row["delta"],
                        row["high"],
                        row["verdict"],
                        row["n"],
                        row["support"],
                        decimals=decimals,
                    ),
                ),
                metric=info.name,
                axis="change in the share that is sure but wrong, points",
            ),
            links=(Link("examples", "Surest mistakes", (("set", "surest_wrong"), ("version", facts.candidate))),),
            rows=facts.hardest(sure, taken),
        )
    ]


# --- improvement -------------------------------------------------------------------------------------------------


def _improvement(facts: Facts, taken: set[int]) -> list[Finding]:
    """What got better: the whole, with the slices that gained most."""
    better, worse = facts.with_verdict("better"), facts.with_verdict("worse")
    overall = facts.overall
    if overall["verdict"] != "better" and not better:
        return []
    gains = _separate(facts, [row for row in better if row["support"] == "decide"] or better)
    top = sorted((row for row, _ in gains), key=lambda row: (-abs(row["delta"]), row["slice"]))[:2]
    names = [facts.slices[row["slice"]].name for row in top]
    lead = f"{facts.candidate} is better"
    if overall["verdict"] != "better":
        lead = f"{facts.candidate} is better in places"
    headline = lead + (f", most of all on {listed(names)}" if names else "")
    flips = facts.flipped[ALL]
    assert facts.flip_codes is not None
    fixed = "newly fixed" if facts.outcomes.classes else "much better"
    links = (
        [
            examples_link(
                "newly_fixed", flips["newly_fixed"], fixed, facts.slices[ALL], facts.attributes, facts.candidate
            )
        ]
        if flips["newly_fixed"]
        else []
    )
    return [
        Finding(
            kind="improvement",
            severity="better",
            reason=f"{numbers.count(len(better))} slices" if len(better) != 1 else "1 slice",
            headline=headline,
            text=" ".join(
                part
                for part in (_ratio_sentence(facts, flips), _tally_sentence(facts, len(better), len(worse)))
                if part
            ),
            slice=ALL,
            metric=facts.primary.name,
            effect=_difference_effect(facts, [overall, *top] if overall["verdict"] == "better" else [*top, overall]),
            links=(*links, Link("slices", "All slices", (("version", facts.candidate),))),
            rows=facts.hardest(facts.flip_codes == 1, taken),
        )
    ]


def _ratio_sentence(facts: Facts, flips: Row) -> str:
    ratio = facts.estimates.filter((pl.col("metric") == "fixed_per_broken") & (pl.col("version") == facts.candidate))
    if not ratio.height or not flips["newly_broken"] or ratio.row(0, named=True)["value"] is None:
        return ""
    row = ratio.row(0, named=True)
    one = noun(facts.outcomes, 1)
    bounds = ""
    if row["low"] is not None and row["high"] is not None:
        bounds = f" (95% {numbers.plain(row['low'], 1)} to {numbers.plain(row['high'], 1)})"
    if facts.outcomes.classes:
        return f"For each {one} it breaks, {facts.candidate} fixes {numbers.plain(row['value'], 1)}{bounds}."
    return f"For each {one} whose error grows much, {numbers.plain(row['value'], 1)} improve as much{bounds}."


def _tally_sentence(facts: Facts, n_better: int, n_worse: int) -> str:
    total = facts.n_tested
    if not total:
        return ""
    rest = total - n_better - n_worse
    improve = "improves" if n_better == 1 else "improve"
    gets = "gets" if n_worse == 1 else "get"
    return (
        f"{numbers.count(n_better)} of {numbers.count(total)} slices {improve} beyond chance, "
        f"{numbers.count(n_worse)} {gets} worse, the other {numbers.count(rest)} can't be told apart from no change."
    )


# --- weak slices, data, nothing ----------------------------------------------------------------------------------


def _weak(facts: Facts, taken: set[int], n: int, told: Collection[str | None] = ()) -> list[Finding]:
    """The slices on which the candidate is weaker than on the rest, most samples lost first; none told before."""
    table = facts.weaknesses.filter(
        (pl.col("version") == facts.candidate) & (pl.col("verdict") == "worse") & (pl.col("support") == "decide")
    )
    rows = sorted(table.iter_rows(named=True), key=lambda row: (-_certain(row), row["slice"]))
    found: list[Finding] = []
    covered = np.zeros(facts.outcomes.frame.height, bool)
    version = facts.outcomes.versions.index(facts.candidate)
    wrong = (facts.outcomes.frame[f"correct_{version}"] == 0).to_numpy()
    for row in rows:
        inside = facts.rows(row["slice"])
        if len(found) == n:
            break
        if row["slice"] in told or inside.sum() > LARGEST_WEAK * len(inside):
            continue
        if (inside & covered & wrong).sum() >= COVERED * max(1, (inside & wrong).sum()):
            continue
        covered |= inside
        found.append(_weakness(facts, row, inside & wrong, taken))
    return found


def _weakness(facts: Facts, row: Row, wrong: Mark, taken: set[int]) -> Finding:
    one = facts.slices[row["slice"]]
    metric = facts.primary
    value, rest = value_text(metric, row["value"]), value_text(metric, row["rest"])
    if facts.is_right_or_wrong:
        first = f"{facts.candidate} gets {value} right of {facts.counted_in(one, row['n'])}, and {rest} of all others."
        link = examples_link("wrong", int(wrong.sum()), "wrong", one, facts.attributes, facts.candidate)
    else:
        first = (
            f"On {facts.counted_in(one, row['n'])}, {facts.candidate} has a "
            f"{_lowered(metric.label)} of {value}, on all others {rest}."
        )
        link = examples_link("all", row["n"], noun(facts.outcomes), one, facts.attributes, facts.candidate)
    unit = unit_word(metric) or _lowered(metric.label)
    return Finding(
        kind="weak",
        severity="watch",
        reason=_share_of_all(facts, one),
        headline=f"{facts.candidate} is weak {facts.where(one)}",
        text=f"{first} The gap is beyond chance (q {_q(row['q'])}).",
        slice=one.id,
        metric=metric.name,
        effect=Effect(
            figure=numbers.difference(row["delta"], metric.unit),
            unit=f"{unit} against the rest · 95% "
            f"{numbers.difference_interval(row['low'], row['high'], metric.unit)} · n = {numbers.count(row['n'])}",
            verdict="worse",
            kind="difference",
            rows=(EffectRow(one.name, row["low"], row["delta"], row["high"], "worse", row["n"], row["support"]),),
            metric=metric.name,
            axis=f"{_lowered(metric.label)} against all others" + (", points" if metric.unit == "rate" else ""),
        ),
        links=(link, slice_link(one, facts.candidate if facts.baseline else None)),
        rows=facts.hardest(wrong, taken),
    )


def _data(facts: Facts) -> list[Finding]:
    """What was left out of the figures, the largest problem first."""
    notes = [note for note in facts.notes if note.severity == "degraded" and note.n]
    notes.sort(key=lambda note: (-(note.n or 0), note.code, note.message))
    total = facts.outcomes.frame.height
    return [
        Finding(
            kind="data",
            severity="data",
            reason="To check",
            headline=f"{numbers.count(note.n or 0)} entries were left out or repaired",
            text=f"{note.message[0].upper()}{note.message[1:].rstrip('.')}.",
            slice=None,
            metric=None,
            effect=Effect(
                figure=numbers.count(note.n or 0),
                unit=f"beside {counted(facts.outcomes, total)} in all",
                verdict="unclear",
                kind="none",
            ),
            links=(Link("about", "All data notes", (("section", "notes"),)),),
        )
        for note in notes
    ]


def _nothing_worse(facts: Facts) -> Finding:
    metric = facts.primary
    smallest = smallest_change(facts, 500)
    text = f"No slice got worse beyond chance: {numbers.count(facts.n_tested)} were tested."
    if smallest is not None:
        size = numbers.difference(smallest, metric.unit).lstrip("+")
        unit = f" {unit_word(metric)}" if unit_word(metric) else f" of {_lowered(metric.label)}"
        text += f" Smallest loss we could have noticed: about {size}{unit} in a slice of 500 {noun(facts.outcomes)}."
    return Finding(
        kind="none",
        severity="better" if facts.overall["verdict"] == "better" else "data",
        reason="No loss found",
        headline="Nothing got worse beyond chance",
        text=text,
        slice=ALL,
        metric=metric.name,
        effect=_difference_effect(facts, [facts.overall]),
        links=(Link("slices", "All slices", (("version", facts.candidate),)),),
    )


def smallest_change(facts: Facts, n: int) -> float | None:
    """The smallest change of the primary metric that a slice of n samples could show with 80 % power.

    From the overall difference's standard error, scaled by the square root of n: (1.96 + 0.84) · se · √(N / n).
    """
    row = facts.overall
    if row["low"] is None:
        return None
    se = (row["high"] - row["low"]) / 2 / 1.96
    return float((1.96 + 0.84) * se * math.sqrt(row["n"] / n))


def _nothing_weak(facts: Facts) -> Finding:
    return Finding(
        kind="none",
        severity="data",
        reason="No weak slice found",
        headline="No slice stands out as weak",
        text=f"No slice of {facts.limits.decide} {noun(facts.outcomes)} or more is weaker than the rest beyond chance.",
        slice=ALL,
        metric=facts.primary.name,
        effect=None,
        links=(Link("slices", "All slices"),),
    )
