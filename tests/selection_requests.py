"""What a reader may ask of the explorer: strategies of hypothesis, and a fixed drawing of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.selections import BINS, Explored, Request

MOST_FILTERS = 5
SETS = ("surest_wrong", "always_wrong", "largest_error", "all", "wrong", "right", "once_right", "flip_flops")
PAIRED = ("newly_broken", "newly_fixed", "both_right", "both_wrong")
TEXTS = ("0", "1", "Scene-", "SCENE-00", "9", "nobody")

Filter = dict[str, Any]


def draw_requests(explored: Explored, n: int) -> list[Request]:
    """``n`` requests one after the other, always the same ones: filters come one by one, then the first one goes."""
    drawn: list[Request] = []

    @settings(
        max_examples=n // 2,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(requests(explored))
    def collect(request: Request) -> None:
        drawn.append(request)

    collect()
    return [step for request in drawn for step in _steps(request)][:n]


def _steps(request: Request) -> Iterator[Request]:
    filters = request["filters"]
    for k in range(1, len(filters) + 1):
        yield {**request, "filters": filters[:k]}
    if len(filters) > 1:
        yield {**request, "filters": filters[1:]}


@st.composite
def requests(draw: st.DrawFn, explored: Explored) -> Request:
    """Any two versions, one to five filters of any kinds, any order."""
    pair = draw(_pairs(explored))
    keys = draw(st.lists(st.sampled_from(_keys(explored, pair)), min_size=1, max_size=MOST_FILTERS, unique=True))
    return {
        **pair,
        "metric": draw(st.sampled_from(["", *explored.asked])),
        "filters": [draw(_filter(explored, pair, key)) for key in keys],
        "order": draw(st.sampled_from(["wrong", "right", "all"])),
        "numbers": draw(st.sampled_from([[], *([name] for name in explored.numbers)])),
    }


def _pairs(explored: Explored) -> st.SearchStrategy[dict[str, int | None]]:
    """Any candidate with any other baseline, or with none."""
    versions = range(len(explored.outcomes.versions))
    some = [{"baseline": b, "candidate": c} for b in versions for c in versions if b != c]
    none = [{"baseline": None, "candidate": c} for c in versions]
    return st.one_of(*[st.sampled_from(some)] * 5, st.sampled_from(none)) if some else st.sampled_from(none)


def _keys(explored: Explored, pair: Request) -> list[str]:
    """The keys of the filters that there are for two versions."""
    ranges = [f"n.{name}" for name in explored.numbers] + (["confidence"] if _is_sure(explored, pair) else [])
    return [*explored.coded(pair["baseline"], pair["candidate"]), *ranges, "set", "q"]


def _is_sure(explored: Explored, pair: Request) -> bool:
    return explored.sides[pair["candidate"]].confidence is not None


@st.composite
def _filter(draw: st.DrawFn, explored: Explored, pair: Request, key: str) -> Filter:
    """A filter by values that there are."""
    if key == "set":
        known = [*SETS, *(PAIRED if pair["baseline"] is not None else ())]
        return {
            "key": key,
            "name": draw(st.sampled_from([*known, "sure_wrong"] if _is_sure(explored, pair) else known)),
        }
    if key == "q":
        return {"key": key, "text": draw(st.sampled_from(TEXTS))}
    if key == "confidence":
        return {"key": key, **draw(_range([k / BINS for k in range(BINS + 1)]))}
    if key.startswith("n."):
        values = explored.numbers[key.removeprefix("n.")]
        return {"key": key, **draw(_range(sorted(set(values[np.isfinite(values)].tolist()))))}
    size = explored.coded(pair["baseline"], pair["candidate"])[key].size
    least = draw(st.sampled_from([1, size // 2, size - 1]))  # else five filters leave nobody
    return {"key": key, "codes": sorted(draw(st.sets(st.integers(0, size - 1), min_size=max(1, least))))}


def _range(known: list[float]) -> st.SearchStrategy[dict[str, float]]:
    """From a value to another one that is not smaller; half of them hold the middle, else five filters leave nobody."""
    first, middle, last = known[0], known[len(known) // 2], known[-1]
    low, high, any_ = (
        st.one_of(st.sampled_from([one for one in known if a <= one <= b]), st.floats(a, b))
        for a, b in ((first, middle), (middle, last), (first, last))
    )
    ends = st.one_of(st.tuples(low, high), st.tuples(any_, any_))
    return ends.map(lambda both: {"from": min(both), "to": max(both)})
