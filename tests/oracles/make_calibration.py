"""Writes ``calibration.json``: calibration errors by two public tools, for data that ``samples`` makes.

The tools bring many packages, so they are no test dependencies:

    pip install relplot==1.0.3 uncertainty-calibration==0.1.4
    python tests/oracles/make_calibration.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

FIGURES = Path(__file__).with_name("calibration.json")
CASES = {"as sure as right": 0.0, "too sure": 0.1, "not sure enough": -0.05}
N = 3000
BINS = 15
RESAMPLES = 100_000


def samples(case: str) -> tuple[np.ndarray, np.ndarray]:
    """Confidence, and 1 for right, of each sample: ``CASES`` says by how much a version is too sure."""
    rng = np.random.default_rng(list(CASES).index(case))
    confidence = 0.3 + 0.7 * rng.random(N) ** 0.5
    right = rng.random(N) < np.clip(confidence - CASES[case], 0, 1)
    return confidence, right.astype(np.int64)


def main() -> None:
    """Compute the figures with the tools, and write them."""
    from calibration.utils import bin as put_in_bins  # noqa: PLC0415
    from calibration.utils import get_equal_bins, normal_debiased_ce  # noqa: PLC0415
    from relplot.metrics import binnedECE  # noqa: PLC0415

    found = {}
    np.random.seed(0)  # the tool draws from the global generator
    for case in CASES:
        confidence, right = samples(case)
        binned = put_in_bins(list(zip(confidence, right, strict=True)), get_equal_bins(confidence, BINS))
        found[case] = {
            "relplot binnedECE": float(binnedECE(confidence, right, nbins=BINS)),
            "uncertainty-calibration normal_debiased_ce": float(normal_debiased_ce(binned, 1, RESAMPLES)),
        }
    FIGURES.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
