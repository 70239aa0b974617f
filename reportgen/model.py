"""The frozen types that cross layers. Data only: no computing, no words, no HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

Verdict = Literal["better", "worse", "unclear", "too_few"]
Support = Literal["decide", "test", "show", "counts"]
Origin = Literal["all", "attribute", "pair", "declared", "found"]
AttributeKind = Literal["categorical", "numeric", "target", "prediction"]
MediaKind = Literal["none", "image", "text"]
PartKind = Literal["label", "object", "pixel"]
OverlapKind = Literal["box", "mask"]
AnswerState = Literal["better", "worse_somewhere", "worse", "unclear", "incomparable", "single"]
GateState = Literal["passes", "near", "fails", "undecided"]
ReleaseState = Literal["go", "hold", "undecided"]
BeliefState = Literal["confirmed", "refuted", "undecided"]
FindingState = Literal["certain", "inconclusive", "too_few"]
Grain = Literal["sample", "object"]
Since = Literal["new", "standing"]
GateKind = Literal["min", "max", "max_drop"]
GateOn = Literal["overall", "every slice", "critical"]
UndecidedCounts = Literal["pass", "fail"]
Relation = Literal["better", "worse", "not worse", "at least", "at most"]
Question = Literal["weak", "worse", "sure_wrong"]
"""What a search asks: where is a version wrong, where did it get worse, where is it wrong and sure of itself?"""

T = TypeVar("T")

Figures = Mapping[str, Any]
"""One row of a table of figures, by column."""

ALL = "all"
"""The id of the slice that holds every sample."""


@dataclass(frozen=True)
class Attribute:
    """A column that slices. ``values[code]`` is the shown value; codes stand in the outcome frame as ``a{index}``.

    The target slices too, as kind ``target`` (for classification its codes are the class codes); the predicted label
    is kind ``prediction``, whose codes are the version's ``prediction_{v}`` column (``index`` is -1).
    ``edges`` has one more entry than values for a binned number: value i is ``edges[i] <= x < edges[i + 1]``,
    the last bin closed.
    """

    name: str
    kind: AttributeKind
    values: tuple[str, ...]
    index: int
    edges: tuple[float, ...] | None = None
    n_missing: int = 0
    phrases: Mapping[str, str] = field(default_factory=dict)  # value -> "at night"

    @property
    def missing(self) -> Term:
        """The condition that a sample has no value at all, under a word that is none of the values."""
        value = "missing"
        while value in self.values:
            value = f"{value} value"
        return Term(self.name, "=", value, f"{self.name} missing")


@dataclass(frozen=True)
class Term:
    """One condition of a slice: attribute = value (op ``=``), or a bin of a number (op ``in``)."""

    attribute: str
    op: str
    value: str
    shown: str = ""  # how it reads alone: the value where that says enough ("tweets"), else "noise heavy"


@dataclass(frozen=True)
class Slice:
    """A conjunction of terms; ``all`` has none. ``n`` counts its samples, whoever scored them.

    A slice by the predicted label holds other samples for each version: its ``n`` is the candidate's.
    """

    id: str
    terms: tuple[Term, ...]
    origin: Origin
    n: int
    n_groups: int | None = None
    n_confirm: int | None = None  # of a found slice: its samples in the half that the search did not see
    critical: str | None = None  # why the manifest calls it critical; null where it does not
    title: str = ""  # how the manifest calls it; empty: by its values

    @property
    def level(self) -> int:
        """How many terms it has."""
        return len(self.terms)

    @property
    def name(self) -> str:
        """The manifest's name, or the values joined by ×, as look and speech have it; "all samples" for the whole."""
        return self.title or " × ".join(term.shown or term.value for term in self.terms) or "all samples"


@dataclass(frozen=True)
class MetricInfo:
    """What a reader needs to know of a metric. ``unit``: rate (0-1, shown in percent, changes in points) or number."""

    name: str
    label: str
    plain: str  # its meaning in a few plain words
    unit: Literal["rate", "number"]
    higher_is_better: bool
    primary: bool = False
    per_class: bool = False


