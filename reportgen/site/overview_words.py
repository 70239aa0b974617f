"""What the Overview says of two versions, one home for both languages.

Python fills these for the pair that the report is built with, and ``assets/js/engine/overview_view.js`` the same ones
for any other two (chunk "overview": ``words``). What became of samples is said in the words of the report's kind
(``analysis/judged_words.py``), which stand among them there. A place in braces takes a text; which sentence is said is
decided by the figures, in each language by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    "against": "{candidate} against {baseline}",
    "computing": "{candidate} against {baseline} is being computed from the samples…",
    "failed": "{candidate} against {baseline} can't be computed here: the samples could not be loaded.",
    "left": "Not told of this pair: the change in {metrics}, which takes draws or columns that are not in this file.",
    "by_finding": "; cut by {name}, which the first finding about {built} names",
    "shared": (
        "Values are over the samples that each version scored; changes are over the {counted} that both scored. Where "
        "missing ones count as wrong, both are over all {all}."
    ),
    "point_whole": "{metric}, all {nouns}",
    "point_own": "{metric} of {version}, its own {nouns}",
    "point_apart": "{metric}, each over its own {nouns}",
    "point_slices": "Groups of {nouns} (slices)",
    "point_flips": "{things} that changed",
    "sized": "{level} {ends} · n = {n}",
    "sized_apart": "unpaired · {level} {ends} · n = {n_baseline} and {n_candidate}",
    "tally": "{worse} worse, {better} better",
    "tally_of": "of {n} tested; the other {unclear} show no clear change",
    "all_slices": "All slices",
    "part_of": "{n} of {all}",
    "counted": "{n} {called}",
    "no_level": "no prediction to go by",
    "undefined": "not defined",
    "flips_none": "Nothing flipped: every sample that both scored came out alike.",
    "bounds": " ({level} {low}…{high})",
    "where_broken": "Where the {n} {broken} are",
    "holds": "{name} holds {share_of_all} of the {nouns} and {share} of the {broken}: {ratio} times its share.",
    "slices_untested": "No slice has the {test} {nouns} that a test needs.",
    "slices_none_worse": "No slice got worse: all {n} tested are better or show no clear change.",
    "slices_worse": "{worse} of {n} tested slices got worse beyond chance{most}{gained}.",
    "slices_most": "; of those shown, {name} lost most",
    "slices_gained": "; {better} got better",
    "slices_change": (
        "Change in {metric} from {baseline} to {candidate} for each slice: the {nouns} that have something in common"
        "{crossed}"
    ),
    "slices_crossed": " (× means both).",
    "slices_plain": ".",
    "slices_rings": "Pale rings can't be told apart from no change;",
    "slices_band": "a shaded band marks fewer than {decide} {nouns};",
    "slices_whole": "the dotted line is all {nouns}, {change}.",
}


def say(name: str, /, **given: str) -> str:
    """The sentence of that name with its places filled."""
    return TEMPLATES[name].format_map(given)
