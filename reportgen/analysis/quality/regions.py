"""Which annotated regions of masks look wrong, judged by what versions that never saw them mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import in_training_split
from reportgen.inspection import Absent, SampleSet
from reportgen.inspection.regions import SUSPECT_REGIONS, RegionIssues, RegionKind
from reportgen.model import Outcomes, Parts, PixelsOfSample
from reportgen.stats.connected import regions_on, usual_areas
from reportgen.stats.mask_columns import column_of
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints
from reportgen.stats.region_doubts import Asked, DoubtedRegions, doubt_regions, keep_of_one_mind

LEAST_IOU = 0.5
"""A version with a lower IoU of a class has too much of it wrong to speak of it."""
LARGE_ENOUGH = 0.95
"""A candidate is as large as the regions of its class that hold so much of it."""
USUAL = 0.5
"""In a usual region, or in larger ones, lies so much of a class."""

WHAT = "Annotated regions that look wrong"


def has_masks(outcomes: Outcomes) -> bool:
    """Whether the pixels of the samples' masks are judged."""
    return outcomes.parts is not None and outcomes.parts.masks is not None and outcomes.parts.regions is not None


def find_region_issues(outcomes: Outcomes, given: Given) -> RegionIssues | Absent:
    """The annotated regions that look wrong, most suspect first, or why none could be looked for.

    A candidate is a connected region of pixels, annotated alike, that every version asked marks as one and the same
    other class, or as none (``stats.region_doubts``). Asked is who has a mask of the sample, and whose IoU of the
    classes in question, annotated and said, is ``LEAST_IOU`` or more. It is as large as annotated regions of its class
    usually are (``stats.connected.usual_areas``, ``LARGE_ENOUGH``), of two classes of the one with the smaller ones.
    The more usual regions it makes up (``USUAL``) the more suspect it is, times the share of the versions that say so.
    Samples of the splits that versions were trained on are left out. Masks are read again of those samples alone whose
    confusion has enough such pixels.

    Args:
        outcomes: of a segmentation.
        given: what else the manifest's files tell.
    """
    parts = outcomes.parts
    assert parts is not None
    assert parts.masks is not None
    assert parts.regions is not None
    kept = ~in_training_split(outcomes, given)
    n_classes = len(parts.classes)
    regions = regions_on(parts.regions, kept)
    if not regions.n.any():
        return Absent(WHAT, "No region is annotated on the samples that could be looked at.")
    ious = np.stack([_ious(outcomes, v, kept) for v in range(len(outcomes.versions))])
    if not (ious >= LEAST_IOU).any():
        why = (
            f"No version has an IoU of {LEAST_IOU:g} or more of any class, so that none can speak against annotations."
        )
        return Absent(WHAT, why)
    least, usual = (np.append(usual_areas(regions, share, n_classes), np.inf) for share in (LARGE_ENOUGH, USUAL))
    asked = _whom_to_ask(outcomes, kept, ious >= LEAST_IOU, least)

    def ask(row: int, read: PixelsOfSample) -> DoubtedRegions:
        return doubt_regions(*read, asked[row], n_classes)

    found = [
        _Found(row, regions_of, asked[row])
        for row, regions_of in zip(asked, parts.masks.each(list(asked), ask), strict=True)
        if regions_of is not None and len(regions_of)
    ]
    table = _table(outcomes, parts, found, usual)
    rows = table["row"].unique(maintain_order=True).to_numpy()
    rule = _rule(len(outcomes.versions))
    sets = (SampleSet(SUSPECT_REGIONS, "suspect regions", "regions", rule, rows, "relabel"),) if len(rows) else ()
    return RegionIssues(
        rule,
        table,
        n_checked=int(regions.n.sum()),
        n_samples=int(kept.sum()),
        n_in_sample=int((~kept).sum()),
        least={name: int(n) for name, n in zip(parts.classes, least, strict=False) if np.isfinite(n)},
        silent=tuple(
            (version, parts.classes[k], None if np.isnan(iou) else float(iou))
            for version, own in zip(outcomes.versions, ious, strict=True)
            for k, iou in enumerate(own)
            if not iou >= LEAST_IOU and np.isfinite(least[k])
        ),
        sets=sets,
    )


def _rule(n: int) -> str:
    who = "The version marks" if n == 1 else "Every version that is asked marks"
    return (
        f"{who} a region otherwise than annotated: as a class where none is annotated (overlooked), as none where "
        "one is (nothing there), or as another class; not along a border of that class, and as large as its annotated "
        "regions usually are. The largest beside a usual one comes first."
    )


