"""The sums of all samples' masks: who is counted, what is told at once, and that neither batches nor threads matter."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.inputs.mask_images import MaskImages, PixelValues, read_mask
from reportgen.inputs.mask_sums import sum_masks
from reportgen.stats.pixels import SampleSums, sum_pixels
from tests.inputs.folders import write
from tests.inputs.pngs import save

VALUES = PixelValues((1, 2), (255,))
CLASSES = ("cell", "crystal")


def draw(seed: int, size: tuple[int, int] = (9, 7)) -> bytes:
    """A mask of patches."""
    coarse = np.random.default_rng(seed).choice([0, 1, 2, 255], (3, 3))
    return save(np.kron(coarse, np.ones((3, 3)))[: size[0], : size[1]].astype(np.uint8))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """True masks, and those of two versions."""
    folders = {"true": 0, "v1": 10, "v2": 20}
    files = {f"{folder}/{i}.png": draw(seed + i) for folder, seed in folders.items() for i in range(5)}
    return write(tmp_path, files).resolve()


def sources(root: Path, folder: str, missing: tuple[int, ...] = ()) -> MaskImages:
    """The masks of a folder."""
    return MaskImages(
        root / folder, [None if i in missing else f"{i}.png" for i in range(5)], VALUES, f"masks/{folder}"
    )


def same(first: SampleSums, second: SampleSums) -> bool:
    """Whether all sums are equal."""
    return all(np.array_equal(getattr(first, field.name), getattr(second, field.name)) for field in fields(SampleSums))


@pytest.mark.parametrize("batch", [2, 64])
def test_samples_with_both_masks_are_summed(root: Path, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr("reportgen.inputs.mask_sums.BATCH", batch)
    versions = {"v1": sources(root, "v1", (0, 3)), "v2": sources(root, "v2")}
    found = sum_masks(sources(root, "true", (1,)), versions, [[(7, 9)]] * 5, CLASSES).versions
    assert list(found) == ["v1", "v2"]
    for name, rows in (("v1", (2, 4)), ("v2", (0, 2, 3, 4))):
        each = [
            (i, sum_pixels(*(read_mask(root / folder, f"{i}.png", VALUES) for folder in ("true", name)), 2))
            for i in rows
        ]
        assert same(found[name], SampleSums.collect(each, 2))


def test_everything_wrong_is_told_at_once_by_folder(root: Path) -> None:
    wrong = save(np.full((9, 7), 7, np.uint8))
    write(root, {"true/0.png": wrong, "v1/1.png": draw(1, (7, 9)), "v2/2.png": b"", "v2/3.png": wrong})
    versions = {name: sources(root, name) for name in ("v1", "v2")}
    with pytest.raises(InputError) as caught:
        sum_masks(sources(root, "true"), versions, [[]] * 5, CLASSES)
    assert [(one.code, one.where.file) for one in caught.value.problems] == [
        ("RG354", "masks/true/0.png"),
        ("RG353", "masks/v1/1.png"),
        ("RG351", "masks/v2/2.png"),
        ("RG354", "masks/v2/3.png"),
    ]


def test_versions_may_write_other_values(root: Path) -> None:
    shifted = {f"shifted/{i}.png": save(np.full((9, 7), 5, np.uint8)) for i in range(5)}
    write(root, {**shifted, **{f"true/{i}.png": save(np.full((9, 7), 2, np.uint8)) for i in range(5)}})
    version = MaskImages(root / "shifted", [f"{i}.png" for i in range(5)], PixelValues((4, 5)))
    found = sum_masks(sources(root, "true"), {"v": version}, [[]] * 5, CLASSES).versions["v"]
    assert found.areas()[2].tolist() == [63] * 5
    assert not found.areas()[3].any()


def test_there_may_be_no_sample(tmp_path: Path) -> None:
    none = MaskImages(tmp_path, [], VALUES)
    found = sum_masks(none, {"v": none}, [], CLASSES)
    assert not len(found.versions["v"].sample)
