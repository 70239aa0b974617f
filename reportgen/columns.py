"""Name, type and meaning of every frame column: the contract between the layers.

The outcome frame has one row a sample, in the order of ids (so that shuffled inputs give the same report):

=====================  ==========  ======================================================================
``id``                 String      unique
``target``             Int32 / f64 class code (-1: none), or the true value (null: none); 0 where parts are judged
``group``              Int32       code of the sample's group; absent where there are no groups
``weight``             Float64     sample weight, > 0; absent where there are no weights
``sequence``           Int32       code of the sequence that the sample is a frame of, -1: a still; absent without any
``frame``              Float64     the frame's number or its time in seconds, null: a still; absent without sequences
``link``               String      http or https address of the sample's original, null: none; absent without a column
``a{i}``               Int32       code of attribute i's value; -1 where missing
``pinned_{k}``         Boolean     the sample is in the manifest's k-th pinned set
``set_{k}``            Boolean     the sample is in the k-th set that the inspection of the data found
``scored_{v}``         Boolean     version v has a usable prediction for the sample
``invalid_{v}``        Boolean     version v has a prediction for the sample that could not be used
``prediction_{v}``     Int32 / f64 class code, predicted value, or (of parts) the loss; -1 / null where not scored
``confidence_{v}``     Float32     confidence of the predicted label, 0-1; absent where a version has none
``score_{v}``          Float64     binary only: P(positive); absent where a version has none
``p{k}_{v}``           Float64     probability of class k (Float32 where its file has such); absent where there is none
``correct_{v}``        Int8        1 right (within tolerance), 0 wrong; 0 where not scored
``loss_{v}``           Float64     what flips and hardness go by: 1 - correct, or |error|; null where not scored
=====================  ==========  ======================================================================

``v`` is the version's position in the manifest's order.
"""

from __future__ import annotations

import polars as pl

ID = "id"
TARGET = "target"
GROUP = "group"
WEIGHT = "weight"
SEQUENCE = "sequence"
FRAME = "frame"
LINK = "link"


def attribute(index: int) -> str:
    """The column of attribute codes."""
    return f"a{index}"


def as_a_whole(metric: str, *, per_class: bool) -> pl.Expr:
    """Which rows of a table of figures are a metric's own, not those of one class beside it.

    ``per_class``: the metric has no others, as ``MetricInfo`` has it.
    """
    named = pl.col("metric") == metric
    return named if per_class else named & pl.col("class").is_null()


def pinned(position: int) -> str:
    """The column that says which samples are in a pinned set."""
    return f"pinned_{position}"


def found_set(position: int) -> str:
    """The column that says which samples are in a set that the inspection of the data found."""
    return f"set_{position}"


def scored(version: int) -> str:
    """The column that says which samples the version scored."""
    return f"scored_{version}"


def invalid(version: int) -> str:
    """The column that says which samples have a prediction that could not be used."""
    return f"invalid_{version}"


def prediction(version: int) -> str:
    """The column of a version's predicted class codes or values."""
    return f"prediction_{version}"


CONFIDENCE_STEPS = 60_000
"""Confidences stand on this grid, so that 16 bits carry what figures rest on, and the browser has the same ones.

It holds every decimal of four places and the edges of 15 bins; what it moves is below 0.00001.
"""


def confidence(version: int) -> str:
    """The column of a version's confidence in its predicted label: a whole number of ``CONFIDENCE_STEPS``, Float32."""
    return f"confidence_{version}"


def score(version: int) -> str:
    """The column of a version's P(positive)."""
    return f"score_{version}"


def probability(klass: int, version: int) -> str:
    """The column of a version's probability of one class."""
    return f"p{klass}_{version}"


def correct(version: int) -> str:
    """The column of right (1) and wrong (0)."""
    return f"correct_{version}"


def loss(version: int) -> str:
    """The column that flips and hardness go by."""
    return f"loss_{version}"


