"""Near texts: every pair has the Jaccard that it is said to have, and of those that have it hardly one is missed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.stats.near_texts import LEAST, PIECE, near_texts, normalise
from reportgen.stats.pairs import Pairs


def sentences(seed, n, words=12):
    """Sentences of made-up words."""
    rng = np.random.default_rng(seed)
    names = ["".join(chr(97 + c) for c in rng.integers(0, 26, rng.integers(2, 9))) for _ in range(500)]
    return [" ".join(names[k] for k in rng.integers(0, 500, words)) for _ in range(n)]


def edited(texts, seed):
    """Each text with some of its characters changed."""
    rng = np.random.default_rng(seed)
    found = []
    for text in texts:
        characters = list(text)
        for at in rng.integers(0, len(text), rng.integers(0, 5)):
            characters[at] = "#"
        found.append("".join(characters))
    return found


def jaccard(first, second):
    """The share of the pieces in either text that are in both; 0 where neither has any."""
    one, other = ({text[i : i + PIECE] for i in range(len(text) - PIECE + 1)} for text in (first, second))
    return len(one & other) / len(one | other) if one | other else 0.0


def found(texts):
    """The near pairs with their Jaccard."""
    pairs = Pairs.collect(near_texts(texts))
    ends = zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    return dict(zip(ends, pairs.likeness.tolist(), strict=True))


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 9999), n=st.integers(0, 60))
def test_pairs_across_are_those_of_all_that_lie_across(seed, n):
    """Of one of the first with one of the others, and no other pair."""
    plain = sentences(seed, 30)
    texts = list(dict.fromkeys([*plain, *edited(plain, seed)]))
    across = Pairs.collect(near_texts(texts, n_first=n))
    ends = zip(across.first.tolist(), across.second.tolist(), strict=True)

    assert set(ends) == {(i, j) for i, j in found(texts) if i < n <= j}


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 9999))
def test_pairs_are_those_of_comparing_all_with_all(seed):
    """No pair is false, each Jaccard is exact; the pairs that the bands miss lie at the edge."""
    plain = sentences(seed, 40)
    texts = list(dict.fromkeys([*plain, *edited(plain, seed)]))
    near = found(texts)
    true = {
        (i, j): value
        for i in range(len(texts))
        for j in range(i + 1, len(texts))
        if (value := jaccard(texts[i], texts[j])) >= LEAST
    }

    assert near.keys() <= true.keys()
    assert all(near[pair] == pytest.approx(true[pair], abs=1e-12) for pair in near)
    assert all(true[pair] < 0.9 for pair in true.keys() - near.keys())


def test_hardly_a_pair_is_missed():
    """Of a thousand texts and their edited copies, all pairs but 1 in 1,000."""
    plain = sentences(1, 1000)
    texts = list(dict.fromkeys([*plain, *edited(plain, 2)]))
    place = {text: i for i, text in enumerate(texts)}
    near = found(texts)
    true = [
        (place[one], place[other])
        for one, other in zip(plain, edited(plain, 2), strict=True)
        if one != other and jaccard(one, other) >= LEAST
    ]

    assert len(true) > 200
    assert sum(pair in near for pair in true) >= 0.999 * len(true)


def test_the_same_texts_give_the_same_pairs_in_any_order():
    """Pairs go by what the texts are, not by where they stand."""
    texts = list(dict.fromkeys([*sentences(3, 60), *edited(sentences(3, 60), 4)]))
    turned = texts[::-1]

    def named(values):
        return {(frozenset((values[i], values[j])), likeness) for (i, j), likeness in found(values).items()}

    assert named(texts) == named(turned)
    assert named(texts)


def test_short_texts_are_near_to_none():
    """A text shorter than a piece has no pieces, and the rest of the texts are found beside it."""
    long = "the quick brown fox jumps over the lazy dog again and again"
    near = found(["", "ab", "abc", "abcd"[: PIECE - 1], long, long + " x"])

    assert list(near) == [(4, 5)]
    assert found([]) == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [("Good  Movie!", "good movie"), ("ﬁne — day", "fine day"), ("STRASSE", "straße"), (" ... ", "...")],
)
def test_what_does_not_tell_texts_apart_is_left_out(one, other):
    """Case, blanks, punctuation and forms of one character."""
    assert normalise(one) == normalise(other)


def test_texts_of_signs_alone_keep_them():
    """A text of nothing else is not the empty text."""
    assert normalise(":-)") == ":-)"
    assert normalise(":-)") != normalise(":-(")
