"""Is it one unlucky training? The card's gap in every training of the candidate."""

from __future__ import annotations

from reportgen.analysis.quality.cases import CHANCE, Background, Case, losses, unknown
from reportgen.analysis.quality.contrasts import Contrast, contrast, level_of
from reportgen.inspection.cards import Evidence
from reportgen.tasks.metric import Floats


def gap_of(case: Case, background: Background, loss: Floats | None = None) -> Contrast:
    """The loss here against elsewhere, over the samples that no version was trained on; of all samples against 0."""
    among = case.among & ~background.trained
    loss = case.loss if loss is None else loss
    if case.whole:
        return level_of(case.measure, loss, among, binary=case.binary)
    return contrast(case.measure, loss, among, case.inside, binary=case.binary)


def ask_trainings(case: Case, background: Background) -> Evidence:
    """Is it one unlucky training? The same gap for every training of the candidate."""
    question = "Is it one unlucky training run?"
    name = case.outcomes.versions[case.candidate]
    runs = case.measure.trainings[case.candidate]
    if len(runs) < 2:
        said = f"Only one training of {name} was given."
        why = f"Train {name} again with other seeds and name the files under runs."
        return unknown("trainings", question, said, why)
    found = [
        gap_of(case, background, losses(case.measure, case.mode, case.baseline, case.candidate, k, case.fault))
        for k in range(len(runs))
    ]
    more = sum(one.delta > 0 for one in found)
    sure = sum(one.known and one.delta > 0 and one.p < CHANCE for one in found)
    what = "It loses" if case.whole else "It fails more here than elsewhere"
    said = f"{what} in {more} of {len(runs)} trainings of {name}, in {sure} beyond chance."
    if more == len(runs):
        return Evidence("trainings", question, said, 0, "It comes back each time: not one unlucky run.", len(runs))
    if 2 * more <= len(runs):
        return Evidence("trainings", question, said, 1, "It mostly doesn't come back: chance of training.", len(runs))
    return unknown("trainings", question, said, "More trainings would tell whether it comes back.")
