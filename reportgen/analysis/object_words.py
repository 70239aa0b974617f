"""What errors of objects, and what changed with them, are called: of one such thing, and of sets of samples with some.

``{baseline}`` and ``{candidate}`` are the names of the versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis.object_changes import STILL
from reportgen.stats.object_errors import Error
from reportgen.tasks import detection


@dataclass(frozen=True)
class ErrorWords:
    """A type of error: what is wrong with one detection (or object), and when a sample is in the set of it."""

    label: str
    plain: str  # follows the label
    rule: str


@dataclass(frozen=True)
class ChangeWords:
    """A kind of change: what it is, ``{here}`` being where a sample is spoken of, and what a set of such is called."""

    label: str
    said: str
    many: str

    @property
    def plain(self) -> str:
        """What it is, following the label."""
        return self.said.replace("{here}", "")

    @property
    def rule(self) -> str:
        """When a sample is in the set of it."""
        said = self.said.replace("{here}", " here")
        return f"{said[0].upper()}{said[1:]}."


_ERRORS: Mapping[Error, tuple[str, str]] = {
    Error.CLASS: ("on an object of another class", "A detection of {candidate} is on an object of another class here."),
    Error.LOCATION: (
        "overlaps an object of its class by less than half",
        "A detection of {candidate} overlaps an object of its class by less than half here.",
    ),
    Error.BOTH: (
        "only touches an object of another class",
        "A detection of {candidate} only touches an object of another class here.",
    ),
    Error.DUPLICATE: (
        "on an object that a surer one has found",
        "A detection of {candidate} is on an object here that a surer one has found.",
    ),
    Error.BACKGROUND: ("where no object is", "A detection of {candidate} is where no object is."),
    Error.MISSED: (
        "no detection finds it, nor would if its class or place were put right",
        "{candidate} misses an object here that no detection would find if its class or place were put right.",
    ),
}
ERRORS: Mapping[str, ErrorWords] = {
    metric.name: ErrorWords(metric.info.label, *_ERRORS[kind]) for kind, metric in detection.ERRORS.items()
}
"""By the name of the error's metric, whose label it has."""
CHANGES: Mapping[str, ChangeWords] = {
    "newly_missed": ChangeWords(
        "Newly missed", "{baseline} finds an object{here} that {candidate} misses", "Newly missed objects"
    ),
    "newly_found": ChangeWords(
        "Newly found", "{candidate} finds an object{here} that {baseline} misses", "Newly found objects"
    ),
    "newly_false": ChangeWords(
        "Newly false",
        "{candidate} has a wrong detection{here} where {baseline} has none that is wrong",
        "Newly false detections",
    ),
    "no_longer_false": ChangeWords(
        "No longer false",
        "{baseline} has a wrong detection{here} where {candidate} has none that is wrong",
        "No longer false",
    ),
    "label_changed": ChangeWords(
        "Label changed", "both detect something at the same place{here}, of different classes", "Labels changed"
    ),
    "moved": ChangeWords(
        "Moved",
        "both find an object{here}, in places that overlap each other by less than " + numbers.probability(STILL),
        "Moved",
    ),
}
"""By the names of ``ObjectChanges``."""
_MOST_FIRST = "Where it is so most often comes first."
SETS: Mapping[str, tuple[str, str]] = {
    **{name: (one.label, f"{one.rule} {_MOST_FIRST}") for name, one in ERRORS.items()},
    **{name: (one.many, f"{one.rule} {_MOST_FIRST}") for name, one in CHANGES.items() if name != "newly_missed"},
}
"""Sets that links lead to, by the names of ``object_sets``: samples with one type of error, or one kind of change."""
TABS: Mapping[str, tuple[str, str]] = {
    "overlap_loss": (
        "Largest loss of overlap",
        "{baseline} finds an object here whose overlap (IoU) {candidate} loses, in part or whole. The largest loss of "
        "one object comes first.",
    ),
    "newly_missed": (CHANGES["newly_missed"].many, f"{CHANGES['newly_missed'].rule} {_MOST_FIRST}"),
    "missed_large": (
        "Missed and large",
        "{candidate} misses an object here. The largest in square pixels come first.",
    ),
    "surest_false": (
        "Surest false detections",
        "{candidate} has a false detection here. Those it was surest of come first.",
    ),
}
"""Sets that are tabs of Examples."""
