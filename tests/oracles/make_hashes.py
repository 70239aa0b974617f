"""Writes ``hash_distances.json``: perceptual hashes of edited digits, and their distances, as imagehash says.

The tool brings scipy and PyWavelets with it, so it is no test dependency:

    pip install imagehash==4.3.2
    python tests/oracles/make_hashes.py
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageEnhance

FIGURES = Path(__file__).with_name("hash_distances.json")
DIGITS = Path(__file__).parent.parent.parent / "examples" / "digits" / "images"
NAMES = ("0400-1", "0401-1", "0402-1", "0403-1", "0404-1", "0405-1", "0406-1", "0407-1")


def pictures() -> list[Image.Image]:
    """A few digits, and of each a brighter, a larger and a slightly smaller copy."""
    found = []
    for name in NAMES:
        image = Image.open(DIGITS / f"{name}.png").convert("L")
        found += [
            image,
            ImageEnhance.Brightness(image).enhance(1.1),
            image.resize((112, 112), Image.Resampling.BICUBIC),
            image.crop((1, 1, 27, 27)),
        ]
    return found


def main() -> None:
    """Compute the hashes and distances with imagehash, and write them."""
    import imagehash  # noqa: PLC0415

    hashes = [imagehash.phash(image) for image in pictures()]
    distance = [[int(one - other) for other in hashes] for one in hashes]
    told = {"imagehash": imagehash.__version__, "phash": [str(one) for one in hashes], "distance": distance}
    FIGURES.write_text(json.dumps(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
