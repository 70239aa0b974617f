"""Look-alikes beside labels that look wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reportgen import columns
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect
from reportgen.site.data.labels import plan_labels, suspect_rows
from reportgen.site.media import Thumbnails
from tests import builders


def test_the_nearest_samples_stand_beside_a_suspect() -> None:
    """How many of ten have the suggested label, and the three nearest, whose media are needed too."""
    report = builders.report(n=300)
    target = report.outcomes.frame[columns.TARGET].to_numpy()
    vectors = (np.eye(4)[target] + np.random.default_rng(1).normal(0, 0.1, (300, 4))).astype(np.float32)
    inspection = inspect(report.outcomes, Given(vectors=vectors))
    assert inspection.labels is not None
    assert inspection.look_alikes is not None
    report = replace(report, inspection=inspection)

    view = plan_labels(report, Thumbnails())

    assert view is not None
    row = inspection.labels.candidates.row(0, named=True)
    near = inspection.look_alikes.rows[row["row"], :3].tolist()
    assert "Look-alikes are the 10 nearest by the embedding." in view.caption
    assert view.suspects[0].alike == f"{row['look_alikes_for']} of 10 look-alikes are {row['suggestion']}"
    assert [one.row for one in view.suspects[0].look_alikes] == near
    assert set(near) < set(suspect_rows(report))
