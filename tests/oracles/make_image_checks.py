"""Writes ``image_checks.json``: what cleanvision and imagehash say of images with planted defects.

The tools bring many packages, so they are no test dependencies:

    pip install cleanvision==0.3.7 imagehash==4.3.2
    python tests/oracles/make_image_checks.py
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

FIGURES = Path(__file__).with_name("image_checks.json")
DIGITS = Path(__file__).resolve().parents[2] / "examples" / "digits" / "images"
CHECKS = ("dark", "light", "low_information", "blurry", "odd_aspect_ratio", "odd_size", "grayscale")
N_SCENES = 24
N_DIGITS = 20


def scene(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A drawing as rich as a photograph: sky, ground, houses with windows, noise of a sensor."""
    rng = np.random.default_rng(seed)
    width, height = size
    fade = np.linspace(0, 1, height)[:, None, None]
    top, bottom = rng.integers(90, 250, 3), rng.integers(30, 160, 3)
    image = Image.fromarray(np.broadcast_to(top * (1 - fade) + bottom * fade, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        left, up = int(rng.integers(0, width)), int(rng.integers(height // 4, height))
        draw.rectangle(
            (left, up, left + int(rng.integers(20, 80)), height), fill=tuple(rng.integers(0, 256, 3).tolist())
        )
        for k in range(6):
            x, y = left + 4 + 9 * (k % 3), up + 6 + 12 * (k // 3)
            draw.rectangle((x, y, x + 4, y + 6), fill=tuple(rng.integers(0, 256, 3).tolist()))
    noisy = np.asarray(image).astype(np.float64) + rng.normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def planted() -> Iterator[tuple[str, Image.Image]]:
    """Sound scenes by the name of their file, and scenes with one defect each."""
    for i in range(N_SCENES):
        yield f"sound-{i:02d}.png", scene(i)
    for i in range(3):
        whole = scene(100 + i)
        pixels = np.asarray(whole).astype(np.float64)
        yield f"dark-{i}.png", Image.fromarray((pixels * 0.15).astype(np.uint8))
        yield f"bright-{i}.png", Image.fromarray((255 - (255 - pixels) * 0.03).astype(np.uint8))
        yield f"blurred-{i}.png", whole.filter(ImageFilter.GaussianBlur(25))
        # cleanvision takes an image with a few frequent greys for a drawing, and none such for blurred
        faded = Image.fromarray((0.6 * pixels + np.linspace(0, 80, whole.width)[None, :, None]).astype(np.uint8))
        yield f"faded-{i}.png", faded
        yield f"out-of-focus-{i}.png", faded.filter(ImageFilter.GaussianBlur(8)).point(lambda level: level * 0.8)
        yield f"photo-{i}.jpg", whole
        yield f"grey-{i}.png", whole.convert("L")
        yield f"flat-{i}.png", Image.new("RGB", whole.size, (40 + 60 * i, 90, 140))
        yield f"grey-flat-{i}.png", Image.new("L", whole.size, 90 + 20 * i)
    yield "wide.png", scene(200, (480, 100))
    yield "large.png", scene(201, (1200, 900))
    yield "tiny.png", scene(202, (30, 22))
    mirrored = scene(203)
    mirrored.paste(mirrored.crop((0, 0, 160, 240)).transpose(Image.Transpose.FLIP_LEFT_RIGHT), (160, 0))
    yield "mirrored.png", mirrored
    yield "ramp.png", Image.linear_gradient("L").convert("RGB")


def write(folder: Path) -> list[str]:
    """Writes the planted scenes into the folder; their names in order."""
    names = []
    for name, image in planted():
        image.save(folder / name, **({"quality": 90} if name.endswith("jpg") else {}))
        names.append(name)
    return sorted(names)


def digits() -> list[str]:
    """The first digits of the example, by name."""
    return sorted(path.name for path in DIGITS.iterdir())[:N_DIGITS]


def judge(folder: Path, names: list[str]) -> dict[str, dict[str, object]]:
    """For each image the score and the verdict of every check, and its perceptual hash."""
    import imagehash  # noqa: PLC0415
    from cleanvision import Imagelab  # noqa: PLC0415

    lab = Imagelab(filepaths=[str(folder / name) for name in names], verbose=False)
    lab.find_issues({check: {} for check in CHECKS}, n_jobs=1, verbose=False)
    found: dict[str, dict[str, object]] = {}
    for name in names:
        row = lab.issues.loc[str(folder / name)]
        with Image.open(folder / name) as image:
            phash = str(imagehash.phash(image))
        found[name] = {
            "phash": phash,
            "scores": {check: round(float(row[f"{check}_score"]), 6) for check in CHECKS},
            "marked": [check for check in CHECKS if row[f"is_{check}_issue"]],
        }
    return found


def main() -> None:
    """Judge the planted scenes as one set and the digits as another, and write the figures."""
    with tempfile.TemporaryDirectory() as folder:
        scenes = judge(Path(folder), write(Path(folder)))
    figures = {"scenes": scenes, "digits": judge(DIGITS, digits())}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
