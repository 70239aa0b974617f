"""The words for what became of samples, one home for every page and both languages.

A version has the one label of a sample right or wrong; it is off from the value of a sample by so much; or it has some
of the parts that a sample consists of right (labels, objects, pixels), and others not. ``words_of`` gives the words of
a report's kind; the browser has the same ones in the chunk "samples" (``words``), and with those of the pages that tell
of two versions. A place in braces takes a text: ``{baseline}`` and ``{candidate}`` the names of the versions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Literal

from reportgen import numbers
from reportgen.analysis import object_words, region_words
from reportgen.analysis.sentences import margin_text, noun, tolerance_text
from reportgen.kept import kept
from reportgen.model import Outcomes, OverlapKind, PartKind, Parts

SetText = tuple[str, str]
"""What a set of samples is called, and the rule that chooses and ranks it."""

SHAPES: Mapping[OverlapKind, str] = {"box": "boxes", "mask": "masks"}
"""What of two objects is held against each other."""


@dataclass(frozen=True)
class PartWords:
    """What is said of the parts of one sample: how many there are, and what a version made of them."""

    one: str
    many: str
    none: str  # the label of a sample without any
    found_of: str  # {right} {n}
    short_of: str  # the same below a label that says of what
    found: str  # {right}
    missed: str  # {missed}
    false: str  # {false}
    silent: str  # of a version that finds nothing where nothing is
    each: tuple[str, str, str] | None = None  # one that is right, missed, false, where a list names them
    shares: bool = False  # found and missed are told as shares of the true ones, false as a share of what is said


@dataclass(frozen=True)
class JudgedWords:
    """The words of one kind of report; all lower case where nothing else is said."""

    kind: Literal["labels", "values", "parts"]
    # one sample in one version
    right: str  # exactly, after "is": "within 1.20"
    wrong: str
    mark_right: str  # what a mark on a tile means, spoken
    mark_wrong: str
    key_right: str  # the same beside the marks of Examples
    key_wrong: str
    weak: str  # what a search for weak spots looks for, after the version's name
    mean_wrong: str  # the head of a column, after the version's name
    # errors in a set of samples, held against those elsewhere
    failures: str
    errors_more: str  # after "errors are"
    errors_less: str
    set_worse: str
    set_better: str
    spared: str  # {most}
    # in cards: what the failures are, and what would be without them
    fails: str  # after "images"
    fails_more: str  # the same of a change
    gap: str
    gap_change: str
    unless: str
    unless_change: str
    others_wrong: str  # after "images that v1 gets"
    says: str  # between the version's name and its prediction, with its blank; empty where that tells itself
    aside: str  # what stands beside a prediction: {aside}
    # one sample in two versions
    newly_broken: str  # after a count of samples
    newly_fixed: str
    broken_ones: str  # after "the"
    both_right: str  # the four outcomes, in the table of outcomes
    both_wrong: str
    stayed_right: str  # the same over a bar
    stayed_wrong: str
    how_broken: str  # what newly broken and newly fixed mean, under a bar
    how_fixed: str
    moved: tuple[str, str, str, str]  # by code of the flip: both wrong, newly fixed, newly broken, both right
    n_broken: str  # after a count, in a few words
    n_fixed: str
    wrong_in_both: str
    # in which order samples stand
    hard_first: str
    moved_first: str
    sort_hard: str
    sort_easy: str
    hardest: str  # the heading over the hardest samples of a slice
    hardest_set: str
    # what sets the wrong ones apart
    wrong_ones: str  # after their number
    shares: str
    apart: str
    # of all samples and two versions
    changed: str  # {share} {nouns} {fixed} {broken}
    outcomes_title: str
    outcomes_caption: str
    flipped: str  # after "images"
    flipped_order: str
    flips_counts: str  # {fixed} {broken}
    flips_alike: str
    flips_fixed: str
    flips_broke: str
    ratio: str  # {ratio} {bounds}
    # in findings
    hidden_verb: str  # after the candidate's name
    hidden_counts: str  # {broken} {broken_counted} {fixed} {n}
    share_broken: str
    flip_counts: str  # {broken} {fixed}; empty where nothing flips
    flip_ratio: str  # {ratio} {bounds}
    drops: str  # what the candidate does where the leading metric fell, unless that counts right samples
    measures: Mapping[str, str]  # by name, the counts and shares of samples that moved, in the name of a gate
    # what belongs to nothing else
    part: PartWords | None  # of what samples consist; none of labels and values
    sets: Mapping[str, SetText]  # that links lead to, besides the ranked ones
    glossary: tuple[tuple[str, str], ...]
    regions: Mapping[str, tuple[str, str, str]] | None  # of pixels over a picture, by kind: word, note, what it means

    @property
    def texts(self) -> dict[str, str]:
        """Those that are one text each, by name: what a page's own sentences are completed with."""
        return {one.name: text for one in fields(self) if isinstance(text := getattr(self, one.name), str)}