OBJECTS = pl.Schema(
    {
        "sample": pl.Int64(),  # row of the outcome frame; rows ascend by it, and within it stand as in their file
        "class": pl.Int32(),  # class code
        "left": pl.Float64(),  # pixels from the image's left edge to the box's; 0: at the outer side of the first pixel
        "top": pl.Float64(),
        "width": pl.Float64(),  # pixels, 0 or more
        "height": pl.Float64(),
        "area": pl.Float64(),  # square pixels: as annotated, else of the box, else (where no box was given) of the mask
        "crowd": pl.Boolean(),  # a region of many objects; never true of a detection
        "score": pl.Float64(),  # 0-1; null for a true object
        "mask": pl.List(pl.UInt32()),  # run lengths, column by column, the first of background; null: a box alone
    }
)
"""One row a true object, or a detection of one version."""

POLYGONS = "polygons"
"""A further column of objects: x, y, x, y … of each polygon, in pixels, whose masks are only to be drawn."""

ESTIMATES = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "metric": pl.String,
        "class": pl.String,  # null: not of one class
        "value": pl.Float64,  # null: not defined, see reason
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,  # samples the value rests on
        "n_groups": pl.Int64,  # null without groups
        "sum_x": pl.Float64,  # numerator, so that small n can say "6 of 8"
        "sum_w": pl.Float64,
        "method": pl.String,
        "reason": pl.String,  # why value is null
        "support": pl.String,  # decide | test | show | counts
    }
)
"""One row a slice, version, metric and class."""

COMPARISONS = pl.Schema(
    {
        "slice": pl.String,
        "metric": pl.String,
        "class": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "value_baseline": pl.Float64,  # over the samples both versions scored
        "value_candidate": pl.Float64,
        "delta": pl.Float64,  # candidate minus baseline, unrounded
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,  # null outside a family: the overall and declared slices
        "n": pl.Int64,
        "n_groups": pl.Int64,
        "method": pl.String,
        "verdict": pl.String,  # better | worse | unclear | too_few
        "support": pl.String,
        "discordance": pl.Float64,  # of proportions, the share of samples that one version alone has right
        "decimals": pl.Int64,  # with which the row's figures are printed, wherever they are; null without a difference
    }
)
"""One row a slice, metric, class and pair of versions."""

OBJECT_ERRORS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "error": pl.String,  # classification_error, …; all_false and all_missed: whatever is false, or missed
        "n_errors": pl.Int64,  # detections that count, or true objects; of the version's cut-off
        "n_samples": pl.Int64,  # that have such an error
        "n_errors_all": pl.Int64,  # over all detections, over all samples: what the gain is about
        "gain": pl.Float64,  # of average precision at an overlap of 0.5, were all of these mended; null: not defined
        "low": pl.Float64,  # null: no such error, or one sample or group alone
        "high": pl.Float64,
        "delta": pl.Float64,  # of the gain, version minus baseline; null for the baseline, and without one
        "delta_low": pl.Float64,
        "delta_high": pl.Float64,
        "n": pl.Int64,  # samples in all
        "n_groups": pl.Int64,
        "support": pl.String,
    }
)
"""One row a slice (all samples, and the declared ones), version and type of error."""

OBJECT_GAIN_CHANGES = pl.Schema(
    {
        "baseline": pl.String,
        "candidate": pl.String,
        "error": pl.String,  # as in ``OBJECT_ERRORS``
        "delta": pl.Float64,  # of the gain, candidate minus baseline; null: one of them is not defined
        "low": pl.Float64,  # null: no draw of the two differs, or one sample or group alone
        "high": pl.Float64,
        "n": pl.Int64,  # samples in all
        "n_groups": pl.Int64,
        "support": pl.String,
    }
)
"""One row two versions (the report's baseline, or else the earlier one, first) and type of error, over all samples."""

