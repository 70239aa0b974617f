"""Print how often planted failures head the findings, and how often findings come from nothing.

    python tests/benchmarks/discovery_rates.py planted [--seeds 20] [--samples 100000] [--size 1] [--loss 1]
    python tests/benchmarks/discovery_rates.py null [--runs 400] [--samples 1500]
    python tests/benchmarks/discovery_rates.py peers [--seeds 20] [--samples 100000] [--size 1] [--loss 1]

``planted`` makes worlds with a two-way slice of 4 % of the samples that loses 6 points and a three-way slice of 1.5 %
that loses 8, while the rest gains 2 (``planted_worlds.py``), runs the whole analysis, and looks for both among the
first three findings. ``--size`` is a factor on the shares, ``--loss`` one on the losses. ``null`` counts the worlds
without a difference whose findings claim one. ``peers`` gives sliceline and divexplorer, where they are installed, the
same worlds and prints at which rank each lists the planted slices: sliceline by what newly broke and by what the
candidate gets wrong, divexplorer by the divergence of newly broken, largest t first.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from reportgen import columns, pipeline
from reportgen.analysis.findings import derive_findings
from reportgen.analysis.measure import measure
from reportgen.model import Finding, Limits, Outcomes
from reportgen.tasks import classification
from tests.benchmarks.planted_worlds import THREE_WAY, TWO_WAY, World, make

COUNTS = frozenset({"none", "data", "coverage", "critical", "flips"})
"""Findings that only count these samples, or say that nothing can be told; all others claim something beyond them."""

LISTED = 100
"""How many slices a peer is asked for."""

MAX_TERMS = 3
ALPHA = 0.95

LEAST = 0.6
"""How large a peer's slice must be at least, as a part of the smallest planted one."""


def findings_of(outcomes: Outcomes) -> tuple[Finding, ...]:
    """The findings of the whole analysis, as a report has them; other metrics are left out: none rests on them."""
    metrics = [one for one in classification.METRICS if one.name in {classification.PRIMARY, "sure_wrong_rate"}]
    measured = measure(outcomes, Limits(), [classification.PRIMARY])
    return derive_findings(pipeline.analyse(measured, metrics, metrics[0], 0, 1).facts)


def worlds(arguments: argparse.Namespace) -> list[Callable[[], World]]:
    """One a seed, made when it is asked for."""
    plants = [
        replace(plant, share=plant.share * arguments.size, loss=plant.loss * arguments.loss)
        for plant in (TWO_WAY, THREE_WAY)
    ]
    first = arguments.first
    return [lambda seed=seed: make(arguments.samples, seed, plants) for seed in range(first, first + arguments.seeds)]


def print_planted(arguments: argparse.Namespace) -> None:
    """The place of each planted slice among the findings, by seed, and how often it is among the first three."""
    places: list[list[int | None]] = []
    for seed, world in enumerate(worlds(arguments), arguments.first):
        start = time.perf_counter()
        made = world()
        told = [one.slice for one in findings_of(made.outcomes)]
        places.append([told.index(one) + 1 if one in told else None for one in made.slice_ids()])
        seconds = time.perf_counter() - start
        two, three = places[-1]
        print(f"seed {seed:3}  two-way {two}  three-way {three}  of {len(told)}  {seconds:.1f} s", flush=True)
    for kind, found in zip(("two-way", "three-way"), zip(*places, strict=True), strict=True):
        within = sum(place is not None and place <= 3 for place in found)
        print(f"{kind}: among the first three findings in {within} of {len(found)}")


def print_null(arguments: argparse.Namespace) -> None:
    """In how many worlds without a difference a finding claims one, by kind."""
    kinds: Counter[str] = Counter()
    false = 0
    for seed in range(arguments.first, arguments.first + arguments.runs):
        told = {one.kind: one.headline for one in findings_of(make(arguments.samples, seed, ()).outcomes)}
        told = {kind: said for kind, said in told.items() if kind not in COUNTS}
        for kind, said in told.items():
            print(f"  seed {seed}: {kind}: {said}", flush=True)
        kinds.update(told.keys())
        false += bool(told)
        if (seed + 1 - arguments.first) % 50 == 0:
            print(f"  {seed + 1 - arguments.first} worlds, {false} with a false finding", flush=True)
    print(f"{arguments.samples:,} samples, nothing planted: a false finding in {false} of {arguments.runs}")
    print("  " + (", ".join(f"{kind} {n}" for kind, n in kinds.most_common()) or "none"))