def _ious(outcomes: Outcomes, version: int, kept: Flags) -> Floats:
    """The IoU of each class over the samples that are looked at; NaN where neither has a pixel."""
    parts = outcomes.parts
    assert parts is not None
    counts = parts.counts[version]
    own = kept[counts.sample] & outcomes.frame[columns.scored(version)].to_numpy()[counts.sample]
    right, union = (
        np.bincount(counts.klass[own], one[own], len(parts.classes))
        for one in (counts.right, counts.right + counts.false + counts.missed)
    )
    return np.asarray(np.divide(right, union, out=np.full(len(union), np.nan), where=union > 0))


def _whom_to_ask(
    outcomes: Outcomes, kept: Flags, speaks: Flags, least: Floats
) -> Mapping[int, Mapping[tuple[int, int], Asked]]:
    """By sample, ascending: the pairs of codes, annotated and said, of which it has enough pixels, and who is asked.

    Nobody's mask is read for it: the regions that all say so have no more pixels than any version's confusion.
    """
    parts = outcomes.parts
    assert parts is not None
    n_versions, background = len(outcomes.versions), len(parts.classes)
    speaks = np.concatenate([speaks, np.ones((n_versions, 1), bool)], axis=1)  # of background everybody does
    scored = np.stack([outcomes.frame[columns.scored(v)].to_numpy().astype(bool) for v in range(n_versions)])
    keys: list[Ints] = []
    counts: list[Ints] = []
    size = background + 1
    for v in range(n_versions):
        cells = parts.cells[v]
        own = kept[cells.sample] & (cells.target != cells.prediction) & (cells.prediction <= background)
        own[own] = speaks[v][cells.target[own]] & speaks[v][cells.prediction[own]]
        keys.append((cells.sample[own] * size + cells.target[own]) * size + cells.prediction[own])
        counts.append(cells.n[own])
    key, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    n_say = np.bincount(inverse, minlength=len(key))
    most = np.full(len(key), np.iinfo(np.int64).max)
    np.minimum.at(most, inverse, np.concatenate(counts))
    sample, pair = np.divmod(key, size * size)
    true, said = np.divmod(pair, size)
    asked = scored[:, sample] & speaks[:, true] & speaks[:, said]
    enough = np.minimum(least[true], least[said])
    found: dict[int, dict[tuple[int, int], Asked]] = {}
    for i in np.flatnonzero((n_say == asked.sum(axis=0)) & (most >= enough)).tolist():
        who = tuple(np.flatnonzero(asked[:, i]).tolist())
        found.setdefault(int(sample[i]), {})[int(true[i]), int(said[i])] = Asked(who, float(enough[i]))
    return {row: keep_of_one_mind(pairs) for row, pairs in found.items()}


@dataclass(frozen=True, eq=False)
class _Found:
    """The doubted regions of one sample."""

    row: int
    regions: DoubtedRegions
    asked: Mapping[tuple[int, int], Asked]


def _table(outcomes: Outcomes, parts: Parts, found: Sequence[_Found], usual: Floats) -> pl.DataFrame:
    """The candidates in their order (``columns.REGION_ISSUES``)."""
    names = (*parts.classes, None)
    ids = outcomes.frame[columns.ID]
    n_versions = len(outcomes.versions)
    rows = [
        {
            "kind": _kind(true, said, len(parts.classes)),
            "row": one.row,
            "id": ids[one.row],
            "label": names[true],
            "suggestion": names[said],
            **dict(zip(("left", "top", "width", "height"), box, strict=True)),
            "n_pixels": area,
            "share": area / size,
            "times": area / min(usual[true], usual[said]),
            "versions": list(one.asked[true, said].versions),
            "mask": mask,
        }
        for one in found
        for true, said, box, area, size, mask in _each(one.regions)
    ]
    schema = {name: columns.REGION_ISSUES[name] for name in columns.REGION_ISSUES if name not in _COUNTED}
    table = pl.DataFrame(rows, schema=schema).with_columns(
        n_for=pl.col("versions").list.len().cast(pl.Int64), n_versions=pl.lit(n_versions, pl.Int64)
    )
    weight = pl.col("times") * pl.col("n_for") / n_versions
    ranked = table.sort(-weight, -pl.col("n_pixels"), "row", "left", "top", "kind", maintain_order=True)
    return ranked.with_columns(rank=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)).select(list(columns.REGION_ISSUES))


_COUNTED = ("rank", "n_for", "n_versions")


def _each(regions: DoubtedRegions) -> Iterator[tuple[int, int, list[int], int, int, list[int]]]:
    """Of each region the annotated and the said code, box, pixels, pixels of the image, and run lengths."""
    masks = regions.masks
    size = masks.height * masks.width
    return zip(
        regions.true.tolist(),
        regions.said.tolist(),
        masks.boxes.astype(np.int64).tolist(),
        masks.area.tolist(),
        size.tolist(),
        column_of(masks).to_list(),
        strict=True,
    )


def _kind(true: int, said: int, background: int) -> RegionKind:
    return "overlooked" if true == background else "empty" if said == background else "swapped"