@dataclass(frozen=True)
class Change:
    """One thing that the manifest says changed between two versions: a note, a commit, a key of a config file."""

    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Version:
    """One version, in the manifest's order."""

    name: str
    n_scored: int
    n_missing: int  # samples without a prediction
    n_invalid: int  # predictions that could not be used
    n_unknown: int  # predictions whose id no sample has
    note: str = ""
    commit: str = ""
    config: str = ""
    has_confidence: bool = False
    has_probabilities: bool = False
    changes: tuple[Change, ...] = ()  # against the baseline, as the manifest tells it
    runs: tuple[str, ...] = ()  # the prediction files of its trainings; empty where the manifest names one file alone

    @property
    def n_runs(self) -> int:
        """How many trainings of it there are."""
        return max(1, len(self.runs))


@dataclass(frozen=True)
class InputFile:
    """A file that was read; ``path`` is as the user wrote it, never absolute."""

    path: str
    sha256: str
    n_rows: int | None  # null for what is no table
    role: str  # samples | predictions of NAME | config


@dataclass(frozen=True)
class Note:
    """One thing that the reader must know of the data: what was left out, repaired or guessed, with its count."""

    code: str
    severity: Literal["degraded", "info"]
    message: str
    file: str = ""
    column: str = ""
    n: int | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """The samples, and where they went, for all versions together; the parts add up to ``n_samples``."""

    n_samples: int
    n_scored: int  # by every version
    n_missing_prediction: int  # by at least one version
    n_invalid: int
    n_excluded: int  # without a usable target, or left out by --sample
    n_groups: int | None = None


@dataclass(frozen=True)
class Family:
    """One family of tests, corrected together."""

    metric: str
    question: str
    baseline: str
    candidate: str
    n_tested: int


@dataclass(frozen=True)
class Link:
    """A place in the report: a page and its state, in the words of the address. Rendering makes it an href.

    State of Examples: ``set``, ``version``, ``label``, ``predicted`` and ``a.<attribute>`` (repeatable); ``objects``
    (what became of an object) and ``o.<attribute>``: samples that hold an object with all of these. State of Slices:
    ``slice`` (opens its drawer), ``q``, ``level``, ``n``, ``sort``. State of Compare: ``version``, ``cell``. State of
    Confidence: ``where`` (the slice of the last diagram), ``cutoff``, ``class``, ``slice``, ``at``.
    """

    page: str
    text: str
    state: tuple[tuple[str, str], ...] = ()
    count: int | None = None  # the number that stands in the text, and on the page it opens


@dataclass(frozen=True)
class EffectRow:
    """One row of a finding's small chart: a difference, or two values, with intervals and the test's verdict."""

    label: str
    low: float | None
    value: float
    high: float | None
    verdict: Verdict
    n: int
    support: Support = "decide"
    baseline: float | None = None
    baseline_low: float | None = None
    baseline_high: float | None = None
    decimals: int | None = None  # with which its figures are printed everywhere; null: the usual

    @classmethod
    def of(cls, label: str, row: Figures, decimals: int | None) -> EffectRow:
        """The row of a difference: a line of the comparisons, or of the slices against their rest."""
        low, delta, high = row["low"], row["delta"], row["high"]
        return cls(label, low, delta, high, row["verdict"], row["n"], row["support"], decimals=decimals)


@dataclass(frozen=True)
class Effect:
    """The size of a finding: a key figure with interval, and the rows of its chart. Values are in the metric's unit."""

    figure: str  # "−8.3"
    unit: str  # "points · 95% −11.2…−5.4 · n = 812"
    verdict: Verdict
    kind: Literal["difference", "pair", "share", "none"]
    rows: tuple[EffectRow, ...] = ()
    metric: str = ""
    axis: str = ""


