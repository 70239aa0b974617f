"""Coverage: how many combinations of values each two attributes have, and how many of them have enough samples."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import numbers
from reportgen.model import PairCoverage
from reportgen.site.charts import grid, heat, marks, text
from reportgen.site.charts.chart import Chart, build, unchecked
from reportgen.site.charts.theme import NAME_SIZE, NARROW, WIDE

MOST = 12
"""Attributes that the matrix draws; of more, those that lack most combinations."""


@unchecked
def covered(id: str, label: str, attributes: Sequence[str], pairs: Sequence[PairCoverage], *, enough: str) -> Chart:
    """The matrix of attributes against attributes, its lower half; the diagonal is an attribute's values alone.

    A cell has the share and the number of combinations that have enough samples; its colour is stronger the more lack
    them. ``enough`` says what that is: "30 images". The table has every pair, whatever the matrix draws.
    """
    kept = keep_attributes(attributes, pairs)
    shown = _grid(kept, pairs)
    need = grid.needed([shown])
    wide = _layout(kept, need, WIDE, names=True)
    narrow = _layout(kept, need, NARROW, names=False)
    head = ("Attribute", "With", f"Have {enough}", "Of", "Share", "Have none")
    return build(
        id,
        label,
        grid.spec([shown], wide),
        {"": grid.rows(shown, wide)},
        head,
        {"": [_line(one) for one in pairs]},
        narrow=grid.spec([shown], narrow),
    )


def keep_attributes(attributes: Sequence[str], pairs: Sequence[PairCoverage]) -> tuple[str, ...]:
    """The attributes that the matrix draws, in their order."""
    if len(attributes) <= MOST:
        return tuple(attributes)
    lacking = dict.fromkeys(attributes, 0)
    for one in pairs:
        for name in set(one.attributes):
            lacking[name] += one.n_combinations - one.n_covered
    most = sorted(attributes, key=lambda name: (-lacking[name], attributes.index(name)))[:MOST]
    return tuple(name for name in attributes if name in set(most))


def _grid(kept: Sequence[str], pairs: Sequence[PairCoverage]) -> grid.Grid:
    at = {name: i for i, name in enumerate(kept)}
    cells = []
    for one in pairs:
        if all(name in at for name in one.attributes):
            column, row = sorted(at[name] for name in one.attributes)
            lacking = 1 - one.n_covered / one.n_combinations
            step = max(1, round(lacking * heat.STEPS)) if lacking else 0
            counts = (numbers.count(n) for n in (one.n_covered, one.n_combinations))
            told = (numbers.rate(1 - lacking, 0), " of ".join(counts))
            cells.append(grid.Cell(row, column, "count", step, told, bold=lacking > 0))
    return grid.Grid(tuple(kept), tuple(kept), tuple(cells), foot="Faint: all have enough. Strong: none has.")


def _layout(kept: Sequence[str], need: float, room: float, *, names: bool) -> grid.Layout:
    label = min(150.0, marks.widest(list(kept), 48, NAME_SIZE)) + 14 if names else 0
    width = max(need, min(96.0, (room - label - grid.SLANT * 0.6) // len(kept) - grid.SPACE))
    slanted = max(text.width(name) for name in kept) > width - 2
    return grid.Layout(width, 44, label, centred=True, slanted=slanted, square=True)


def _line(one: PairCoverage) -> tuple[str, ...]:
    """A pair as a line of the table."""
    first, second = one.attributes
    counts = (numbers.count(n) for n in (one.n_covered, one.n_combinations))
    share = numbers.rate(one.n_covered / one.n_combinations)
    return (first, "alone" if first == second else second, *counts, share, numbers.count(one.n_empty))
