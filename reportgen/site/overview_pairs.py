"""What the Overview's script must know to tell of any two versions: their values, and the built pairs' changes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from reportgen import numbers
from reportgen.analysis import sentences
from reportgen.analysis.judged_words import words_of
from reportgen.model import ALL, MetricInfo
from reportgen.report import Report
from reportgen.site import words
from reportgen.site.flipped import parts_of
from reportgen.site.overview_words import TEMPLATES
from reportgen.site.packing import Chunk, pack_json
from reportgen.site.pairs import unpaired_of, why_not_compared
from reportgen.site.scorecard import CROWDED, HEIGHT, MANY, PAD, WIDTH

VALUES = ("value", "low", "high", "n", "support", "reason")
CHANGES = ("delta", "low", "high", "n", "decimals", "support", "verdict")


def overview_chunk(report: Report) -> Chunk:
    """Over all samples: ``metrics`` with each version's ``values`` (columns ``VALUES``, null where it has none).

    ``pairs`` has by candidate what the report says of it against the built baseline: why they are not compared, their
    unpaired difference, how many were fixed for each one broken (value, low, high), and by metric ``CHANGES``.
    """
    metric = report.primary
    names = [version.name for version in report.versions]
    return pack_json(
        {
            "words": {**TEMPLATES, **words_of(report.outcomes).texts},
            "versions": names,
            "baseline": report.baseline,
            "candidate": report.candidate,
            "classes": bool(report.outcomes.classes),
            "level": numbers.level(report.limits.level),
            "limits": {"test": report.limits.test, "decide": report.limits.decide},
            "nouns": [sentences.noun(report.outcomes, 1), sentences.noun(report.outcomes)],
            "n": report.outcomes.frame.height,
            "metric": {
                "name": metric.name,
                "label": metric.label,
                "lowered": sentences.lowered(metric.label),
                "unit": metric.unit,
                "higher": metric.higher_is_better,
                "measure": words.measure(metric),
            },
            "card": {"crowded": CROWDED, "width": WIDTH, "height": HEIGHT, "pad": PAD, "many": MANY},
            "metrics": [_metric(report, one, names) for one in report.metrics if not one.per_class],
            "pairs": {name: _pair(report, name) for _, name in report.pairs},
            "parts": parts_of(report),
        }
    )


def _metric(report: Report, metric: MetricInfo, names: list[str]) -> Mapping[str, object]:
    frame = report.estimates.filter(
        (pl.col("slice") == ALL) & pl.col("class").is_null() & (pl.col("metric") == metric.name)
    )
    found = {row["version"]: [row[name] for name in VALUES] for row in frame.iter_rows(named=True)}
    return {
        "name": metric.name,
        "label": metric.label,
        "plain": metric.plain,
        "aside": words.direction(metric),
        "unit": metric.unit,
        "values": [found.get(name) for name in names],
    }


def _pair(report: Report, candidate: str) -> Mapping[str, object]:
    apart = unpaired_of(report, candidate)
    rows = report.comparisons.filter(
        (pl.col("slice") == ALL) & pl.col("class").is_null() & (pl.col("candidate") == candidate)
    )
    return {
        "why": why_not_compared(report, candidate),
        "apart": None
        if apart is None
        else {
            "before": apart.value_baseline,
            "after": apart.value_candidate,
            "delta": apart.delta,
            "low": apart.low,
            "high": apart.high,
            "nBaseline": apart.n_baseline,
            "nCandidate": apart.n_candidate,
        },
        "ratio": _ratio(report, candidate),
        "changes": {row["metric"]: [row[name] for name in CHANGES] for row in rows.iter_rows(named=True)},
    }


def _ratio(report: Report, candidate: str) -> list[float | None] | None:
    rows = report.estimates.filter(
        (pl.col("metric") == "fixed_per_broken") & (pl.col("version") == candidate) & (pl.col("slice") == ALL)
    )
    return [rows[name][0] for name in ("value", "low", "high")] if rows.height else None
