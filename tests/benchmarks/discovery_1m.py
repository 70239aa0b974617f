"""Print what the search for slices costs on many samples, beside sliceline on the same data where it is installed.

    python tests/benchmarks/discovery_1m.py [--samples 1000000] [--runs 3] [--peer SECONDS] [--memory GiB]

Twelve attributes of three to eight values and the target, two versions (``planted_worlds.py``). Printed are the seconds
and the peak memory of the whole discovery (halves, the search for all three questions to three terms, and what confirms
it), and the seconds of the search alone. sliceline looks for one question, to three terms and among slices of 0.5 % of
the samples or more; it is stopped after ``--peer`` seconds. A processor's seconds are the process's own, which
another load on the machine does not lengthen much; both run on one core.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import platform
import resource
import sys
import time
import warnings
from multiprocessing.connection import Connection

import numpy as np

from reportgen import columns
from reportgen.analysis import discovery
from reportgen.analysis.measure import measure
from reportgen.analysis.slices import enumerate_axes
from reportgen.model import Limits
from reportgen.tasks import classification
from tests.benchmarks.planted_worlds import World, make

LEAST = 0.005
"""The share of the samples that a slice of sliceline's must have."""


def discover(n: int, runs: int, results: Connection) -> None:
    """The seconds of each run on the clock and of a processor, those of its search, and memory around it, in MiB."""
    outcomes = make(n, 1).outcomes
    metric = next(one for one in classification.METRICS if one.name == classification.PRIMARY)
    measured = measure(outcomes, Limits(), [metric.name])
    axes = enumerate_axes(outcomes, measured.limits)
    before = peak()
    seconds, busy, searching = [], [], []
    original = discovery.search

    def timed(*args: object, **options: object) -> object:
        used = time.process_time()
        found = original(*args, **options)  # type: ignore[arg-type]
        searching.append(time.process_time() - used)
        return found

    discovery.search = timed  # type: ignore[assignment]
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        found = discovery.discover(measured, axes, metric, 0, 1)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
    results.send((seconds, busy, searching, before, peak(), found.searches))


def run_sliceline(n: int, memory: int, results: Connection) -> None:
    """The seconds of sliceline over the same half, asked where the candidate is wrong; None: not with so many GiB."""
    from sliceline.slicefinder import Slicefinder  # noqa: PLC0415  # a peer, installed for this alone

    warnings.simplefilter("ignore")
    world = make(n, 1)
    half = ~discovery.halve(world.outcomes)
    table, loss = table_of(world)[half], (world.outcomes.frame[columns.correct(1)] == 0).to_numpy().astype(float)[half]
    resource.setrlimit(resource.RLIMIT_AS, (memory << 30, memory << 30))
    start = time.process_time()
    results.send(None)
    try:
        Slicefinder(alpha=0.95, k=200, max_l=3, min_sup=round(LEAST * len(table)), verbose=False).fit(table, loss)
    except MemoryError:
        results.send(None)
    else:
        results.send(time.process_time() - start)


def table_of(world: World) -> np.ndarray:
    """The codes of every attribute, the target's too: one row a sample."""
    frame = world.outcomes.frame
    return np.stack([frame[columns.attribute(a.index)].to_numpy() for a in world.outcomes.attributes], axis=1)


def peak() -> float:
    """The process's peak memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def main() -> None:
    """Run both in processes of their own, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", type=float, default=300.0, help="stop sliceline after so long; 0: leave it out")
    parser.add_argument("--memory", type=int, default=12, help="stop it when it wants more than so many GiB")
    arguments = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    theirs, ours = spawn.Pipe()
    child = spawn.Process(target=discover, args=(arguments.samples, arguments.runs, ours))
    child.start()
    seconds, busy, searching, before, after, searches = theirs.recv()
    child.join()
    print(f"{arguments.samples:,} samples, 12 attributes and the target, to three terms, {len(searches)} questions")
    clock = f"{min(seconds):.1f} to {max(seconds):.1f} s in {len(seconds)} runs"
    print(f"discovery     {clock}, {min(busy):.1f} s of a processor")
    print(f"search alone  {min(searching):.1f} s of a processor")
    print(f"searched      {searches[0].n_searched:,} conjunctions of 30 samples or more")
    print(f"peak memory   {after:,.0f} MiB, {before:,.0f} of them before it began")
    print(f"machine       {platform.machine()}, numpy {np.__version__}, python {platform.python_version()}")
    if not arguments.peer or importlib.util.find_spec("sliceline") is None:
        return
    theirs, ours = spawn.Pipe()
    child = spawn.Process(target=run_sliceline, args=(arguments.samples, arguments.memory, ours))
    child.start()
    ours.close()
    theirs.recv()
    done = theirs.poll(arguments.peer)
    try:
        peer = theirs.recv() if done else None
    except EOFError:
        print("sliceline     ended without an answer")
        return
    if peer is not None:
        print(f"sliceline     {peer:.1f} s for one question: {peer / min(searching):.1f} times our search for three")
    elif done:
        print(f"sliceline     wants more than {arguments.memory} GiB for one question")
    else:
        child.terminate()
        times = f"more than {arguments.peer / min(searching):.0f} times our search for three"
        print(f"sliceline     not done with one question after {arguments.peer:.0f} s: {times}")
    child.join()


if __name__ == "__main__":
    main()
