"""Three detectors of digits: bright regions are proposed, and a classifier says which digit each is, or none."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage
from sklearn.base import ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

SIDE, INK = 28, 20
CELL, ORIENTATIONS = 4, 8
NOTHING = 10  # the class of what is no digit
SAME = 0.55  # overlap from which a proposal is taken for an object while learning
APART = 0.25  # and up to which it is nothing
LEAST_SCORE = 0.05
MOST = 100  # detections a frame
SURE = 0.5  # score from which a detection's pixels are marked


def grey_of(frame: np.ndarray) -> np.ndarray:
    """The brightness of each pixel."""
    return frame.astype(float) @ np.array([0.299, 0.587, 0.114])


def propose(grey: np.ndarray, config: dict[str, Any]) -> np.ndarray:
    """Boxes (n, 4) of regions that are brighter than what is around them: left, top, width, height."""
    found = [box for box, _ in find_regions(grey, config)]
    return np.unique(np.array(found, float), axis=0) if found else np.zeros((0, 4))


def find_regions(grey: np.ndarray, config: dict[str, Any]) -> Iterator[tuple[tuple[int, int, int, int], np.ndarray]]:
    """The box of each region that is brighter than what is around it, and which pixels of the box are of the region."""
    for smooth in config["smooth"]:
        soft = ndimage.gaussian_filter(grey, smooth) if smooth else grey
        above = soft - ndimage.uniform_filter(soft, config["window"], mode="nearest")
        spread = 1.4826 * np.median(np.abs(above - np.median(above)))
        top = np.quantile(above, 0.995)
        for level in config["levels"]:
            mask = above > max(level * top, config["noise"] * spread)
            marked, _ = ndimage.label(mask, np.ones((3, 3)))
            for number, (rows, columns) in enumerate(ndimage.find_objects(marked), 1):
                height, width = rows.stop - rows.start, columns.stop - columns.start
                if config["least_height"] <= height <= 200 and 3 <= width <= 200 and width < 2.5 * height:
                    yield (columns.start, rows.start, width, height), marked[rows, columns] == number


def crop(grey: np.ndarray, box: np.ndarray) -> np.ndarray:
    """What is in the box as an image of a digit: 28 x 28 from 0 to 1, the longer side 20 pixels."""
    left, top, width, height = (round(v) for v in box)
    part = grey[max(top, 0) : top + height, max(left, 0) : left + width]
    low, high = np.quantile(part, [0.2, 0.97])
    part = np.clip((part - low) / max(high - low, 6.0), 0, 1)
    scale = INK / max(part.shape)
    size = (max(round(part.shape[1] * scale), 2), max(round(part.shape[0] * scale), 2))
    small = np.asarray(Image.fromarray((part * 255).astype(np.uint8)).resize(size, Image.Resampling.BOX), float) / 255
    image = np.zeros((SIDE, SIDE))
    y, x = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    image[y : y + size[1], x : x + size[0]] = small
    return image


def to_features(images: np.ndarray) -> np.ndarray:
    """Histograms of the gradients' orientations, 7 x 7 cells of 8, a row an image, of norm 1."""
    if not len(images):
        return np.zeros((0, (SIDE // CELL) ** 2 * ORIENTATIONS))
    down, across = np.gradient(images, axis=(1, 2))
    strength, angle = np.hypot(down, across), np.arctan2(down, across)
    place = (angle / (2 * np.pi) * ORIENTATIONS) % ORIENTATIONS
    low, share = np.floor(place).astype(int) % ORIENTATIONS, place % 1
    cells = SIDE // CELL
    found = np.zeros((len(images), cells, cells, ORIENTATIONS))
    for orientation in range(ORIENTATIONS):
        part = strength * ((low == orientation) * (1 - share) + ((low + 1) % ORIENTATIONS == orientation) * share)
        found[..., orientation] = part.reshape(len(images), cells, CELL, cells, CELL).sum(axis=(2, 4))
    rows = np.sqrt(found.reshape(len(images), -1))
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def overlaps(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The intersection over the union of every pair of boxes."""
    low = np.maximum(ours[:, None, :2], theirs[None, :, :2])
    high = np.minimum(ours[:, None, :2] + ours[:, None, 2:], theirs[None, :, :2] + theirs[None, :, 2:])
    shared = np.prod(np.clip(high - low, 0, None), axis=2)
    sizes = np.prod(ours[:, 2:], axis=1)[:, None] + np.prod(theirs[:, 2:], axis=1)[None, :]
    return shared / (sizes - shared)


def learn(
    config: dict[str, Any],
    digits: tuple[np.ndarray, np.ndarray],
    frames: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> ClassifierMixin:
    """The fitted classifier.

    Args:
        config: the settings of the version.
        digits: images from 0 to 1 of written digits, and their labels.
        frames: of the training films: the brightness, the true boxes and their labels (-1: a crowd).
    """
    images, labels = [*digits[0]], [*digits[1]]
    for grey, boxes, truth in frames:
        proposals = propose(grey, config)
        if not len(proposals):
            continue
        shared = overlaps(proposals, boxes) if len(boxes) else np.zeros((len(proposals), 1))
        best, which = shared.max(axis=1), shared.argmax(axis=1)
        for i in np.flatnonzero(best < APART):
            images.append(crop(grey, proposals[i]))
            labels.append(NOTHING)
        if config["learns_from_frames"]:
            for i in np.flatnonzero(best >= SAME):
                if truth[which[i]] >= 0:
                    images.append(crop(grey, proposals[i]))
                    labels.append(int(truth[which[i]]))
    features, target = to_features(np.array(images)), np.array(labels)
    if config["model"] == "logistic regression":
        return LogisticRegression(C=config["C"], max_iter=400).fit(features, target)
    network = MLPClassifier(
        tuple(config["hidden"]), alpha=config["alpha"], max_iter=config["epochs"], random_state=config["seed"]
    )
    with warnings.catch_warnings(action="ignore", category=ConvergenceWarning):  # it learns as long as the config says
        return network.fit(features, target)


def keep_best(boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray, config: dict[str, Any]) -> np.ndarray:
    """Which detections stay: the surest of those that overlap, of one class or of any."""
    shared = overlaps(boxes, boxes)
    kept: list[int] = []
    for i in np.argsort(-scores, kind="stable"):
        against = [j for j in kept if config["one_class_a_place"] or labels[j] == labels[i]]
        if not against or shared[i, against].max() < config["suppress"]:
            kept.append(int(i))
    return np.array(kept[:MOST], int)


def detect(
    model: ClassifierMixin, grey: np.ndarray, config: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes (n, 4), labels and scores of one frame."""
    boxes = propose(grey, config)
    if not len(boxes):
        return boxes, np.zeros(0, int), np.zeros(0)
    likely = model.predict_proba(to_features(np.array([crop(grey, box) for box in boxes])))[:, :NOTHING]
    labels, scores = likely.argmax(axis=1), np.round(likely.max(axis=1), 4)
    enough = scores >= LEAST_SCORE
    boxes, labels, scores = boxes[enough], labels[enough], scores[enough]
    if not len(boxes):
        return boxes, labels, scores
    kept = keep_best(boxes, scores, labels, config)
    return boxes[kept], labels[kept], scores[kept]


def mark(
    grey: np.ndarray, found: tuple[np.ndarray, np.ndarray, np.ndarray], config: dict[str, Any]
) -> list[tuple[int, float, np.ndarray]]:
    """Label, score and pixels (height, width) of each detection that is surer than not, the surest last.

    The pixels are those of the region whose box it is; of several, since thresholds differ, of the largest.
    """
    regions: dict[tuple[int, ...], np.ndarray] = {}
    for box, region in find_regions(grey, config):
        if box not in regions or region.sum() > regions[box].sum():
            regions[box] = region
    marked = []
    boxes, labels, scores = found
    for i in np.argsort(scores, kind="stable"):
        if scores[i] > SURE:
            left, top, width, height = box = tuple(int(side) for side in boxes[i])
            pixels = np.zeros(grey.shape, bool)
            pixels[top : top + height, left : left + width] = regions[box]
            marked.append((int(labels[i]), float(scores[i]), pixels))
    return marked
