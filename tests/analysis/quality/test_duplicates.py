"""Copies and look-alikes: which samples are twins, what they tell, and what leaving copies out changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from reportgen import columns
from reportgen.analysis.measure import measure
from reportgen.analysis.quality.copies_left_out import measure_without_copies
from reportgen.analysis.quality.duplicates import MOST_PAIRS, find_duplicates
from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.inspect import inspect
from reportgen.inspection import Absent, Duplicates
from reportgen.inspection.looks import Looks
from reportgen.model import Limits, Media, Outcomes
from reportgen.tasks import classification, regression
from tests.analysis.worlds import classify, regress

N = 60
WORDS = ("lamp", "river", "stone", "cloud", "paper", "violet", "engine", "harbour", "winter", "copper")


def texts(n: int = N, seed: int = 5) -> list[str]:
    """Sentences of which no two are alike."""
    draw = np.random.default_rng(seed)
    return [" ".join(f"{WORDS[k]}{draw.integers(1000)}" for k in draw.integers(0, 10, 12)) for _ in range(n)]


def with_texts(outcomes: Outcomes, said: list[str]) -> Outcomes:
    """The world with texts as its media."""
    return replace(outcomes, samples=outcomes.samples.with_columns(text=pl.Series(said)), media=Media("text", "text"))


def with_targets(outcomes: Outcomes, codes: dict[int, int]) -> Outcomes:
    """The world with other targets in some rows."""
    target = outcomes.frame[columns.TARGET].to_numpy().copy()
    target[list(codes)] = list(codes.values())
    frame = outcomes.frame.with_columns(pl.Series(columns.TARGET, target))
    return replace(outcomes, frame=classification.outcomes(frame, len(outcomes.versions)))


def with_split(outcomes: Outcomes, parts: list[str | None]) -> Outcomes:
    """The world with a split."""
    return replace(outcomes, samples=outcomes.samples.with_columns(part=pl.Series(parts)), split="part")


def looks(n: int = N, seed: int = 6) -> Looks:
    """Images of which no two are alike."""
    draw = np.random.default_rng(seed)
    rich = np.full(n, 6.0)
    return Looks(
        np.full(n, "", np.str_),
        np.full(n, 64, np.int32),
        np.full(n, 64, np.int32),
        np.zeros(n, bool),
        *(rich.copy() for _ in range(5)),
        content=draw.integers(0, 256, (n, 32)).astype(np.uint8),
        phash=draw.integers(0, 2**63, n).astype(np.uint64),
        small=draw.integers(0, 256, (n, 64)).astype(np.uint8),
    )


def found(outcomes: Outcomes, given: Given | None = None) -> Duplicates:
    """The twins, where they can be looked for."""
    duplicates = find_duplicates(outcomes, given or Given())
    assert isinstance(duplicates, Duplicates)
    return duplicates


def rows_of(duplicates: Duplicates) -> dict[str, list[int]]:
    """The sets' rows by their keys."""
    return {one.key: sorted(one.rows.tolist()) for one in duplicates.sets}


def test_equal_texts_are_one_family_and_the_first_is_kept() -> None:
    """Case, blanks and punctuation do not tell texts apart; the others are exact copies."""
    said = texts()
    said[30], said[41] = f"  {said[7].upper()}!", said[7].replace(" ", ", ")
    outcomes = with_targets(with_texts(classify(N), said), {7: 0, 30: 0, 41: 0})

    duplicates = found(outcomes)

    assert duplicates.families["kind"].to_list() == ["exact"]
    assert duplicates.families["rows"].to_list() == [[7, 30, 41]]
    assert duplicates.families["ids"].to_list() == [["s000007", "s000030", "s000041"]]
    assert duplicates.families["likeness"].to_list() == [None]
    assert rows_of(duplicates) == {"exact-copies": [30, 41]}
    assert sorted(duplicates.copies.tolist()) == [30, 41]
    assert duplicates.sets[0].action == "exclude"