@dataclass(frozen=True)
class Finding:
    """One finding: what, how much, how sure, and where the evidence is. ``rows`` are its example samples."""

    # regression | confusion | confidence | claim | weak | critical | flips | improvement | coverage | data | none
    # newly_missed | missed: of objects
    kind: str
    severity: Literal["critical", "watch", "better", "data"]
    reason: str  # the few words under the severity label
    headline: str
    text: str
    slice: str | None
    metric: str | None
    effect: Effect | None
    links: tuple[Link, ...] = ()
    rows: tuple[int, ...] = ()
    state: FindingState = "certain"
    grounds: str = ""  # what kind of evidence it is, and what it is not
    weight: float = 0.0  # what is lost for certain, in samples (in the metric's unit × samples where it is no rate)
    key: str = ""  # tells it from others of its kind, slice and metric: the cell of a confusion, the code of a note
    since: Since | None = None  # null without a past report, and for the finding that nothing was found
    first_seen: datetime | None = None  # of a standing one: the first of the past reports on end that have it
    objects: str | None = None  # the slice of objects that it is about; then ``slice`` is null


@dataclass(frozen=True)
class Pointer:
    """A sentence with a link inside it: what stands before the link, and after it."""

    before: str
    link: Link | None = None
    after: str = ""

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.before + (self.link.text if self.link else "") + self.after


@dataclass(frozen=True)
class Answer:
    """The answer in one sentence, the sentences under it, what to do next and what was too small to test."""

    state: AnswerState
    headline: str  # "Better overall, worse in places"
    sentence: str
    support: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    next: Pointer | None = None
    not_tested: Pointer | None = None


@dataclass(frozen=True)
class Split:
    """An unpaired difference in two parts that add up to it: mix (which samples) and rate (on the same kind)."""

    attribute: str  # whose values are the kinds: of those that can be, the one with the largest mix
    n_attributes: int  # how many could be
    mix: float
    mix_low: float | None
    mix_high: float | None
    rate: float
    rate_low: float | None
    rate_high: float | None


@dataclass(frozen=True)
class Unpaired:
    """The primary metric of two versions that scored different samples, each over all of its own.

    It has no verdict: which samples each scored can make the difference by itself.
    """

    metric: str
    baseline: str
    candidate: str
    value_baseline: float
    value_candidate: float
    delta: float
    low: float | None
    high: float | None
    p: float | None
    n_baseline: int
    n_candidate: int
    n_shared: int
    method: str
    split: Split | None


@dataclass(frozen=True)
class Trace:
    """What became of the samples that every version scored, over three versions or more; rates are estimates."""

    n: int
    n_ever_right_now_wrong: int  # wrong in the candidate, right in some other version
    n_flip_flops: int  # two changes or more between right and wrong, in the manifest's order
    cochran_q: float | None  # null with groups or weights, and where every sample came out alike in all
    df: int
    p: float | None


@dataclass(frozen=True)
class RunSpread:
    """A built pair's change beside what two trainings of one version differ by.

    ``reach`` is how far two single trainings of one version differ at most, at the level of the intervals.
    """

    metric: str
    baseline: str
    candidate: str
    n_runs_baseline: int
    n_runs_candidate: int
    delta: float
    spread: float | None  # standard deviation between trainings of one version; null with one training of each
    df: int
    reach: float | None
    n_pairs: int  # of a training of the baseline and one of the candidate
    n_pairs_better: int
    state: Literal["larger", "within", "unknown"]


@dataclass(frozen=True)
class PastFigure:
    """One figure of a report, as its history keeps it: of the candidate, in the metric's unit."""

    kind: Literal["metric", "slice", "gate"]
    name: str  # the metric's name, the slice's id, the gate's name
    label: str
    metric: str
    unit: Literal["rate", "number", "count"]
    value: float | None
    low: float | None
    high: float | None
    n: int
    state: str | None = None  # of a gate
    change: bool | None = None  # of a gate: whether the value is a change against the baseline; null where not kept


