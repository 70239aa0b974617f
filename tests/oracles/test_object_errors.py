"""Error types and their costs against those of tidecv."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from reportgen.stats.object_errors import Error, cost_errors, name_errors
from reportgen.stats.objects import overlap_boxes
from tests.oracles.make_object_errors import FIGURES, WORLDS
from tests.oracles.object_worlds import make_world

NAMES = {
    "Cls": Error.CLASS,
    "Loc": Error.LOCATION,
    "Both": Error.BOTH,
    "Dupe": Error.DUPLICATE,
    "Bkg": Error.BACKGROUND,
    "Miss": Error.MISSED,
}
EXPECTED: dict[str, dict[str, Any]] = json.loads(FIGURES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("world", WORLDS)
def test_error_types_and_their_costs_are_those_of_tidecv(world: str) -> None:
    truths, detections = make_world(**WORLDS[world])
    expected = EXPECTED[world]
    errors = name_errors(detections, truths, overlap_boxes(detections, truths))
    counts = np.bincount(np.concatenate([errors.detection, errors.truth]), minlength=len(Error))
    assert {name: int(counts[kind]) for name, kind in NAMES.items()} == expected["counts"]
    costs = cost_errors(detections, truths, errors, WORLDS[world].get("n_classes", 3))
    assert costs.precision * 100 == pytest.approx(expected["precision"], abs=1e-9)
    assert {name: costs.gains[kind] * 100 for name, kind in NAMES.items()} == pytest.approx(expected["gains"], abs=1e-9)
    assert costs.gain_without_false * 100 == pytest.approx(expected["without_false"], abs=1e-9)
    assert costs.gain_without_missed * 100 == pytest.approx(expected["without_missed"], abs=1e-9)
