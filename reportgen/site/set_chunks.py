"""What the browser gets of the sets of samples that are made of their parts (``analysis.part_sets``)."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analysis.object_sets import ranked
from reportgen.analysis.part_sets import changes_of, scores_of, set_names
from reportgen.model import Outcomes
from reportgen.site.packing import Chunk, pack_json
from reportgen.stats.pairs import Floats


def listed_sets(outcomes: Outcomes) -> Mapping[str, list[str]]:
    """The names of the sets of one version, and of those that need two; none where samples have no such parts."""
    own, paired = set_names(outcomes)
    return {"version": list(own), "pair": list(paired)}


def set_chunks(outcomes: Outcomes, pair: tuple[int, int] | None) -> dict[str, Chunk]:
    """``sets-{v}`` of every version, and the sets of two: by name the rows of each set, as it ranks them."""
    if not any(set_names(outcomes)):
        return {}
    found = {f"sets-{v}": pack_json(_rows(scores_of(outcomes, v))) for v in range(len(outcomes.versions))}
    return found if pair is None else found | pair_sets(outcomes, *pair)


def pair_sets(outcomes: Outcomes, first: int, second: int) -> dict[str, Chunk]:
    """``sets-{first}-{second}``: the sets from the first version to the second (``there``), and ``back``."""
    if not any(set_names(outcomes)):
        return {}
    ways = {"there": changes_of(outcomes, first, second), "back": changes_of(outcomes, second, first)}
    return {f"sets-{first}-{second}": pack_json({way: _rows(sets) for way, sets in ways.items()})}


def _rows(sets: Mapping[str, Floats]) -> Mapping[str, list[int]]:
    return {name: ranked(scores).tolist() for name, scores in sets.items()}