def test_twins_of_twins_are_one_family() -> None:
    """Each text is near to the next, the ends are not near to each other, and one of all is kept."""
    said = texts()
    words = said[10].split()
    said[20] = " ".join(["first", *words[1:]])
    said[33] = " ".join(["first", *words[1:-1], "last"])
    outcomes = with_targets(with_texts(classify(N), said), {10: 1, 20: 1, 33: 1})

    duplicates = found(outcomes)

    assert duplicates.families["rows"].to_list() == [[10, 20, 33]]
    assert duplicates.families["kind"].to_list() == ["near"]
    assert duplicates.n_pairs == 2
    assert 0.8 <= duplicates.families["likeness"][0] < 1
    assert rows_of(duplicates) == {"near-copies": [20, 33]}


def test_twins_across_splits_keep_the_one_that_was_trained_on() -> None:
    """The copy in the test split is the one to leave out, wherever it stands; both ends are shown."""
    said = texts()
    said[50], said[51] = said[3], said[4]
    parts: list[str | None] = ["test"] * 40 + ["train"] * 20
    parts[51] = None
    outcomes = with_targets(with_split(with_texts(classify(N), said), parts), {3: 0, 50: 0, 4: 0, 51: 0})

    duplicates = found(outcomes, Given(trained_splits=("train",)))

    assert duplicates.families["rows"].to_list() == [[50, 3], [4, 51]]
    assert duplicates.families["across_splits"].to_list() == [True, False]
    assert rows_of(duplicates) == {"exact-copies": [3, 51], "twins-across-splits": [3, 50]}


def test_twins_with_other_labels_come_before_others() -> None:
    """The family whose labels differ leads; its samples are a set of their own."""
    said = texts()
    said[12], said[25] = said[2], said[5]
    outcomes = with_targets(with_texts(classify(N), said), {2: 0, 12: 0, 5: 1, 25: 2})

    duplicates = found(outcomes)

    assert duplicates.families["rows"].to_list() == [[5, 25], [2, 12]]
    assert duplicates.families["other_labels"].to_list() == [True, False]
    assert rows_of(duplicates)["twins-with-other-labels"] == [5, 25]


def test_values_within_the_tolerance_are_no_other_labels() -> None:
    """Of twins of a regression only those further apart than the tolerance differ."""
    said = texts()
    said[12], said[25] = said[2], said[5]
    outcomes = with_texts(regress(N), said)
    target = outcomes.frame[columns.TARGET].to_numpy().copy()
    target[12], target[25] = target[2] + 0.9, target[5] + 1.1
    frame = outcomes.frame.with_columns(pl.Series(columns.TARGET, target))

    duplicates = found(replace(outcomes, frame=regression.outcomes(frame, 2, 1.0)))

    assert rows_of(duplicates)["twins-with-other-labels"] == [5, 25]


def test_likeness_within_a_group_is_expected() -> None:
    """Families of one group are told, come last, and are no copies; one that reaches into another group is."""
    said = texts()
    said[11], said[23] = said[1], said[3]
    outcomes = with_targets(with_texts(classify(N, groups=4), said), {1: 0, 11: 0, 3: 0, 23: 0})
    group = np.arange(N, dtype=np.int32) % 4
    group[[1, 11]] = 2
    group[[3, 23]] = 0, 1
    outcomes = replace(outcomes, frame=outcomes.frame.with_columns(pl.Series(columns.GROUP, group)))

    duplicates = found(outcomes)

    assert duplicates.families["rows"].to_list() == [[3, 23], [1, 11]]
    assert duplicates.families["within_group"].to_list() == [False, True]
    assert rows_of(duplicates) == {"exact-copies": [23]}


def in_sequences(outcomes: Outcomes, members: dict[str, list[int]]) -> Outcomes:
    """The world with some of its samples as frames of sequences, each a group; all others are stills."""
    n = outcomes.frame.height
    sequence = np.full(n, -1, np.int32)
    frame = np.full(n, np.nan)
    for code, rows in enumerate(members.values()):
        sequence[rows], frame[rows] = code, np.arange(len(rows))
    group = np.where(sequence >= 0, sequence, len(members) + np.arange(n)).astype(np.int32)
    added = [pl.Series(columns.GROUP, group), pl.Series(columns.SEQUENCE, sequence), pl.Series(columns.FRAME, frame)]
    return replace(outcomes, frame=outcomes.frame.with_columns(added), sequence_names=tuple(members))


