"""Sums: what they hold, and that they merge as the samples do."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.stats.statistic import PairSums, Sums, group_pair, group_ratio, sum_pair, sum_ratio

N_KEYS = 4


@st.composite
def samples(draw, binary=None):
    """Rows of (key, group, weight, x0, w0, x1, w1), columns of one array each."""
    n = draw(st.integers(0, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    binary = draw(st.booleans()) if binary is None else binary
    w0, w1 = rng.integers(0, 2, n), rng.integers(0, 2, n)
    x0, x1 = (rng.integers(0, 2, n) * w0, rng.integers(0, 2, n) * w1) if binary else rng.normal(size=(2, n)) * [w0, w1]
    return {
        "keys": rng.integers(-1, N_KEYS, n),
        "group": rng.integers(0, 6, n),
        "weight": rng.uniform(0.1, 5, n),
        **{"x0": x0, "w0": w0, "x1": x1, "w1": w1},
    }


FLAVOURS = [(), ("group",), ("weight",), ("group", "weight")]


def pair_of(rows, flavour):
    """The pair sums of some rows, grouped and weighted as asked."""
    columns = (rows[name] for name in ("keys", "x0", "w0", "x1", "w1"))
    return sum_pair(*columns, N_KEYS, **{name: rows[name] for name in flavour})


def ratio_of(rows, flavour):
    """The baseline's sums of some rows."""
    return sum_ratio(rows["keys"], rows["x0"], rows["w0"], N_KEYS, **{name: rows[name] for name in flavour})


def take(rows, index):
    """The rows of an index or mask."""
    return {name: column[index] for name, column in rows.items()}


def assert_same(first, second, *, exact=False):
    """Both hold the same sums."""
    for field in fields(first):
        mine, theirs = getattr(first, field.name), getattr(second, field.name)
        if isinstance(mine, Sums):
            assert_same(mine, theirs, exact=exact)
        elif isinstance(mine, bool):
            assert mine == theirs
        else:
            np.testing.assert_allclose(mine, theirs, rtol=0 if exact else 1e-12, atol=0 if exact else 1e-12)


def test_counts_every_moment_by_hand():
    """Three samples of one key give the sums that one can do in the head; w = 0 contributes nothing."""
    sums = sum_ratio(np.array([0, 0, 0, 0]), np.array([2.0, 3.0, 9.0, 1.0]), np.array([1.0, 2.0, 0.0, 1.0]), 1)
    got = [sums.n, sums.units, sums.w, sums.x, sums.ww, sums.xw, sums.xx]
    assert [float(part[0]) for part in got] == [3, 3, 4, 6, 6, 9, 14]


def test_moments_are_over_groups():
    """Two groups of two samples each: the products are of group sums, n stays the number of samples."""
    sums = sum_ratio(np.zeros(4, int), np.array([1, 1, 0, 1]), np.ones(4, int), 1, group=np.array([7, 7, 3, 3]))
    got = [sums.n, sums.units, sums.w, sums.x, sums.ww, sums.xw, sums.xx]
    assert [float(part[0]) for part in got] == [4, 2, 4, 3, 8, 6, 5]
    assert sums.grouped


def test_weight_multiplies_x_and_w():
    """A weight enters both sums, once, and the products twice; n stays a count."""
    sums = sum_ratio(np.zeros(2, int), np.array([1, 0]), np.ones(2, int), 1, weight=np.array([3.0, 0.5]))
    assert (sums.n[0], sums.w[0], sums.x[0], sums.ww[0], sums.xx[0]) == (2, 3.5, 3.0, 9.25, 9.0)


@given(samples(binary=True))
def test_zeros_and_ones_take_the_same_sums_as_any_numbers(rows):
    """The short cut for 0/1 data gives what the general way gives."""
    floats = {**rows, "weight": np.ones(len(rows["keys"]))}
    short, long = pair_of(rows, ()), pair_of(floats, ("weight",))
    for name in ("xx", "xw", "wx", "ww", "n"):
        np.testing.assert_array_equal(getattr(short, name), getattr(long, name))
    for name in ("n", "units", "w", "x", "ww", "xw", "xx"):
        np.testing.assert_array_equal(getattr(short.candidate, name), getattr(long.candidate, name))


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(rows=samples(), seed=st.integers(0, 99))
def test_parts_add_up_to_the_whole(flavour, rows, seed):
    """Disjoint parts (of disjoint groups) merge to the sums of the whole, in any order and nesting."""
    part = np.random.default_rng(seed).integers(0, 3, 6)[rows["group"]]
    a, b, c = (pair_of(take(rows, part == k), flavour) for k in range(3))
    whole = pair_of(rows, flavour)
    for merged in ((a + b) + c, a + (b + c), c + a + b):
        assert_same(merged, whole)


