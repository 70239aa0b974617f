"""Error types and their costs against those of tidecv."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from reportgen.stats.error_costs import error_gains, mean_precisions, mend_errors
from reportgen.stats.object_errors import Error, name_errors
from reportgen.stats.objects import overlap_boxes
from tests.oracles.make_object_errors import FIGURES, FILES, WORLDS, read_nuclei
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


@pytest.mark.parametrize("world", [*WORLDS, *(f"nuclei {version}" for version in FILES)])
def test_error_types_and_their_costs_are_those_of_tidecv(world: str) -> None:
    truths, detections = make_world(**WORLDS[world]) if world in WORLDS else read_nuclei(world.split()[1])
    expected = EXPECTED[world]
    errors = name_errors(detections, truths, overlap_boxes(detections, truths))
    counts = np.bincount(np.concatenate([errors.detection, errors.truth]), minlength=len(Error))
    assert {name: int(counts[kind]) for name, kind in NAMES.items()} == expected["counts"]
    mended = mend_errors(detections, truths, errors, WORLDS.get(world, {}).get("n_classes", 3))
    in_crowds = np.bincount(
        errors.detection[~errors.counts], minlength=len(Error)
    )  # tidecv counts them; they cost nothing
    assert [one.n_errors for one in mended[1:-2]] == (counts - in_crowds)[1:].tolist()
    once = np.ones((1 + max(truths.sample.max(), detections.sample.max()), 1))
    assert mean_precisions(mended[0], once)[0] * 100 == pytest.approx(expected["precision"], abs=1e-9)
    *gains, without_false, without_missed = error_gains(mended, once)[0] * 100
    found = {name: gains[kind - 1] for name, kind in NAMES.items()}
    assert found == pytest.approx(expected["gains"], abs=1e-9)
    assert without_false == pytest.approx(expected["without_false"], abs=1e-9)
    assert without_missed == pytest.approx(expected["without_missed"], abs=1e-9)