def test_frames_of_one_sequence_are_expected_to_be_alike() -> None:
    """Of a family over two sequences the first one's frames are kept, the other's are copies; the pair tells both."""
    said = texts()
    for copy, of in ((11, 1), (12, 1), (22, 2), (23, 2), (40, 2), (41, 2), (50, 3)):
        said[copy] = said[of]
    outcomes = with_targets(with_texts(classify(N, groups=4), said), dict.fromkeys(range(N), 0))
    outcomes = in_sequences(outcomes, {"a": [1, 11, 12], "b": [2, 22, 23], "c": [40, 41]})

    duplicates = found(outcomes)

    assert duplicates.families["rows"].to_list() == [[2, 22, 23, 40, 41], [3, 50], [1, 11, 12]]
    assert duplicates.families["within_group"].to_list() == [False, False, True]
    assert duplicates.families.select("first", "second").rows()[0] == (2, 40)
    assert rows_of(duplicates) == {"exact-copies": [40, 41, 50]}
    assert sorted(duplicates.copies) == [40, 41, 50]


def test_a_sequence_in_two_splits_is_a_leak() -> None:
    """Its frames of the other split are copies, for what was trained on one is tested on the other."""
    said = texts()
    said[11], said[12] = said[1], said[1]
    outcomes = with_targets(with_texts(classify(N, groups=4), said), dict.fromkeys(range(N), 0))
    outcomes = in_sequences(outcomes, {"a": [1, 11, 12]})
    outcomes = with_split(outcomes, ["train" if row in {1, 11} else "test" for row in range(N)])

    duplicates = found(outcomes)

    assert duplicates.families["across_splits"].to_list() == [True]
    assert rows_of(duplicates) == {"exact-copies": [12], "twins-across-splits": [1, 11, 12]}


def test_labels_may_change_from_frame_to_frame() -> None:
    """Nearly the same frames of one sequence with other labels are no doubt of them; equal ones, or stills, are."""
    seen = looks()
    for rows, hash_ in (([5, 6], 7), ([20, 21], 1 << 20)):
        seen.phash[rows] = hash_
        seen.phash[rows[1]] ^= np.uint64(0b11)
        seen.small[rows[1]] = seen.small[rows[0]] // 2 + 40
    seen.content[[30, 31]] = seen.content[30]
    outcomes = with_targets(classify(N), {5: 0, 6: 1, 20: 0, 21: 1, 30: 0, 31: 1})
    outcomes = in_sequences(outcomes, {"a": [5, 6], "b": [30, 31]})

    duplicates = found(outcomes, Given(looks=seen))

    assert rows_of(duplicates)["twins-with-other-labels"] == [20, 21, 30, 31]


