"""What the page says of labels that look wrong: the kinds of them, drawn by their numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.inspection import Inspection
from reportgen.inspection.labels import LabelIssues
from reportgen.site.data.labels import KINDS, plan_labels
from reportgen.site.media import Thumbnails
from tests import builders


def test_bars_of_kinds_are_as_long_as_their_numbers_say() -> None:
    """All others together are a row, and the longest bar where they are more than the most frequent kind."""
    kinds = tuple((f"label {k}", "other", 12 - k) for k in range(9))
    issues = LabelIssues("A rule.", "confident learning", kinds=kinds, n_checked=300)
    view = plan_labels(replace(builders.report(), inspection=Inspection(labels=issues)), Thumbnails())

    assert view is not None
    rest = sum(n for _, _, n in kinds[KINDS:])
    assert rest > 12
    assert (view.kinds[-1].label, view.kinds[-1].n, view.kinds[-1].share) == (f"{9 - KINDS} other kinds", str(rest), 1)
    assert [one.share for one in view.kinds[:KINDS]] == pytest.approx([n / rest for _, _, n in kinds[:KINDS]])
