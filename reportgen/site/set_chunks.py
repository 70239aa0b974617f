"""What the browser gets of the sets of samples that are made of their objects (``analysis.object_sets``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from reportgen.analysis.object_sets import OF_PAIR, OF_VERSION, has_sets, ranked_changes, ranked_sets
from reportgen.model import Outcomes
from reportgen.site.packing import Chunk, pack_json


def listed_sets(outcomes: Outcomes) -> Mapping[str, list[str]]:
    """The names of the sets of one version, and of those that need two; none where samples have no objects."""
    parts = outcomes.parts
    return {"version": list(OF_VERSION), "pair": list(OF_PAIR)} if has_sets(parts) else {"version": [], "pair": []}


def set_chunks(outcomes: Outcomes, pair: tuple[int, int] | None) -> dict[str, Chunk]:
    """``sets-{v}`` of every version, and the sets of two: by name the rows of each set, as it ranks them."""
    parts = outcomes.parts
    if parts is None or not has_sets(parts):
        return {}
    found = {f"sets-{v}": pack_json(_rows(ranked_sets(parts, v))) for v in range(len(outcomes.versions))}
    return found if pair is None else found | pair_sets(outcomes, *pair)


def pair_sets(outcomes: Outcomes, first: int, second: int) -> dict[str, Chunk]:
    """``sets-{first}-{second}``: the sets from the first version to the second (``there``), and ``back``."""
    parts = outcomes.parts
    if parts is None or not has_sets(parts):
        return {}
    ways = {"there": ranked_changes(parts, first, second), "back": ranked_changes(parts, second, first)}
    return {f"sets-{first}-{second}": pack_json({way: _rows(sets) for way, sets in ways.items()})}


def _rows(sets: Iterable[tuple[str, npt.NDArray[np.int64]]]) -> Mapping[str, list[int]]:
    return {name: rows.tolist() for name, rows in sets}