def test_a_camera_that_stands_still_hides_no_twins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the frames of a sequence make too many pairs, twins across sequences are found all the same."""
    monkeypatch.setattr("reportgen.analysis.quality.duplicates.MOST_PAIRS", 10)
    seen = looks()
    still = np.arange(10)
    seen.phash[still] = 1 << np.arange(2, 12).astype(np.uint64)
    seen.phash[20] = 0b1
    seen.small[[*still, 20]] = seen.small[0]
    outcomes = with_targets(classify(N), dict.fromkeys(range(N), 0))

    everything = found(outcomes, Given(looks=seen))
    framed = found(in_sequences(outcomes, {"still": list(still), "other": [20, 21]}), Given(looks=seen))

    assert everything.compared[0].untold
    assert not framed.compared[0].untold
    assert rows_of(framed) == {"near-copies": [20]}


def test_near_images_have_near_hashes_and_alike_pixels() -> None:
    """Brightness does not matter; other pixels under a near hash do, and a hash that differs in five bits."""
    seen = looks()
    seen.phash[[5, 9, 20, 30]] = 7
    seen.phash[9] ^= np.uint64(0b1111)
    seen.phash[30] ^= np.uint64(0b11111 << 10)
    seen.small[[9, 30]] = seen.small[5] // 2 + 40
    outcomes = with_targets(classify(N), dict.fromkeys([5, 9], 0))

    duplicates = found(outcomes, Given(looks=seen))

    assert duplicates.families.select("rows", "how", "likeness").rows() == [([5, 9], "hash", 4)]
    assert rows_of(duplicates) == {"near-copies": [9]}


def test_plain_images_are_twins_only_where_their_pixels_are_equal() -> None:
    """Their hashes hang on rounding, and what is left of them correlates by chance."""
    seen = looks()
    seen.phash[[20, 21, 22, 23]] = 7
    seen.small[[20, 21, 22, 23]] = np.arange(64) % 4 + 100
    seen.content[22] = seen.content[21]
    outcomes = with_targets(classify(N), dict.fromkeys([21, 22], 0))

    duplicates = found(outcomes, Given(looks=seen))

    assert duplicates.families.select("rows", "how", "likeness").rows() == [([21, 22], "pixels", None)]
    assert duplicates.compared[0].n_plain == 4
    assert rows_of(duplicates) == {"exact-copies": [22]}


@pytest.mark.parametrize("most", [MOST_PAIRS, 3])
def test_images_of_one_hash_are_compared_with_each_other(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All pairs of them, or, where those are too many, each with the first one."""
    monkeypatch.setattr("reportgen.analysis.quality.duplicates.MOST_PAIRS", most)
    seen = looks()
    seen.phash[[5, 9, 20, 31]] = 7
    seen.phash[[40, 41]] = 6
    seen.small[[9, 40]] = seen.small[5]
    seen.small[31] = seen.small[20]

    families = found(classify(N), Given(looks=seen)).families["rows"].to_list()

    assert sorted(families) == ([[5, 9, 40], [20, 31]] if most > 3 else [[5, 9, 40]])


def test_images_that_could_not_be_read_are_nobodys_twin() -> None:
    """What is void in ``Looks`` is equal everywhere, and is not compared."""
    seen = looks()
    seen.reasons[[4, 5]] = "x"
    seen.content[[4, 5]] = 0
    seen.phash[[4, 5]] = 0

    duplicates = found(classify(N), Given(looks=seen))

    assert duplicates.families.height == 0
    assert duplicates.compared[0].n == N - 2


def test_near_vectors_are_twins_and_samples_without_one_are_not() -> None:
    """A cosine of 0.98 or more; equal vectors have a likeness of 1; of two ways to be alike the media's one counts."""
    draw = np.random.default_rng(8)
    vectors = draw.normal(size=(N, 12)).astype(np.float32)
    vectors[30], vectors[31] = vectors[2] * 3 + 0.01, vectors[3]
    vectors[[40, 41]] = np.nan
    said = texts()
    said[31] = said[3]
    outcomes = with_targets(with_texts(classify(N), said), dict.fromkeys([2, 3, 30, 31], 0))

    alone = found(replace(outcomes, media=Media("none")), Given(vectors=vectors))
    both = found(outcomes, Given(vectors=vectors))

    assert alone.families["rows"].to_list() == [[3, 31], [2, 30]]
    assert alone.families["kind"].to_list() == ["near", "near"]
    assert alone.families["likeness"][0] == 1
    assert 0.98 <= alone.families["likeness"][1] < 1
    assert alone.compared[0].n == N - 2
    assert both.families["how"].to_list() == ["text", "vectors"]


def test_vectors_that_all_lie_close_tell_nothing_apart() -> None:
    """Where near vectors chain through more than a tenth of all samples, only equal ones are twins."""
    draw = np.random.default_rng(9)
    vectors = (1 + 0.01 * draw.normal(size=(400, 12))).astype(np.float32)
    vectors[7] = vectors[6]

    duplicates = found(with_targets(classify(400), {6: 0, 7: 0}), Given(vectors=vectors))

    assert duplicates.compared[0].untold
    assert duplicates.families["rows"].to_list() == [[6, 7]]


