"""Print how many planted wrong labels are found, and how many of the candidates are planted.

    python tests/benchmarks/label_noise.py [--draws 20] [--write docs/data.md]

Labels of real digits are replaced at random (``tests/oracles/noisy_digits.py``), anew in each draw, and looked for as a
report would: by confident learning on the mean of three versions' probabilities. Found: planted labels among the
candidates. Precision: candidates that are planted. Of the first: the same among as many candidates, the most suspect
ones, as there are planted labels. A label that is wrong in the source counts as falsely found. Sums over the draws; in
brackets the lowest and the highest share of a draw.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from reportgen.stats.confident import learn_noise
from tests.oracles.noisy_digits import NOISE, SOURCES, VERSIONS, Source, noisy_digits

START, STOP = "<!-- what label_noise.py prints -->\n", "<!-- end of what label_noise.py prints -->\n"
NAMES: dict[Source, str] = {"digits": "digits, shifted", "mnist5k": "digits as written"}


def look_for(source: Source, noise: float, seed: int) -> tuple[int, int, int, int]:
    """Planted labels; candidates; planted ones among the candidates, and among as many first ones as are planted."""
    worlds = [noisy_digits(source, version, noise, seed) for version in VERSIONS]
    labels, _, wrong = worlds[0]
    found = learn_noise(labels, np.mean([probabilities for _, probabilities, _ in worlds], axis=0))
    planted = int(wrong.sum())
    return planted, len(found.order), int(wrong[found.order].sum()), int(wrong[found.order[:planted]].sum())


def shares(part: np.ndarray, whole: np.ndarray) -> str:
    """The share of the sums, with the least and the greatest of a draw."""
    each = part / whole
    return f"{part.sum() / whole.sum():.1%} ({each.min():.0%} to {each.max():.0%})"


def table(draws: int) -> str:
    """The table of both sources, a row for each rate of noise."""
    lines = [
        "| labels of | replaced | planted | candidates | found | missed | found, share | precision | of the first |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for source in SOURCES:
        name = f"{len(noisy_digits(source, VERSIONS[0], 0.0)[0]):,} {NAMES[source]}"
        for noise in NOISE:
            told = np.array([look_for(source, noise, seed) for seed in range(draws if noise else 1)])
            planted, candidates, found, first = told.T
            counts = [planted.sum(), candidates.sum(), found.sum(), (planted - found).sum()]
            parts = [(found, planted), (found, candidates), (first, planted)]
            cells = [f"{count:,}" for count in counts] + [shares(*part) if noise else "" for part in parts]
            lines.append(f"| {name} | {noise:.0%} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Prints the table, and writes it into the page where one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--write", type=Path, help="put the table into this page")
    arguments = parser.parse_args()
    told = table(arguments.draws)
    print(told, end="")
    if arguments.write:
        before, rest = arguments.write.read_text(encoding="utf-8").split(START)
        arguments.write.write_text(before + START + told + STOP + rest.split(STOP)[1], encoding="utf-8")


if __name__ == "__main__":
    main()
