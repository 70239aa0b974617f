"""Sets of samples by what became of their parts, objects or pixels: their names, and what ranks the samples in them."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analysis import object_sets, pixel_sets
from reportgen.model import Outcomes
from reportgen.stats.pairs import Floats


def set_names(outcomes: Outcomes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sets of one version, and those that need two; none where samples have no such parts."""
    if object_sets.has_sets(outcomes.parts):
        return object_sets.OF_VERSION, object_sets.OF_PAIR
    return (pixel_sets.OF_VERSION, pixel_sets.OF_PAIR) if _by_pixels(outcomes) else ((), ())


def scores_of(outcomes: Outcomes, version: int) -> Mapping[str, Floats]:
    """By set of a version what ranks the samples, the largest first; above 0: the sample is in the set."""
    if outcomes.parts is not None and object_sets.has_sets(outcomes.parts):
        return object_sets.scores_of(outcomes.parts, version)
    return pixel_sets.scores_of(outcomes, version) if _by_pixels(outcomes) else {}


def changes_of(outcomes: Outcomes, baseline: int, candidate: int) -> Mapping[str, Floats]:
    """The same of sets of two versions."""
    if outcomes.parts is not None and object_sets.has_sets(outcomes.parts):
        return object_sets.changes_of(outcomes.parts, baseline, candidate)
    return pixel_sets.changes_of(outcomes, baseline, candidate) if _by_pixels(outcomes) else {}


def _by_pixels(outcomes: Outcomes) -> bool:
    return outcomes.parts is not None and outcomes.parts.kind == "pixel"