def test_what_cannot_be_compared_and_what_has_no_twins() -> None:
    """Without media and vectors it is absent, with a reason; with texts of which no two are alike there is nothing."""
    nothing = found(with_texts(classify(N), texts()))

    assert isinstance(find_duplicates(classify(N), Given()), Absent)
    assert nothing.families.schema == columns.TWIN_FAMILIES
    assert (nothing.families.height, len(nothing.copies), nothing.sets) == (0, 0, ())


@pytest.mark.parametrize("weights", [False, True])
def test_effects_are_those_of_the_samples_that_stay(weights: bool) -> None:
    """Each figure, and the change over samples that both versions scored, as computed from the rows that are kept."""
    said = texts(400)
    said[200:260] = said[:60]
    outcomes = with_texts(classify(400, weights=weights), said)
    outcomes = replace(outcomes, frame=outcomes.frame.with_columns(scored_0=np.arange(400) != 300))
    duplicates = found(outcomes)
    metrics = [one for one in classification.METRICS if one.name in {"accuracy", "recall", "macro_f1"}]

    effects = measure_without_copies(measure(outcomes, Limits()), duplicates.copies, metrics, 0, 1)

    stays = ~np.isin(np.arange(400), duplicates.copies)
    weight = outcomes.frame[columns.WEIGHT].to_numpy() if weights else np.ones(400)
    scored = [outcomes.frame[columns.scored(v)].to_numpy() for v in (0, 1)]
    right = [outcomes.frame[columns.correct(v)].to_numpy() == 1 for v in (0, 1)]
    target = outcomes.frame[columns.TARGET].to_numpy()

    def share(v: int, rows: np.ndarray) -> float:
        return float(np.average(right[v][rows], weights=weight[rows]))

    own = effects.filter(pl.col("metric") == "accuracy")
    assert len(duplicates.copies) == 60
    for v, row in enumerate(own.filter(pl.col("version").is_not_null()).iter_rows(named=True)):
        assert row["value"] == pytest.approx(share(v, scored[v]))
        assert row["without"] == pytest.approx(share(v, scored[v] & stays))
        assert (row["n"], row["n_left_out"]) == (scored[v].sum(), 60)
    (change,) = own.filter(pl.col("version").is_null()).iter_rows(named=True)
    both = scored[0] & scored[1]
    assert change["value"] == pytest.approx(share(1, both) - share(0, both))
    assert change["without"] == pytest.approx(share(1, both & stays) - share(0, both & stays))
    assert change["n"] == 399
    (recall,) = effects.filter(
        (pl.col("metric") == "recall") & (pl.col("class") == "cyclist") & (pl.col("version") == "v2")
    ).iter_rows(named=True)
    assert recall["without"] == pytest.approx(share(1, stays & (target == 1)))
    assert effects.filter(pl.col("metric") == "macro_f1")["without"].is_not_null().all()


def test_look_alikes_speak_for_the_suggestion() -> None:
    """Samples lie by their true class: most neighbours of a wrong label have the suggested one."""
    outcomes = classify(600, confidence=False)
    true = outcomes.frame[columns.TARGET].to_numpy()
    draw = np.random.default_rng(4)
    vectors = (np.eye(3)[true] * 5 + draw.normal(size=(600, 3))).astype(np.float32)
    vectors[11] = np.nan
    label = true.copy()
    label[[3, 11, 40]] = (true[[3, 11, 40]] + 1) % 3
    said = {columns.prediction(v): true for v in (0, 1)}
    frame = outcomes.frame.with_columns(pl.Series(columns.TARGET, label), *(pl.Series(k, v) for k, v in said.items()))

    inspection = inspect(replace(outcomes, frame=classification.outcomes(frame, 2)), Given(vectors=vectors))

    labels, near = inspection.labels, inspection.look_alikes
    assert labels is not None
    assert near is not None
    counted = {
        row: (n_for, n)
        for row, n_for, n in labels.candidates.select("row", "look_alikes_for", "n_look_alikes").iter_rows()
    }
    assert near.rows.shape == (600, 10)
    assert set(counted) == {3, 11, 40}
    assert counted[11] == (None, None)
    for row in (3, 40):
        assert counted[row] == ((label[near.rows[row]] == true[row]).sum(), 10)
        assert counted[row][0] >= 8
