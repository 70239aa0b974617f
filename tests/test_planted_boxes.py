"""Faults in annotated boxes and masks of the examples: those that are planted stand at the top."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from reportgen.analysis.measure import measure
from reportgen.analysis.quality.box_corrections import measure_box_corrections
from reportgen.analysis.quality.boxes import find_box_issues
from reportgen.analysis.quality.given import Given
from reportgen.inspection import BoxIssues
from reportgen.model import Limits
from reportgen.stats.mask_columns import column_of
from reportgen.stats.masks import decode_mask, encode_masks
from reportgen.tasks import detection
from tests.planted_boxes import judged, outcomes_of

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
KINDS = {"missing": "overlooked", "shifted": "misplaced", "swapped": "swapped"}


def test_the_planted_faults_of_the_scenes_are_at_the_top() -> None:
    """The first five are planted, and of each kind the first three; of all candidates a third, of 48 among 1,600."""
    found = find_box_issues(outcomes_of(EXAMPLES / "scenes" / "reportgen.yaml"), Given())
    assert isinstance(found, BoxIssues)
    planted = list(pl.read_csv(EXAMPLES / "scenes" / "planted.csv").iter_rows(named=True))
    named = {(KINDS[one["fault"]], str(one["annotation"])) for one in planted if one["annotation"] is not None}

    def is_planted(row: dict) -> bool:  # type: ignore[type-arg]
        if row["annotation"] is not None:
            return (row["kind"], row["annotation"]) in named
        return any(
            one["id"] == row["id"]
            and abs(one["x"] - row["suggested_left"]) < one["width"] / 2
            and abs(one["y"] - row["suggested_top"]) < one["height"] / 2
            for one in planted
            if one["annotation"] is None
        )

    table = found.candidates.with_columns(
        planted=pl.Series([is_planted(row) for row in found.candidates.iter_rows(named=True)])
    )
    assert table["planted"].head(5).all()
    for kind in KINDS.values():
        assert table.filter(pl.col("kind") == kind)["planted"].head(3).all()
    assert table["planted"].mean() > 0.3
    assert table.height < 40


def test_masks_that_miss_their_object_are_found_and_mended_by_masks() -> None:
    """Masks of nuclei that both versions find are moved by a third of their box, and three are left out."""
    outcomes = outcomes_of(EXAMPLES / "nuclei" / "instances.yaml")
    parts = outcomes.parts
    assert parts is not None
    assert parts.truths is not None
    assert parts.sizes is not None
    truths = parts.truths
    both = np.flatnonzero((parts.found[0] >= 0) & (parts.found[1] >= 0) & (truths["area"] > 60).to_numpy())
    moved, left_out = both[4:40:5], both[:3]
    masks = truths["mask"].to_list()
    for t in moved:
        width, height = parts.sizes[truths["sample"][int(t)]].astype(int)
        image = decode_mask(np.array(masks[t]), height, width)
        steps = [round(0.45 * truths[side][int(t)]) for side in ("height", "width")]
        masks[t] = column_of(encode_masks([np.roll(image, steps, (0, 1))]))[0].to_list()
    keep = np.ones(truths.height, bool)
    keep[left_out] = False
    faulty = truths.with_columns(pl.Series("mask", masks, dtype=truths.schema["mask"])).filter(pl.Series(keep))
    changed = judged(outcomes, faulty)
    found = find_box_issues(changed, Given())
    assert isinstance(found, BoxIssues)
    table = found.candidates
    at = set((np.cumsum(keep) - 1)[moved].tolist())

    assert set(table.filter(pl.col("kind") == "misplaced")["object"]) <= at
    assert (table["kind"] == "misplaced").sum() >= 3
    assert (table["kind"] == "overlooked").sum() >= 1
    assert table["suggested_by"].count() == table.height
    told = measure_box_corrections(measure(changed, Limits()), found, detection.METRICS, 0, 1)
    good = [one.name for one in detection.METRICS if one.info.higher_is_better]
    rows = told.effects.filter((pl.col("group") == "all") & (pl.col("version") == "watershed"))
    for row in rows.filter(pl.col("metric").is_in(good)).iter_rows(named=True):
        assert row["corrected"] > row["value"]
