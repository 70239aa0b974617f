"""Which labels go wrong together, against counting every sample by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analysis.label_errors import compare_label_errors, count_label_errors
from reportgen.analysis.measure import measure
from reportgen.model import Limits
from reportgen.stats.intervals import newcombe_paired, wilson
from tests.analysis.worlds import label

Tables = list[list[set[int]]]
K = 4


def flags(sets: list[set[int]]) -> np.ndarray:
    return np.array([[k in one for k in range(K)] for one in sets], bool).reshape(-1, K)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Tables, list[list[bool]]]:
    """The sets of labels of the truth and two versions, and which samples each version scored."""
    n = draw(st.integers(1, 25))
    sets = st.lists(st.sets(st.integers(0, K - 1)), min_size=n, max_size=n)
    known = st.lists(st.booleans(), min_size=n, max_size=n)
    return [draw(sets) for _ in range(3)], [draw(known) for _ in range(2)]


def by_hand(kind: str, wrong: int, beside: int, truth: list[set[int]], said: list[set[int]]) -> tuple[int, int, int]:
    """Samples that could have the error, that have it, and in which the label stands in place of the other."""
    n = bad = instead = 0
    for true, found in zip(truth, said, strict=True):
        if kind == "lost" and {wrong, beside} <= true:
            n += 1
            bad += beside in found and wrong not in found
        elif kind == "added" and beside in true and wrong not in true:
            n += 1
            bad += wrong in found
            instead += wrong in found and beside not in found
    return n, bad, instead


@settings(deadline=None, max_examples=25)
@given(worlds())
def test_levels_and_changes_are_those_counted_by_hand(world: tuple[Tables, list[list[bool]]]) -> None:
    (truth, *said), known = world
    outcomes = label(flags(truth), *map(flags, said), scored=[np.array(one) for one in known])
    measured = measure(outcomes, Limits(show=1, test=2, decide=5))
    levels = {
        (row["version"], row["kind"], row["label"], row["beside"]): row
        for row in count_label_errors(measured).iter_rows(named=True)
    }
    changes = {
        (row["kind"], row["label"], row["beside"]): row
        for row in compare_label_errors(measured, 0).iter_rows(named=True)
    }
    seen = set()
    compared = set()
    for kind in ("lost", "added"):
        for wrong in range(K):
            for beside in range(K):
                if wrong == beside:
                    continue
                key = (kind, "abcd"[wrong], "abcd"[beside])
                found = []
                for v in range(2):
                    rows = [i for i, there in enumerate(known[v]) if there]
                    found.append(by_hand(kind, wrong, beside, [truth[i] for i in rows], [said[v][i] for i in rows]))
                if any(bad for _, bad, _ in found):
                    seen |= {(f"v{v + 1}", *key) for v in range(2)}
                    for v, (n, bad, instead) in enumerate(found):
                        row = levels[f"v{v + 1}", *key]
                        assert (row["n"], row["n_wrong"], row["n_instead"]) == (n, bad, instead)
                        assert row["value"] == (pytest.approx(bad / n) if n else None)
                        if n:
                            assert (row["low"], row["high"]) == pytest.approx(tuple(map(float, wilson(bad, n))))
                both = [i for i in range(len(truth)) if known[0][i] and known[1][i]]
                cells = [[by_hand(kind, wrong, beside, [truth[i]], [one[i]])[:2] for i in both] for one in said]
                pairs = [(a[1], b[1]) for a, b in zip(*cells, strict=True) if a[0]]
                if any(a or b for a, b in pairs):
                    compared.add(key)
                    row = changes[key]
                    n11, n10, n01 = (pairs.count(one) for one in ((1, 1), (1, 0), (0, 1)))
                    delta, low, high = newcombe_paired(n11, n10, n01, len(pairs) - n11 - n10 - n01)
                    assert row["n"] == len(pairs)
                    assert (row["n_baseline"], row["n_candidate"]) == (n11 + n10, n11 + n01)
                    assert (row["delta"], row["low"], row["high"]) == pytest.approx(
                        tuple(map(float, (delta, low, high)))
                    )
    assert set(levels) == seen
    # where no sample that both scored has it, an error of one version may stand with 0 in both
    assert compared <= set(changes)
    assert all(changes[key]["n_baseline"] == changes[key]["n_candidate"] == 0 for key in set(changes) - compared)


def test_a_change_beyond_chance_is_told_and_samples_of_a_group_count_once() -> None:
    """v2 loses b beside a in 20 of 40 samples, v1 in none; the samples of two groups bear no verdict."""
    truth = [{0, 1}] * 40 + [{0}] * 40
    old, new = truth, [{0}] * 20 + truth[20:]
    tables = [flags(one) for one in (truth, old, new)]
    alone = compare_label_errors(measure(label(*tables), Limits()), 0)
    assert alone.select("kind", "label", "beside", "n", "n_baseline", "n_candidate", "verdict").rows() == [
        ("lost", "b", "a", 40, 0, 20, "worse")
    ]
    group = np.arange(80) % 2
    grouped = compare_label_errors(measure(label(*tables, group=group), Limits()), 0).row(0, named=True)
    assert (grouped["n"], grouped["n_groups"], grouped["verdict"]) == (40, 2, "too_few")
    weight = np.where(np.arange(80) < 20, 3.0, 1.0)
    weighted = compare_label_errors(measure(label(*tables, weight=weight), Limits()), 0).row(0, named=True)
    assert weighted["value_candidate"] == pytest.approx(60 / 80)


def test_without_sets_of_labels_there_is_nothing_to_tell() -> None:
    outcomes = label(flags([{0}]), flags([{0}]))
    assert count_label_errors(measure(outcomes, Limits())).is_empty()
    assert isinstance(compare_label_errors(measure(outcomes, Limits()), 0), pl.DataFrame)
