"""The sentences about two versions, one home for both languages.

Python fills them for the built pairs, and the page's script the same ones for any other two (chunk "compare",
``assets/js/engine/pair_view.js``). What became of samples is said in the words of the report's kind
(``analysis/judged_words.py``), which stand among them there.

A place in braces takes a text; which sentence is said is decided by the figures, in each language by the same rule.
"""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.analysis import sentences
from reportgen.analysis.contributions import REST
from reportgen.site import words

TEMPLATES: Mapping[str, str] = {
    **sentences.NOT_COMPARED,
    **sentences.SIZES,
    "unpaired": sentences.UNPAIRED,
    "title": "{baseline} against {candidate}",
    "same": "The same {counted}, seen by both versions.",
    "left": "{n} that not both could be judged on are left out.",
    "unchanged": "No {noun} changed outcome.",
    "p": f"p {{p}}: {words.P}",
    "chance_clear": (
        "Could this be chance? No. If the versions were equally good, we'd expect the {changed} changes to split about "
        "evenly (McNemar's mid-p test; {p}). {metric}: {size}."
    ),
    "chance_unclear": (
        "Could this be chance? Yes. If the versions were equally good, we'd expect the {changed} changes to split "
        "about evenly, and they nearly do (McNemar's mid-p test; {p}). {metric}: {size}."
    ),
    "chance_clear_t": "Could this be chance? No. {metric}: {size} (t-test of paired differences; {p}).",
    "chance_unclear_t": "Could this be chance? Yes. {metric}: {size} (t-test of paired differences; {p}).",
    "trust": (
        "Backward trust: of the {counted} that {baseline} had {right}, {candidate} has {share} {right} too ({level} "
        "{ends}). It tells how far those who relied on {baseline} can rely on {candidate}."
    ),
    "luck": (
        "{baseline} and {candidate} are one training each. Two trainings of the same version differ, too, and this "
        "report can't tell luck from change. Name the predictions of repeated trainings under runs in the manifest, "
        "and it can."
    ),
    "outcome": "{share} {called}",
    "see": "See",
    "see_all": "See all {n}",
    "see_them": "See them",
    "of_class": "{label}, {name}",
    "cell_right": "{target} rightly called {target}",
    "cell_wrong": "{target} called {prediction}",
    "cell_change": "{change} {noun}, {level} {ends}",
    "cell_q": "{said}, q {q}",
    "cell_share": "{before} → {after} of the {n} that truly are {target}",
    "cell_worst": "{title}, {counts}",
    "cells_alike": "No cell changes beyond chance.",
    "cells_better": "No cell goes the wrong way beyond chance; {n} the right way.",
    "cells_one": "One cell goes the wrong way beyond chance: {worst}.",
    "cells_many": "{n} cells go the wrong way beyond chance, most of all {worst}.",
    "said_change": "{baseline} and {candidate} said…",
    "said_candidate": "{candidate} said…",
    "said_baseline": "{baseline} said…",
    "pixels_change": "{candidate} minus {baseline}",
    "pixels_told": "{title}: {before} → {after} of its pixels ({change} points, {level} {ends}, q {q}, n = {n}).",
    "classes_alike": "No class is found more or less often beyond chance.",
    "classes_gain": "{name} gains most ({gain}); none is found less often beyond chance.",
    "classes_one": "One class is found less often beyond chance: {names}.",
    "classes_many": "{n} classes are found less often beyond chance: {names}.",
    "classes_one_and": "One class is found less often beyond chance: {names}; {better} more often: {gainers}.",
    "classes_many_and": "{n} classes are found less often beyond chance: {names}; {better} more often: {gainers}.",
    "class": "{name} ({change})",
    "two": "{one} and {other}",
    "more": "{one}, {other} and {n} more",
    "label_lost": "asked {beside} and {label}, got {beside} without {label}",
    "label_added": "asked {beside} without {label}, got {label}",
    "labels_alike": "No label changes beyond chance.",
    "labels_key": "Beyond chance, worse: {worse}; better: {better}.",
    "labels_none": "none",
    "labels_stronger": (
        "Not here: {n} of {all} labels, which are given better or have too few {nouns}; report.json has all."
    ),
    "label_level": "{ends}, n = {n}",
    "label_n": "n = {n}",
    "labels_rest": ("Not here: {n} of {all} labels, which change less or have too few {nouns}; report.json has all."),
    "left_labels": (
        "Measures of each label, and labels that go wrong together, are told against the report's own baseline alone."
    ),
    "left_classes": "The boundary IoU of each class is not in this one file; the report's folder has it.",
    "left_pixels": "What pixels are taken for is not in this one file; the report's folder has it.",
    "label_is_lost": "{label} is lost",
    "label_is_added": "{label} is added",
    "label_error_counts": "{what}: {counts}",
    "label_instead": "{what}; in {n} of {of}, {beside} is lost",
    "label_error_n": "{ends}, {wrong} of {n}",
    "label_errors_alike": "None of them changes beyond chance.",
    "label_errors_fewer": "None of them grows beyond chance; {n} less frequent.",
    "label_errors_one": "One is more frequent beyond chance: {worst}; {fewer} less frequent.",
    "label_errors_many": "{n} are more frequent beyond chance, most of all: {worst}; {fewer} less frequent.",
    "label_errors_rest": "{n} more that {candidate} makes are less frequent; report.json has all.",
    "label_errors_rest_changes": "{n} more that either version makes; report.json has all.",
    "group": "{target} → {said}",
    "group_n": "{n} {flipped}",
    "group_back_one": "{n} was fixed the other way",
    "group_back_many": "{n} were fixed the other way",
    "rest_one": "{n} more in {groups} smaller group",
    "rest_many": "{n} more in {groups} smaller groups",
    "computing": "{baseline} against {candidate} is being computed from the samples…",
    "not_computed": "{baseline} against {candidate} can't be computed here: the samples could not be loaded.",
    "made_alike": "By {attribute}, {whole} in all: no value of it changes beyond chance.",
    "made": "By {attribute}, {whole} in all: {attribute} {value} brings {part} with {share} of the {nouns}.",
    "rest": REST,
    "errors_alike": "In no range of the target does the error change beyond chance.",
    "errors": "Beyond chance the error is {what}.",
    "errors_smaller": "smaller in {ranges}",
    "errors_larger": "larger in {ranges}",
    "errors_none": "larger in none",
    "left_metrics": "Not told of this pair: {metrics} (what takes draws, or columns that are not in this file).",
    "left_trainings": (
        "One of these was trained several times, and changes of means over trainings are told of the pairs that the "
        "report was built with. What is counted here is of the first training of each."
    ),
}


def say(name: str, /, **given: str) -> str:
    """The sentence of that name with its places filled."""
    return TEMPLATES[name].format_map(given)
