"""What correcting annotated boxes or regions would change: each version's figures, and the change of a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen import columns
from reportgen.analysis.measure import Measure, influence_values
from reportgen.analysis.quality.moved_sums import MovedSums
from reportgen.analysis.slices import Axes, Axis
from reportgen.analysis.versions import compare_all
from reportgen.inspection import PartIssues
from reportgen.model import ALL, Figures, PartCounts, Slice
from reportgen.tasks.metric import Metric, Side
from reportgen.tasks.parts import count_parts

Ints = npt.NDArray[np.int64]
Issues = TypeVar("Issues", bound=PartIssues)
After = TypeVar("After", bound="Corrected")


@dataclass(frozen=True, eq=False)
class Corrected:
    """The samples that are corrected, ascending, and each version held against them anew."""

    n: int  # candidates
    rows: Ints
    sides: tuple[Side, ...]


def measure_effects(
    measure: Measure,
    issues: Issues,
    metrics: Sequence[Metric],
    pair: tuple[int, int] | None,
    corrected: Mapping[str, After],
    further: Callable[[After], Iterator[dict[str, object]]] = lambda _after: iter(()),
) -> Issues:
    """The candidates with what the metrics would be with the suggestions in the annotations' place.

    The bounds are over all choices of samples to correct, each as a whole, since candidates of one sample can be about
    one thing; they are exact (``MovedSums.bound``), and not told of averages over classes. The change of the leading
    metric, the first one, has its interval and verdict. Of a version with several trainings it is the first one's.

    Args:
        measure: the outcomes as they are.
        issues: the candidates.
        metrics: ratios of sums and averages of such, which every version has; the first one leads.
        pair: positions of baseline and candidate.
        corrected: the samples by group of candidates (``group_candidates``).
        further: rows of other metrics, of all candidates.
    """
    measure = replace(measure, further=())
    found: list[dict[str, object]] = []
    judged = {} if pair is None else _differences(measure, metrics[:1], pair)
    for name, after in corrected.items():
        told = {"group": name, "n": after.n}
        found += [{**told, **one} for one in _versions(measure, after, metrics)]
        found += [{**told, **one} for one in (further(after) if name == "all" else ())]
        if pair is not None:
            found += [{**told, **one} for one in _changes(measure, after, metrics, pair)]
    return replace(
        issues,
        effects=pl.DataFrame(found, schema=columns.PART_EFFECTS),
        verdict=judged[metrics[0].name]["verdict"] if metrics[0].name in judged else None,
    )


def group_candidates(table: pl.DataFrame, kinds: Iterable[str], *, several: bool) -> Mapping[str, pl.DataFrame]:
    """All candidates, those that every version says, and those of each kind; no group that is all, or empty.

    Args:
        table: the candidates.
        kinds: in their order.
        several: there is more than one version.
    """
    groups = {"certain": table.filter(pl.col("n_for") == pl.col("n_versions"))} if several else {}
    groups |= {kind: table.filter(pl.col("kind") == kind) for kind in kinds}
    return {"all": table, **{name: one for name, one in groups.items() if 0 < one.height < table.height}}


def with_samples(counts: PartCounts, new: PartCounts, rows: Ints) -> PartCounts:
    """The counts with those of some samples in their place, which are called by their place among ``rows``."""
    stays = ~np.isin(counts.sample, rows)
    names = ("klass", "right", "false", "missed")
    return count_parts(
        counts.n_samples,
        np.concatenate([counts.sample[stays], rows[new.sample]]),
        *(np.concatenate([getattr(counts, name)[stays], getattr(new, name)]) for name in names),
    )


def _moved(measure: Measure, after: Corrected, metric: Metric, v: int) -> MovedSums:
    """The sums over all samples, and what correcting each of some adds."""
    assert metric.terms is not None
    weight = np.ones(measure.outcomes.frame.height) if measure.weight is None else measure.weight
    (x, w), (x1, w1) = (
        tuple(part * weight for part in metric.terms(side, -1)) for side in (measure.sides[v], after.sides[v])
    )
    return MovedSums(float(x.sum()), float(w.sum()), (x1 - x)[after.rows], (w1 - w)[after.rows])


def _told(measure: Measure, after: Corrected, metric: Metric, v: int) -> dict[str, object]:
    """A metric of one version as it is, corrected, and its bounds, as far as they are known."""
    if metric.terms is not None:
        return _moved(measure, after, metric, v).row()
    found = {}
    for name, side in (("value", measure.sides[v]), ("corrected", after.sides[v])):
        one = float(influence_values(measure, metric, side, _whole(measure), side.scored).value[0])
        found[name] = one if np.isfinite(one) else None
    return dict(found)


def _versions(measure: Measure, after: Corrected, metrics: Sequence[Metric]) -> Iterator[dict[str, object]]:
    for v, name in enumerate(measure.outcomes.versions):
        for metric in metrics:
            yield {"version": name, "metric": metric.name, **_told(measure, after, metric, v)}


def _changes(
    measure: Measure, after: Corrected, metrics: Sequence[Metric], pair: tuple[int, int]
) -> Iterator[dict[str, object]]:
    """The change between two versions on the samples that both scored; of the leading metric as it is judged."""
    before, then = (_differences(one, metrics, pair) for one in (measure, replace(measure, sides=after.sides)))
    for k, metric in enumerate(metrics):
        if metric.name not in before:  # one of the two does not have it
            continue
        told = {"value": before[metric.name]["delta"], "corrected": then[metric.name]["delta"]}
        judged = {name: then[metric.name][name] for name in ("low", "high", "verdict")} if k == 0 else {}
        yield {"version": None, "metric": metric.name, **told, **judged}


def _differences(measure: Measure, metrics: Sequence[Metric], pair: tuple[int, int]) -> Mapping[str, Figures]:
    """The paired differences over all samples, by metric, as the report's comparisons have them."""
    whole = Axes(_whole(measure), (), (), (), ())
    table, _ = compare_all(measure, whole, [replace(one, by_class=False) for one in metrics], pair[0], ())
    own = table.filter(pl.col("candidate") == measure.outcomes.versions[pair[1]])
    return {row["metric"]: row for row in own.iter_rows(named=True)}


def _whole(measure: Measure) -> Axis:
    """All samples."""
    n = measure.outcomes.frame.height
    return Axis((Slice(ALL, (), "all", n),), np.zeros(n, np.int32), "all", ())