def print_peers(arguments: argparse.Namespace) -> None:
    """The rank at which each peer lists the planted slices; none: not among the first hundred."""
    for name, rank in PEERS.items():
        if arguments.only not in name:
            continue
        ranks = []
        seconds = 0.0
        for world in worlds(arguments):
            made = world()
            start = time.perf_counter()
            ranks.append(rank(made))
            seconds += time.perf_counter() - start
            print(f"  {ranks[-1]}", flush=True)
        for kind, found in zip(("two-way", "three-way"), zip(*ranks, strict=True), strict=True):
            within = sum(place is not None and place <= 3 for place in found)
            print(f"{name}, {kind}: first three in {within} of {len(found)}; ranks {list(found)}", flush=True)
        print(f"{name}: {seconds / len(ranks):.1f} s each", flush=True)


def table_of(world: World) -> np.ndarray:
    """The codes of every attribute, the target's too: one row a sample."""
    frame = world.outcomes.frame
    return np.stack([frame[columns.attribute(a.index)].to_numpy() for a in world.outcomes.attributes], axis=1)


def least_share(world: World) -> float:
    """How large a slice a peer may list."""
    return LEAST * min(float(world.rows(k).mean()) for k in range(len(world.planted)))


def broken(world: World) -> np.ndarray:
    """1 where the baseline is right and the candidate wrong."""
    frame = world.outcomes.frame
    return ((frame[columns.correct(0)] == 1) & (frame[columns.correct(1)] == 0)).to_numpy().astype(float)


def wrong(world: World) -> np.ndarray:
    """1 where the candidate is wrong."""
    return (world.outcomes.frame[columns.correct(1)] == 0).to_numpy().astype(float)


def by_sliceline(loss: Callable[[World], np.ndarray]) -> Callable[[World], list[int | None]]:
    """The ranks of the planted slices by SliceLine's score at its usual α of 0.95.

    It lists slices of a score above 0 alone: where no planted one has that, it need not be asked, which at 100,000
    samples takes more memory than most machines have.
    """

    def rank(world: World) -> list[int | None]:
        scores = [score(loss(world), world.rows(k)) for k in range(len(world.planted))]
        if max(scores) <= 0:
            return [None] * len(scores)
        from sliceline.slicefinder import Slicefinder  # noqa: PLC0415  # a peer, installed for this alone

        least = round(least_share(world) * world.outcomes.frame.height)
        finder = Slicefinder(alpha=ALPHA, k=LISTED, max_l=MAX_TERMS, min_sup=least, verbose=False)
        finder.fit(table_of(world), loss(world))
        listed = [
            tuple((a, int(value)) for a, value in enumerate(row) if value is not None) for row in finder.top_slices_
        ]
        return [listed.index(one) + 1 if one in listed else None for one in world.planted]

    return rank


def score(loss: np.ndarray, inside: np.ndarray) -> float:
    """SliceLine's score of some rows: α (their mean loss ÷ that of all − 1) − (1 − α) (n ÷ their number − 1)."""
    return float(ALPHA * (loss[inside].mean() / loss.mean() - 1) - (1 - ALPHA) * (len(loss) / inside.sum() - 1))


def by_divexplorer(world: World) -> list[int | None]:
    """The ranks of the planted slices by the t of their divergence in newly broken."""
    import pandas as pd  # noqa: PLC0415  # comes with the peer
    from divexplorer import DivergenceExplorer  # noqa: PLC0415

    names = [a.name for a in world.outcomes.attributes]
    frame = pd.DataFrame(table_of(world), columns=names)
    frame["broken"] = broken(world).astype(int)
    found = DivergenceExplorer(frame).get_pattern_divergence(
        min_support=least_share(world), attributes=names, boolean_outcomes=["broken"]
    )
    found = found[(found["broken_div"] > 0) & (found["itemset"].map(len) <= MAX_TERMS)]
    found = found.sort_values("broken_t", ascending=False).head(LISTED)
    listed = [frozenset(one) for one in found["itemset"]]
    wanted = [frozenset(f"{names[a]}={value}" for a, value in one) for one in world.planted]
    return [listed.index(one) + 1 if one in listed else None for one in wanted]


PEERS: dict[str, Callable[[World], list[int | None]]] = {
    "sliceline, newly broken": by_sliceline(broken),
    "sliceline, wrong": by_sliceline(wrong),
    "divexplorer, newly broken": by_divexplorer,
}


def main(words: Sequence[str] | None = None) -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what: dict[str, Callable[[Any], None]] = {"planted": print_planted, "null": print_null, "peers": print_peers}
    parser.add_argument("what", choices=what)
    parser.add_argument("--samples", type=int)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--size", type=float, default=1.0)
    parser.add_argument("--loss", type=float, default=1.0)
    parser.add_argument("--only", default="", help="only the peers whose names hold this")
    arguments = parser.parse_args(words)
    arguments.samples = arguments.samples or (1_500 if arguments.what == "null" else 100_000)
    warnings.simplefilter("ignore")
    what[arguments.what](arguments)


if __name__ == "__main__":
    main()
