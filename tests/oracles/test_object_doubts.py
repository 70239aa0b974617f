"""What speaks against annotated boxes equals the scores of cleanlab's ObjectLab, whose similarity is overlap alone."""

from __future__ import annotations

import json

import numpy as np
import pytest

from reportgen.stats.object_doubts import doubt_objects
from reportgen.stats.objects import overlap_boxes
from tests.oracles.make_object_doubts import FIGURES, HIGH, LOW, WORLDS
from tests.oracles.object_worlds import make_world

TOLD = json.loads(FIGURES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WORLDS)
def test_overlaps_are_the_scores_of_objectlab(name: str) -> None:
    """Badly located: the score is 1 where no usable detection of the class overlaps; swapped: 1 less the overlap."""
    truths, detections = make_world(**WORLDS[name])
    told = TOLD[name]
    usable, sure = detections.score > LOW, detections.score > HIGH

    found = doubt_objects(detections, truths, overlap_boxes(detections, truths, least=1e-12), usable, sure)
    least = min([1.0, *(x for x in told["other"] if x > 0)])  # the tool has no score below its least similarity

    assert np.where(found.own > 0, found.own, 1) == pytest.approx(np.array(told["own"]), abs=1e-9)
    assert np.maximum(1 - found.other, least) == pytest.approx(np.array(told["other"]), abs=1e-9)
    assert np.flatnonzero((detections.score >= HIGH) & (found.beside == 0)).tolist() == told["overlooked"]
    assert ((found.own_at >= 0) == (found.own > 0)).all()
    at = found.own_at[found.own_at >= 0]
    assert (detections.klass[at] == truths.klass[found.own_at >= 0]).all()


def test_every_kind_is_told() -> None:
    """The figures hold badly placed boxes, swapped ones and overlooked objects, and those of which nothing is said."""
    every = list(TOLD.values())

    assert sum(len(one["overlooked"]) for one in every) > 50
    assert sum(0.1 < x < 0.5 for one in every for x in one["own"]) > 50
    assert sum(x < 0.5 for one in every for x in one["other"]) > 50
    assert any(x == 1 for one in every for x in one["own"])
