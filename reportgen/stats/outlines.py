"""The borders of masks as closed rings: exact, corner by corner, or with fewer points for drawing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reportgen.stats.masks import Masks
from reportgen.stats.objects import Flags
from reportgen.stats.pairs import Floats, Ints, ranges, runs

TOLERANCE = 0.5
"""Pixels by which a simplified ring leaves out points; its border is at most half a pixel more from the exact one."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """Closed rings, several of which may be of one mask; ascending by mask.

    A pixel is of the mask where it lies in an odd number of its rings. Seen on the screen, rings go with the mask on
    their right: clockwise around it, and the other way round its holes. The last point is joined to the first.
    """

    points: Floats  # n × 2: x, y in pixels from the image's corner, those of one ring after those of the other
    begins: Ints  # where those of each ring begin, and the end
    mask: Ints  # to which mask each ring belongs

    def __len__(self) -> int:
        return len(self.mask)

    def of(self, mask: int) -> list[Floats]:
        """The rings of one mask, n × 2 each."""
        first, stop = np.searchsorted(self.mask, [mask, mask + 1])
        ends = zip(self.begins[first:stop], self.begins[first + 1 : stop + 1], strict=True)
        return [self.points[begin:end] for begin, end in ends]


def trace_masks(masks: Masks) -> Outlines:
    """The exact rings of masks: every point is a corner, where the border turns; without a pixel there is no ring.

    Pixels that touch at a corner alone are not joined there. No mask is decoded: time and memory go by the runs, split
    at the columns' ends.
    """
    stride, base, changes, down = _changes(masks)
    left, right = _ends(changes, down, stride[np.searchsorted(base, changes, side="right") - 1])
    # horizontal edges: in a row each left end is followed by its right end
    mask = np.searchsorted(base, left, side="right") - 1
    x, y = np.divmod(left - base[mask], stride[mask])
    order = np.lexsort((x, y, mask))
    left, mask, x, y = left[order], mask[order], x[order], y[order]
    own = np.searchsorted(base, right, side="right") - 1
    far, low = np.divmod(right - base[own], stride[own])
    far = far[np.lexsort((far, low, own))]
    inside_below = down[np.searchsorted(changes, left)]
    start = np.stack([np.where(inside_below, x, far), y], axis=1)
    stop = np.stack([np.where(inside_below, far, x), y], axis=1)

    # vertical edges: in a column corners pair up; where two pixels touch at a corner, the edge above comes first
    n = len(start)
    corner = np.concatenate([start, stop])
    both = np.tile(mask, 2)
    key = 2 * (base[both] + corner[:, 0] * stride[both] + corner[:, 1]) + np.tile(inside_below, 2)
    pairs = np.argsort(key, kind="stable").reshape(-1, 2)
    following = np.empty(n, np.int64)
    following[pairs.max(axis=1) - n] = pairs.min(axis=1)  # one of each two is where an edge ends, the other the next

    leader, place = _cycles(following)
    order = np.lexsort((place, leader))
    heads, counts = runs(leader[order])
    points = np.stack([start[order], stop[order]], axis=1).reshape(-1, 2)
    begins = 2 * np.concatenate([[0], np.cumsum(counts)])
    return Outlines(points.astype(np.float64), begins, mask[order[heads]])


def _changes(masks: Masks) -> tuple[Ints, Ints, Ints, Flags]:
    """Where pixels change between background and object down each column, as numbers that ascend.

    Returns the stride from column to column of each mask and its first number, the changes, and whether each is into
    the object. A column has a place more than pixels: the one below its last.
    """
    stride = masks.height + 1
    base = np.concatenate([[0], np.cumsum(stride * (masks.width + 1))])
    run = np.flatnonzero(masks.inside & (masks.runs > 0))
    mask = np.searchsorted(masks.begins, run, side="right") - 1
    before = np.concatenate([[0], np.cumsum(masks.height * masks.width)])[mask]
    stop = masks.ends[run] - before
    first, high = stop - masks.runs[run], masks.height[mask]
    column, last = first // high, (stop - 1) // high
    counts = last - column + 1
    each = np.repeat(np.arange(len(run)), counts)  # a piece a column that the run goes through
    x = ranges(column, counts)
    top = np.where(x == column[each], first[each] - x * high[each], 0)
    low = np.where(x == last[each], stop[each] - x * high[each], high[each])
    at = base[mask[each]] + x * stride[mask[each]]
    changes = np.stack([at + top, at + low], axis=1).ravel()
    twice = np.flatnonzero(changes[1:] == changes[:-1])  # nothing lies between two runs
    kept = np.ones(len(changes), bool)
    kept[twice] = kept[twice + 1] = False
    return stride, base, changes[kept], np.tile([True, False], len(at))[kept]


def _ends(changes: Ints, down: Flags, stride: Ints) -> tuple[Ints, Ints]:
    """Where horizontal edges begin at the left, and end at the right, as numbers of corners, ascending."""
    right = changes + stride
    at = np.minimum(np.searchsorted(changes, right), max(len(changes) - 1, 0))
    goes_on = (changes[at] == right) & (down[at] == down)  # in the next column, with the same side inside
    begins = np.ones(len(changes), bool)
    begins[at[goes_on]] = False
    return changes[begins], right[~goes_on]


def _cycles(following: Ints) -> tuple[Ints, Ints]:
    """The smallest member of each one's cycle, and how many steps it is after that."""
    n = len(following)
    leader, jump = np.minimum(np.arange(n), following), following[following]
    while True:
        least = np.minimum(leader, leader[jump])
        if (least == leader).all():  # then so it is in windows of any length
            break
        leader, jump = least, jump[jump]
    begins = leader == np.arange(n)
    steps, jump = np.where(begins, 0, 1), np.where(begins, leader, following)
    while (jump != leader).any():
        steps, jump = steps + steps[jump], jump[jump]
    size = np.bincount(leader, minlength=n)
    return leader, np.where(begins, 0, size[leader] - steps)


