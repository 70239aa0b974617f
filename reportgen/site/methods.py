"""How each figure was computed, with its source: what the methods page says, for the methods a report used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen import numbers
from reportgen.analysis.object_attributes import NEAR, TOUCHES, WIDE
from reportgen.analysis.object_changes import SAME, STILL
from reportgen.analysis.quality.boxes import FAR
from reportgen.analysis.quality.regions import LARGE_ENOUGH, LEAST_IOU, USUAL
from reportgen.analysis.sentences import listed
from reportgen.model import OverlapKind, PartKind, Parts
from reportgen.report import Report
from reportgen.stats.object_errors import FOUND
from reportgen.stats.objects import LEAST_OVERLAP
from reportgen.stats.pixels import BOUNDARY


@dataclass(frozen=True)
class Method:
    """One method: what it gives, how, and where it was published."""

    what: str
    how: str
    source: str


_BY_NAME: tuple[tuple[str, Method], ...] = (
    (
        "wilson",
        Method(
            "The interval of a share of samples (accuracy, recall, precision, rates)",
            "Wilson's score interval.",
            "Wilson 1927; Brown, Cai, DasGupta 2001",
        ),
    ),
    (
        "design effect",
        Method(
            "The same where samples come in groups or have weights",
            "Wilson's interval with n divided by the design effect: how much wider the groups make it.",
            "Korn & Graubard 1998; Dean & Pagano 2015",
        ),
    ),
    (
        "linearised",
        Method(
            "The interval of means and other ratios, and differences of them",
            "Linearisation: each sample's (or group's) residual, and a t interval of their mean; of errors, which are "
            "never below 0, on the logarithm, and between two bounds on Wilson's scale.",
            "Cochran 1977, ch. 6; Liang & Zeger 1986; Buckland et al. 2001, ch. 3",
        ),
    ),
    (
        "trainings",
        Method(
            "A version that was trained several times, and a difference with one",
            "The mean over its trainings; to the variance over samples comes that between trainings, and t has the "
            "degrees of freedom of both.",
            "Bouthillier et al. 2021; Satterthwaite 1946",
        ),
    ),
    (
        "influence",
        Method(
            "The interval of figures that are no mean over samples (macro F1, balanced accuracy, kappa)",
            "Each sample's influence on the figure, taken as a mean; between two bounds on Wilson's scale, averages "
            "over classes with no more samples than the rarest ones bear.",
            "Takahashi et al. 2022; Korn & Graubard 1998",
        ),
    ),
    (
        "DeLong",
        Method(
            "The interval of AUROC, and of a difference of two",
            "DeLong's variance, on the logit scale, with a little of what such an AUROC's variance is expected to be.",
            "DeLong 1988; Sun & Xu 2014; Hanley & McNeil 1982; Smyth 2004",
        ),
    ),
    (
        "Obuchowski",
        Method(
            "The interval of AUROC where samples come in groups",
            "Obuchowski's extension of DeLong's variance to clustered data.",
            "Obuchowski 1997",
        ),
    ),
    (
        "bootstrap",
        Method(
            "The interval of average precision and of the calibration error",
            "Bootstrap of 1,000 draws of samples (of groups where there are groups), keyed by id so that every build "
            "draws the same. Of few objects average precision comes out too high; the interval is that of what remains "
            "when the bias that the draws show is taken off, so that the value lies in its upper part.",
            "Efron & Tibshirani 1993",
        ),
    ),
    (
        "debiased",
        Method(
            "The calibration error",
            "Fifteen bins of equally many samples by confidence; in each the distance of the mean confidence from the "
            "share that is right, less what chance alone adds to it; then their mean. The interval holds every error "
            "from which the one observed is no surprise, so it holds 0 for a version that is as sure as it is right.",
            "Kumar, Liang, Ma 2019; Carpenter 1999",
        ),
    ),
    (
        "newcombe",
        Method(
            "The interval of a difference of two shares over the same samples",
            "Newcombe's hybrid score interval for paired data (method 10).",
            "Newcombe, Stat Med 17:2635, 1998",
        ),
    ),
    (
        "independent",
        Method(
            "The interval of a difference of two shares over different samples (a slice and the rest)",
            "Newcombe's hybrid score interval for independent samples (method 10), and the score test.",
            "Newcombe, Stat Med 17:873, 1998",
        ),
    ),
    (
        "mcnemar",
        Method(
            "Whether such a difference is more than chance",
            "McNemar's test, mid-p.",
            "Fagerland, Lydersen, Laake 2013",
        ),
    ),
)

_CORRECTION = Method(
    "Many slices at once",
    "Benjamini–Hochberg: of the slices called better or worse, about one in twenty may be so by chance (q < 0.05).",
    "Benjamini & Hochberg 1995",
)
_FLIPS = Method(
    "Newly broken and newly fixed",
    "Counts of samples that both versions scored: right before and wrong now, and the other way round.",
    "Yan et al. 2021; Milani Fard et al. 2016",
)
_SPLIT = Method(
    "What of an unpaired difference goes with the samples",
    "The change of each kind's share times its mean rate is mix; the rest is how each version does on the same kind.",
    "Kitagawa 1955; Oaxaca 1973; Blinder 1973",
)
_RELIABILITY = Method(
    "Reliability diagrams",
    "15 groups of equal width by the confidence in the predicted label, each with Wilson's interval of the share that "
    "is right. The plug-in error is that of these groups, for comparison with other tools.",
    "Guo et al. 2017",
)
_CLAIMS = Method(
    "Whether a version is too sure in a slice",
    "Its mean confidence minus the share that is right, as a mean of the samples' differences; over the slices "
    "corrected by Benjamini–Hochberg.",
    "Benjamini & Hochberg 1995",
)
_RISKS = Method(
    "Errors among the samples that a version is surest of",
    "Samples in the order of confidence; those that tie are kept or handed over together.",
    "Geifman & El-Yaniv 2017",
)
_CUTOFFS = Method(
    "What a cut-off finds and raises as false alarms",
    "Each class against all others, by its own score. Where versions are held at equal terms, the candidate's cut-off "
    "is one of its own scores, and its difference from the baseline is paired over the samples that both scored.",
    "Newcombe, Stat Med 17:2635, 1998",
)
_POWER = Method(
    "The smallest loss that could show, and the samples that a loss needs",
    "80% power of a two-sided test at 5%. Of shares, from how many samples the two versions differ on, with the "
    "loss on top; else from the standard error of the paired difference. Groups and weights widen it as they "
    "widen the interval.",
    "Connor, Biometrics 43:207, 1987; Miettinen, Biometrics 24:339, 1968",
)
_COVERAGE = Method(
    "Coverage",
    "Of all combinations of two (three) attribute values, the share with as many samples as a slice needs to be "
    "tested.",
    "Kuhn, Kacker, Lei, NIST SP 800-142, 2010",
)
_DRIFT = Method(
    "Whether training looks like the samples here",
    "Population stability index of each attribute, less what it comes to on average where nothing moved; values too "
    "rare to stand for themselves are one. Tests: Pearson's χ² of categories, Kolmogorov and Smirnov's of numbers; "
    "with groups and weights the counts are divided by their design effect. Benjamini–Hochberg over the attributes. An "
    "attribute moved where q is below 0.05 and the index above 0.1.",
    "Lewis 1994; Yurdakul, Naranjo, J Risk Model Validation 14:4, 2020; Rao, Scott, JASA 76:221, 1981",
)
_MIX = Method(
    "Whether the mix of two attributes moved beyond what the two explain",
    "The test of no interaction of three in the log-linear model; the index after training is raked to the two "
    "attributes' shares of here. Benjamini–Hochberg over the pairs.",
    "Bishop, Fienberg, Holland 1975",
)
_RATIO = Method(
    "How often a slice occurs in training for once here",
    "The ratio of the two shares, with an interval from theirs.",
    "Newcombe, Stat Methods Med Res 25:1774, 2016",
)
_COCHRAN = Method(
    "Whether several versions differ at all",
    "Cochran's Q over the samples that all of them scored.",
    "Cochran, Biometrika 37:256, 1950",
)
_ODD = {
    "image": Method(
        "Dark, over-exposed, blurred, plain and odd images",
        "cleanvision's measures and thresholds: percentiles of perceived brightness, the spread of edges and grey "
        "levels at 64 pixels, entropy, sides, and an area far outside the middle half. Grey goes by pixels, and counts "
        "only where most images have colours. What more than half have is no problem.",
        "Cleanlab, cleanvision 0.3; docs/data.md",
    ),
    "text": Method(
        "Empty, very short and repetitive texts",
        "Nothing to see; fewer than three words; or more than 30% of the runs of three words, among the first 1,000 "
        "words, stood in the text before. What more than half have is no problem.",
        "Welleck et al., ICLR 2020 (seq-rep-n)",
    ),
}
_SETS = Method(
    "Whether errors are more common in a set of samples than elsewhere",
    "The error in the set against that of all other samples, with the interval of independent samples; groups and "
    "weights are honoured; Benjamini–Hochberg over the sets of a version.",
    "Newcombe, Stat Med 17:873, 1998",
)
_ACTED = Method(
    "What earlier lists led to",
    "The history keeps the first 2,000 samples of each list as hashes of id and label. Relabelled: the id is here and "
    "its label is another. Excluded: no sample has the id. The odds that hashes err in a list of 2,000 are below 1 in "
    "100,000.",
    "BLAKE2b: RFC 7693; docs/data.md",
)
_SEQUENCES = Method(
    "Sequences of frames",
    "Frames in the order of their numbers. The usual step of a sequence is the lower median of its steps; a step of "
    "more than 1.5 of it leaves frames out. A run of wrong frames ends there, and at a frame that is not scored. These "
    "are counts of each sequence, not estimates.",
    "docs/sequences.md",
)
_TELLS = Method(
    "Attributes that tell each other",
    "Each sample's value of the one is told by the value that most other samples with its value of the other have. "
    "An attribute tells another where that is right for 99% or more, and for 90% or more of what the most frequent "
    "value alone gets wrong.",
    "leave-one-out form of Goodman & Kruskal, JASA 49:732, 1954",
)
_SUSPECT = {
    "confident learning": Method(
        "Labels that look wrong",
        "Confident learning on the mean of the versions' probabilities: a sample is counted under the likeliest class "
        "whose probability reaches the mean of its class's own samples; what lies off the diagonal of that table, "
        "calibrated to the labels' counts, says how many labels of each kind to look at, the least likely first.",
        "Northcutt, Jiang, Chuang, JAIR 70:1373, 2021",
    ),
    "agreement": Method(
        "Labels that look wrong",
        "All versions say one and the same other label. There are no probabilities to weigh it by.",
        "docs/data.md",
    ),
    "shared residuals": Method(
        "Values that look wrong",
        "Every version is off to the same side by more than 4 robust standard deviations (1.4826 times the median "
        "distance from the median).",
        "Iglewicz, Hoaglin 1993",
    ),
}
_CORRECTED = Method(
    "What correcting labels would change",
    "The least and the most over all choices of suspect labels to correct, exact for metrics that are ratios of sums.",
    "Dinkelbach, Management Science 13:492, 1967",
)
_BOXES = Method(
    "Annotated boxes that look wrong",
    "How sure a detection is: the share of its version's right detections that are no surer; the mean over the "
    "versions, 0 where one says nothing. A candidate is as sure as objects of its class on average are that any "
    f"version finds; of boxes in another place half as sure. Overlooked: overlap below {LEAST_OVERLAP:g} with every "
    f"true object. Another class: overlap of {FOUND:g} or more, surer than the object's own. Badly placed: in every "
    f"version that says so the overlap is {FAR:.0f} robust deviations below its usual one, and the versions' boxes "
    "overlap each other more than the annotated one.",
    "after Tkachenko, Thyagarajan, Mueller, ObjectLab, ICML DMLR workshop, 2023; docs/data.md",
)
_REGIONS = Method(
    "Annotated regions that look wrong",
    "Pixels of one annotated class, or of none, that every version asked marks as one and the same other, as far as "
    "they are connected, also over corners. Asked are the versions that have a mask of the sample and an IoU of "
    f"{LEAST_IOU:g} or more of the classes concerned; where some say one thing and others another, the more of them. "
    f"Left out are pixels within the boundary’s width ({BOUNDARY:.0%} of the image’s diagonal) of others annotated as "
    "the class that is said, or said to be the annotated one. As large as usual: regions of that size or larger hold "
    f"{LARGE_ENOUGH:.0%} of the class’s annotated pixels. Ranked by the area beside that of a usual region, which with "
    f"larger ones holds {USUAL:.0%}, times the share of the versions that say so.",
    "width: Cheng et al., Boundary IoU, CVPR 2021; docs/data.md",
)
_PARTS_CORRECTED = Method(
    "What correcting annotations would change",
    "The versions are held against the corrected annotations: boxes at the same cut-offs, pixels counted anew. The "
    "least and the most are over all choices of samples to correct, each as a whole, exact for ratios of sums.",
    "Dinkelbach, Management Science 13:492, 1967",
)
_CARDS = Method(
    "Data or model?",
    "A property that knows nothing of the predictions by which failures were chosen: how much more frequent it is in "
    "the slice, times how much more often samples with it fail, there and elsewhere; of all samples how frequent it "
    "is, times that. It leans from 10%, 25% and 50% of the gap on, where the interval excludes nothing at all; and "
    "only if the slice fails more often than the rest, beyond chance. Of a change what is fixed counts against what "
    "breaks.",
    "attributable share: Levin, Acta Unio Int Contra Cancrum 9:531, 1953; docs/data.md",
)
_EQUAL = Method(
    "Copies",
    "Images with the same decoded pixels, texts that are the same but for case, blanks and punctuation, found by a "
    "hash of the content. Twins of twins are one family, of which one sample is kept.",
    "SHA-256: FIPS 180-4",
)
_NEAR = {
    "images": Method(
        "Nearly equal images",
        "Perceptual hashes (pHash, 64 bits) that differ in 4 bits or fewer, found without comparing all pairs, of "
        "images whose 8 × 8 grey pixels correlate by 0.99 or more. Of images that vary by less than 2 grey levels only "
        "equal ones are found.",
        "Zauner 2010; Norouzi, Punjani, Fleet, IEEE TPAMI 36:1107, 2014",
    ),
    "texts": Method(
        "Nearly equal texts",
        "Texts that share 80% or more of their pieces of five characters: candidates by MinHash, each then counted.",
        "Broder, SEQUENCES 1997",
    ),
    "vectors": Method(
        "Nearly equal vectors, and look-alikes",
        "By the cosine of the embedding's vectors, over all pairs: 0.98 or more is nearly equal; the ten nearest are a "
        "sample's look-alikes.",
        "exact, by blocks of a matrix product",
    ),
}


_LEAKS = Method(
    "Also in training",
    "Samples whose id a training table has with all else the same, or whose text or vector is the same as that of one "
    "of its rows, or nearly, by the rules for copies. Figures count them; what leaving them out changes is told.",
    "docs/data.md",
)


def _loss(what: str, right: str, wrong: str) -> Method:
    return Method(
        "Better and worse, sample by sample",
        f"What counts of a sample is the share of its {what} that is wrong: ({wrong}) ÷ (twice {right} + {wrong}), "
        "which is 1 less its own F1; 0 where there is nothing and nothing is said. F1, precision and recall of several "
        "samples are over the sums of these counts.",
        "Dice 1945; van Rijsbergen 1979",
    )


_LOSSES: Mapping[PartKind, Method] = {
    "label": _loss("labels, true and given,", "right", "left out + too many"),
    "object": _loss("objects and detections", "found", "missed + false"),
    "pixel": _loss("pixels, true and marked,", "found", "missed + false"),
}
_FOUND = Method(
    "Objects found, missed and false",
    "The surest detection comes first; each takes, of the objects of its class that it overlaps by 0.50 or more and "
    "that are still free, the one that it overlaps most. What is taken is found and the rest missed; a detection that "
    "takes none is false. Those on a crowd count for nothing.",
    "Lin et al., ECCV 2014",
)
_WRONG = Method(
    "What is wrong with a detection (error types)",
    "The first that fits: badly placed (it overlaps an object of its class by 0.1 to 0.5), wrong class (it overlaps "
    "one of another class by 0.5 or more), found twice (a surer detection has the object), on nothing (it overlaps "
    "none by 0.1), wrong class and place (the rest). Missed outright is an object that none finds, nor would if a "
    "wrong class or place were put right. Each is a share of the detections that count, so that they and precision "
    "add up to 100%; of objects missed outright, of the true objects.",
    "Bolya et al., ECCV 2020 (TIDE)",
)
_COSTS = Method(
    "What mending one type of error would give back",
    "The average precision at an overlap of 0.50 with all errors of one type put right, less what it is; over all "
    "detections, whatever the cut-off. A wrong class or place is put right where no other detection finds the object "
    "and no surer one would, else left out; the other wrong detections are left out, missed objects taken from the "
    "truth. Each type by itself: the gains don't add up. A class that is only detected counts 0. Intervals: bootstrap "
    "over samples (groups, where there are groups), its draws less the bias that they show.",
    "Bolya et al., ECCV 2020; tidecv 1.0.1",
)
_PLACED = Method(
    "How well found objects are placed",
    "The overlap of each found object with the detection that finds it. Shares and means are ratios of sums over "
    "samples (groups, where there are groups), whose objects go together. Two versions are compared over the objects "
    "that both find.",
    "Cochran 1977; overlaps as COCO has them",
)
_IOUS = Method(
    "The IoU of one sample",
    "Pixels that truth and prediction share ÷ all that either has, over all classes together: a pixel that is taken "
    "for another class counts twice, as missed and as false. Where neither has a pixel it is 1. Shares of samples by "
    "it, and the mean over those that two versions both scored, are of samples, which all count the same (as they "
    "weigh, where there are weights); groups are honoured.",
    "Wilson 1927; Cochran 1977",
)
_CHANGED = Method(
    "What changed between two versions, object by object",
    "Their detections are paired one to one: those that find the same object, then those that overlap each other by "
    f"{numbers.probability(SAME)} or more, of one class first. Newly missed and newly found are objects that one of "
    "them finds; label changed is a pair of two classes; newly false is a wrong detection that no wrong one is paired "
    "to; moved is an object that both find, with detections that overlap each other by less than "
    f"{numbers.probability(STILL)}. Newly found against newly missed is recall's paired difference and has its test; "
    "no longer false against newly false is tested as a paired difference per sample.",
    "this report's own; overlaps as COCO has them",
)
_OVERLAPS: Mapping[OverlapKind, Method] = {
    "box": Method(
        "How much two objects overlap",
        "The area that their boxes share ÷ the area that these cover together (IoU); of a crowd ÷ the area of the "
        "detection alone.",
        "Lin et al., ECCV 2014",
    ),
    "mask": Method(
        "How much two objects overlap",
        "The pixels that their masks share ÷ the pixels of either (IoU); of a crowd ÷ those of the detection alone. "
        "Small and large go by the pixels of masks, unless an object's area is annotated. Boxes count for nothing.",
        "Lin et al., ECCV 2014",
    ),
}
_AREAS = Method(
    "Intersection over union (IoU) and Dice",
    "Pixels are counted over all images, without those that the truth ignores: IoU is found ÷ (found + missed + "
    "false), Dice twice found ÷ (twice found + missed + false). Mean IoU is the mean of the classes' own. Pixels of "
    "one image are not independent of each other, so that n is of images, and intervals are over images.",
    "Jaccard 1912; Dice 1945; Everingham et al., IJCV 2015",
)
_BOUNDARIES = Method(
    "Boundary IoU",
    "IoU of those pixels of a mask that are within 2% of the image's diagonal (1 pixel at least) of its border, the "
    "image's own border included.",
    "Cheng et al., CVPR 2021",
)
_AVERAGED = Method(
    "Average precision (AP) and average recall (AR)",
    "As COCO has them, over all detections whatever the cut-off: overlaps from 0.50 to 0.95 by 0.05, precision at 101 "
    "recalls, at most 100 detections a class and image, the surest ones. Explore computes them of any selection, with "
    "the same draws.",
    "Lin et al., ECCV 2014; pycocotools",
)
_KINDS = Method(
    "Slices of objects",
    "Each true object that is no crowd is found or missed, and its image (or that one's group) is its group: intervals "
    "and tests take the objects of an image together. By annotated area, small is below 32 × 32 pixels and large from "
    f"96 × 96 on; an object is tall or wide where one side of its box is {WIDE:g} times the other or more; it overlaps "
    "another one where the boxes around both share some area, crowds included, and is close to it where the gap "
    f"between them is less than {NEAR:g} of its own size, the root of width × height; it is at the border of the "
    f"image up to {TOUCHES:g} pixel from it, and near it up to {NEAR:g} of its own size. Kinds by one attribute are a "
    "family of tests, and those by two another one.",
    "areas: Lin et al., ECCV 2014; after Hoiem, Chodpathumwan, Dai, ECCV 2012",
)


def _cutoffs(report: Report, cutoffs: Sequence[float]) -> Method:
    """From which score on the detections of each version count, and why."""
    if report.outcomes.threshold is not None:
        how = f"From {numbers.probability(report.outcomes.threshold)} on, as the manifest's threshold says."
    else:
        own = [f"{numbers.probability(cutoffs[v])} for {name}" for v, name in enumerate(report.outcomes.versions)]
        how = (
            "Each version's detections count from the score on at which its F1 is highest (at an overlap of 0.50, in "
            f"hundredths): {listed(own)}. Set threshold in the manifest to fix one for all."
        )
    how += " Explore moves it for all of them."
    return Method("The score from which a detection counts (cut-off)", how, "van Rijsbergen 1979")


def _of_parts(report: Report, parts: Parts) -> list[Method]:
    """The methods of a task whose samples consist of parts."""
    found = [_LOSSES[parts.kind]]
    if parts.kind == "pixel":
        found += [_AREAS, _BOUNDARIES, _IOUS]
    if parts.kind == "object":
        found += [
            _FOUND,
            _OVERLAPS[parts.overlap],
            *([_cutoffs(report, parts.cutoffs)] if parts.cutoffs else []),
            _AVERAGED,
        ]
        if parts.detections:
            found += [_WRONG, *([_CHANGED] if report.baseline is not None else [])]
        found += [_COSTS] if report.object_errors.height else []
        found += [_PLACED] if report.overlaps.height else []
        found += [_KINDS] if report.objects is not None else []
    return found


def used_methods(report: Report) -> tuple[Method, ...]:
    """The methods whose names stand in the report's tables, then those of the correction and the flips."""
    names: set[str] = set()
    for one in (report, report.objects):
        for table in () if one is None else (one.estimates, one.comparisons, one.weaknesses):
            names |= set(table["method"].drop_nulls().unique().to_list())
    names |= {one.method for one in report.unpaired}
    found = [method for key, method in _BY_NAME if any(key.lower() in name.lower() for name in names)]
    if any(family.n_tested for family in report.families):
        found.append(_CORRECTION)
    if any(one.split is not None for one in report.unpaired):
        found.append(_SPLIT)
    parts = report.outcomes.parts
    if parts is not None:
        found = [*_of_parts(report, parts), *found]
    elif report.flips.height:
        found.append(_FLIPS)
    if report.trace is not None and report.trace.p is not None:
        found.append(_COCHRAN)
    if report.power:
        found.append(_POWER)
    if report.coverage is not None:
        found.append(_COVERAGE)
    if report.sequences.height:
        found.append(_SEQUENCES)
    training = report.inspection.training
    if training is not None:
        found += [_DRIFT] if any(one.compared for one in training.tables) else []
        found += [_MIX] if any(one.pairs for one in training.tables) else []
        found += [_RATIO] if report.supports.height else []
    tables = (
        (report.confidence_bins, _RELIABILITY),
        (report.claims, _CLAIMS),
        (report.risks, _RISKS),
        (report.cutoffs, _CUTOFFS),
    )
    found += _of_data(report)
    return (*found, *(method for table, method in tables if table.height))


def _of_data(report: Report) -> list[Method]:
    """The methods of the Data page."""
    found: list[Method] = []
    labels = report.inspection.labels
    if labels is not None:
        found.append(_SUSPECT[labels.method])
        found += [_CORRECTED] if labels.effects["at_least"].count() else []
    for method, parts in ((_BOXES, report.inspection.boxes), (_REGIONS, report.inspection.regions)):
        if parts is not None:
            found += [method, *([_PARTS_CORRECTED] if parts.effects.height else [])]
    found += [_CARDS] if report.inspection.cards else []
    duplicates, training = report.inspection.duplicates, report.inspection.training
    if duplicates is not None:
        found += [_EQUAL, *(_NEAR[one.what] for one in duplicates.compared)]
    if training is not None and any(one.content or one.n_trained_on is not None for one in training.tables):
        found.append(_LEAKS)
    samples, attributes = report.inspection.samples, report.inspection.attributes
    if samples is not None:
        found.append(_ODD[samples.kind])
    if report.inspection.rates.height:
        found.append(_SETS)
    if attributes is not None and attributes.pairs:
        found.append(_TELLS)
    found += [_ACTED] if report.history is not None and report.history.acted else []
    return found
