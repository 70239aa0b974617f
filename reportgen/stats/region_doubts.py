"""Where masks speak against an annotation: regions that all call otherwise, and that no moved border explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.stats.connected import Keys, split_regions
from reportgen.stats.masks import Masks
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints
from reportgen.stats.pixels import Codes, boundary_width, mark_near


@dataclass(frozen=True)
class Asked:
    """Of pixels annotated as one code and said to be another: whose word counts, and from which area on."""

    versions: tuple[int, ...]  # positions, one or more
    least: float  # pixels


@dataclass(frozen=True, eq=False)
class DoubtedRegions:
    """Regions of one sample, in any order: one mask each, over the whole image."""

    masks: Masks
    true: Ints  # the code that is annotated
    said: Ints  # the one that all who are asked say

    def __len__(self) -> int:
        return len(self.true)


def keep_of_one_mind(pairs: Mapping[tuple[int, int], Asked]) -> Mapping[tuple[int, int], Asked]:
    """The pairs of codes without those that could contradict another on the same pixels.

    Two of the same annotated code that share no version can: of them the one stays of which more versions are asked.
    """
    kept: dict[tuple[int, int], Asked] = {}
    for (true, said), asked in sorted(pairs.items(), key=lambda one: (-len(one[1].versions), one[0])):
        rivals = (other for (own, _), other in kept.items() if own == true)
        if all(set(asked.versions) & set(other.versions) for other in rivals):
            kept[true, said] = asked
    return dict(sorted(kept.items()))


def doubt_regions(
    true: Codes, said: Sequence[Codes | None], pairs: Mapping[tuple[int, int], Asked], n_classes: int
) -> DoubtedRegions:
    """The connected regions of one annotated code that every version asked says to be one and the same other.

    Borders are drawn a little differently by everybody. So pixels are left out that are within the boundary's width of
    others annotated as the class that the versions say, or of others that they all say to be of the annotated class: an
    object that nobody annotated counts with all of its pixels, a ring around one that is annotated too small as far as
    it is wider than that. Specks, which fill no 3 × 3 pixels, are no such others. Source of the width: boundary IoU,
    Cheng et al., CVPR 2021.

    Args:
        true: the codes of the annotation.
        said: those of each version, of equal shape; None: it has no mask.
        pairs: the pairs of codes, annotated and said, that are looked at; who is asked has a mask.
        n_classes: classes; background has this code, and what is ignored the next one.
    """
    distance = boundary_width(*true.shape)
    whole = (true.shape[0], true.shape[1])
    masks: list[Masks] = []
    kinds: list[tuple[int, int]] = []
    listed = list(pairs)
    least = np.array([asked.least for asked in pairs.values()])
    for versions in dict.fromkeys(asked.versions for asked in pairs.values()):
        told = [one for one in (said[v] for v in versions) if one is not None]
        keys = _keys(
            true, told, {i: pair for i, pair in enumerate(listed) if pairs[pair].versions == versions}, n_classes
        )
        regions, key = split_regions(keys, -1)
        large = regions.area >= least[key]  # what is too small as it is will not get larger
        for i in np.unique(key[large]).tolist():
            own, other = listed[i]
            part = _around(regions.boxes[large & (key == i)], distance + 2)
            left = keys[part] == i
            if other < n_classes:
                left &= ~_near_solid(true[part] == other, distance)
            if own < n_classes:
                left &= ~_near_solid(_all_say([one[part] for one in told], own), distance)
            found, _ = split_regions(left.view(np.int8), 0, (part[0].start, part[1].start), whole)
            found = found.take(np.flatnonzero(found.area >= least[i]))
            masks.append(found)
            kinds += [(own, other)] * len(found)
    codes = np.array(kinds, np.int64).reshape(-1, 2)
    return DoubtedRegions(Masks.join(masks), codes[:, 0], codes[:, 1])


def _keys(true: Codes, said: Sequence[Codes], pairs: Mapping[int, tuple[int, int]], n_classes: int) -> Keys:
    """Which pair each pixel is of, by its annotated code and the one that all say; -1: of none."""
    size = n_classes + 3  # of codes, and one more where they do not agree
    table = np.full(size * size, -1, np.int16 if len(pairs) < 1 << 15 else np.int32)
    for i, (own, other) in pairs.items():
        table[own * size + other] = i
    place = true.astype(np.min_scalar_type(size * size))
    place *= place.dtype.type(size)
    agreed = said[0].astype(np.min_scalar_type(size - 1))
    for one in said[1:]:
        agreed = np.where(agreed == one, agreed, agreed.dtype.type(size - 1))
    place += agreed
    return np.asarray(table[place])


def _near_solid(flags: Flags, distance: int) -> Flags:
    """Which pixels are within a distance of flagged ones, as far as these fill 3 × 3 pixels: specks have no border."""
    solid = ~mark_near(~flags, 1)
    return mark_near(solid, distance + 1)


def _all_say(said: Sequence[Codes], code: int) -> Flags:
    """Which pixels are of one code by all of them, which are one or more."""
    found = np.asarray(said[0] == code)
    for one in said[1:]:
        found &= one == code
    return found


def _around(boxes: Floats, distance: int) -> tuple[slice, slice]:
    """The part of the image that holds some boxes and what is within a distance of them."""
    left, top = np.maximum(boxes[:, :2].min(axis=0) - distance, 0).astype(int).tolist()
    right, below = ((boxes[:, :2] + boxes[:, 2:]).max(axis=0) + distance).astype(int).tolist()
    return slice(top, below), slice(left, right)
