"""Data or model? leans the right way in planted worlds, and no way where failures have nothing to do with the slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.card_copies import ask_copies
from reportgen.analysis.quality.card_labels import ask_labels
from reportgen.analysis.quality.card_training import ask_seen
from reportgen.analysis.quality.cards import ask_all, make_card, make_cards
from reportgen.analysis.quality.cases import Background, Case, Mode, losses
from reportgen.analysis.quality.contrasts import account, contrast
from reportgen.analysis.quality.faults import Fault
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.support import code_tables
from reportgen.inspection import Inspection, SampleSet
from reportgen.inspection.training import IN_TRAINING
from reportgen.model import Limits, Slice, Term
from reportgen.report import Report
from tests.analysis.worlds import analyse, classify, regress
from tests.benchmarks.card_worlds import WORLDS, foggy, foggy_case, leans, report_of, write_world

ROWS = {"seen", "rarer", "drift", "labels", "others", "look_alikes", "problems", "copies", "repeats", "trainings"}
N_SHUFFLES = 100


@dataclass(frozen=True, eq=False)
class World:
    """A planted world's report, and its foggy slice as a case of what the newest version broke."""

    report: Report
    case: Case
    background: Background


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], World]:
    """A world by name, built once."""
    built: dict[str, World] = {}

    def get(name: str) -> World:
        if name not in built:
            manifest = write_world(tmp_path_factory.mktemp(name), name, seed=0)
            report = report_of(manifest)
            built[name] = World(report, *foggy_case(report, manifest, "change"))
        return built[name]

    return get


@pytest.mark.parametrize(
    ("name", "data", "model"),
    [
        ("mislabelled", {"labels", "look_alikes"}, {"problems", "rarer", "drift", "repeats"}),
        ("under-seen", {"seen", "rarer"}, {"labels", "problems", "repeats"}),
        ("corrupted", {"problems"}, {"labels", "rarer", "drift"}),
        ("model", set(), {"seen", "rarer", "drift", "labels", "problems", "repeats"}),
        ("leaked", {"copies"}, {"labels", "problems", "drift"}),
        ("drifted", {"drift", "seen", "rarer"}, {"labels", "problems", "repeats"}),
        ("repeated", {"repeats"}, {"labels", "problems", "drift"}),
        ("nothing", set(), set()),
    ],
)
def test_it_leans_the_way_of_the_planted_cause(
    world: Callable[[str], World], name: str, data: set[str], model: set[str]
) -> None:
    """The rows about the cause lean towards it, and none about another cause in the data does."""
    card = foggy(world(name).report)

    assert card is not None
    assert card.stands
    found = leans(card.rows)
    towards = {key for key, lean in found.items() if lean is not None and lean < 0}
    assert data <= towards <= data | {"others"}
    assert model <= {key for key, lean in found.items() if lean is not None and lean > 0}
    assert set(found) <= ROWS
    assert len(card.settle) > 20


def test_without_evidence_nothing_can_be_told(world: Callable[[str], World]) -> None:
    """No images, no training table, no embeddings, two versions, one training: every row says what would tell."""
    card = foggy(world("nothing").report)

    assert card is not None
    assert set(leans(card.rows).values()) == {None}
    assert all(row.rule.endswith(".") and len(row.rule) > 20 for row in card.rows)


def test_samples_that_a_training_table_has_too_are_copies(world: Callable[[str], World]) -> None:
    """The row counts them as it counts copies in another split, wherever a table was searched by ids or content."""
    case, background = world("model").case, world("model").background
    training = background.inspection.training
    assert training is not None
    elsewhere = np.flatnonzero(~case.inside)[::2]
    leaked = SampleSet(IN_TRAINING, "also in training", "training", "A rule.", elsewhere, "exclude")
    tables = tuple(replace(one, n_trained_on=len(elsewhere)) for one in training.tables)
    inspection = replace(
        background.inspection, training=replace(training, tables=tables, sets=(leaked,)), duplicates=None
    )
    (row,) = ask_copies(case, replace(background, inspection=inspection))

    assert (row.key, row.question) == ("copies", "Were copies of them in training?")
    assert row.said.startswith("0% of the ")
    assert "with a copy in training, 5" in row.said


def test_a_training_table_without_the_column_says_so(world: Callable[[str], World]) -> None:
    """The table is there: what lacks is its column, and that is what the row says."""
    case, background = world("model").case, world("model").background
    training = background.inspection.training
    assert training is not None
    name = case.slice.terms[0].attribute
    tables = tuple(replace(one, lacking=(name,)) for one in training.tables)
    inspection = replace(background.inspection, training=replace(training, tables=tables))
    row = ask_seen(case, replace(background, inspection=inspection, supports=background.supports.clear()))

    version = case.outcomes.versions[case.candidate]
    assert row.lean is None
    assert row.said == f"{version}'s training table has no column {name}: how many it has isn't known."


