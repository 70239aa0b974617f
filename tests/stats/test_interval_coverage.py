"""The benchmark of the intervals, in small: its worlds run, cover, and are those of the page that tells of them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks import interval_coverage as bench

PAGE = Path(__file__).resolve().parents[2] / "docs" / "intervals.md"


def cells_of(metric, n, n_repetitions):
    """Every truth of a metric at one size, without groups and with them."""
    worlds = [at for at, world in enumerate(bench.WORLDS) if world.metric == metric]
    cells = [bench.run(at, n, grouped, n_repetitions=n_repetitions) for at in worlds for grouped in (False, True)]
    return [cell for cell in cells if cell is not None]


@pytest.mark.parametrize("metric", dict.fromkeys(world.metric for world in bench.WORLDS))
def test_small_samples_are_covered_or_marked(metric):
    """Of 60 draws of 50 samples at least three quarters hold the truth, and no interval is without width."""
    for cell in cells_of(metric, 50, 60):
        assert cell.covered > 0.75, cell
        assert cell.least_width > 0, cell


@pytest.mark.parametrize("metric", dict.fromkeys(world.metric for world in bench.WORLDS))
def test_samples_of_500_are_covered(metric):
    """Averaged over the truths of a metric, 60 draws of 500 samples (fewer of slow ones) hold it 85 times in 100."""
    for mean in bench.average(cells_of(metric, 500, 60)):
        assert mean.covered > 0.85, mean


def test_cells_do_not_depend_on_each_other():
    """A cell's seed is its own: alone it is what it is among all."""
    assert bench.run(0, 50, True, n_repetitions=20) == bench.run(0, 50, True, n_repetitions=20)


def test_demands_are_told():
    """A cell that covers too little without the mark, or without width, and an average out of range are each named."""
    good = bench.run(0, 500, False, n_repetitions=200)
    bad = replace(good, covered=0.85, marked=0.5, least_width=0.0)
    assert bench.missed([good]) == []
    assert len(bench.missed([bad])) == 3
    assert len(bench.missed([replace(bad, covered=0.95, least_width=0.1)])) == 0


def test_the_page_has_every_truth_and_meets_the_demands():
    """docs/intervals.md has a row for every metric and truth of the benchmark, and its averages are within range."""
    table = PAGE.read_text(encoding="utf-8").split(bench.START)[1].split(bench.STOP)[0]
    rows = {row.split(" | ")[0].removeprefix("| "): row.split(" | ")[1:] for row in table.splitlines()}
    assert {f"{world.metric}: {world.truth}" for world in bench.WORLDS} <= rows.keys()
    for metric in {world.metric for world in bench.WORLDS} - {bench.TOO_SURE}:
        for n, told in zip(bench.SIZES * 2, rows[metric], strict=True):
            low, high = bench.MEANS.get(n, (0, 1))
            held = told.startswith("–") or low <= float(told.split()[0]) / 100 <= high
            assert held or (metric == bench.CALIBRATED and float(told.split()[0]) / 100 > high), (metric, n, told)