def _measures(broken: str, fixed: str) -> Mapping[str, str]:
    return {
        "newly_broken": broken,
        "newly_fixed": fixed,
        "newly_broken_rate": f"{broken}, share",
        "newly_fixed_rate": f"{fixed}, share",
    }


def as_json(words: JudgedWords) -> dict[str, object]:
    """The words for the browser."""
    return asdict(words)


def fill(template: str, /, **given: str) -> str:
    """The template with those of its places filled that are given; what fills one is not read for places again."""
    return re.sub(r"\{(\w+)\}", lambda place: given.get(place[1], place[0]), template)


@kept
def words_of(outcomes: Outcomes) -> JudgedWords:
    """The words of a report's kind."""
    if outcomes.classes:
        return _labels(outcomes)
    return _values(outcomes) if outcomes.parts is None else _parts(outcomes, outcomes.parts)


def weak_words(outcomes: Outcomes) -> str:
    """What a version does where it is weak, after its name."""
    return "misses objects" if outcomes.grain == "object" else words_of(outcomes).weak


def ranked_sets(outcomes: Outcomes, *, sure: bool) -> Mapping[str, SetText]:
    """The sets of hard samples that there are, in the order of the page, by name.

    ``sure``: the candidate gives a confidence to rank by.
    """
    if outcomes.classes:
        return _ranked_labels(len(outcomes.versions), sure)
    return _ranked_values(outcomes) if outcomes.parts is None else _ranked_parts(outcomes, outcomes.parts)