OBJECT_CHANGES = pl.Schema(
    {
        "baseline": pl.String,
        "candidate": pl.String,
        "change": pl.String,  # newly_missed | newly_found | newly_false | no_longer_false | label_changed | moved
        "n": pl.Int64,  # true objects that are newly missed, newly found or moved; detections of the others
        "n_samples": pl.Int64,  # that have such a change
        "p": pl.Float64,  # of there being as many as of its opposite, over samples; null: it has none, or no test
        "verdict": pl.String,  # better, or worse: there are more than of its opposite, beyond chance
    }
)
"""One row two versions and kind of change, box by box."""

OVERLAPS = pl.Schema(
    {
        "version": pl.String,
        "low": pl.Float64,  # overlap with the true object, from here on
        "high": pl.Float64,  # to below here; the last: to 1, which is in it
        "n": pl.Int64,  # true objects that the version finds with such an overlap; of pixels, samples of such an IoU
        "share": pl.Float64,  # of those that it finds, or of the samples that it scored; null: there are none
        "share_low": pl.Float64,
        "share_high": pl.Float64,
    }
)
"""One row a version and range of overlaps."""

PLACEMENTS = pl.Schema(
    {
        "first": pl.String,
        "second": pl.String,
        "value_first": pl.Float64,  # mean overlap with the true object, or mean IoU of samples; null: there are none
        "value_second": pl.Float64,
        "delta": pl.Float64,  # second minus first
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "n": pl.Int64,  # true objects that both find; of pixels, samples that both scored
        "n_samples": pl.Int64,  # that have one
        "support": pl.String,
    }
)
"""One row two versions, the first one the first in the manifest."""

WEAKNESSES = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "metric": pl.String,
        "value": pl.Float64,
        "rest": pl.Float64,  # the metric over all other samples
        "delta": pl.Float64,  # slice minus rest
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
        "n": pl.Int64,
        "n_groups": pl.Int64,
        "method": pl.String,
        "verdict": pl.String,  # worse: weaker than the rest
        "support": pl.String,
    }
)
"""One row a slice and version: is the slice weaker than the rest?"""

FLIPS = pl.Schema(
    {
        "slice": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "newly_broken": pl.Int64,
        "newly_fixed": pl.Int64,
        "both_right": pl.Int64,
        "both_wrong": pl.Int64,
        "n": pl.Int64,
    }
)
"""One row a slice and pair of versions; counts of samples both versions scored."""

SEQUENCES = pl.Schema(
    {
        "sequence": pl.String,
        "version": pl.String,
        "n": pl.Int64,  # its frames
        "n_missing": pl.Int64,  # frames that seem to be missing between its first and its last
        "n_scored": pl.Int64,
        "n_wrong": pl.Int64,  # of those scored
        "mean_loss": pl.Float64,  # over those scored, null without any: the share that is wrong, or the mean of |error|
        "longest_run": pl.Int64,  # wrong frames in a row, with none missing between them; 0: none is wrong
        "run_first": pl.Float64,  # the number of the first frame of that run; null: none
        "run_last": pl.Float64,
        "n_newly_broken": pl.Int64,  # against the baseline; null of the baseline, and without one
        "n_newly_fixed": pl.Int64,
    }
)
"""One row a sequence of frames and version; sequences in the order in which they are worth looking at."""

CONFUSIONS = pl.Schema(
    {"slice": pl.String, "version": pl.String, "target": pl.String, "prediction": pl.String, "n": pl.Int64}
)
"""One row a cell with n > 0."""

CONFUSION_CHANGES = pl.Schema(
    {
        "target": pl.String,
        "prediction": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "n_baseline": pl.Int64,
        "n_candidate": pl.Int64,
        "delta": pl.Int64,
        "low": pl.Float64,  # interval of the change, in samples
        "high": pl.Float64,
        "q": pl.Float64,
        "n": pl.Int64,  # samples of the target class that both scored
        "verdict": pl.String,
    }
)
"""One row a cell and pair of versions, over all samples; better: more on the diagonal, or fewer off it."""

