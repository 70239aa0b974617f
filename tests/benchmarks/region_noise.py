"""Print how many faults planted in annotated masks are found, how many candidates are planted, and what it costs.

    python tests/benchmarks/region_noise.py [--draws 10] [--write docs/data.md]

Of the annotated regions of two worlds some are left out, some moved by their own width to where nothing is (two faults,
an object that is overlooked and nothing where it is annotated), some called another class, in equal parts, anew in each
draw (``tests/planted_regions.py``). Seen: faults of which every version marks half of the pixels or more as they truly
are. Found: of these, those among the candidates, of their kind. Precision: planted ones, seen or not, among all
candidates. Of the first: planted ones among as many candidates, the first, as are planted. Sums over the draws; in
brackets the lowest and the highest share of a draw.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.regions import find_region_issues
from reportgen.inspection import RegionIssues
from reportgen.model import Outcomes
from reportgen.stats.connected import measure_regions
from reportgen.stats.pixels import mark_boundary, sum_pixels
from reportgen.stats.region_doubts import Asked, doubt_regions
from tests.planted_regions import blobs, hits, nuclei, plant

START, STOP = "<!-- what region_noise.py prints -->\n", "<!-- end of what region_noise.py prints -->\n"
RATES = (0.0, 0.01, 0.05, 0.1)
STREET = (1024, 2048)
CLASSES = 19


def worlds() -> dict[str, Outcomes]:
    """What faults are planted in, by what it is called."""
    return {
        "discs of two classes, two versions": blobs(60, 1, 2),
        "discs of two classes, three versions": blobs(60, 1, 3),
        "discs of two classes, one version": blobs(60, 1, 1),
        "nuclei, two versions": nuclei(),
    }


def look_for(outcomes: Outcomes, rate: float, seed: int) -> tuple[int, int, int, int, int, int]:
    """Planted faults; those seen; candidates; among these seen faults, all faults, and all among the first of them."""
    faulty, faults = plant(outcomes, rate, seed)
    found = find_region_issues(faulty, Given())
    assert isinstance(found, RegionIssues)
    hit = hits(found.candidates, faults)
    seen = np.array([one.seen for one in faults], bool)
    first = hit[: len(faults)]
    return len(faults), int(seen.sum()), len(hit), int(seen[hit[hit >= 0]].sum()), (hit >= 0).sum(), (first >= 0).sum()


def shares(part: np.ndarray, whole: np.ndarray) -> str:
    """The share of the sums, with the least and the greatest of a draw."""
    each = part / np.maximum(whole, 1)
    return f"{part.sum() / max(1, whole.sum()):.0%} ({each.min():.0%} to {each.max():.0%})"


def table(draws: int) -> str:
    """The table of all worlds, a row for each rate of faults."""
    lines = [
        "| regions of | at fault | planted | seen | candidates | found, of those seen | precision | of the first |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, outcomes in worlds().items():
        assert outcomes.parts is not None
        assert outcomes.parts.regions is not None
        n = int(outcomes.parts.regions.n.sum())
        for rate in RATES:
            told = np.array([look_for(outcomes, rate, seed) for seed in range(draws if rate else 1)])
            planted, seen, candidates, found, right, first = told.T
            counts = [f"{one.sum():,}" for one in (planted, seen, candidates)]
            parts = [(found, seen), (right, candidates), (first, planted)]
            cells = counts + [shares(*part) if rate else "" for part in parts]
            lines.append(f"| {n} {name} | {rate:.0%} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def costs() -> str:
    """Processor time a megapixel of a street of many classes, of reading and of looking."""
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, CLASSES + 1, (STREET[0] // 32, STREET[1] // 32))
    true = np.kron(coarse, np.ones((32, 32), np.int64)).astype(np.uint8)
    said = [np.roll(true, shift, axis=1) for shift in (5, 8)]
    for one in said:
        one[200:400, 300:700] = 3
    file = io.BytesIO()
    Image.fromarray(true).save(file, "PNG")
    pairs = {(t, 3): Asked((0, 1), 500.0) for t in range(CLASSES + 1) if t != 3}

    def timed(run: Callable[[], Any]) -> str:
        start = time.process_time()
        for _ in range(5):
            run()
        return f"{(time.process_time() - start) / 5 / (true.size / 1e6) * 1e3:.0f} ms"

    def read() -> None:
        for _ in range(3):
            np.asarray(Image.open(io.BytesIO(file.getvalue())))

    def count() -> None:
        near = mark_boundary(true)
        for one in said:
            sum_pixels(true, one, CLASSES, near)

    return (
        f"A megapixel: decoding three masks {timed(read)}, counting their pixels {timed(count)}, true regions "
        f"{timed(lambda: measure_regions(0, true, CLASSES))}; candidates, where {len(pairs)} pairs of classes are "
        f"looked at, {timed(lambda: doubt_regions(true, said, pairs, CLASSES))}\n"
    )


def main() -> None:
    """Prints the table, and writes it into the page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--write", type=Path, help="put the table into this page")
    arguments = parser.parse_args()
    told = table(arguments.draws)
    print(told + costs(), end="")
    if arguments.write:
        before, rest = arguments.write.read_text(encoding="utf-8").split(START)
        arguments.write.write_text(before + START + told + STOP + rest.split(STOP)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