def _labels(outcomes: Outcomes) -> JudgedWords:
    nouns, one = noun(outcomes), noun(outcomes, 1)
    scored = _scored(outcomes)
    broken, fixed = "right in {baseline}, wrong in {candidate}", "wrong in {baseline}, right in {candidate}"
    return JudgedWords(
        kind="labels",
        right="right",
        wrong="wrong",
        mark_right="right",
        mark_wrong="wrong",
        key_right="right",
        key_wrong="wrong",
        weak="is wrong",
        mean_wrong="wrong",
        failures="errors",
        errors_more="more common",
        errors_less="less common",
        set_worse="more errors",
        set_better="fewer errors",
        spared="Without a single error there, {candidate} would be right {most} points more often.",
        fails="that {candidate} gets wrong",
        fails_more="newly broken by {candidate}",
        gap="Wrong",
        gap_change="Newly broken less newly fixed",
        unless="Did these fail no more often than others",
        unless_change="Did these lose no more than others",
        others_wrong="wrong, too",
        says="says ",
        aside="confidence {aside}",
        newly_broken="newly broken",
        newly_fixed="newly fixed",
        broken_ones="newly broken",
        both_right="both right",
        both_wrong="both wrong",
        stayed_right="both right",
        stayed_wrong="both wrong",
        how_broken=broken,
        how_fixed=fixed,
        moved=("both wrong", "newly fixed", "newly broken", "both right"),
        n_broken="broken",
        n_fixed="fixed",
        wrong_in_both="wrong in both",
        hard_first="surest first",
        moved_first="surest first",
        sort_hard="confidence, highest first",
        sort_easy="confidence, lowest first",
        hardest="Wrong, surest first",
        hardest_set="wrong",
        **_WRONG_APART,
        changed="{share} of {nouns} changed outcome: {fixed} for the better, {broken} for the worse.",
        outcomes_title="What changed outcome",
        outcomes_caption="",
        flipped="that changed outcome",
        flipped_order="Grouped by what the change was, largest groups first. Inside a group: surest first.",
        flips_counts="One total can hide both: {candidate} fixed {fixed} and broke {broken}.",
        flips_alike="One total can hide both: fixes and breaks can't be told apart in number.",
        flips_fixed="One total can hide both: {candidate} fixed more than it broke.",
        flips_broke="One total can hide both: {candidate} broke more than it fixed.",
        ratio="{ratio} fixed for each one broken{bounds}.",
        hidden_verb="breaks",
        hidden_counts=(
            "{candidate} gets {broken_counted} of {n} wrong that {baseline} had right, and {fixed} right that it had "
            "wrong."
        ),
        share_broken=f"of {nouns} newly broken",
        flip_counts="It broke {broken} and fixed {fixed}.",
        flip_ratio=f"For each {one} it breaks, {{candidate}} fixes {{ratio}}{{bounds}}.",
        drops="drops",
        measures=_measures("Newly broken", "Newly fixed"),
        part=None,
        sets={
            "all": _all(nouns),
            "wrong": ("Wrong", "{candidate} gets these wrong."),
            "sure_wrong": (
                "Sure but wrong",
                "{candidate} gets these wrong with a confidence of 0.9 or more. Those it was surest of come first.",
            ),
            "right": ("Right", "{candidate} gets these right."),
            "both_right": ("Both right", "{baseline} and {candidate} both get these right."),
            "both_wrong": ("Both wrong", "{baseline} and {candidate} both get these wrong."),
            "once_right": (
                "Once right, now wrong",
                f"{scored}: {{candidate}} gets these wrong, and some other version gets them right.",
            ),
            "flip_flops": (
                "Flip-flops",
                f"{scored}: these go between right and wrong twice or more, in the order of the versions.",
            ),
        },
        regions=None,
        glossary=(
            ("Newly broken", "Right in the baseline, wrong in the candidate."),
            ("Newly fixed", "Wrong in the baseline, right in the candidate."),
        ),
    )


_WRONG_APART = {
    "wrong_ones": "wrong ones",
    "shares": "Share among wrong, against share among right",
    "apart": "Values that are more frequent among the wrong ones",
}


