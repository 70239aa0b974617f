"""What pixels are called that are drawn over a picture, and the sets of samples that are made of pixels.

Each kind has its word, the word after the class of a region (``{said}``: what it is taken for), and what it means.
"""

from __future__ import annotations

from collections.abc import Mapping

REGIONS: Mapping[str, tuple[str, str, str]] = {
    "true": ("True", "true", "Pixels of a class, as the truth has them"),
    "marked": ("Marked", "marked", "Pixels that the version marks as a class, rightly or wrongly"),
    "found": ("Found", "found", "Pixels of a class that the version marks as it"),
    "missed": ("Missed", "missed", "Pixels of a class that the version leaves unmarked"),
    "false": ("False", "false", "Pixels that the version marks where no class is"),
    "class": ("Wrong class", "taken for {said}", "Pixels of a class that the version marks as another"),
    "newly_missed": ("Newly missed", "newly missed", "The baseline has these pixels right, the candidate does not"),
    "newly_found": ("Newly found", "newly found", "The candidate has these pixels right, the baseline does not"),
    "newly_false": ("Newly false", "newly false", "The candidate marks pixels of no class that the baseline does not"),
    "no_longer_false": (
        "No longer false",
        "no longer false",
        "The baseline marks pixels of no class that the candidate does not",
    ),
    "label_changed": ("Label changed", "now called {said}", "Both mark these pixels wrongly, as different classes"),
}
"""Kinds of pixels, in no order."""

DRAWN = (
    "Over the pictures: the outlines of what is true, and hatched what the candidate gets wrong. Lines fall to the "
    "right where it misses pixels of a class, to the left where it takes them for another class, and cross where it "
    "marks pixels of none.{several} A tile's picture has at most {side} squares side by side, each drawn as most of "
    "its pixels are, so that specks below half a square are not seen, nor squares that are wrong alone; opened, an "
    "example shows more."
)
SEVERAL = " Which class a region is of stands in the opened example."
CROP = (
    "Each tile shows what is around one region: the largest of connected pixels that the candidate gets wrong in the "
    "same way. Where that fills much of the picture, or nothing is wrong, the tile shows the whole picture."
)
"""What is drawn over a tile, and which part of its picture it can show."""

TABS: Mapping[str, tuple[str, str]] = {
    "iou_loss": (
        "Largest loss of IoU",
        "Over all classes together, the IoU of {candidate} is lower here than that of {baseline}. The largest loss "
        "comes first.",
    ),
    "most_missed": (
        "Most missed pixels",
        "{candidate} leaves pixels of a class unmarked here, or marks them as another. Where they are most comes "
        "first.",
    ),
    "most_false": (
        "Most false pixels",
        "{candidate} marks pixels here as a class that they are not of. Where they are most comes first.",
    ),
}
"""Sets that are tabs of Examples, by the names of ``pixel_sets``: the label and the rule of each."""