@pytest.mark.parametrize("name", [name for name in WORLDS if name != "nothing"])
def test_failures_that_have_nothing_to_do_with_the_slice_lean_no_way(world: Callable[[str], World], name: str) -> None:
    """Failures dealt anew among all samples: whatever is wrong with the slice's data explains nothing of them."""
    case, background = world(name).case, world(name).background
    rng = np.random.default_rng(7)
    n_leaning = 0
    for _ in range(N_SHUFFLES):
        card = make_card(replace(case, loss=rng.permutation(case.loss)), background)
        n_leaning += any(row.lean for row in card.rows)

    assert n_leaning <= 7  # 2.5 are expected: the slice fails more often by chance


@pytest.mark.parametrize("name", ["mislabelled", "corrupted", "leaked", "drifted", "repeated"])
def test_no_row_leans_by_itself_where_failures_are_dealt_anew(world: Callable[[str], World], name: str) -> None:
    """By each row's own rule alone, though a third of the slice's labels, or half of its images, are bad."""
    case, background = world(name).case, world(name).background
    rng = np.random.default_rng(8)
    towards: Counter[str] = Counter()
    for _ in range(N_SHUFFLES):
        rows = ask_all(replace(case, loss=rng.permutation(case.loss)), background)
        towards.update(row.key for row in rows if row.lean is not None and row.lean < 0)

    assert {key for key, n in towards.items() if n > 7} <= {"seen", "rarer"}  # these know nothing of failures