def _values(outcomes: Outcomes) -> JudgedWords:
    nouns, one = noun(outcomes), noun(outcomes, 1)
    scored = _scored(outcomes)
    margin, tolerance = margin_text(outcomes), tolerance_text(outcomes)
    judged = outcomes.tolerance is not None
    stayed = "The error hardly moved from {baseline} to {candidate}, which is"
    return JudgedWords(
        kind="values",
        right=f"within {tolerance}",
        wrong=f"more than {tolerance} off",
        mark_right="right",
        mark_wrong="wrong",
        key_right=f"within {tolerance} of the truth",
        key_wrong="further off",
        weak="is far off",
        mean_wrong="mean error",
        failures="errors",
        errors_more="larger",
        errors_less="smaller",
        set_worse="larger errors",
        set_better="smaller errors",
        spared="Without a single error there, {candidate}'s mean error would be {most} lower.",
        fails="where {candidate} is off",
        fails_more="where {candidate} is off further",
        gap="Off by",
        gap_change="Off further than {baseline}",
        unless="Were these no further off than others",
        unless_change="Were these no further off than others",
        others_wrong=f"wrong, too (by more than {tolerance})",
        says="says ",
        aside="error {aside}",
        newly_broken="much worse",
        newly_fixed="much better",
        broken_ones="much worse",
        both_right=f"little changed, now within {tolerance}",
        both_wrong=f"little changed, now off by more than {tolerance}",
        stayed_right=f"within {tolerance}",
        stayed_wrong="off by more",
        how_broken=f"error larger by over {margin}",
        how_fixed=f"error smaller by over {margin}",
        moved=("still far off" if judged else "hardly moved", "error shrank", "error grew", "still close"),
        n_broken="grew",
        n_fixed="shrank",
        wrong_in_both="off in both",
        hard_first="largest error first",
        moved_first="most first",
        sort_hard="error, largest first",
        sort_easy="error, smallest first",
        hardest="Largest errors",
        hardest_set="largest_error",
        **_WRONG_APART,
        changed=(
            f"For {{share}} of {{nouns}} the error moved by more than {margin}: {{fixed}} for the better, {{broken}} "
            "for the worse."
        ),
        outcomes_title="Where the error moved",
        outcomes_caption=(
            f"An error counts as changed where it moved by more than {margin}, the manifest's flip margin."
        ),
        flipped="whose error moved",
        flipped_order="The largest moves first.",
        flips_counts="One total can hide both: {candidate} improved {fixed} and worsened {broken}.",
        flips_alike="One total can hide both: much better and much worse can't be told apart in number.",
        flips_fixed="One total can hide both: {candidate} improved more than it worsened.",
        flips_broke="One total can hide both: {candidate} worsened more than it improved.",
        ratio="{ratio} much better for each one much worse{bounds}.",
        hidden_verb="makes worse",
        hidden_counts=(
            "For {broken_counted} of {n} the error grew by more than the margin, for {fixed} it shrank by as much."
        ),
        share_broken=f"of {nouns} much worse",
        flip_counts=""
        if outcomes.flip_margin is None
        else f"For {{broken}} the error grew by more than {margin}, for {{fixed}} it shrank by as much.",
        flip_ratio=f"For each {one} whose error grows much, {{ratio}} improve as much{{bounds}}.",
        drops="drops",
        measures=_measures("Got much worse", "Got much better"),
        part=None,
        sets={
            "all": _all(nouns),
            "wrong": ("Far off", f"{{candidate}} is more than {tolerance} off."),
            "right": ("Close", f"{{candidate}} is within {tolerance} of the truth."),
            "both_right": ("Still close", f"{stayed} within {tolerance} of the truth."),
            "both_wrong": ("Still far off", f"{stayed} more than {tolerance} off."),
            "once_right": (
                "Once close, now far off",
                f"{scored}: {{candidate}} is more than {tolerance} off here, and some other version is within it.",
            ),
            "flip_flops": (
                "Flip-flops",
                f"{scored}: these go in and out of {tolerance} of the truth twice or more, in the order of the "
                "versions.",
            ),
        },
        regions=None,
        glossary=(
            ("Much worse", "The error grew by more than the report's margin."),
            ("Much better", "The error shrank by more than the report's margin."),
        ),
    )