PIXEL_CONFUSIONS = pl.Schema(
    {
        "version": pl.String,
        "target": pl.String,  # a class, or background
        "prediction": pl.String,  # likewise, or ignored
        "n": pl.Int64,  # pixels
        "n_of": pl.Int64,  # pixels of the target
        "share": pl.Float64,  # of the target's pixels, weights included
        "low": pl.Float64,  # its interval, over samples
        "high": pl.Float64,
        "n_samples": pl.Int64,  # that have pixels of the target
    }
)
"""One row a version and cell that any version fills, of the targets that it has pixels of, over all samples that it
scored."""

PIXEL_CHANGES = pl.Schema(
    {
        "target": pl.String,
        "prediction": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "n_baseline": pl.Int64,  # pixels
        "n_candidate": pl.Int64,
        "n_of": pl.Int64,  # pixels of the target
        "share_baseline": pl.Float64,  # of the target's pixels, weights included
        "share_candidate": pl.Float64,
        "delta": pl.Float64,
        "low": pl.Float64,  # its interval, over samples
        "high": pl.Float64,
        "q": pl.Float64,
        "n_samples": pl.Int64,  # that both scored and that have pixels of the target
        "verdict": pl.String,
    }
)
"""One row a cell and pair of versions, over samples that both scored; better: more on the diagonal, or fewer off it."""

LABEL_ERRORS = pl.Schema(
    {
        "version": pl.String,
        "kind": pl.String,  # lost | added
        "label": pl.String,  # that is lost, or added
        "beside": pl.String,  # that the sample truly has
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,  # samples that truly have both (lost), or `beside` and not `label` (added)
        "n_groups": pl.Int64,
        "n_wrong": pl.Int64,
        "n_instead": pl.Int64,  # of these, added where `beside` was lost
        "method": pl.String,
    }
)
"""One row a version and pair of labels of which one goes wrong beside the other, over all samples it scored."""

LABEL_ERROR_CHANGES = pl.Schema(
    {
        "kind": pl.String,
        "label": pl.String,
        "beside": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "value_baseline": pl.Float64,
        "value_candidate": pl.Float64,
        "delta": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,
        "n": pl.Int64,  # as in LABEL_ERRORS, of samples that both scored
        "n_groups": pl.Int64,
        "n_baseline": pl.Int64,  # of these, wrong in the baseline
        "n_candidate": pl.Int64,
        "support": pl.String,
        "verdict": pl.String,  # better: fewer
        "method": pl.String,
    }
)
"""One row a pair of versions and pair of labels, where either version makes the error."""

CONTRIBUTIONS = pl.Schema(
    {
        "attribute": pl.String,
        "value": pl.String,  # "the rest": missing, or values with too few samples
        "slice": pl.String,  # null for the rest
        "baseline": pl.String,
        "candidate": pl.String,
        "share": pl.Float64,  # of the weight of the samples that both scored
        "delta": pl.Float64,  # the change on the value's samples
        "contribution": pl.Float64,  # share times delta; over an attribute they add up to the overall change
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,
        "verdict": pl.String,  # that of the slice
        "support": pl.String,
    }
)
"""One row a built pair, attribute and value."""

SUPPORTS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "n": pl.Int64,  # samples of the version's training table that are in the slice
        "share": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "n_here": pl.Int64,  # without the samples of splits that versions were trained on
        "share_here": pl.Float64,  # weighted where there are weights
        "low_here": pl.Float64,
        "high_here": pl.Float64,
        "ratio": pl.Float64,  # share ÷ share_here; null: nobody is in it here
        "ratio_low": pl.Float64,
        "ratio_high": pl.Float64,  # null: the share here may be 0
    }
)
"""One row a slice and version that names its training table."""

RUNS = pl.Schema(
    {
        "version": pl.String,
        "run": pl.Int64,  # 1-based, in the manifest's order
        "slice": pl.String,
        "metric": pl.String,
        "class": pl.String,
        "value": pl.Float64,
        "n": pl.Int64,  # samples that every training of the version scored, and that the metric counts
    }
)
"""One row a training of a version that has several, slice, metric and class."""