def simplify_outlines(outlines: Outlines, tolerance: float = TOLERANCE) -> Outlines:
    """The rings with fewer points, for drawing.

    A step of the border of one pixel, as slanted borders have them, becomes its middle; then points are left out that
    lie within ``tolerance`` of the line between those that stay. So no point of the drawn border is further than half
    a pixel and the tolerance from the exact one, nor the other way round. Three points of each ring stay at least. Fill
    by even-odd as before. Source: Ramer 1972; Douglas, Peucker 1973.
    """
    points, begins = _middles(outlines)
    kept = _kept(points, begins, tolerance)
    counts = np.add.reduceat(kept, begins[:-1]) if len(outlines) else np.empty(0, np.int64)
    return Outlines(points[kept], np.concatenate([[0], np.cumsum(counts)]), outlines.mask)


def _middles(outlines: Outlines) -> tuple[Floats, Ints]:
    """The points with the middle of each step in place of its ends, and where those of each ring begin."""
    points, begins = outlines.points, outlines.begins
    after, _ = _neighbours(begins)
    edge = points[after] - points
    before = np.empty(len(points), np.int64)
    before[after] = np.arange(len(points))
    turn = edge[before, 0] * edge[:, 1] - edge[before, 1] * edge[:, 0] > 0
    step = (np.abs(edge).sum(axis=1) == 1) & (turn != turn[after])
    middle = (points + points[after]) / 2
    # a step's first end becomes its middle; the second goes, unless the next step begins there and needs its place
    found = np.where(step[:, None], middle, points)
    kept = step | ~step[before]
    counts = np.add.reduceat(kept, begins[:-1]) if len(outlines) else np.empty(0, np.int64)
    return found[kept], np.concatenate([[0], np.cumsum(counts)])


def _neighbours(begins: Ints) -> tuple[Ints, Ints]:
    """The point after each one in its ring, and the ring of each."""
    n = int(begins[-1])
    after = np.arange(1, n + 1)
    after[begins[1:] - 1] = begins[:-1]
    return after, np.repeat(np.arange(len(begins) - 1), np.diff(begins))


def _kept(points: Floats, begins: Ints, tolerance: float) -> Flags:
    """Which points stay: the first of each ring, the one that is furthest from it, and what the tolerance asks for."""
    n = len(points)
    kept = np.zeros(n, bool)
    if not n:
        return kept
    # each ring stands once more closed: its first point again behind the last
    counts = np.diff(begins) + 1
    source = ranges(begins[:-1], counts)
    source[np.cumsum(counts) - 1] = begins[:-1]
    xy = points[source]
    first = np.cumsum(counts) - counts
    opposite = _furthest(np.hypot(*(xy - np.repeat(xy[first], counts, axis=0)).T), first, counts)
    kept[begins[:-1]] = True
    kept[source[opposite]] = True
    low, high = np.concatenate([first, opposite]), np.concatenate([opposite, first + counts - 1])
    longer = 2 * (opposite - first) >= counts  # of this half one more point stays in any case, so that three do
    least = np.where(np.concatenate([longer, ~longer]), -1.0, tolerance)
    while len(low):
        open_ = high - low > 1
        low, high, least = low[open_], high[open_], least[open_]
        if not len(low):
            break
        inner = high - low - 1
        at = ranges(low + 1, inner)
        each = np.repeat(np.arange(len(low)), inner)
        far = _distance(xy[at], xy[low[each]], xy[high[each]])
        heads = np.cumsum(inner) - inner
        top = _furthest(far, heads, inner)
        split = far[top] > least
        middle = at[top[split]]
        kept[source[middle]] = True
        low, high = np.concatenate([low[split], middle]), np.concatenate([middle, high[split]])
        least = np.full(len(low), tolerance)
    return kept


def _furthest(far: Floats, heads: Ints, counts: Ints) -> Ints:
    """The position of the largest of each part, of equal ones the first."""
    most = np.repeat(np.maximum.reduceat(far, heads), counts)
    at = np.flatnonzero(far == most)
    return np.asarray(at[np.searchsorted(at, heads)])


def _distance(points: Floats, first: Floats, second: Floats) -> Floats:
    """Of each point from the line between the two ends beside it, never beyond these."""
    along = second - first
    length = np.einsum("ij,ij->i", along, along)
    own = points - first
    share = np.divide(np.einsum("ij,ij->i", own, along), length, out=np.zeros(len(points)), where=length > 0)
    return np.asarray(np.hypot(*(own - share.clip(0, 1)[:, None] * along).T))
