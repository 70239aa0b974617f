"""What correcting the annotated regions of masks that look wrong would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.analysis.measure import Measure
from reportgen.analysis.quality.part_effects import Corrected, group_candidates, measure_effects, with_samples
from reportgen.inspection.regions import REGION_KINDS, RegionIssues
from reportgen.model import PixelCells, PixelsOfSample
from reportgen.stats.masks import decode_mask
from reportgen.stats.pixels import Codes, PixelSums, SampleSums, mark_boundary, sum_pixels
from reportgen.tasks.metric import Metric, Side
from reportgen.tasks.segmentation import count_areas, count_boundaries, count_cells

Ints = npt.NDArray[np.int64]


def measure_region_corrections(
    measure: Measure, regions: RegionIssues, metrics: Sequence[Metric], baseline: int | None, candidate: int
) -> RegionIssues:
    """The candidates with what IoU, Dice and the others would be with what the versions say in their place.

    The pixels of the samples that have candidates are counted anew, so that figures are those of a report with
    corrected masks. See ``measure_effects``.
    """
    if not regions.candidates.height:
        return regions
    pair = None if baseline is None else (baseline, candidate)
    told = [one for one in metrics if (one.terms or one.averaged) and measure.has(one, candidate)]
    groups = group_candidates(regions.candidates, REGION_KINDS, several=pair is not None)
    return measure_effects(measure, regions, told, pair, _correct(measure, groups))


def correct_mask(true: Codes, chosen: pl.DataFrame, classes: Sequence[str]) -> Codes:
    """The codes of a sample's annotation with what versions say in the regions of some candidates.

    Args:
        true: the codes as they are.
        chosen: candidates of this sample (``columns.REGION_ISSUES``).
        classes: by code; the next one is background.
    """
    found = true.copy()
    code: dict[str | None, int] = {None: len(classes), **{name: k for k, name in enumerate(classes)}}
    for suggestion, runs in chosen.select("suggestion", "mask").iter_rows():
        found[decode_mask(np.array(runs, np.int64), *true.shape)] = code[suggestion]
    return found


def _correct(measure: Measure, groups: Mapping[str, pl.DataFrame]) -> Mapping[str, Corrected]:
    """The samples with candidates of each group, each version's pixels held against the corrected masks."""
    parts = measure.outcomes.parts
    assert parts is not None
    assert parts.masks is not None
    classes, names = parts.classes, list(groups)
    of_row = {name: table.partition_by("row", as_dict=True) for name, table in groups.items()}

    def count(row: int, read: PixelsOfSample) -> dict[str, list[PixelSums | None]]:
        true, said = read
        found = {}
        for name in names:
            if (row,) in of_row[name]:
                new = correct_mask(true, of_row[name][(row,)], classes)
                near = mark_boundary(new)
                found[name] = [None if one is None else sum_pixels(new, one, len(classes), near) for one in said]
        return found

    rows = groups["all"]["row"].unique().sort().to_numpy()
    counted = list(parts.masks.each(rows.tolist(), count))
    return {
        name: _put_together(
            measure,
            table.height,
            [(row, one[name]) for row, one in zip(rows.tolist(), counted, strict=True) if one and name in one],
        )
        for name, table in groups.items()
    }


def _put_together(measure: Measure, n: int, own: Sequence[tuple[int, list[PixelSums | None]]]) -> Corrected:
    """The sides with the sums of some samples, ascending, in the place of what they have; of gone masks it stays."""
    rows = np.array([row for row, _ in own], np.int64)
    sides = []
    for v, side in enumerate(measure.sides):
        each = ((i, one) for i, (_, sums) in enumerate(own) if (one := sums[v]) is not None)
        sides.append(_with_sums(side, SampleSums.collect(each, len(side.classes)), rows))
    return Corrected(n, rows, tuple(sides))


def _with_sums(side: Side, sums: SampleSums, rows: Ints) -> Side:
    """A version's counts with those of some samples in their place, which are called by their place among ``rows``."""
    assert side.parts is not None
    assert side.boundaries is not None
    assert side.cells is not None
    n = len(rows)
    return replace(
        side,
        parts=with_samples(side.parts, count_areas(sums, n), rows),
        boundaries=with_samples(side.boundaries, count_boundaries(sums, n), rows),
        cells=_with_cells(side.cells, count_cells(sums, n), rows),
    )


def _with_cells(cells: PixelCells, new: PixelCells, rows: Ints) -> PixelCells:
    stays = ~np.isin(cells.sample, rows)
    sample = np.concatenate([cells.sample[stays], rows[new.sample]])
    order = np.argsort(sample, kind="stable")
    target, prediction, n = (
        np.concatenate([getattr(cells, name)[stays], getattr(new, name)])[order]
        for name in ("target", "prediction", "n")
    )
    return PixelCells(cells.n_samples, sample[order], target, prediction, n)
