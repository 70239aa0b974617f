"""What is told of a metric is told of all classes together, also where each class has the metric, too."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.contributions import find_contributions
from reportgen.tasks.known import task_of
from tests.analysis.worlds import analyse, label


def test_the_leading_metric_is_that_of_all_classes() -> None:
    """The last class is right in both versions: were its rows taken for those of all, nothing would have changed."""
    truth = np.ones((60, 3), bool)
    old, new = truth.copy(), truth.copy()
    new[:40, 0] = False
    found = analyse(label(truth, old, new))
    facts = found.facts
    per_class = facts.comparisons.filter((facts.comparisons["metric"] == "f1") & (facts.comparisons["slice"] == "all"))
    assert per_class["class"].to_list() == [None, "a", "b", "c"]
    assert facts.overall["class"] is None
    assert facts.overall["delta"] == 2 * 140 / (140 + 180) - 1
    assert facts.level()["value"] == 2 * 140 / (140 + 180)
    primary = next(one for one in task_of(facts.outcomes).metrics if one.name == "f1")
    assert find_contributions(found.measure, found.axes, primary, facts.comparisons).is_empty()
