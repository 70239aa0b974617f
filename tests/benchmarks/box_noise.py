"""Print how many faults planted in annotated boxes are found, and how many of the candidates are planted.

    python tests/benchmarks/box_noise.py [--draws 10] [--write docs/data.md]

Of the annotated boxes of two examples some are left out, some moved by 0.3 to 0.45 of both sides, some called another
class, in equal parts, anew in each draw (``tests/planted_boxes.py``), and looked for as a report would. Seen: faults at
objects that a version finds by the annotations as they were: of the others no detection can tell. Found: planted faults
among the candidates, of their kind. Of the first: the same among as many candidates, the surest, as there are planted
ones. What is wrong in the source counts as falsely found. Sums over the draws; in brackets the lowest and the highest
share of a draw.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from reportgen.analysis.quality.boxes import find_box_issues
from reportgen.analysis.quality.given import Given
from reportgen.inspection import BoxIssues
from reportgen.model import Outcomes
from tests.planted_boxes import hits, mended, outcomes_of, plant

START, STOP = "<!-- what box_noise.py prints -->\n", "<!-- end of what box_noise.py prints -->\n"
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
RATES = (0.0, 0.01, 0.05, 0.1)


def worlds() -> dict[str, Outcomes]:
    """The examples by what they are called, without the faults that are planted in them anyway."""
    scenes = outcomes_of(EXAMPLES / "scenes" / "reportgen.yaml")
    planted = pl.read_csv(EXAMPLES / "scenes" / "planted.csv")
    return {
        "digits in films": mended(scenes, planted),
        "nuclei": outcomes_of(EXAMPLES / "nuclei" / "reportgen.yaml"),
    }


def look_for(outcomes: Outcomes, rate: float, seed: int) -> tuple[int, int, int, int, int]:
    """Planted faults; those at objects that are seen; candidates; faults among them, and among the first of them."""
    planted = plant(outcomes, rate, seed)
    assert outcomes.parts is not None
    seen = np.any([found >= 0 for found in outcomes.parts.found[: len(outcomes.versions)]], axis=0)
    found = find_box_issues(planted.outcomes, Given())
    assert isinstance(found, BoxIssues)
    hit = hits(found.candidates, planted.faults) >= 0
    n = planted.faults.height
    return n, int(seen[planted.faults["was"].to_numpy()].sum()), len(hit), int(hit.sum()), int(hit[:n].sum())


def shares(part: np.ndarray, whole: np.ndarray) -> str:
    """The share of the sums, with the least and the greatest of a draw."""
    each = part / np.maximum(whole, 1)
    return f"{part.sum() / max(1, whole.sum()):.0%} ({each.min():.0%} to {each.max():.0%})"


def table(draws: int) -> str:
    """The table of both examples, a row for each rate of faults."""
    lines = [
        "| boxes of | at fault | planted | seen | candidates | found | of those seen | precision | of the first |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, outcomes in worlds().items():
        assert outcomes.parts is not None
        assert outcomes.parts.truths is not None
        for rate in RATES:
            told = np.array([look_for(outcomes, rate, seed) for seed in range(draws if rate else 1)])
            planted, seen, candidates, found, first = told.T
            counts = [one.sum() for one in (planted, seen, candidates, found)]
            parts = [(found, seen), (found, candidates), (first, planted)]
            cells = [f"{count:,}" for count in counts] + [shares(*part) if rate else "" for part in parts]
            lines.append(f"| {outcomes.parts.truths.height:,} {name} | {rate:.0%} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prints the table, and writes it into the page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--write", type=Path, help="put the table into this page")
    arguments = parser.parse_args()
    told = table(arguments.draws)
    print(told, end="")
    if arguments.write:
        before, rest = arguments.write.read_text(encoding="utf-8").split(START)
        arguments.write.write_text(before + START + told + STOP + rest.split(STOP)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
