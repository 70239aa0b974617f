"""How many decimals a comparison is printed with, decided once: its ends and its difference agree in the last digit."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from reportgen import numbers
from reportgen.model import ALL, MetricInfo

ERROR_DECIMALS = 2
"""A calibration error is small: it is printed with two decimals at least."""


def decide_decimals(comparisons: pl.DataFrame, metrics: Sequence[MetricInfo]) -> pl.DataFrame:
    """The comparisons with their ``decimals``, which every page, sentence and chart takes from the row.

    Over all samples every pair stands under each other with the same baseline: there one precision serves all of them.
    """
    units = {metric.name: metric.unit for metric in metrics}
    found = [
        None if delta is None else numbers.difference_decimals(before, after, delta, units[metric])
        for metric, before, after, delta in comparisons.select(
            "metric", "value_baseline", "value_candidate", "delta"
        ).iter_rows()
    ]
    table = comparisons.with_columns(pl.Series("decimals", found, dtype=pl.Int64)).with_columns(
        pl.when(pl.col("metric") == "ece").then(pl.col("decimals").clip(ERROR_DECIMALS)).otherwise("decimals")
    )
    widest = pl.col("decimals").max().over("slice", "metric", "class")
    return table.with_columns(pl.when(pl.col("slice") == ALL).then(widest).otherwise("decimals").alias("decimals"))
