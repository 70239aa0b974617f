"""What one pass sees of images: cleanvision's scores and imagehash's bits, on planted scenes and real digits."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from reportgen.analysis.quality.given import Given
from reportgen.analysis.quality.samples import inspect_samples
from reportgen.inputs.looks import look_at
from reportgen.inspection import SampleChecks
from reportgen.inspection.looks import Looks
from reportgen.model import Media, Outcomes
from tests.oracles.make_image_checks import DIGITS, FIGURES, write

KNOWN = json.loads(FIGURES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[str], Looks]]:
    """The names and the looks of both sets of images."""
    folder = tmp_path_factory.mktemp("scenes")
    write(folder)
    roots = {"scenes": folder, "digits": DIGITS}
    return {
        kind: (list(KNOWN[kind]), look_at(root, list(KNOWN[kind]), list(KNOWN[kind]))) for kind, root in roots.items()
    }


@pytest.mark.parametrize("kind", ["scenes", "digits"])
def test_hashes_are_imagehashs(seen: dict[str, tuple[list[str], Looks]], kind: str) -> None:
    """Every perceptual hash equals imagehash's bit for bit, those of flat and of mirrored images too."""
    names, looks = seen[kind]

    assert [f"{value:016x}" for value in looks.phash.tolist()] == [KNOWN[kind][name]["phash"] for name in names]


@pytest.mark.parametrize("kind", ["scenes", "digits"])
def test_measures_are_cleanvisions(seen: dict[str, tuple[list[str], Looks]], kind: str) -> None:
    """Each score of cleanvision follows from our measures.

    Blur is measured on the grey image shrunk in two steps, where cleanvision shrinks in one and in colour; brightness
    of a large image on a grid. Both cost a little in the score, and no more.
    """
    names, looks = seen[kind]
    tones = 1 - np.exp(-0.01 * looks.tones)
    sides = np.stack([looks.width, looks.height]).astype(np.float64)
    ours = {
        "dark": (looks.dark, 0.003),
        "light": (1 - looks.bright, 0.003),
        "low_information": (np.minimum(0.1 * looks.entropy, 1), 1e-6),
        "blurry": (np.minimum(1 - np.exp(-0.01 * looks.edges) + np.where(tones > 0.18, tones, 0), 1), 0.01),
        "odd_aspect_ratio": (sides.min(axis=0) / sides.max(axis=0), 1e-6),
    }

    for check, (scores, near) in ours.items():
        known = np.array([KNOWN[kind][name]["scores"][check] for name in names])
        assert np.abs(scores - known).max() <= near, (check, names[int(np.abs(scores - known).argmax())])


VERDICTS = {
    "dark": "very-dark",
    "light": "over-exposed",
    "low_information": "low-information",
    "blurry": "blurred",
    "odd_aspect_ratio": "odd-aspect-ratio",
    "odd_size": "odd-size",
    "grayscale": "grey-among-colour",
}
"""cleanvision's checks and ours."""
OTHERWISE = {"grayscale": {"ramp.png"}}
"""Images that we mark and cleanvision does not: grey in every pixel, and stored as colour."""


@pytest.mark.parametrize("check", VERDICTS)
def test_verdicts_on_scenes_are_cleanvisions(seen: dict[str, tuple[list[str], Looks]], check: str) -> None:
    """Each check marks the scenes that cleanvision marks, and some but not all of them are."""
    names, looks = seen["scenes"]
    known = {name for name in names if check in KNOWN["scenes"][name]["marked"]}

    (found,) = [one for one in checked(looks).sets if one.key == VERDICTS[check]]

    assert 0 < len(known) < len(names)
    assert {names[row] for row in found.rows} == known | OTHERWISE.get(check, set())


def test_verdicts_on_digits_are_cleanvisions_and_grey_is_usual_there(
    seen: dict[str, tuple[list[str], Looks]],
) -> None:
    """As many of each kind as cleanvision marks; that all are grey describes them, and is no problem of any."""
    names, looks = seen["digits"]
    found = checked(looks)

    assert {one.key: one.n for one in found.checks if not one.unreadable} == {
        ours: sum(theirs in KNOWN["digits"][name]["marked"] for name in names) for theirs, ours in VERDICTS.items()
    }
    assert [one.key for one in found.checks if one.is_usual] == ["grey-among-colour"]
    assert {one.key for one in found.sets} == {"blurred", "low-information"}


def checked(looks: Looks) -> SampleChecks:
    """What is found in these images."""
    frame = pl.DataFrame({"id": [f"{row:03d}" for row in range(len(looks))]})
    outcomes = Outcomes(frame, frame, (), (), (), media=Media("image", "id"))
    found = inspect_samples(outcomes, Given(looks=looks))
    assert isinstance(found, SampleChecks)
    return found