def _parts(outcomes: Outcomes, parts: Parts) -> JudgedWords:
    nouns, one = noun(outcomes), noun(outcomes, 1)
    scored = _scored(outcomes)
    own, judged = _OF_PARTS[parts.kind], _judged_parts(outcomes, parts)
    right, wrong = judged.right, judged.wrong
    by = f" by over {_points(outcomes.flip_margin)}" if outcomes.flip_margin else ""
    as_before = "little changed" if by else "unchanged"
    return JudgedWords(
        kind="parts",
        right=right,
        wrong=wrong,
        mark_right=right,
        mark_wrong=wrong,
        key_right=judged.key,
        key_wrong=wrong,
        weak="makes many mistakes",
        mean_wrong="share wrong",
        failures="mistakes",
        errors_more="more common",
        errors_less="less common",
        set_worse="more mistakes",
        set_better="fewer mistakes",
        spared=(
            f"Without a single mistake there, the share of {own.of_one} that {{candidate}} gets wrong would be "
            f"{{most}} points lower, averaged over the {nouns}."
        ),
        fails="where {candidate} makes mistakes",
        fails_more="where {candidate} got worse",
        gap="Share wrong",
        gap_change="A larger share wrong than by {baseline}",
        unless="Were no larger a share of these wrong than of others",
        unless_change="Did these get no worse than others",
        others_wrong="wrong in part, too",
        says="",
        aside="{aside}",
        newly_broken="worse",
        newly_fixed="better",
        broken_ones=f"{nouns} that got worse",
        both_right=f"{as_before}, {right}",
        both_wrong=f"{as_before}, {wrong}",
        stayed_right=f"{as_before}, {right}" if not outcomes.tolerance else right,
        stayed_wrong=f"{as_before}, {wrong}" if not outcomes.tolerance else wrong,
        how_broken=f"a larger share wrong{by}",
        how_fixed=f"a smaller share wrong{by}",
        moved=(as_before, "better", "worse", f"still {right}"),
        n_broken="worse",
        n_fixed="better",
        wrong_in_both=f"{as_before}, {wrong}",
        hard_first="most mistakes first",
        moved_first="most first",
        sort_hard="share wrong, largest first",
        sort_easy="share wrong, smallest first",
        hardest="Most mistakes",
        hardest_set="largest_error",
        wrong_ones=f"{nouns} {wrong}",
        shares=f"Share among those {wrong}, against share among those {right}",
        apart=f"Values that are more frequent among those {wrong}",
        changed="{share} of {nouns} changed: {fixed} for the better, {broken} for the worse.",
        outcomes_title="What changed",
        outcomes_caption=(
            f"Better or worse: a smaller or a larger share of {own.of_one} of the {one} is wrong than before{by}"
            f"{', the margin of the manifest' if by else ''}."
        ),
        flipped="that changed",
        flipped_order="The largest changes first.",
        flips_counts="One total can hide both: {candidate} is better on {fixed} and worse on {broken}.",
        flips_alike="One total can hide both: better and worse can't be told apart in number.",
        flips_fixed=f"One total can hide both: {{candidate}} is better on more {nouns} than it is worse on.",
        flips_broke=f"One total can hide both: {{candidate}} is worse on more {nouns} than it is better on.",
        ratio="{ratio} better for each one worse{bounds}.",
        hidden_verb="does worse on",
        hidden_counts=(
            f"In {{broken_counted}} of {{n}} {{candidate}} gets a larger share of {own.of_one} wrong than "
            "{baseline}, in {fixed} a smaller one."
        ),
        share_broken=f"of {nouns} got worse",
        flip_counts="It is worse on {broken} and better on {fixed}.",
        flip_ratio=f"For each {one} that got worse, {{ratio}} got better{{bounds}}.",
        drops="gets worse",
        measures=_measures("Got worse", "Got better"),
        part=own.words,
        sets={
            "all": _all(nouns),
            "wrong": (_capital(wrong), judged.rule_wrong),
            "right": (_capital(right), judged.rule_right),
            "both_right": (
                f"{_capital(as_before)}, {right}",
                f"{{candidate}} does no better and no worse here than {{baseline}}: {right}.",
            ),
            "both_wrong": (
                f"{_capital(as_before)}, {wrong}",
                f"{{candidate}} does no better and no worse here than {{baseline}}: {wrong}.",
            ),
            "once_right": (
                f"Once {right}, now {wrong}",
                f"{scored}: {{candidate}} has these {wrong}, and some other version has them {right}.",
            ),
            "flip_flops": (
                "Flip-flops",
                f"{scored}: these go between {right} and {wrong} twice or more, in the order of the versions.",
            ),
            **(own.sets if parts.errors else {}),
        },
        glossary=(
            ("Worse", f"A larger share of {own.of_one} of a sample is wrong in the candidate than in the baseline."),
            ("Better", f"A smaller share of {own.of_one} of a sample is wrong in the candidate than in the baseline."),
            *((term, fill(text, shapes=SHAPES[parts.overlap])) for term, text in own.glossary),
        ),
        regions=region_words.REGIONS if parts.kind == "pixel" else None,
    )


@dataclass(frozen=True)
class _PartKindWords:
    """What one kind of parts is called: in its sentences, and of a single sample."""

    words: PartWords
    of_one: str  # all that can be wrong, after "a share of"
    every: str  # what a version does that has all right
    some: str  # what it does that has not
    key: str
    glossary: tuple[tuple[str, str], ...]
    sets: Mapping[str, SetText] = field(default_factory=dict)  # that links lead to, by what became of its parts
    ranked: Mapping[str, SetText] = field(default_factory=dict)  # likewise, among those that are tabs


