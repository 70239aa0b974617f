"""Give each nucleus of examples/nuclei, and each detection, the mask that the tiles' masks have in its box.

Run once by hand: `python examples/make_nuclei_masks.py`. It needs numpy, scipy, Pillow and pycocotools. The data has
the masks of whole tiles and the boxes of single nuclei. What hangs together and has the very box of a nucleus is that
nucleus, unless another box lies in it; of the rest a pixel is that of the box it lies in, of several the one whose
middle is nearest, in shares of the box's sides. Writes `segmentation` into the files of objects.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from pycocotools import mask as tool
from scipy import ndimage

NUCLEI = Path(__file__).parent / "nuclei"
PLACES = {
    "truth.coco.json": "masks",
    "predictions/v1_otsu.json": "predictions/v1_otsu",
    "predictions/v2_watershed.json": "predictions/v2_watershed",
}


def within(inner: list[int], outer: list[int]) -> bool:
    """Whether one box lies in the other."""
    ends = zip(inner[:2], inner[2:], outer[:2], outer[2:], strict=True)
    return all(a >= b and a + length <= b + room for a, length, b, room in ends)


def share_out(pixels: np.ndarray, boxes: list[list[int]]) -> list[np.ndarray]:
    """The mask of each box."""
    y, x = np.indices(pixels.shape)
    far = np.full((len(boxes), *pixels.shape), np.inf)
    for i, (left, top, width, height) in enumerate(boxes):
        own = np.s_[i, top : top + height, left : left + width]
        away = ((x + 0.5 - left) / width - 0.5) ** 2 + ((y + 0.5 - top) / height - 0.5) ** 2
        far[own] = away[own[1:]]
    pieces, _ = ndimage.label(pixels)
    for piece, (rows, across) in enumerate(ndimage.find_objects(pieces), 1):
        box = [across.start, rows.start, across.stop - across.start, rows.stop - rows.start]
        if box in boxes and not any(one != box and within(one, box) for one in boxes):
            far[:, pieces == piece] = np.inf
            far[boxes.index(box), pieces == piece] = 0
    nearest = np.where(np.isfinite(far.min(axis=0)) & pixels, far.argmin(axis=0), -1)
    return [nearest == i for i in range(len(boxes))]


def main() -> None:
    """Writes the masks into the three files."""
    images = json.loads((NUCLEI / "truth.coco.json").read_text())["images"]
    for file, folder in PLACES.items():
        path = NUCLEI / file
        data: Any = json.loads(path.read_text())
        objects = data["annotations"] if isinstance(data, dict) else data
        for image in images:
            own = [one for one in objects if one["image_id"] == image["id"]]
            pixels = np.asarray(Image.open(NUCLEI / folder / Path(image["file_name"]).name)) > 0
            for one, mask in zip(own, share_out(pixels, [one["bbox"] for one in own]), strict=True):
                found = tool.encode(np.asfortranarray(mask, np.uint8))
                one["segmentation"] = {"size": found["size"], "counts": found["counts"].decode()}
        path.write_text(json.dumps(data))


if __name__ == "__main__":
    main()
