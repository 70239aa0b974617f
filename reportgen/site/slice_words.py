"""What the Slices page says of two versions, one home for both languages.

Python fills these for the pairs that the report is built with, and ``assets/js/engine/slice_words.js`` the same ones
for any other two (chunk "slices": ``words``). A place in braces takes a text; which sentence is said is decided by the
figures, in each language by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analysis import sentences

TEMPLATES: Mapping[str, str] = {
    **sentences.NOT_COMPARED,
    "none_worse": "No slice got worse: {better} got better",
    "some_worse": "{worse} got worse, {better} better",
    "key": "{lead}, {unclear} show no clear change{tested}.",
    "tested": ", of {n} tested",
    "untested": ", of {n} tested; {few} are too small to test",
    "untested_one": ", of {n} tested; one is too small to test",
    "heat_change": (
        "Change in {metric}, {baseline} to {candidate}{points}; below it {candidate}'s {metric} and the number of "
        "{nouns}. Pale cells with ○ show no clear change."
    ),
    "heat_level": "{label} of {version}, and the number of {nouns} below it. Stronger cells are higher.",
    "points": ", in points",
    "heat_none": "No pair of values gets worse beyond chance.",
    "heat_hidden": "{name} gets worse ({size}); neither value alone is worse beyond chance.",
    "heat_worst": "{name} loses most: {size}.",
    "size_points": "{size} points",
    "not_searched": "It was not found for its change from {baseline}, so that is shown and was not tested.",
    "computing": "{baseline} against {candidate} is being computed from the samples…",
    "failed": "{baseline} against {candidate} can't be computed here: the samples could not be loaded.",
    "trainings": (
        "One of {baseline} and {candidate} was trained several times, and changes of means over trainings are told of "
        "the pairs that the report was built with. Here are levels, and the flips of the first trainings."
    ),
    "absent": (
        "What {metric} of single {nouns} rests on is left out of this file: the report as a folder has it, and the "
        "change from {baseline} to {candidate} with it."
    ),
}


def say(name: str, /, **given: str) -> str:
    """The sentence of that name with its places filled."""
    return TEMPLATES[name].format_map(given)
