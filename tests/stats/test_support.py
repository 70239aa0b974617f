"""What a number of samples can bear, and the verdict that follows."""

import math

import pytest

from reportgen.model import Limits
from reportgen.stats.support import support, verdict

LIMITS = Limits()


@pytest.mark.parametrize(
    ("n", "n_groups", "state"),
    [
        (0, None, "counts"), (9, None, "counts"), (10, None, "show"), (29, None, "show"), (30, None, "test"),
        (199, None, "test"), (200, None, "decide"), (5000, 9, "show"), (5000, 10, "decide"), (50, 10, "test"),
        (9, 50, "counts"), (9, 2, "counts"),
    ],
)  # fmt: skip
def test_support_goes_by_samples_and_is_capped_by_groups(n, n_groups, state):
    """10, 30 and 200 samples are the limits; with fewer than 10 groups there is no verdict."""
    assert support(n, n_groups, LIMITS) == state


@pytest.mark.parametrize(
    ("delta", "q", "state", "higher_is_better", "word"),
    [
        (0.1, 0.01, "decide", True, "better"), (-0.1, 0.01, "decide", True, "worse"),
        (0.1, 0.01, "test", False, "worse"), (-0.1, 0.01, "test", False, "better"),
        (0.1, 0.05, "decide", True, "unclear"), (0.0, 1.0, "decide", True, "unclear"),
        (0.1, math.nan, "decide", True, "unclear"), (math.nan, math.nan, "test", True, "unclear"),
        (0.5, 1e-9, "show", True, "too_few"), (0.5, 1e-9, "counts", False, "too_few"),
    ],
)  # fmt: skip
def test_verdict(delta, q, state, higher_is_better, word):
    """Beyond chance is q < 0.05; the direction is the metric's; too few samples have no verdict."""
    assert verdict(delta, q, state, higher_is_better) == word
