"""What the Confidence page says of two versions, one home for both languages.

Python fills these for the pair that the report is built with, and ``assets/js/confidence_parts.js`` the same ones for
any other two (chunk "confidence": ``words``). A place in braces takes a text.
"""

from __future__ import annotations

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "scores_alike": "{candidate} shows no clear change against {baseline}.",
    "scores_apart": "{candidate} is {what} than {baseline}, beyond chance.",
    "scores_worse": "worse in {which}",
    "scores_better": "better in {which}",
    "risks_fewer": "There {candidate} makes fewer errors than {baseline}.",
    "risks_more": "There {candidate} makes more errors than {baseline}.",
    "risks_overlap": "There the two intervals overlap: these alone don't tell the versions apart.",
    "no_confidence": "{version} says nothing of how sure it is, so it has no diagram.",
    "slices_untold": (
        "Slices were held against the claims of {built} alone, the versions that the report was built with: of "
        "{candidate} the page tells what it claims of all {nouns}."
    ),
    "changes_left": (
        "Against {baseline} the change is told of {candidate} alone, and not in {scores}: that takes draws, or columns "
        "that are not in this file."
    ),
    "changes_one": "Against {baseline} the change is told of {candidate} alone.",
    "computing": "{candidate} against {baseline} is being computed from the samples…",
    "failed": "What {candidate} changes against {baseline} can't be computed here: the samples could not be loaded.",
}


def say(name: str, /, **given: object) -> str:
    """The sentence of that name with its places filled."""
    return TEMPLATES[name].format_map(given)