@dataclass(frozen=True)
class PastFinding:
    """What a finding is known by from one report to the next, and how it was said."""

    kind: str
    slice: str | None
    metric: str | None
    key: str
    severity: str
    headline: str
    n: int | None = None  # samples in its slice; null where it is about all of them, and where not kept

    @property
    def identity(self) -> tuple[str, str | None, str | None, str]:
        """Equal for two findings of the same thing."""
        return self.kind, self.slice, self.metric, self.key


KEPT_BYTES = 10
"""Bytes that tell a sample of a past list: six of its id, hashed, and four of its label."""


@dataclass(frozen=True)
class PastSet:
    """A list that a report gave, as its history keeps it: its size, and its first samples as hashes."""

    key: str
    name: str
    part: str
    action: str
    n: int
    kept: str  # of ids and labels (``analysis.acted``); empty where the file has no room for them


@dataclass(frozen=True)
class PastReport:
    """What the history keeps of one report."""

    created: datetime
    inputs: str  # SHA-256 over the hashes of the manifest and of every input
    title: str
    task: str
    baseline: str | None
    candidate: str
    figures: tuple[PastFigure, ...]
    findings: tuple[PastFinding, ...]
    n_samples: int | None = None  # null where not kept, as in files of earlier releases
    sets: tuple[PastSet, ...] | None = None
    looked_at: tuple[str, ...] = ()  # parts of the inspection: a set of theirs that is not here was empty

    def size_of(self, key: str, part: str) -> int | None:
        """How many samples were in a set that a check finds; none where nobody looked."""
        own = next((one.n for one in self.sets or () if one.key == key), None)
        return 0 if own is None and part in self.looked_at else own


@dataclass(frozen=True)
class Acted:
    """What became of the samples of one list of an earlier report, of those that its history keeps.

    ``n_kept`` is the sum of relabelled, excluded and same.
    """

    created: datetime  # of the report that gave the list
    key: str
    name: str
    action: str
    n: int
    n_kept: int  # of its n, the first ones
    n_relabelled: int  # they have another label now
    n_excluded: int  # no sample has the id any more
    n_same: int  # the label is what it was
    n_still: int | None  # of these, how many are in the set now; null where the check could not look


@dataclass(frozen=True)
class SliceSize:
    """How many samples a slice has that a finding of the last report is about, then and now."""

    slice: str
    name: str
    n_then: int
    n_now: int


@dataclass(frozen=True)
class Gone:
    """A finding of the last report that this one does not have.

    ``unlisted``: the figures still say so, but it is not among the findings; ``unknown``: nothing here can say.
    """

    finding: PastFinding
    state: Literal["gone", "unlisted", "unknown"]
    evidence: str


@dataclass(frozen=True)
class History:
    """The past reports that the manifest's history keeps, oldest first and none of the same inputs, and this one."""

    past: tuple[PastReport, ...]
    now: PastReport
    gone: tuple[Gone, ...] = ()
    acted: tuple[Acted, ...] = ()  # the newest report's lists first
    sizes: tuple[SliceSize, ...] = ()

    @property
    def last(self) -> PastReport | None:
        """The newest of the past reports."""
        return self.past[-1] if self.past else None


