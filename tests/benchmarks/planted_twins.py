"""Print how many planted near copies of real images are found, and how many other pairs with them.

    python tests/benchmarks/planted_twins.py [FOLDER ...]

Without folders: 120 pieces of 64 x 64 pixels of the two photographs that scikit-learn carries, and the digits of
``examples/digits`` that are neither blurred nor noisy nor of low contrast, one of each written digit. Each image is
copied with one change; originals and copies together are searched as a report would. Recall: copies that are linked to
their original. Precision: links of the search that are planted. ``hash alone`` leaves the pixels' correlation out.
Where imagehash is installed, its hashes of all images are compared with those of the report, bit by bit.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from PIL import Image, ImageEnhance

from reportgen.analysis.quality.duplicates import find_image_pairs
from reportgen.inputs.looks import look_at
from reportgen.inspection.looks import Looks
from reportgen.stats.near_hashes import WITHIN, distances

ROOT = Path(__file__).parents[2]
PIECE = 64

Change = Callable[[Image.Image], bytes]


def stored(image: Image.Image, form: str = "PNG", **options: int) -> bytes:
    """The bytes of an image file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def cropped(share: float) -> Change:
    """Without a margin that takes so much of width and height."""

    def crop(image: Image.Image) -> bytes:
        dx, dy = image.width * share / 2, image.height * share / 2
        return stored(image.crop((round(dx), round(dy), round(image.width - dx), round(image.height - dy))))

    return crop


def resized(factor: float) -> Change:
    """At another size."""
    return lambda image: stored(
        image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.BICUBIC)
    )


def brightened(factor: float) -> Change:
    """Brighter or darker."""
    return lambda image: stored(ImageEnhance.Brightness(image).enhance(factor))


CHANGES: dict[str, Change] = {
    "same pixels, other file": lambda image: stored(image, "BMP"),
    "crop by 2%": cropped(0.02),
    "crop by 5%": cropped(0.05),
    "crop by 10%": cropped(0.1),
    "half the size": resized(0.5),
    "twice the size": resized(2),
    "JPEG, quality 90": lambda image: stored(image, "JPEG", quality=90),
    "JPEG, quality 50": lambda image: stored(image, "JPEG", quality=50),
    "JPEG, quality 20": lambda image: stored(image, "JPEG", quality=20),
    "10% brighter": brightened(1.1),
    "30% brighter": brightened(1.3),
    "30% darker": brightened(0.7),
}


def photographs() -> list[Image.Image]:
    """Pieces of two photographs, side by side."""
    from sklearn.datasets import load_sample_images  # noqa: PLC0415

    whole = [Image.fromarray(array) for array in load_sample_images().images]
    return [
        image.crop((x, y, x + PIECE, y + PIECE))
        for image in whole
        for y in range(0, image.height - PIECE + 1, PIECE)
        for x in range(0, image.width - PIECE + 1, PIECE)
    ]


def digits() -> list[Image.Image]:
    """Digits as they were written, each once."""
    samples = pl.read_csv(ROOT / "examples/digits/samples.csv", infer_schema_length=None)
    plain = samples.filter(
        (pl.col("blur") == "none") & (pl.col("noise") == "none") & (pl.col("contrast") == "full")
    ).unique("digit", keep="first", maintain_order=True)
    return [Image.open(ROOT / "examples/digits/images" / name) for name in plain["image"]]


def folder(path: Path) -> list[Image.Image]:
    """The images of a folder."""
    return [Image.open(one) for one in sorted(path.iterdir()) if one.suffix.lower() in {".png", ".jpg", ".jpeg"}]


def look(blobs: Sequence[bytes]) -> Looks:
    """What a report would see of them."""
    return look_at(ROOT, [{"bytes": blob} for blob in blobs], [f"{i:06d}" for i in range(len(blobs))])


def measured(first: np.ndarray, second: np.ndarray, n: int) -> tuple[float, float]:
    """Recall and precision of pairs among n originals, followed by their n copies."""
    planted = second - first == n
    return planted.sum() / n, planted.sum() / max(1, len(first))


def print_table(name: str, images: Sequence[Image.Image]) -> None:
    """Prints a line for each change."""
    n = len(images)
    print(f"\n{name}: {n:,} images\n{'':26} {'recall':>7} {'precision':>9}   {'hash alone':>10} {'':>9}")
    originals = [stored(image) for image in images]
    for change, make in CHANGES.items():
        seen = look([*originals, *(make(image) for image in images)])
        found = find_image_pairs(seen)
        recall, precision = measured(found.first, found.second, n)
        one, other = np.nonzero(np.triu(distances(seen.phash[:, None], seen.phash[None, :]) <= WITHIN, 1))
        alone = measured(one, other, n)
        print(f"{change:26} {recall:7.1%} {precision:9.1%}   {alone[0]:10.1%} {alone[1]:9.1%}", flush=True)
    check_imagehash(images)


def check_imagehash(images: Sequence[Image.Image]) -> None:
    """Prints how many hashes equal those of imagehash."""
    try:
        import imagehash  # noqa: PLC0415
    except ImportError:
        print("imagehash is not installed: hashes are not compared")
        return
    blobs = [make(image) for image in images for make in CHANGES.values()]
    ours = look(blobs).phash
    theirs = np.array([int(str(imagehash.phash(Image.open(io.BytesIO(blob)))), 16) for blob in blobs], np.uint64)
    print(f"equal to imagehash {imagehash.__version__}: {(ours == theirs).sum():,} of {len(blobs):,} hashes")


def main(paths: Sequence[str]) -> None:
    """Prints the tables."""
    if paths:
        for path in paths:
            print_table(path, folder(Path(path)))
        return
    print_table("photographs", photographs())
    print_table("digits", digits())


if __name__ == "__main__":
    main(sys.argv[1:])
