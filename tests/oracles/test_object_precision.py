"""Average precision and recall of detections against pycocotools, on drawn worlds."""

from __future__ import annotations

import contextlib
import io

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.stats.mask_overlaps import overlap_masks
from reportgen.stats.mask_strings import pack_runs
from reportgen.stats.masks import Masks
from reportgen.stats.matching import match_objects
from reportgen.stats.object_precision import average_precisions, judge_detections
from reportgen.stats.objects import Detections, Overlaps, Truths, overlap_boxes
from reportgen.stats.pairs import Floats
from tests.oracles.object_worlds import IMAGE, draw_masks, make_world

CLASSES = 3
STATISTICS = ("ap", "ap50", "ap75", "small", "medium", "large", "ar1", "ar10", "ar100", "ar small", "ar medium", "ar l")


def evaluate(
    truths: Truths, detections: Detections, detected: Masks | None = None, true: Masks | None = None
) -> Floats:
    """The twelve figures of pycocotools, for boxes or for masks; -1 where it has none."""
    from pycocotools.coco import COCO  # noqa: PLC0415  # type: ignore[import-untyped]
    from pycocotools.cocoeval import COCOeval  # noqa: PLC0415  # type: ignore[import-untyped]

    n = 1 + int(max(truths.sample.max(initial=0), detections.sample.max(initial=0)))
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": i, "height": IMAGE[0], "width": IMAGE[1]} for i in range(n)],
            "categories": [{"id": k, "name": str(k)} for k in range(CLASSES)],
            "annotations": [
                {
                    "id": i + 1,  # the tool takes an object of id 0 for none
                    "image_id": int(truths.sample[i]),
                    "category_id": int(truths.klass[i]),
                    "bbox": truths.boxes[i].tolist(),
                    "area": float(truths.area[i]),
                    "iscrowd": int(truths.crowd[i]),
                    **({"segmentation": as_segmentation(true, i)} if true else {}),
                }
                for i in range(len(truths))
            ],
        }
        coco.createIndex()
        results = [
            {
                "image_id": int(detections.sample[i]),
                "category_id": int(detections.klass[i]),
                "score": float(detections.score[i]),
                **(
                    {"segmentation": as_segmentation(detected, i)}
                    if detected
                    else {"bbox": detections.boxes[i].tolist()}
                ),
            }
            for i in range(len(detections))
        ]
        run = COCOeval(coco, coco.loadRes(results), "segm" if true else "bbox")
        run.evaluate()
        run.accumulate()
        run.summarize()
    return np.array(run.stats)


def as_segmentation(masks: Masks, i: int) -> dict[str, object]:
    """One mask as the tool reads it."""
    return {"size": [int(masks.height[i]), int(masks.width[i])], "counts": pack_runs(masks.of(i))}


def figures(truths: Truths, detections: Detections, overlaps: Overlaps) -> Floats:
    """The same twelve by our own functions."""
    matching = match_objects(detections, truths, overlaps)
    found = average_precisions(judge_detections(detections, truths, matching, CLASSES))
    parts = [
        *(found.precision[0], found.precision[0, 0], found.precision[0, 5]),
        *(found.precision[r] for r in (1, 2, 3)),
        *(found.recall[0, :, :, k] for k in range(3)),
        *(found.recall[r, :, :, 2] for r in (1, 2, 3)),
    ]
    return np.array([-1.0 if np.isnan(part).all() else np.nanmean(part) for part in parts])


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_samples=st.integers(1, 15),
    objects=st.sampled_from([0.5, 3.0, 9.0]),
    crowds=st.sampled_from([0.0, 0.1, 0.6]),
    ties=st.booleans(),
)
@example(seed=1, n_samples=12, objects=6.0, crowds=0.1, ties=True)
@example(seed=2, n_samples=1, objects=0.5, crowds=0.0, ties=False)
def test_average_precision_is_that_of_pycocotools(
    seed: int, n_samples: int, objects: float, crowds: float, ties: bool
) -> None:
    truths, detections = make_world(seed, n_samples=n_samples, objects=objects, crowds=crowds, ties=ties)
    if not len(detections):
        return  # the tool refuses an empty list
    expected = dict(zip(STATISTICS, evaluate(truths, detections), strict=True))
    found = figures(truths, detections, overlap_boxes(detections, truths))
    assert dict(zip(STATISTICS, found, strict=True)) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), crowds=st.sampled_from([0.0, 0.1, 0.6]), ties=st.booleans())
@example(seed=1, crowds=0.1, ties=True)
def test_average_precision_of_masks_is_that_of_pycocotools(seed: int, crowds: float, ties: bool) -> None:
    truths, boxes = make_world(seed, n_samples=6, objects=4.0, detected=6.0, crowds=crowds, ties=ties)
    if not len(boxes):
        return  # the tool refuses an empty list
    detections, detected, true = draw_masks(seed, truths, boxes)
    expected = dict(zip(STATISTICS, evaluate(truths, detections, detected, true), strict=True))
    found = figures(truths, detections, overlap_masks(detections, truths, detected, true))
    assert dict(zip(STATISTICS, found, strict=True)) == pytest.approx(expected, abs=1e-9)


def test_the_worlds_have_what_average_precision_stumbles_over() -> None:
    truths, detections = make_world(4, crowds=0.1, ties=True)
    per_sample = np.bincount(detections.sample, minlength=12)
    assert per_sample.max() > 100
    assert (per_sample == 0).any()
    assert truths.crowd.any()
    assert len(np.unique(detections.score)) < len(detections) / 5
    assert np.isin(truths.area, [32.0**2, 96.0**2]).any()
