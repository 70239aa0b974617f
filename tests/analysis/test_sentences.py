"""Words that every sentence is made of."""

from __future__ import annotations

import pytest

from reportgen.analysis.sentences import lowered
from reportgen.tasks import classification, regression


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Mean absolute error", "mean absolute error"),
        ("AUROC", "AUROC"),
        ("F1", "F1"),
        ("R²", "R²"),
        ("Brier score", "Brier score"),
        ("Cohen's kappa", "Cohen's kappa"),
    ],
)
def test_a_label_inside_a_sentence(label: str, inside: str) -> None:
    """Its first letter is small, but for abbreviations and people."""
    assert lowered(label) == inside


def test_no_person_is_written_small() -> None:
    """Every metric that bears somebody's name keeps it."""
    labels = [metric.info.label for task in (classification, regression) for metric in task.METRICS]
    named = [label for label in labels if label.split()[0].rstrip("'s") in {"Brier", "Cohen", "Matthew", "Pearson"}]

    assert len(named) == 4
    assert [lowered(label) for label in named] == named