EXAMPLES = pl.Schema(
    {
        "set": pl.String,
        "rank": pl.Int64,  # 1-based
        "row": pl.Int64,  # row of the outcome frame
        "id": pl.String,
        "score": pl.Float64,  # what the set is ranked by
    }
)
"""One row an example of a set."""

DISCOVERIES = pl.Schema(
    {
        "slice": pl.String,
        "question": pl.String,  # weak | worse | sure_wrong
        "metric": pl.String,  # the primary one; of sure_wrong wrong_confidence: the confidence where wrong, else 0
        "version": pl.String,
        "baseline": pl.String,  # null where the question is of one version
        "value": pl.Float64,  # the version's metric over all of the slice's samples
        "reference": pl.Float64,  # over the rest (weak, sure_wrong) or of the baseline in the slice (worse)
        "delta": pl.Float64,  # value minus reference, over all samples
        "delta_confirm": pl.Float64,  # the same over the half that the search did not see
        "low": pl.Float64,  # of delta_confirm
        "high": pl.Float64,
        "p": pl.Float64,  # of that half
        "q": pl.Float64,  # over all candidates taken to that half
        "n": pl.Int64,
        "n_confirm": pl.Int64,
        "n_groups_confirm": pl.Int64,  # null without groups
        "verdict": pl.String,  # worse: it held
    }
)
"""One row a found slice, question and version: the ones that held on the half that the search did not see."""

CONFIDENCE_BINS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "low": pl.Float64,  # of the bin (low, high]; the first one is closed
        "high": pl.Float64,
        "n": pl.Int64,
        "mean_confidence": pl.Float64,  # null where n is 0
        "n_right": pl.Int64,
        "right_rate": pl.Float64,  # null where n is 0; weighted where there are weights
        "right_low": pl.Float64,
        "right_high": pl.Float64,
    }
)
"""One row a slice, version and bin of the confidence in the predicted label."""

CALIBRATIONS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "n": pl.Int64,
        "ece_binned": pl.Float64,  # plug-in, of the bins; null below 300 samples (the debiased one is an estimate)
        "aurc": pl.Float64,  # the error rate of what a version decides by itself, averaged over all shares; 0 best
        "aurc_low": pl.Float64,
        "aurc_high": pl.Float64,
    }
)
"""One row a slice and version with confidence, for the slices that have bins."""

CLAIMS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "mean_confidence": pl.Float64,  # what it claims
        "right_rate": pl.Float64,  # what it delivers
        "delta": pl.Float64,  # claimed minus delivered: above 0 it is too sure, below 0 not sure enough
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,  # null outside the family: the overall and declared slices
        "n": pl.Int64,
        "n_groups": pl.Int64,
        "method": pl.String,
        "verdict": pl.String,  # too_sure | not_sure_enough | unclear | too_few
        "support": pl.String,
    }
)
"""One row a slice and version with confidence: does it claim more than it delivers?"""

RISKS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "share": pl.Float64,  # 0.01, 0.02 … 1: how much of its surest a version is to decide by itself
        "kept_rate": pl.Float64,  # how much it decides: no less, and more where samples tie; weighted
        "cutoff": pl.Float64,  # it decides where its confidence is this or more
        "n": pl.Int64,  # how many samples those are
        "n_wrong": pl.Int64,
        "wrong_rate": pl.Float64,  # weighted
        "low": pl.Float64,
        "high": pl.Float64,
    }
)
"""One row a slice, version and share of samples kept, surest first; the last one holds all of its samples."""

