"""Confident learning equals cleanlab's: thresholds, joint, candidates and their order."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from reportgen.stats.confident import Noise, learn_noise
from tests.oracles.noisy_digits import NOISE, SOURCES, VERSIONS, Source, noisy_digits

TOLD = json.loads(Path(__file__).with_name("noise.json").read_text())


def said(found: Noise) -> dict[str, object]:
    """What is found, as the file has it; thresholds to the last digits but one or two."""
    return {
        "thresholds": pytest.approx(found.thresholds.tolist(), rel=1e-12),
        "joint": found.joint.tolist(),
        "order": found.order.tolist(),
    }


@pytest.mark.parametrize("at", range(len(TOLD["worlds"])))
def test_small_worlds(at: int) -> None:
    """Random labels and probabilities, with classes of few samples."""
    told = TOLD["worlds"][at]

    found = learn_noise(np.array(told["labels"]), np.array(told["probabilities"]))

    assert {name: told[name] for name in ("thresholds", "joint", "order")} == said(found)
    assert np.flatnonzero(found.picked).tolist() == sorted(told["order"])


@pytest.mark.parametrize("at", range(len(TOLD["digits"])))
def test_digits_with_planted_noise(at: int) -> None:
    """Real probabilities, of digits as written and shifted, with 0, 1, 5 and 10 % of the labels replaced."""
    told = TOLD["digits"][at]

    found = learn_noise(*noisy_digits(told["source"], told["version"], told["noise"])[:2])

    assert {name: told[name] for name in ("thresholds", "joint", "order")} == said(found)
    assert np.flatnonzero(found.picked).tolist() == sorted(told["order"])


def test_every_version_and_noise_of_both_is_told() -> None:
    """Nothing was left out of the file; mnist5k's versions are the ones it is known for."""
    told = {(one["source"], one["version"], one["noise"]) for one in TOLD["digits"]}
    right = {}
    for version in VERSIONS:
        labels, probabilities, _ = noisy_digits("mnist5k", version, 0.0)
        right[version] = int((probabilities.argmax(axis=1) == labels).sum())

    assert told == set(product(SOURCES, VERSIONS, NOISE))
    assert right == {"v1": 885, "v2": 954, "v3": 938}


@pytest.mark.parametrize(
    ("source", "noise", "least"),
    [(source, noise, least) for source in SOURCES for noise, least in ((0.01, 0.6), (0.05, 0.7), (0.1, 0.7))],
)
def test_most_planted_noise_is_found(source: Source, noise: float, least: float) -> None:
    """Of the labels that were replaced, the mean of the versions' probabilities finds most."""
    worlds = [noisy_digits(source, version, noise) for version in VERSIONS]
    labels, _, wrong = worlds[0]

    found = learn_noise(labels, np.mean([probabilities for _, probabilities, _ in worlds], axis=0))

    assert found.picked[wrong].mean() > least


def test_a_class_without_labels_is_never_suggested() -> None:
    """Nothing is labelled 2, so nothing is confidently 2, and counts stay whole."""
    labels = np.array([0, 0, 0, 1, 1, 1])
    rows = [[0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1], [0.1, 0.8, 0.1]]
    probabilities = np.array(rows)

    found = learn_noise(labels, probabilities)

    assert found.thresholds[2] == 2
    assert found.joint.sum(axis=1).tolist() == [3, 3, 0]
    assert not found.joint[:, 2].any()
    assert not found.picked.any()