@dataclass(frozen=True)
class Gate:
    """One release gate of the manifest, judged. Every number is that of the report's tables, in the metric's unit.

    Of a ``max_drop`` the value is the change, candidate minus baseline, with its interval; its limit is how much may be
    lost, 0 or more, whichever way the metric is better. ``low`` and ``high`` are null for counts and for shares of all
    predictions, which compare as they are.
    """

    name: str  # the manifest's, or made from its rule: "Accuracy, all images"
    rule: str  # the limit in words: "may lose at most 3.0 points"
    state: GateState
    kind: GateKind
    on: Literal["overall", "slice", "class", "every slice", "critical"]
    metric: str  # or a count: "newly_broken"; or a data check: "missing_predictions"
    klass: str | None
    slice: str | None  # its own; for many slices the one that decides, which is the worst
    unit: Literal["rate", "number", "count"]
    limit: float
    value: float | None
    low: float | None
    high: float | None
    n: int
    higher_is_better: bool = True  # of the metric: which way a drop goes
    decimals: int | None = None  # with which its figures are printed everywhere; null: the usual
    reason: str = ""  # "2 beyond doubt, 3 to watch", "its interval spans the limit"
    failing: tuple[str, ...] = ()  # slices beyond the limit for certain, worst first
    watch: tuple[str, ...] = ()  # slices whose estimate alone is beyond it
    n_too_small: int = 0  # slices that could not have shown such a loss
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Release:
    """The verdict of all gates together; it repeats them and is no safety assessment."""

    state: ReleaseState
    headline: str  # "Hold", "Go", "Can't decide yet"
    sentence: str  # "1 of 6 release gates fails."
    undecided: UndecidedCounts  # how a gate that can't tell counts


@dataclass(frozen=True)
class Belief:
    """An ``expect:`` line of the manifest, held against the evidence."""

    text: str  # as the manifest has it
    state: BeliefState
    evidence: str  # a sentence with value, interval and n
    slice: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class PinnedSet:
    """A set of samples that the manifest pins: what became of it in the candidate.

    ``open`` are wrong still, ``closed`` were wrong in the baseline and are right now, ``back`` were right in the
    baseline and are wrong again; the rest are right in both. Without a baseline nothing is closed or back. Right means
    what it means in the report: of values, within the tolerance. The four and ``n_missing`` add up to ``n``.
    """

    name: str
    slice: str
    n: int  # of its ids, the samples that the report has
    n_unknown: int  # of its ids, those that no sample has
    n_open: int
    n_closed: int
    n_back: int
    n_right: int
    n_missing: int = 0  # not scored by the candidate, or not by the baseline
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Search:
    """One search for slices: how many conjunctions were looked at, taken to the other half of the samples, and held."""

    question: Question
    version: str
    baseline: str | None
    n_searched: int
    n_taken: int
    n_held: int


@dataclass(frozen=True)
class Power:
    """How small a drop a slice can show, 80 times in 100, and what it lacks to show the drop that a gate allows.

    A drop is a size in the metric's unit, never negative. For a floor or a ceiling it is the distance beyond it, for
    then there is no drop to allow.
    """

    slice: str
    metric: str
    klass: str | None
    gate: str | None  # its name; null: stands for the slice itself
    n: int  # samples that both versions scored
    n_groups: int | None
    smallest_drop: float | None  # null: no drop could show, or none can be computed
    limit: float | None  # the drop that the gate allows
    n_more: int | None  # samples (groups where there are groups) missing to show a drop of ``limit``; null: no limit


@dataclass(frozen=True)
class Combination:
    """Values of two attributes at once, with the samples (and groups) that have both."""

    terms: tuple[Term, Term]
    n: int
    n_groups: int | None
    n_expected: float  # samples that it would have if the two attributes had nothing to do with each other


@dataclass(frozen=True)
class PairCoverage:
    """Two attributes, or one with itself for its values alone: how many combinations have how many samples."""

    attributes: tuple[str, str]
    n_combinations: int
    n_covered: int  # with enough
    n_empty: int  # with none


@dataclass(frozen=True)
class Coverage:
    """Of all combinations of the values of two attributes, those that have enough samples to be tested.

    ``empty`` and ``few`` hold the first of them, those first that lack most against what is expected.
    """

    attributes: tuple[str, ...]
    min_samples: int
    min_groups: int | None  # null without groups
    n_combinations: int
    n_covered: int
    n_empty: int
    pairs: tuple[PairCoverage, ...]  # of two attributes, and of each alone
    empty: tuple[Combination, ...]
    few: tuple[Combination, ...]
    n_triples: int | None = None  # combinations of three values; null where they are too many to count
    n_triples_covered: int | None = None

    @property
    def n_few(self) -> int:
        """Combinations that have samples, and too few of them."""
        return self.n_combinations - self.n_covered - self.n_empty