CUTOFFS = pl.Schema(
    {
        "slice": pl.String,
        "version": pl.String,
        "class": pl.String,
        "cutoff": pl.Float64,  # 0, 0.01 … 1: a score from here on says the class (the rule: ``stats.cutoffs``)
        "n_found": pl.Int64,  # of the class, and said so
        "n_missed": pl.Int64,  # of the class, and not said so
        "n_false_alarm": pl.Int64,  # not of the class, and said so
        "n_rest": pl.Int64,  # not of the class, and not said so
        "recall": pl.Float64,  # of the class, the share found; weighted where there are weights
        "recall_low": pl.Float64,
        "recall_high": pl.Float64,
        "precision": pl.Float64,  # of those said to be of the class, the share that is
        "precision_low": pl.Float64,
        "precision_high": pl.Float64,
        "cost": pl.Float64,  # mean a sample; null where the manifest has no costs
        "cost_low": pl.Float64,
        "cost_high": pl.Float64,
    }
)
"""One row a slice, version, class and cut-off on a fixed grid; the four counts add up to the samples with a score."""

MATCHES = pl.Schema(
    {
        "slice": pl.String,
        "class": pl.String,
        "baseline": pl.String,
        "candidate": pl.String,
        "goal": pl.String,  # cutoff: the same; recall | false_alarms | cost: the candidate is to be no worse in it
        "cutoff_baseline": pl.Float64,  # on the grid
        "cutoff_candidate": pl.Float64,  # in as few decimals as say what one of its scores says; null where none does
        "n_found_baseline": pl.Int64,
        "n_found_candidate": pl.Int64,
        "n_false_alarm_baseline": pl.Int64,
        "n_false_alarm_candidate": pl.Int64,
        "n_class": pl.Int64,  # samples of the class that both have a score for
        "n_other": pl.Int64,
        "delta_recall": pl.Float64,  # candidate minus baseline, each at its cut-off; limits of the goal itself are null
        "recall_low": pl.Float64,
        "recall_high": pl.Float64,
        "delta_false_alarm_rate": pl.Float64,
        "false_alarm_rate_low": pl.Float64,
        "false_alarm_rate_high": pl.Float64,
        "delta_cost": pl.Float64,  # null where the manifest has no costs
        "cost_low": pl.Float64,
        "cost_high": pl.Float64,
    }
)
"""One row a slice, class, pair of versions, goal and cut-off of the baseline, and the candidate's held against it."""

SET_RATES = pl.Schema(
    {
        "set": pl.String,  # the key of a set that the inspection of the data found
        "version": pl.String,
        "metric": pl.String,  # error_rate: wrong ones; mae: mean absolute error; loss: mean share wrong of a sample
        "value": pl.Float64,  # in the set; null: no sample of it was scored
        "low": pl.Float64,
        "high": pl.Float64,
        "n": pl.Int64,  # scored samples of the set
        "n_groups": pl.Int64,  # null without groups
        "sum_x": pl.Float64,  # wrong samples, or the sum of errors; weighted where there are weights
        "rest": pl.Float64,  # the same figure over all other samples
        "n_rest": pl.Int64,
        "delta": pl.Float64,  # set minus rest
        "delta_low": pl.Float64,
        "delta_high": pl.Float64,
        "p": pl.Float64,
        "q": pl.Float64,  # over the sets of one version that can be tested
        "verdict": pl.String,  # worse: more errors in the set than elsewhere; better | unclear | too_few
        "support": pl.String,
    }
)
"""One row a set and version."""

LABEL_ISSUES = pl.Schema(
    {
        "rank": pl.Int64,  # from 1, most suspect first
        "row": pl.Int64,  # of the outcome frame
        "id": pl.String,
        "label": pl.String,  # the given label, or value
        "suggestion": pl.String,  # what speaks most for being right instead
        "n_for": pl.Int64,  # versions that say the suggestion
        "n_versions": pl.Int64,  # versions that scored the sample
        "n_picked": pl.Int64,  # versions by whose probabilities confident learning picks it; null: none has any
        "label_confidence": pl.Float64,  # mean probability of the given label over the versions; null: none tells it
        "confidence": pl.Float64,  # the same of the suggestion
        "look_alikes_for": pl.Int64,  # of the nearest samples, those whose label is the suggestion, or a value
        # nearer to it than to the given one; null: no embedding, or none near
        "n_look_alikes": pl.Int64,
        "residual": pl.Float64,  # regression: target less the versions' median, in robust deviations; else null
    }
)
"""One row a candidate."""

