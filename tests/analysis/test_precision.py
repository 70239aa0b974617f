"""The decimals of comparisons: decided once, and for all samples the same in every pair."""

from __future__ import annotations

import polars as pl

from reportgen import columns
from reportgen.analysis.precision import decide_decimals
from reportgen.model import MetricInfo

ACCURACY = MetricInfo("accuracy", "Accuracy", "share right", "rate", True)


def compared(
    rows: list[tuple[str, str, float | None, float | None]], metric: MetricInfo = ACCURACY
) -> list[int | None]:
    """The decimals of comparisons given as slice, candidate and both ends."""
    table = pl.DataFrame(
        [
            {
                "slice": slice_id,
                "metric": metric.name,
                "candidate": candidate,
                "value_baseline": before,
                "value_candidate": after,
                "delta": None if before is None or after is None else after - before,
            }
            for slice_id, candidate, before, after in rows
        ],
        schema=columns.COMPARISONS,
    )
    return decide_decimals(table, [metric])["decimals"].to_list()


def test_a_row_has_one_more_where_its_figures_would_not_add_up() -> None:
    """0.67% to 2.43% is +1.76, which is not 0.7% to 2.4% and +1.8; a row without a difference has none."""
    assert compared([("a", "v2", 0.0067, 0.0243), ("b", "v2", 0.912, 0.926), ("c", "v2", None, 0.5)]) == [2, 1, None]


def test_all_samples_have_one_precision_in_every_pair() -> None:
    """The baseline's figure over all samples stands in each pair's row; in a slice each pair is for itself."""
    pairs = (("v2", 0.0243), ("v3", 0.0267))
    rows = [(place, version, 0.0067, end) for place in ("all", "a") for version, end in pairs]

    assert compared(rows) == [2, 2, 2, 1]


def test_a_calibration_error_has_two_at_least() -> None:
    """0.39% to 0.63% would be hard to tell from 0.4% to 0.6%; where there is no difference there are none."""
    error = MetricInfo("ece", "Calibration error", "how far off", "rate", False)

    assert compared([("all", "v2", 0.004, 0.006), ("a", "v2", None, 0.5)], error) == [2, None]