@dataclass(frozen=True)
class ExampleSet:
    """A gallery: the rule that ranks it, and how many there are in all ("showing 200 of 3,412")."""

    name: str  # surest_wrong | newly_broken | newly_fixed | always_wrong | largest_error
    label: str
    rule: str
    n_total: int
    n_shown: int


@dataclass(frozen=True)
class Media:
    """Where the samples' media are. Paths stand in the sample table's ``column``, relative to ``root``."""

    kind: MediaKind
    column: str = ""
    root: str = ""  # absolute path, for building only; never written into a report
    budget_bytes: int = 20_000_000


@dataclass(frozen=True, eq=False)
class PartCounts:
    """How many parts of each class a version has right, adds wrongly and misses in each sample.

    One entry a sample and class that has any, ascending by class, then by sample.
    """

    n_samples: int
    sample: npt.NDArray[np.int64]
    klass: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    false: npt.NDArray[np.int64]
    missed: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PixelCells:
    """How many pixels of which class a version takes for which, in each sample; what the truth ignores is in none.

    One entry a cell of a sample's confusion that is not empty, ascending by sample. A code is a class, or behind all
    classes background; of what is predicted also, behind that, what the version ignores.
    """

    n_samples: int
    sample: npt.NDArray[np.int64]
    target: npt.NDArray[np.int64]
    prediction: npt.NDArray[np.int64]
    n: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PixelRegions:
    """How large the connected regions of each class are in each sample's true mask.

    One entry a sample, class and area, ascending.
    """

    sample: npt.NDArray[np.int64]
    klass: npt.NDArray[np.int64]
    area: npt.NDArray[np.int64]  # pixels
    n: npt.NDArray[np.int64]  # regions of this area


@dataclass(frozen=True, eq=False)
class Judged:
    """A version's detections with what became of them, by class, then the surest first; ties by sample.

    ``right`` and ``ignored`` have an entry a range of areas, an overlap from which an object is found, and a detection.
    """

    begins: npt.NDArray[np.int64]  # where each class begins, and the end
    sample: npt.NDArray[np.int64]
    score: npt.NDArray[np.float64]
    rank: npt.NDArray[np.int64]  # among those of its class and sample, the surest is 0
    right: npt.NDArray[np.bool_]
    ignored: npt.NDArray[np.bool_]
    truth_sample: npt.NDArray[np.int64]
    truth_class: npt.NDArray[np.int64]
    truth_ignored: npt.NDArray[np.bool_]  # ranges × truths

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return len(self.begins) - 1


@dataclass(frozen=True, eq=False)
class Mended:
    """A version's detections with all errors of one type mended, by class, the surest first, and what is to find."""

    begins: npt.NDArray[np.int64]  # where each class begins, and the end
    sample: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    truth_sample: npt.NDArray[np.int64]
    truth_class: npt.NDArray[np.int64]
    n_errors: int  # of the type, among all detections and true objects


PixelsOfSample = tuple[npt.NDArray[Any], tuple[npt.NDArray[Any] | None, ...]]
"""The true codes of a sample's pixels, and each version's of equal shape; None: it has no mask."""


class PixelMasks(Protocol):
    """The masks of a report's samples, read again where they are drawn or looked at."""

    @property
    def upright(self) -> bool:
        """Whether masks are upright that are as large as their image upright and as it is stored."""

    def read(self, row: int) -> PixelsOfSample | None:
        """The masks of a sample; None: they are gone."""

    def each(self, rows: Sequence[int], ask: Callable[[int, PixelsOfSample], T]) -> Iterator[T | None]:
        """What is asked of each sample's masks, in order: a few samples' are in memory at once. None: they are gone."""


