"""The one pass over all images: what it measures, what it refuses, and that nothing but the images decides it."""

from __future__ import annotations

import io
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reportgen.inputs import looks as passes
from reportgen.inputs.looks import FLOOR, look_at
from reportgen.inspection.looks import UNLOOKED, Looks


def look(root: Path, *sources: object, budget: int = passes.BUDGET) -> Looks:
    return look_at(root, sources, [f"s{i}" for i in range(len(sources))], budget=budget)


def same(one: Looks, other: Looks) -> bool:
    """Whether all arrays are equal, NaN with NaN."""
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(Looks)]
    return all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.fixture
def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8))


def test_same_picture_in_another_file_has_the_same_content(noise: Image.Image, tmp_path: Path) -> None:
    """Content goes by pixels: another format, an opaque alpha or EXIF's turning change nothing, one pixel does."""
    exif = Image.Exif()
    exif[0x0112] = 3
    turned = encoded(noise.transpose(Image.Transpose.ROTATE_180), "PNG", exif=exif)
    changed = noise.copy()
    changed.putpixel((5, 5), (1, 2, 3))
    opaque = noise.convert("RGBA")

    seen = look(
        tmp_path,
        *(encoded(image, kind) for image, kind in ((noise, "PNG"), (noise, "BMP"), (opaque, "PNG"))),
        turned,
        encoded(changed, "PNG"),
    )

    assert seen.readable.all()
    assert (seen.content[:4] == seen.content[0]).all()
    assert (seen.phash[:4] == seen.phash[0]).all()
    assert not (seen.content[4] == seen.content[0]).all()
    assert seen.width.tolist() == [80] * 5


def test_grey_goes_by_pixels(noise: Image.Image, tmp_path: Path) -> None:
    """Grey saved as colour is grey; one coloured pixel makes it a colour image."""
    grey = noise.convert("L")
    spot = grey.convert("RGB")
    spot.putpixel((7, 3), (10, 200, 10))
    images = (grey, grey.convert("RGB"), spot, noise, grey.convert("P"))

    assert look(tmp_path, *(encoded(i, "PNG") for i in images)).grey.tolist() == [True, True, False, False, True]


def test_deep_images_have_no_brightness_and_content_by_value(tmp_path: Path) -> None:
    """Two 16-bit images that look alike scaled are not the same, and how bright they are nobody can say."""
    ramp = np.linspace(1000, 5000, 900).reshape(30, 30).astype(np.uint16)

    seen = look(tmp_path, *(encoded(Image.fromarray(values), "PNG") for values in (ramp, ramp * 2)))

    assert seen.readable.all()
    assert np.isnan(seen.dark).all()
    assert np.isnan(seen.bright).all()
    assert not (seen.content[0] == seen.content[1]).all()


def test_hostile_files_are_reasons_and_cost_no_other(noise: Image.Image, tmp_path: Path) -> None:
    """Each file that cannot be looked at has its reason, void figures, and leaves the others alone."""
    whole = encoded(noise, "JPEG")
    Image.new("1", (9000, 9000)).save(tmp_path / "bomb.png")
    (tmp_path / "good.jpg").write_bytes(whole)
    sources = {
        "good.jpg": "",
        "nowhere.jpg": "missing",
        "../outside.jpg": "outside",
        "bomb.png": "pixels",
        "nul\0.jpg": "missing",
        "": "empty",
        None: "empty",
        whole[: len(whole) // 2]: "truncated",
        b"<!doctype html>": "not_image",
        encoded(noise, "TIFF"): "format",
    }

    seen = look(tmp_path, *sources)

    assert seen.reasons.tolist() == list(sources.values())
    bad = ~seen.readable
    assert np.isnan(seen.edges[bad]).all()
    assert not seen.phash[bad].any()
    assert not seen.content[bad].any()


def test_nothing_hangs_on_order_threads_or_batches(
    noise: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same samples in another order, with one thread, in batches of two: the same looks of each."""
    for i in range(7):
        noise.crop((i, i, 40 + i, 40)).save(tmp_path / f"{i}.png")
    sources = [f"{i % 7}.png" for i in range(9)]
    ids = [f"s{i}" for i in range(9)]
    budget = 4 * FLOOR
    one = look_at(tmp_path, sources, ids, budget=budget)
    monkeypatch.setattr(passes, "_BATCH", 2)
    monkeypatch.setattr(passes, "_n_threads", lambda: 1)

    again = look_at(tmp_path, sources[::-1], ids[::-1], budget=budget)

    turned = Looks(**{field.name: getattr(again, field.name)[::-1] for field in fields(Looks)})
    assert same(one, turned)


def test_budget_ends_the_pass_and_a_shared_file_is_decoded_once(noise: Image.Image, tmp_path: Path) -> None:
    """Beyond the budget samples are unlooked; many samples of one file cost one decoding."""
    noise.save(tmp_path / "a.png")
    data = [encoded(noise.crop((0, 0, 20 + i, 20)), "PNG") for i in range(6)]

    few = look(tmp_path, *data, budget=2 * FLOOR)
    shared = look(tmp_path, *["a.png"] * 6, budget=1)

    assert int(few.readable.sum()) == 2
    assert few.n_unlooked == 4
    assert set(few.reasons.tolist()) == {"", UNLOOKED}
    assert shared.readable.all()
    assert len(set(shared.phash.tolist())) == 1


def test_no_samples_are_no_looks(tmp_path: Path) -> None:
    """A run without samples has empty looks."""
    assert len(look(tmp_path)) == 0
