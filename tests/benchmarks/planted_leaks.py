"""How many edited sentences are found in a training table, and how many of those found were planted.

    python tests/benchmarks/planted_leaks.py

1,000 sentences of examples/sentiment (8 words or more, no two the same) are the samples. The training table has 1,000
others and, for one kind of edit at a time, an edited copy of each of 500 samples. Recall: edited sentences whose sample
is found. Precision: samples that are found and were planted; others are sentences that people wrote twice, or nearly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.leaks import match_table
from reportgen.inspection.training import TrainingTable
from reportgen.model import Media
from reportgen.stats.near_texts import normalise
from tests.analysis.worlds import classify

SAMPLES = Path(__file__).parents[2] / "examples" / "sentiment" / "samples.csv"
N, PLANTED = 1000, 500

Edit = Callable[[list[str], np.random.Generator], str]


def other_letters(words: list[str], _rng: np.random.Generator) -> str:
    """Capitals, and no punctuation."""
    return "".join(c for c in " ".join(words).upper() if c.isalnum() or c.isspace())


def typo(words: list[str], rng: np.random.Generator) -> str:
    """One letter is another."""
    text = list(" ".join(words))
    at = rng.choice([k for k, c in enumerate(text) if c.isalpha()])
    text[at] = "q" if text[at] != "q" else "z"
    return "".join(text)


def without_a_word(words: list[str], rng: np.random.Generator) -> str:
    """One word left out."""
    at = int(rng.integers(0, len(words)))
    return " ".join([*words[:at], *words[at + 1 :]])


def another_word(words: list[str], rng: np.random.Generator) -> str:
    """One word is another one."""
    at = int(rng.integers(0, len(words)))
    return " ".join([*words[:at], "somewhat", *words[at + 1 :]])


def longer(words: list[str], _rng: np.random.Generator) -> str:
    """Two words at the end."""
    return " ".join([*words, "you", "know"])


def turned(words: list[str], _rng: np.random.Generator) -> str:
    """The second half first."""
    middle = len(words) // 2
    return " ".join([*words[middle:], *words[:middle]])


EDITS: dict[str, Edit] = {
    "other letters and punctuation": other_letters,
    "one letter": typo,
    "a word left out": without_a_word,
    "another word": another_word,
    "two words more": longer,
    "halves turned round": turned,
}


def sentences() -> list[str]:
    """Distinct sentences of 8 words or more, in a drawn order."""
    texts = {normalise(text): text for text in pl.read_csv(SAMPLES)["text"].to_list() if len(text.split()) >= 8}
    drawn = np.random.default_rng(0).permutation(sorted(texts.values()))
    return [str(text) for text in drawn[: 2 * N]]


def main() -> None:
    """A row an edit: recall and precision, by the length of the sentences."""
    every = sentences()
    here, others = every[:N], every[N:]
    long = np.array([len(text) for text in here[:PLANTED]])
    ends = [0, *np.quantile(long, [1 / 3, 2 / 3]).astype(int).tolist(), int(long.max())]
    plain = classify(N)
    outcomes = replace(plain, samples=plain.samples.with_columns(text=pl.Series(here)), media=Media("text", "text"))
    print(f"{len(every):,} sentences; planted ones in thirds: up to {ends[1]}, {ends[2]} and {ends[3]} characters")
    for name, edit in EDITS.items():
        rng = np.random.default_rng(1)
        planted = [edit(text.split(), rng) for text in here[:PLANTED]]
        there = pl.Series([*others, *planted])
        table = TrainingTable("t.csv", "", len(there), pl.DataFrame({"label": ["car"] * len(there)}), texts=there)
        found = match_table(outcomes, Given(), table, ("v2",), np.arange(N), None).found
        own = found.filter(pl.col("there") == pl.col("row") + len(others))["row"].to_numpy()
        marked = np.isin(np.arange(PLANTED), own)
        thirds = [f"{marked[(long > low) & (long <= high)].mean():.0%}" for low, high in pairwise(ends)]
        precision = len(own) / found.height if found.height else float("nan")
        print(f"{name}: recall {marked.mean():.1%} ({', '.join(thirds)}), precision {precision:.1%}, n {found.height}")


if __name__ == "__main__":
    main()
