"""How much detected and true masks of one sample overlap."""

from __future__ import annotations

import numpy as np

from reportgen.stats.masks import Masks, shared_pixels
from reportgen.stats.objects import LEAST_OVERLAP, Detections, Flags, Overlaps, Truths, pairs_by_sample
from reportgen.stats.pairs import Floats, Ints


def overlap_masks(
    detections: Detections, truths: Truths, detected: Masks, true: Masks, least: float = LEAST_OVERLAP
) -> Overlaps:
    """The pairs of one sample whose masks overlap by ``least`` or more, as ``overlap_boxes`` gives them for boxes.

    Args:
        detections: of one version; for average precision their ``area`` is that of their masks.
        truths: the true objects.
        detected: the mask of each detection, of its sample's size.
        true: the mask of each true object.
        least: of intersection over union; of a crowd, of intersection over the detection's own area.
    """
    found = []
    for d, t in pairs_by_sample(detections.sample, truths.sample):
        own, other, crowd = detected.area[d], true.area[t], truths.crowd[t]
        most = np.minimum(_shared_boxes(detected.boxes[d], true.boxes[t]), np.minimum(own, other))
        near = np.flatnonzero((most > 0) & (_iou(most, own, other, crowd) >= least))
        shared = shared_pixels(detected, true, d[near], t[near])
        iou = _iou(shared, own[near], other[near], crowd[near])
        kept = (shared > 0) & (iou >= least)
        found.append(Overlaps(d[near][kept], t[near][kept], iou[kept]))
    return Overlaps.collect(found)


def _shared_boxes(first: Floats, second: Floats) -> Floats:
    """Pixels that the boxes have in common, row by row."""
    low = np.maximum(first[:, :2], second[:, :2])
    high = np.minimum(first[:, :2] + first[:, 2:], second[:, :2] + second[:, 2:])
    return np.asarray(np.maximum(high - low, 0).prod(axis=1))


def _iou(shared: Floats | Ints, own: Ints, other: Ints, crowd: Flags) -> Floats:
    """Intersection over union, or over the detection's own area, of numbers of pixels."""
    union = np.where(crowd, own, own + other - shared)
    return np.asarray(np.divide(shared, union, out=np.zeros(len(shared)), where=shared > 0))