@pytest.mark.parametrize("flavour", FLAVOURS)
@given(rows=samples(), seed=st.integers(0, 99))
def test_row_order_does_not_matter(flavour, rows, seed):
    """Shuffled rows give the same sums: exactly for 0/1 data, to 1e-12 otherwise."""
    order = np.random.default_rng(seed).permutation(len(rows["keys"]))
    exact = rows["x0"].dtype.kind == "i" and "weight" not in flavour
    assert_same(pair_of(take(rows, order), flavour), pair_of(rows, flavour), exact=exact)


@given(rows=samples(), seed=st.integers(0, 99))
def test_partial_group_sums_merge_where_a_group_straddles(rows, seed):
    """Partitions that cut through groups merge to the moments of the whole, for one version and for a pair."""
    cut = np.random.default_rng(seed).random(len(rows["keys"])) < 0.5

    def ratio(part):
        return group_ratio(part["keys"], part["x0"], part["w0"], N_KEYS, group=part["group"], weight=part["weight"])

    def pair(part):
        columns = (part[name] for name in ("keys", "x0", "w0", "x1", "w1"))
        return group_pair(*columns, N_KEYS, group=part["group"])

    parts = take(rows, cut), take(rows, ~cut)
    assert_same((ratio(parts[0]) + ratio(parts[1])).moments(), ratio_of(rows, ("group", "weight")))
    assert_same((pair(parts[0]) + pair(parts[1])).pair_moments(), pair_of(rows, ("group",)))


@given(samples())
def test_groups_of_one_are_samples(rows):
    """Where every sample is its own group, the moments are those without groups."""
    alone = {**rows, "group": np.arange(len(rows["keys"]))[::-1]}
    grouped, plain = pair_of(alone, ("group",)), pair_of(rows, ())
    for name in ("n", "units", "xx", "xw", "wx", "ww"):
        np.testing.assert_allclose(getattr(grouped, name), getattr(plain, name), atol=1e-12)
    for name in ("n", "units", "w", "x", "ww", "xw", "xx"):
        np.testing.assert_allclose(getattr(grouped.baseline, name), getattr(plain.baseline, name), atol=1e-12)


def test_many_cells_are_counted_like_few(monkeypatch):
    """The sorting way, for more cells than a dense table should hold, gives the dense way's sums."""
    rng = np.random.default_rng(0)
    keys, x, group = rng.integers(0, 9, 500), rng.normal(size=500), rng.integers(0, 40, 500)
    dense = sum_ratio(keys, x, np.ones(500), 9, group=group)
    monkeypatch.setattr("reportgen.stats.statistic.DENSE_CELLS", 1)
    assert_same(sum_ratio(keys, x, np.ones(500), 9, group=group), dense, exact=True)


def test_a_key_without_samples_has_zeros():
    """Keys that no sample has are there, with sums of 0."""
    sums = sum_ratio(np.array([2, -1]), np.array([1, 1]), np.array([1, 1]), 4)
    assert sums.n.tolist() == [0, 0, 1, 0]
    assert sums.x.tolist() == [0, 0, 1, 0]


def test_keys_of_several_parts_stand_one_after_another():
    """Concatenated sums hold the keys of all parts in order, pairs with their versions."""
    rng = np.random.default_rng(1)
    rows = {name: rng.integers(0, 2, 30) for name in ("keys", "x0", "w0", "x1", "w1")}
    whole = PairSums.concatenate([pair_of(rows, ()), pair_of(rows, ())])
    assert whole.n.tolist() == pair_of(rows, ()).n.tolist() * 2
    assert whole.candidate.x.tolist() == pair_of(rows, ()).candidate.x.tolist() * 2


def test_sums_of_other_kinds_do_not_merge():
    """Sums over groups and sums over samples refuse to be added."""
    one = np.ones(1, int)
    with pytest.raises(ValueError, match="grouped"):
        sum_ratio(one * 0, one, one, 1) + sum_ratio(one * 0, one, one, 1, group=one)
    with pytest.raises(ValueError, match="do not merge"):
        group_ratio(one * 0, one, one, 1, group=one) + group_ratio(one * 0, one, one, 2, group=one)
