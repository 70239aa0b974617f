"""What sets of samples are called that are made of their objects, by the names of ``object_sets``, and their rules.

Each is its label and its rule; ``{baseline}`` and ``{candidate}`` are the names of the versions.
"""

from __future__ import annotations

from collections.abc import Mapping

_ERRORS: Mapping[str, tuple[str, str]] = {
    "classification_error": ("Wrong class", "A detection of {candidate} is on an object of another class here."),
    "localisation_error": (
        "Badly placed",
        "A detection of {candidate} overlaps an object of its class by less than half here.",
    ),
    "both_error": ("Wrong class and place", "A detection of {candidate} only touches an object of another class here."),
    "duplicate_error": ("Found twice", "A detection of {candidate} is on an object here that a surer one has found."),
    "background_error": ("On nothing", "A detection of {candidate} is where no object is."),
    "missed_error": (
        "Missed outright",
        "{candidate} misses an object here that no detection would find if its class or place were put right.",
    ),
}
_CHANGES: Mapping[str, tuple[str, str]] = {
    "newly_found": ("Newly found objects", "{candidate} finds an object here that {baseline} misses."),
    "newly_false": (
        "Newly false detections",
        "{candidate} has a wrong detection here where {baseline} has none that is wrong.",
    ),
    "no_longer_false": (
        "No longer false",
        "{baseline} has a wrong detection here where {candidate} has none that is wrong.",
    ),
    "label_changed": ("Labels changed", "Both detect something at the same place here, of different classes."),
    "moved": ("Moved", "Both find an object here, in places that overlap each other by less than three quarters."),
}
_MOST_FIRST = "Where it is so most often comes first."
SETS: Mapping[str, tuple[str, str]] = {
    name: (label, f"{rule} {_MOST_FIRST}") for name, (label, rule) in {**_ERRORS, **_CHANGES}.items()
}
"""Sets that links lead to: samples with one type of error, or one kind of change."""
TABS: Mapping[str, tuple[str, str]] = {
    "overlap_loss": (
        "Largest loss of overlap",
        "{baseline} finds an object here whose overlap (IoU) {candidate} loses, in part or whole. The largest loss of "
        "one object comes first.",
    ),
    "newly_missed": (
        "Newly missed objects",
        f"{{baseline}} finds an object here that {{candidate}} misses. {_MOST_FIRST}",
    ),
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