_OF_PARTS: Mapping[PartKind, _PartKindWords] = {
    "label": _PartKindWords(
        PartWords(
            "label",
            "labels",
            "no label",
            "{right} of {n} given",
            "{right} of {n}",
            "{right} given",
            "{missed} missing",
            "{false} too many",
            "none, rightly",
            each=("given", "missing", "given wrongly"),
        ),
        "the labels, true and given,",
        "gives every label here, and none too many",
        "leaves a label out here, or gives one too many",
        "every label given and none too many",
        (("All right", "Every true label of the sample is given, and none besides."),),
    ),
    "object": _PartKindWords(
        PartWords(
            "object",
            "objects",
            "no object",
            "{right} of {n} found",
            "{right} of {n}",
            "{right} found",
            "{missed} missed",
            "{false} false",
            "none, rightly",
        ),
        "the objects and detections",
        "finds every object here, and nothing that isn't there",
        "misses an object here, or detects one that isn't there",
        "every object found and nothing false",
        (
            ("All right", "Every object of the sample is found, and no detection is false."),
            ("Cut-off", "The score from which a version's detections count."),
            ("Detection", "One object that a version claims to see: a place, a class, and how sure it is (score)."),
            ("False detection", "A detection on no object of its class, or on one that another detection found."),
            ("Found", "An object with a detection of its class that overlaps it by 0.50 or more; else it is missed."),
            (
                "Overlap",
                "The area that two {shapes} share ÷ the area that they cover together: 0 apart, 1 the same (IoU).",
            ),
        ),
        object_words.SETS,
        object_words.TABS,
    ),
    "pixel": _PartKindWords(
        PartWords(
            "pixel",
            "pixels",
            "no pixel of a class",
            "{right} found",
            "{right} found",
            "{right} found",
            "{missed} missed",
            "{false} false",
            "none, rightly",
            shares=True,
        ),
        "the pixels, true and marked,",
        "marks every pixel here, and none too many",
        "misses pixels here, or marks some too many",
        "every pixel found and none false",
        (
            ("All right", "Every pixel of each class is marked as such, and none besides."),
            ("Boundary", "The pixels of a mask along its border, as far in as 2% of the image's diagonal."),
            ("False", "Of the pixels that a version marks as a class, those that are not of it."),
            ("Found", "Of the pixels of a class, those that a version marks as that class; the others are missed."),
            ("IoU", "The pixels that truth and prediction share ÷ all that either marks: 0 apart, 1 the same."),
            ("Mask", "Which pixels of an image are of which class; the others are background."),
        ),
        ranked=region_words.TABS,
    ),
}


@dataclass(frozen=True)
class _JudgedParts:
    right: str
    wrong: str
    key: str
    rule_right: str
    rule_wrong: str


def _judged_parts(outcomes: Outcomes, parts: Parts) -> _JudgedParts:
    """How a sample is: without any mistake or not; or, where some are tolerated, by the share that is wrong."""
    own = _OF_PARTS[parts.kind]
    if not outcomes.tolerance:
        every, some = f"{{candidate}} {own.every}.", f"{{candidate}} {own.some}."
        return _JudgedParts("all right", "with mistakes", own.key, every, some)
    share = numbers.rate(outcomes.tolerance)
    rule = f"{{candidate}} gets {{much}} {share} of {own.of_one} wrong."
    right, wrong = f"at most {share} wrong", f"more than {share} wrong"
    return _JudgedParts(right, wrong, right, fill(rule, much="at most"), fill(rule, much="more than"))