LABEL_EFFECTS = pl.Schema(
    {
        "version": pl.String,  # null: the change from baseline to candidate
        "metric": pl.String,
        "class": pl.String,
        "value": pl.Float64,  # as the labels are
        "corrected": pl.Float64,  # with the suggestion in place of every candidate's label
        "at_least": pl.Float64,  # the least and the most that correcting some of them can make of it; null: not a mean
        "at_most": pl.Float64,
        "n": pl.Int64,  # candidates that the version scored
    }
)
"""One row a metric and version, and one a metric for the change."""

BOX_ISSUES = pl.Schema(
    {
        "rank": pl.Int64(),  # from 1, most suspect first
        "kind": pl.String(),  # overlooked | misplaced | swapped
        "row": pl.Int64(),  # of the outcome frame
        "id": pl.String(),  # of the sample
        "object": pl.Int64(),  # row of the true objects; null: no box is annotated there
        "annotation": pl.String(),  # what the file calls it: its id, else the entry or line; null likewise
        "label": pl.String(),  # the annotated class; null likewise
        "left": pl.Float64(),  # the annotated box, in pixels; null likewise
        "top": pl.Float64(),
        "width": pl.Float64(),
        "height": pl.Float64(),
        "suggestion": pl.String(),  # the class that versions say
        "suggested_left": pl.Float64(),  # the middle of the boxes that they say; of a swapped class the annotated one
        "suggested_top": pl.Float64(),
        "suggested_width": pl.Float64(),
        "suggested_height": pl.Float64(),
        "suggested_by": pl.Int64(),  # of masks, the version whose own is suggested (by position); null: none is
        "n_for": pl.Int64(),  # versions that say so
        "n_versions": pl.Int64(),  # versions that were asked
        "sureness": pl.Float64(),  # how sure they are, 0-1 (``stats.object_doubts.rank_sureness``), the mean over all
        "iou": pl.Float64(),  # of what is annotated and what versions say there; null: nothing is annotated
        "detections": pl.List(pl.Int64()),  # by version, the row of its detection; -1: it says nothing like it
        "scores": pl.List(pl.Float64()),  # of these; null: none
    }
)
"""One row an annotation that looks wrong, or is missing."""

REGION_ISSUES = pl.Schema(
    {
        "rank": pl.Int64(),  # from 1, most suspect first
        "kind": pl.String(),  # overlooked | empty | swapped
        "row": pl.Int64(),  # of the outcome frame
        "id": pl.String(),  # of the sample
        "label": pl.String(),  # the annotated class; null: the region is annotated as background
        "suggestion": pl.String(),  # the class that versions say; null: background
        "left": pl.Int64(),  # the box around the region, in pixels of the mask's file
        "top": pl.Int64(),
        "width": pl.Int64(),
        "height": pl.Int64(),
        "n_pixels": pl.Int64(),  # of the region
        "share": pl.Float64(),  # of the image's pixels, 0-1
        "times": pl.Float64(),  # its pixels over those of a usual annotated region of its class
        "n_for": pl.Int64(),  # versions that were asked, and all say so
        "n_versions": pl.Int64(),  # versions of the report
        "versions": pl.List(pl.Int64()),  # those that say so, by position
        "mask": pl.List(pl.UInt32()),  # the region: COCO's run lengths over the whole mask
    }
)
"""One row a region whose annotation looks wrong."""

