"""Writes ``noise.json``: what cleanlab says of the labels of small worlds and of real digits with planted label noise.

It brings many packages, so it is no test dependency: ``pip install cleanlab==2.9.0``. Its sorts are made stable, so
that ties fall in the order of samples; otherwise they fall as the processor likes.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

STABLE = np.argsort
np.argsort = lambda values, *_, **named: STABLE(
    values, kind="stable", **{k: v for k, v in named.items() if k != "kind"}
)

from cleanlab import __version__  # noqa: E402
from cleanlab.count import compute_confident_joint, get_confident_thresholds  # noqa: E402
from cleanlab.filter import find_label_issues  # noqa: E402

from tests.oracles.noisy_digits import NOISE, SOURCES, VERSIONS, noisy_digits  # noqa: E402

OUT = Path(__file__).with_name("noise.json")


def said(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, object]:
    """Thresholds, joint and candidates in their order."""
    found = find_label_issues(labels, probabilities, return_indices_ranked_by="self_confidence", n_jobs=1)
    return {
        "thresholds": get_confident_thresholds(labels, probabilities).tolist(),
        "joint": compute_confident_joint(labels, probabilities).tolist(),
        "order": found.tolist(),
    }


def world(seed: int) -> dict[str, object]:
    """A small random world, with its labels and probabilities in four decimals."""
    draw = np.random.default_rng(seed)
    k, n = int(draw.integers(2, 6)), int(draw.integers(40, 140))
    true = draw.integers(0, k, n)
    shown = draw.normal(size=(n, k))
    shown[np.arange(n), true] += draw.uniform(0.5, 4)
    probabilities = np.exp(shown) / np.exp(shown).sum(axis=1, keepdims=True)
    probabilities = probabilities.round(4)
    labels = np.where(draw.random(n) < 0.15, draw.integers(0, k, n), true)
    return {"labels": labels.tolist(), "probabilities": probabilities.tolist(), **said(labels, probabilities)}


def main() -> None:
    """Writes the file."""
    digits = [
        {"source": source, "version": version, "noise": noise, **said(*noisy_digits(source, version, noise)[:2])}
        for source in SOURCES
        for version in VERSIONS
        for noise in NOISE
    ]
    told = {"cleanlab": __version__, "worlds": [world(seed) for seed in range(12)], "digits": digits}
    OUT.write_text(json.dumps(told, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