@dataclass(frozen=True, eq=False)
class Parts:
    """What is judged in tasks whose samples consist of parts: labels, objects or pixels, each of a class."""

    kind: PartKind
    classes: tuple[str, ...]
    counts: tuple[PartCounts, ...]  # by position in the outcome frame: the versions, then further trainings
    judged: tuple[Judged, ...] = ()  # likewise, of objects
    truths: pl.DataFrame | None = None  # of objects: ``columns.TRUTHS``
    detections: tuple[pl.DataFrame, ...] = ()  # of objects: ``columns.DETECTIONS``, as ``counts``
    cutoffs: tuple[float, ...] = ()  # of objects: from which score a version's detection counts, as ``counts``
    found: tuple[npt.NDArray[np.int64], ...] = ()  # of objects: the row of the detection that finds each; -1: none
    errors: tuple[npt.NDArray[np.int64], ...] = ()  # of objects: types × samples, how many of each, as ``counts``
    mended: tuple[tuple[Mended, ...], ...] = ()  # of objects: the detections as they are, then by type, as ``counts``
    sizes: npt.NDArray[np.float64] | None = None  # of objects: width and height a sample, as told; NaN: not told
    overlap: OverlapKind = "box"  # of objects: what of two is held against each other
    attributes: pl.DataFrame | None = None  # of true objects: the user's own columns, same rows as ``truths``
    boundaries: tuple[PartCounts, ...] = ()  # of pixels: of those in the boundary of a mask alone, as ``counts``
    cells: tuple[PixelCells, ...] = ()  # of pixels, as ``counts``
    masks: PixelMasks | None = None  # of pixels
    regions: PixelRegions | None = None  # of pixels: how large the true regions are
    mask_hashes: npt.NDArray[np.uint64] | None = None  # of pixels: of each sample's true mask, equal where that is
    marks: pl.Series | None = None  # of true objects: what their file calls each, same rows as ``truths``


@dataclass(frozen=True, eq=False)
class Outcomes:
    """The outcome frame (``columns.py``) with what its codes mean; not serialised.

    ``samples`` has the same rows in the same order and holds the user's own columns, for cards and text. Of tasks with
    parts the frame holds a loss: the prediction is the loss of a sample, 0 to 1, and the target is 0.
    """

    frame: pl.DataFrame
    samples: pl.DataFrame
    classes: tuple[str, ...]  # of the one label that a sample has; empty in other tasks
    attributes: tuple[Attribute, ...]
    versions: tuple[str, ...]
    group_names: tuple[str, ...] = ()
    sequence_names: tuple[str, ...] = ()  # of the sequences that samples are frames of
    media: Media = field(default_factory=lambda: Media("none"))
    positive: str | None = None  # binary
    threshold: float | None = None
    tolerance: float | None = None  # of an error, or of a loss
    flip_margin: float | None = None
    parts: Parts | None = None
    costs: tuple[tuple[float, ...], ...] | None = None  # costs[truth][prediction], by class code; none: no manifest's
    split: str | None = None  # the column of ``samples`` that says which part of the data each is from
    runs: tuple[tuple[int, ...], ...] = ()  # positions in the frame of each version's trainings; empty: one of each
    grain: Grain = "sample"  # what a row is
    in_samples: bool = False  # a row is no sample, and its group is its sample: nobody named other groups

    @property
    def trainings(self) -> tuple[tuple[int, ...], ...]:
        """The positions of each version's trainings in the frame; the first one is the version's own."""
        return self.runs or tuple((v,) for v in range(len(self.versions)))


@dataclass(frozen=True)
class Limits:
    """The support rule and the level of the intervals."""

    show: int = 10
    test: int = 30
    decide: int = 200
    groups: int = 10
    level: float = 0.95
