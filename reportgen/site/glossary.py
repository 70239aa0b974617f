"""The words of the report in plain words."""

from __future__ import annotations

from reportgen import numbers
from reportgen.analysis.judged_words import words_of
from reportgen.report import Report
from reportgen.site import words

Entry = tuple[str, str]


def glossary(report: Report) -> tuple[Entry, ...]:
    """The terms that this report uses, in alphabetical order."""
    entries = [_interval(report), *_ALWAYS, *_metrics(report)]
    if report.baseline is not None:
        entries += [*_PAIR, *words_of(report.outcomes).glossary]
    if any(one.level > 1 for one in report.slices):
        entries.append(("×", "Both at once: night × rain are the samples taken at night and in the rain."))
    if report.coverage is not None:
        entries.append(("Coverage", "How many of all combinations of two attributes' values have samples enough."))
    if any(version.has_confidence for version in report.versions):
        entries.append(("Confidence", "How sure a version says it is of its prediction, from 0 to 1."))
        entries.append(("Cut-off", "How sure a version has to be of a class to say it."))
        entries.append(("Alarm", "A version says the class that is looked for; it is false where it is another."))
    if report.inspection.training is not None:
        entries += _TRAINING
    if report.release is not None:
        entries.append(("Gate", "A rule of the manifest that a candidate must keep to be released."))
    if report.pinned:
        entries.append(("Pinned set", "Samples that the manifest names and follows from report to report."))
    if report.inspection.sets:
        entries.append(("Elsewhere", "All samples that are not in the set that a check of the data found."))
    if report.inspection.duplicates is not None:
        entries.append(("Twins", "Samples with the same content, or nearly; twins of twins are one family."))
    entries += _suspects(report)
    if report.inspection.look_alikes is not None:
        entries.append(("Look-alikes", "The samples nearest to one by the embedding that the manifest names."))
    entries += _FRAMES if report.sequences.height else []
    if report.counts.n_groups is not None:
        entries.append(
            (
                "Group",
                "Samples that are alike because they come from one place: a person, a drive, a document. "
                "They count as less evidence than as many independent ones.",
            )
        )
    return tuple(sorted(dict(entries).items(), key=lambda entry: entry[0].casefold()))


_FRAMES: list[Entry] = [
    ("Gap", "Frames that seem to be missing between two, by the usual step of their sequence."),
    ("Sequence", "A video, a drive or a recording, whose frames are samples that follow each other."),
]


def _suspects(report: Report) -> list[Entry]:
    """What the candidates are that a report may have."""
    found = []
    if report.inspection.labels is not None:
        found.append(("Suspect label", "A label that the versions speak against; only who looks again knows."))
    if report.inspection.boxes is not None:
        found.append(("Suspect box", "An annotated box that the versions speak against, or one that is missing."))
    if report.inspection.regions is not None:
        found.append(
            ("Suspect region", "Connected pixels of an annotated mask that every version asked marks otherwise.")
        )
    return found


_ALWAYS: list[Entry] = [
    ("Attribute", "A column that tells kinds of samples apart, such as weather."),
    ("Beyond chance", "More than the luck of this test set explains: q below 0.05."),
    ("n", "How many samples a figure rests on."),
    ("p", f"{words.sentence(words.P)} Below 0.05 counts as beyond chance."),
    ("No clear change", "The data can't tell the difference from none. It may still be there: look at the interval."),
    ("q", f"The p of one of many slices, corrected for how many were looked at: {words.Q}."),
    ("Sample", "One thing that the versions were asked about: one row of the samples' file."),
    ("Slice", "The samples that have something in common: a value of an attribute, or of two."),
    ("Target", "What is true of a sample, as the file says."),
    ("Version", "One state of the model, with one prediction for each sample."),
]
_PAIR: list[Entry] = [
    ("Backward trust", "Of the samples that the baseline had right, the share that the candidate has right too."),
    ("Baseline", "The version that others are held against, usually the one in use."),
    ("Candidate", "The version that may take the baseline's place."),
    ("Points", "The difference of two percentages: from 90% to 92% is 2 points."),
]
_TRAINING: list[Entry] = [
    (
        "Drift",
        "The samples here are not the mix that a version was trained on: some values are more frequent, others rarer.",
    ),
    (
        "Population stability index",
        "How far two mixes of values lie apart: 0 where they are the same, above 0.1 it is worth a closer look. What "
        "chance alone gives is subtracted.",
    ),
    ("Prior shift", "Drift of what is to be told: classes are more or less frequent here than in training."),
    ("Training set", "The table of what a version was trained on, which the manifest names as trained_on."),
]


def _interval(report: Report) -> Entry:
    level = report.limits.level
    return f"{numbers.level(level)} interval", f"The range that the data leave open for a figure: {words.level(level)}."


def _metrics(report: Report) -> list[Entry]:
    return [(metric.label, words.sentence(metric.plain)) for metric in report.metrics]