@pytest.mark.parametrize(
    ("name", "mode", "fault"),
    [
        ("mislabelled", "weak", Fault()),
        ("corrupted", "weak", Fault("claim")),
        ("leaked", "change", Fault("taken", 1)),
    ],
)
def test_no_row_leans_by_itself_whatever_it_is_to_fail(
    world: Callable[[str], World], name: str, mode: Mode, fault: Fault
) -> None:
    """Weak, too sure, taken for another: dealt anew among those that can fail so, they have nothing to do with it."""
    case, background = world(name).case, world(name).background
    loss = losses(case.measure, mode, case.baseline, case.candidate, fault=fault)
    case = replace(case, mode=mode, fault=fault, loss=loss)
    rows, rng = np.flatnonzero(case.among), np.random.default_rng(9)
    towards: Counter[str] = Counter()
    for _ in range(N_SHUFFLES // 2):
        dealt = loss.copy()
        dealt[rows] = loss[rng.permutation(rows)]
        towards.update(row.key for row in ask_all(replace(case, loss=dealt), background) if (row.lean or 0) < 0)

    assert {key for key, n in towards.items() if n > 5} <= {"seen", "rarer"}


def test_the_whole_is_held_against_nothing(world: Callable[[str], World]) -> None:
    """Its loss is what is to be explained; rows that need an elsewhere are left out, doubts in labels lean little."""
    case, background = world("mislabelled").case, world("mislabelled").background
    whole = Slice("all", (), "all", case.outcomes.frame.height)
    fault = Fault("sure")
    loss = losses(case.measure, "weak", None, case.candidate, fault=fault)
    case = replace(case, slice=whole, inside=np.ones_like(case.inside), mode="weak", fault=fault, loss=loss)
    card = make_card(case, background)
    found = leans(card.rows)
    rng = np.random.default_rng(10)
    dealt = [ask_all(replace(case, loss=rng.permutation(loss)), background) for _ in range(N_SHUFFLES // 2)]
    towards = Counter(row.key for rows in dealt for row in rows if (row.lean or 0) < 0)

    assert card.delta == pytest.approx(loss.mean())
    assert card.n == case.outcomes.frame.height
    assert "seen" not in found
    assert "rarer" not in found
    assert found["labels"] in (None, 0, -1)
    assert max(towards.values(), default=0) <= 5


def test_one_class_taken_for_another_is_held_against_the_others() -> None:
    """A confusion's card: inside are the samples of that label, and none of the class itself is among the others."""
    outcomes = classify(3000, loss=0.0, gain=0.0)
    said = outcomes.frame["prediction_0"].to_numpy().copy()
    target = outcomes.frame["target"].to_numpy()
    rng = np.random.default_rng(5)
    car, cyclist, bus = 0, 1, 2
    taken = (target == car) & (rng.random(len(target)) < 0.3)
    said[taken] = cyclist
    frame = outcomes.frame.with_columns(
        pl.Series("prediction_1", said), pl.Series("correct_1", (said == target).astype(np.int8))
    )
    world = analyse(replace(outcomes, frame=frame))
    findings = derive_findings(world.facts)
    place = next(k for k, one in enumerate(findings, 1) if one.kind == "confusion")
    tables = code_tables(world.measure.outcomes, Given())
    nothing = Background(Inspection(), columns.SUPPORTS.to_frame(), np.zeros(len(target), bool), tables)
    cards, without = make_cards(world.measure, world.facts, findings, nothing)
    card = next(one for one in cards if one.finding == place)
    old = outcomes.frame["prediction_0"].to_numpy()
    more = (said == cyclist).astype(float) - (old == cyclist)

    assert card.slice == "label=car"
    assert card.fails == "that v2 calls cyclist"
    assert card.n == int((target == car).sum())
    assert card.n_failed == int(((target == car) & (said == cyclist)).sum())
    assert card.delta == pytest.approx(more[target == car].mean() - more[target == bus].mean())
    assert card.stands
    assert {one.finding for one in cards} | {one.finding for one in without} == set(range(1, len(findings) + 1))
    assert all(one.why.endswith(".") for one in without)


def test_values_that_all_others_contradict() -> None:
    """A fifth of a district's values are wrong: two versions with no part in the choice say so, and the card leans."""
    outcomes = regress(1500, n_versions=3, grow=0.0)
    rng = np.random.default_rng(6)
    inside = outcomes.samples["district"].eq("harbour").to_numpy()
    wrong = inside & (rng.random(len(inside)) < 0.2)
    target = outcomes.frame["target"].to_numpy() + np.where(wrong, 12.0, 0.0)
    said = [outcomes.frame[f"prediction_{v}"].to_numpy() for v in range(3)]
    frame = outcomes.frame.with_columns(
        pl.Series("target", target), *(pl.Series(f"loss_{v}", np.abs(one - target)) for v, one in enumerate(said))
    )
    frame = frame.with_columns(
        *(pl.Series(f"correct_{v}", (np.abs(one - target) <= 1.0).astype(np.int8)) for v, one in enumerate(said))
    )
    outcomes = replace(outcomes, frame=frame)
    measured = measure(outcomes, Limits(), [])
    one = Slice("district=harbour", (Term("district", "=", "harbour"),), "attribute", int(inside.sum()))
    case = Case(measured, 1, one, inside, "weak", None, 2, losses(measured, "weak", None, 2))
    tables = code_tables(outcomes, Given())
    background = Background(Inspection(), columns.SUPPORTS.to_frame(), np.zeros(len(inside), bool), tables)
    card = make_card(case, background)
    row = next(row for row in card.rows if row.key == "labels")
    towards = sum(
        (ask_labels(replace(case, loss=rng.permutation(case.loss)), background).lean or 0) < 0
        for _ in range(N_SHUFFLES)
    )

    assert card.stands
    assert row.lean == -1  # versions alone: slightly at most
    assert row.said.startswith(
        f"{wrong.sum() / inside.sum():.1%} of the {inside.sum()} here are samples whose value v1 and v2 contradict, "
        "0% elsewhere."
    )
    assert "values" in row.question
    assert row.value == pytest.approx(1, abs=0.25)
    assert towards <= 7
    assert ask_labels(replace(case, mode="change", baseline=1), background).lean is None  # one version can err alike


def test_a_contrast_is_the_difference_of_two_shares(world: Callable[[str], World]) -> None:
    """Over the samples that count, by hand."""
    case = world("model").case
    found = contrast(case.measure, case.loss, case.among, case.inside, binary=False)
    here, there = case.loss[case.inside], case.loss[~case.inside]

    assert found.value == pytest.approx(here.mean())
    assert found.rest == pytest.approx(there.mean())
    assert found.delta == pytest.approx(here.mean() - there.mean())
    assert (found.n, found.n_rest) == (len(here), len(there))
    assert found.low < found.delta < found.high


def test_an_account_is_frequency_times_harm(world: Callable[[str], World]) -> None:
    """All of the difference, where only samples with the property fail and they do so everywhere alike."""
    case = world("model").case
    rng = np.random.default_rng(3)
    has = rng.random(len(case.loss)) < np.where(case.inside, 0.6, 0.1)
    loss = (has & (rng.random(len(has)) < 0.5)).astype(np.float64)
    found = account(case.measure, loss, case.among, case.inside, has)
    nothing = account(case.measure, loss, case.among, case.inside, np.zeros(len(has), bool))

    assert found is not None
    assert found.points == pytest.approx(found.frequency.delta * found.harm)
    assert found.harm == pytest.approx(0.5, abs=0.1)
    assert found.share_low < 1 < found.share_high
    assert found.share == pytest.approx(1, abs=0.15)
    assert nothing is None


def test_groups_and_weights_count_in_a_contrast() -> None:
    """The shares are weighted, and with groups the interval is another than that of independent samples."""
    outcomes = classify(1500, groups=60, weights=True)
    grouped = measure(outcomes, Limits(), [])
    plain = replace(grouped, group=None, weight=None)
    x = (grouped.sides[1].correct == 0).astype(np.float64)
    among, marked = np.ones(len(x), bool), outcomes.samples["weather"].eq("rain").to_numpy()
    weight = outcomes.frame["weight"].to_numpy()

    found, simple = contrast(grouped, x, among, marked), contrast(plain, x, among, marked)

    assert found.value == pytest.approx(np.average(x[marked], weights=weight[marked]))
    assert found.rest == pytest.approx(np.average(x[~marked], weights=weight[~marked]))
    assert simple.value == pytest.approx(x[marked].mean())
    assert found.high - found.low != pytest.approx(simple.high - simple.low, rel=1e-6)