def _points(margin: float) -> str:
    return f"{numbers.difference(margin, 'rate').lstrip('+')} points"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ranked_parts(outcomes: Outcomes, parts: Parts) -> Mapping[str, SetText]:
    own, one = _OF_PARTS[parts.kind], noun(outcomes, 1)
    by = f" by more than {_points(outcomes.flip_margin)}" if outcomes.flip_margin else ""
    share = f"share of {own.of_one} of the {one} is wrong in {{candidate}} than in {{baseline}}{by}."
    found = {
        "largest_error": (
            "Most mistakes",
            f"The share of {own.of_one} of each {one} that {{candidate}} gets wrong; the largest come first.",
        ),
        "newly_broken": ("Worse", f"A larger {share} Where it grew most comes first."),
        "newly_fixed": ("Better", f"A smaller {share} Where it shrank most comes first."),
    }
    if len(outcomes.versions) > 1:
        judged = _judged_parts(outcomes, parts)
        found["always_wrong"] = (
            f"Always {judged.wrong}" if outcomes.tolerance else f"Never {judged.right}",
            f"{_who(len(outcomes.versions))} have these {judged.wrong}. Those of which {{candidate}} gets the largest "
            "share wrong come first.",
        )
    tabs = {name: text for name, text in own.ranked.items() if parts.errors or parts.kind == "pixel"}
    return {**found, **tabs}


def _all(nouns: str) -> SetText:
    return "All", f"All {nouns} of the report, in the order of their ids."


def _scored(outcomes: Outcomes) -> str:
    return f"Of the {noun(outcomes)} that all {len(outcomes.versions)} versions scored"


def _ranked_labels(n_versions: int, sure: bool) -> Mapping[str, SetText]:
    def order(who: str = "it") -> str:
        if sure:
            return f"Those {who} was surest of come first."
        return "They stand in the order of ids: {candidate} gives no confidence to rank by."

    found = {
        "surest_wrong": (
            "Surest mistakes" if sure else "Mistakes",
            f"{{candidate}} gets these wrong. {order()}",
        ),
        "newly_broken": ("Newly broken", f"{{baseline}} got these right, {{candidate}} gets them wrong. {order()}"),
        "newly_fixed": ("Newly fixed", f"{{baseline}} got these wrong, {{candidate}} gets them right. {order()}"),
    }
    if n_versions > 1:
        found["always_wrong"] = ("Always wrong", f"{_who(n_versions)} get these wrong. {order('{candidate}')}")
    return found


def _ranked_values(outcomes: Outcomes) -> Mapping[str, SetText]:
    found = {
        "largest_error": ("Largest errors", "How far {candidate} is from the truth. The largest errors come first.")
    }
    if outcomes.flip_margin is not None:
        moved = f"by more than {margin_text(outcomes)} from {{baseline}} to {{candidate}}"
        found["newly_broken"] = ("Much worse", f"The error grew {moved}. Where it grew most comes first.")
        found["newly_fixed"] = ("Much better", f"The error shrank {moved}. Where it shrank most comes first.")
    if len(outcomes.versions) > 1 and outcomes.tolerance is not None:
        off = f"are more than {tolerance_text(outcomes)} off here"
        found["always_wrong"] = (
            "Always far off",
            f"{_who(len(outcomes.versions))} {off}. The largest errors of {{candidate}} come first.",
        )
    return found


def _who(n_versions: int) -> str:
    return "Both versions" if n_versions == 2 else f"All {n_versions} versions"


def parts_text(words: PartWords, right: int, false: int, missed: int, *, short: bool = False) -> str:
    """What a version made of a sample: "5 of 9 found, 1 false"."""
    n = right + missed
    found_of = words.short_of if short else words.found_of
    said = [fill(found_of, right=_told(words, right, n), n=numbers.count(n))] if n else []
    said += [fill(words.false, false=_told(words, false, right + false))] if false else []
    return ", ".join(said) or words.silent


def parts_title(words: PartWords, right: int, false: int, missed: int) -> str:
    """The same with all counts: "9 objects: 5 found, 4 missed, 1 false"; what there is none of is left out."""
    n = right + missed
    counts = (
        (words.found, "right", right, n),
        (words.missed, "missed", missed, n),
        (words.false, "false", false, right + false),
    )
    said = [fill(template, **{name: _told(words, k, of)}) for template, name, k, of in counts if k]
    return f"{parts_label(words, right + missed)}: {', '.join(said) or words.silent}"


def _told(words: PartWords, k: int, of: int) -> str:
    return numbers.rate(k / of) if words.shares else numbers.count(k)


def parts_label(words: PartWords, n: int) -> str:
    """How many parts a sample has: "9 objects"."""
    if not n:
        return words.none
    return f"{numbers.count(n)} {words.one if n == 1 else words.many}"