PART_EFFECTS = pl.Schema(
    {
        "group": pl.String(),  # of candidates: all | certain (every version says so), or a kind
        "version": pl.String(),  # null: the change from baseline to candidate
        "metric": pl.String(),
        "value": pl.Float64(),  # by the annotations as they are
        "corrected": pl.Float64(),  # with the suggestions in their place, of objects at the same cut-off
        "at_least": pl.Float64(),  # the least and the most that correcting some of the samples can make of it
        "at_most": pl.Float64(),  # null: not a mean
        "low": pl.Float64(),  # of the change of the leading metric, after correcting; else null
        "high": pl.Float64(),
        "verdict": pl.String(),  # likewise: better | worse | unclear | too_few
        "n": pl.Int64(),  # candidates that are corrected
    }
)
"""One row a group of candidates, metric and version, and one for the change."""

REVIEWED = pl.Schema(
    {
        "id": pl.String,
        "reviewed": pl.String,  # the label that a person who looked again gave
        "label": pl.String,  # the label that the sample had then; null: not told, the present one is taken
        "suggestion": pl.String,  # what the list suggested then; null: not told, or no candidate
    }
)
"""One row a sample that somebody looked at again, in the order of the file, each id once."""

REVIEWED_PARTS = pl.Schema(
    {
        "id": pl.String(),  # of the sample
        "reviewed": pl.String(),  # wrong | right: what a person who looked again says of the annotation
        "kind": pl.String(),  # as in ``BOX_ISSUES``, or ``REGION_ISSUES``
        "annotation": pl.String(),  # of boxes; null: none is annotated
        "listed": pl.Boolean(),  # whether it is a candidate of the list, not one that a person added
        "left": pl.Float64(),  # the suggested box, or that around the region
        "top": pl.Float64(),
        "width": pl.Float64(),
        "height": pl.Float64(),
    }
)
"""One row a box or region that somebody looked at again, in the order of the file, each once."""

TWIN_FAMILIES = pl.Schema(
    {
        "kind": pl.String(),  # exact: all its samples have equal content; near: some are only nearly equal
        "n": pl.Int64(),  # samples, two or more
        "first": pl.Int64(),  # of its twins those that tell most: rows of the outcome frame
        "second": pl.Int64(),
        "how": pl.String(),  # how these are alike: pixels | text (equal) | hash | pieces | vectors (near)
        "likeness": pl.Float64(),  # hash: bits of 64 that differ; pieces: Jaccard; vectors: cosine; null: equal
        "across_splits": pl.Boolean(),  # twins of it lie in different splits; null: no split is known
        "other_labels": pl.Boolean(),  # twins of it have different labels, or values further apart than the tolerance
        "within_group": pl.Boolean(),  # all are of one group, of frames one sequence; null: no groups
        "rows": pl.List(pl.Int64()),  # the one that is kept first: one that versions were trained on, else by id
        "ids": pl.List(pl.String()),
    }
)
"""One row a family of twins: samples that are the same, or nearly, directly or over others; most telling first."""

LEAKS = pl.Schema(
    {
        "row": pl.Int64(),  # of the outcome frame
        "id": pl.String(),
        "how": pl.String(),  # id | text | vectors (equal, or near with a likeness) | pieces (near)
        "likeness": pl.Float64(),  # pieces: Jaccard; vectors: cosine; null: equal, or by id
        "versions": pl.List(pl.String()),  # all that were trained on it
        "there": pl.Int64(),  # of the first of these, the row of its training table that is most alike, from 0
        "there_id": pl.String(),  # null where it has none
        "there_text": pl.String(),  # null where texts are not compared
        "there_label": pl.String(),  # null where it has none, or the table no target
        "other_label": pl.Boolean(),  # of values: further apart than the tolerance; null: either is not known
    }
)
"""One row a sample that a training table has too; by id first, then equal content, then the most alike."""

TWIN_EFFECTS = pl.Schema(
    {
        "version": pl.String,  # null: the change from baseline to candidate, over the samples that both scored
        "metric": pl.String,
        "class": pl.String,
        "value": pl.Float64,  # over all samples; null: not defined
        "without": pl.Float64,  # over those that stay
        "n": pl.Int64,  # scored samples in all
        "n_left_out": pl.Int64,
    }
)
"""One row a metric and version, and one a metric for the change."""
