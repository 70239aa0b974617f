"""Short films of real handwritten digits that move over a ground: what is in each frame, and the frame itself.

A film is drawn from its settings and a key alone, so that it is the same whatever else is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

WIDTH, HEIGHT = 320, 240
N_FRAMES = 8
DIGIT_SIDE = 28
INK_SIDE = 20  # of the 28 pixels of a digit's image, those that its ink may span
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

LIGHT = {"day": (1.25, 4.0), "dusk": (0.75, 6.0), "night": (0.33, 8.0)}  # factor; noise, of 255 grey levels
TINT = {"day": (1.0, 1.0, 0.98), "dusk": (1.12, 0.97, 0.86), "night": (0.9, 0.97, 1.2)}
CONTRAST = {"high": 150.0, "medium": 95.0, "low": 52.0}  # ink above the ground, of 255 grey levels, by daylight
SPEED = {"still": (0.0, 0.3), "slow": (1.5, 4.0), "fast": (9.0, 15.0)}  # pixels a frame
BLUR = {"none": 0, "slight": 4, "strong": 8}  # pixels that the camera travels while a frame is taken
HEIGHTS = {"small": (13.0, 26.0), "medium": (32.0, 72.0), "large": (112.0, 165.0)}  # of the ink, in pixels
SIZES = {"sparse": (0.15, 0.5, 0.35), "normal": (0.3, 0.55, 0.15), "crowded": (0.5, 0.48, 0.02)}
N_OBJECTS = {"sparse": (1, 3), "normal": (4, 6), "crowded": (10, 14)}
COMPANION = {1: 7, 7: 1, 3: 8, 8: 3, 4: 9, 9: 4, 5: 6, 6: 5, 0: 2, 2: 0}
"""What often stands beside a digit: one that is easily taken for it."""
N_HEAPED = 26
SOME_INK, COVERING = 0.25, 0.5  # of 1: from which a pixel is of a digit, and from which it hides what is behind
LEAST_VISIBLE = 0.25  # share of the ink that is in the frame and not covered, of a digit that is annotated


@dataclass(frozen=True)
class Setting:
    """How a film is taken."""

    lighting: str
    background: str
    blur: str
    scene: str
    camera: str
    posts: int = 0
    enter: int = 0
    leave: int = N_FRAMES
    heap: bool = False
    empty: bool = False


@dataclass
class Mover:
    """A digit on its way: where its middle is in the first frame, and how it goes on."""

    track: int
    label: int
    ink: np.ndarray
    height: float
    contrast: str
    speed: str
    x: float
    y: float
    dx: float
    dy: float
    turn: float
    growth: float


@dataclass(frozen=True, eq=False)
class Seen:
    """An object of one frame: the box of its ink, as far as it is in the frame, what is said of it, and where it shows.

    The pixels (height, width) are those of its ink that nothing covers; of a heap, all of its box that no post covers.
    """

    label: int
    box: tuple[int, int, int, int]  # left, top, width, height
    pixels: np.ndarray
    track: int = 0
    crowd: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


class Frame(NamedTuple):
    """A frame (height, width, 3), what is in it, and the pixels (height, width) of digits that hardly show."""

    picture: np.ndarray
    seen: list[Seen]
    unsaid: np.ndarray


def octaves(rng: np.random.Generator, height: int, width: int, coarsest: int) -> np.ndarray:
    """Smooth random ground of mean 0 and standard deviation 1, from patches of ``coarsest`` pixels to finer ones."""
    total = np.zeros((height, width))
    side, weight = coarsest, 1.0
    while side >= 3:
        grid = rng.normal(size=(height // side + 3, width // side + 3))
        total += weight * np.asarray(Image.fromarray(grid.astype(np.float32)).resize((width, height), 3), float)
        side, weight = side // 2, weight * 0.6
    return (total - total.mean()) / total.std()


def draw_ground(rng: np.random.Generator, background: str, height: int, width: int) -> np.ndarray:
    """Grey levels by daylight; wider than a frame, since the camera may pan."""
    ground = 62 + 6 * octaves(rng, height, width, 96)
    if background != "plain":
        ground = ground + 7 * octaves(rng, height, width, 12)
    if background == "cluttered":
        rows, columns = np.mgrid[:height, :width]
        for _ in range(22):
            y, x, size = rng.uniform(0, height), rng.uniform(0, width), rng.uniform(6, 26)
            level, angle = rng.uniform(35, 120), rng.uniform(0, np.pi)
            along = (columns - x) * np.cos(angle) + (rows - y) * np.sin(angle)
            across = (rows - y) * np.cos(angle) - (columns - x) * np.sin(angle)
            kind = rng.integers(4)
            if kind == 0:  # a bar
                shape = (abs(along) < size) & (abs(across) < 2.2)
            elif kind == 1:  # an angle
                shape = ((abs(along) < 2) & (abs(across) < size)) | ((abs(across - size) < 2) & (abs(along) < size))
            elif kind == 2:  # part of a ring
                shape = (abs(np.hypot(along, across) - size * 0.7) < 2) & (along > rng.uniform(-0.6, 0.3) * size)
            else:  # a blot
                shape = (along / size) ** 2 + (across / (0.4 * size)) ** 2 < 0.35
            ground = ground + level * ndimage.gaussian_filter(shape.astype(float), 0.8)
    return ground


def place_movers(
    rng: np.random.Generator, setting: Setting, images: np.ndarray, labels: np.ndarray, pool: Sequence[int]
) -> list[Mover]:
    """The digits of a film; some bring one along that is easily taken for them."""
    if setting.empty:
        return []
    low, high = N_OBJECTS[setting.scene]
    wanted = int(rng.integers(low, high + 1))
    by_label = {label: [i for i in pool if labels[i] == label] for label in COMPANION}
    movers: list[Mover] = []
    label = int(rng.integers(10))
    while len(movers) < wanted:
        size = str(rng.choice(list(HEIGHTS), p=SIZES[setting.scene]))
        speed = str(rng.choice(list(SPEED), p=(0.3, 0.45, 0.25)))
        angle, pace = rng.uniform(0, 2 * np.pi), rng.uniform(*SPEED[speed])
        for _ in range(12):  # a few tries to stand apart from the others
            x, y = rng.uniform(15, WIDTH - 15), rng.uniform(15, HEIGHT - 15)
            if all(np.hypot(x - other.x, y - other.y) > 0.35 * (other.height + HEIGHTS[size][0]) for other in movers):
                break
        movers.append(
            Mover(
                track=len(movers) + 1,
                label=label,
                ink=images[int(rng.choice(by_label[label]))] / 255.0,
                height=float(np.exp(rng.uniform(*np.log(HEIGHTS[size])))),
                contrast=str(rng.choice(list(CONTRAST), p=(0.5, 0.3, 0.2))),
                speed=speed,
                x=float(x),
                y=float(y),
                dx=float(pace * np.cos(angle)),
                dy=float(pace * 0.6 * np.sin(angle)),
                turn=float(rng.uniform(-10, 10)),
                growth=float(rng.uniform(-0.02, 0.02)),
            )
        )
        label = COMPANION[label] if rng.random() < 0.45 else int(rng.integers(10))
    return sorted(movers, key=lambda mover: mover.height)  # what is large is near, and covers


def stamp(ink: np.ndarray, height: float, turn: float) -> np.ndarray:
    """The digit's ink from 0 to 1, as large as is wanted, with edges as sharp as the smaller one had."""
    side = max(round(height * DIGIT_SIDE / INK_SIDE), 8)
    picture = Image.fromarray((ink * 255).astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    values = np.asarray(picture.rotate(turn, resample=Image.Resampling.BICUBIC), float) / 255
    return np.clip((values - 0.5) * max(side / DIGIT_SIDE, 1.0) + 0.5, 0, 1)


def lay(stamped: np.ndarray, x: float, y: float, dx: float, dy: float) -> np.ndarray:
    """The stamp on a frame, its middle at x and y, smeared along the way that it goes while the frame is taken."""
    total = np.zeros((HEIGHT, WIDTH))
    steps = max(round(np.hypot(dx, dy) / 3), 1)
    side = len(stamped)
    for step in range(steps):
        share = (step + 0.5) / steps - 0.5
        left, top = round(x + share * dx * 0.5 - side / 2), round(y + share * dy * 0.5 - side / 2)
        rows, columns = slice(max(top, 0), min(top + side, HEIGHT)), slice(max(left, 0), min(left + side, WIDTH))
        if rows.start < rows.stop and columns.start < columns.stop:
            total[rows, columns] += stamped[
                rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
            ]
    return total / steps


def box_of(ink: np.ndarray) -> tuple[int, int, int, int] | None:
    """The box of all pixels that hold some ink."""
    rows, columns = (np.flatnonzero((ink > SOME_INK).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    return (int(columns[0]), int(rows[0]), int(columns[-1] - columns[0] + 1), int(rows[-1] - rows[0] + 1))


def name_cover(share: float) -> str:
    """How much of an object's ink something else covers."""
    return "none" if share < 0.08 else "partial" if share < 0.35 else "heavy"


def film(
    key: Sequence[int], setting: Setting, images: np.ndarray, labels: np.ndarray, pool: Sequence[int]
) -> list[Frame]:
    """The frames of a film.

    Args:
        key: of the random numbers.
        setting: how it is taken.
        images: of all digits (n, 28, 28).
        labels: what each is.
        pool: the digits that may stand in it.
    """
    rng = np.random.default_rng(list(key))
    pan = {"fixed": 0.0, "panning": float(rng.choice([-1, 1])) * rng.uniform(3, 6)}[setting.camera]
    ground = draw_ground(rng, setting.background, HEIGHT, WIDTH + 2 * 8 * N_FRAMES)
    movers = place_movers(rng, setting, images, labels, pool)
    posts = [(rng.uniform(30, WIDTH - 30), rng.uniform(6, 14)) for _ in range(setting.posts)]
    heap = draw_heap(rng, images, labels, pool) if setting.heap else None
    frames = []
    for number in range(N_FRAMES):
        left = round(8 * N_FRAMES + pan * number)
        grey = ground[:, left : left + WIDTH].copy()
        inks, whole = [], []
        for mover in movers if setting.enter <= number < setting.leave else ():
            x, y = mover.x + number * (mover.dx - pan), mover.y + number * mover.dy
            stamped = stamp(mover.ink, mover.height * (1 + mover.growth * number), mover.turn)
            ink = lay(stamped, x, y, mover.dx, mover.dy)
            inks.append(ink)
            whole.append(stamped.sum())
            shade = ndimage.gaussian_filter(ink, max(mover.height / 24, 0.8))
            level = np.average(grey, weights=ink + 1e-9) + CONTRAST[mover.contrast]
            grey = grey * (1 - 0.22 * shade) * (1 - ink) + level * ink
        if heap is not None:
            grey = grey * (1 - heap[1]) + 165 * heap[1]
        front = np.zeros((HEIGHT, WIDTH), bool)
        for at, half in posts:
            at_now = round(at - pan * number)
            front[:, max(round(at_now - half), 0) : max(round(at_now + half), 0)] = True
        grey = np.where(front, 28.0, grey)
        seen, unsaid = [], np.zeros((HEIGHT, WIDTH), bool)
        if heap is not None:
            label, _, (x, y, width, height) = heap
            place = slice(y, y + height), slice(x, x + width)
            pixels = np.zeros((HEIGHT, WIDTH), bool)
            pixels[place] = ~front[place]
            seen.append(Seen(label, heap[2], pixels, crowd=True))
        for i, mover in enumerate(movers if inks else ()):
            box = box_of(inks[i])
            above = np.maximum.reduce([*inks[i + 1 :], front.astype(float)])
            inside = inks[i].sum()
            covered = float((inks[i] * (above > COVERING)).sum() / max(inside, 1e-9))
            pixels = (inks[i] > SOME_INK) & (above <= COVERING)
            if heap is not None:
                pixels &= heap[1] <= COVERING
            if box is None or (inside / whole[i]) * (1 - covered) < LEAST_VISIBLE:
                unsaid |= pixels
                continue
            said = {"occlusion": name_cover(covered), "contrast": mover.contrast, "speed": mover.speed}
            seen.append(Seen(mover.label, box, pixels, mover.track, attributes=said))
        frames.append(Frame(expose(rng, grey, setting), seen, unsaid))
    return frames


def draw_heap(
    rng: np.random.Generator, images: np.ndarray, labels: np.ndarray, pool: Sequence[int]
) -> tuple[int, np.ndarray, tuple[int, int, int, int]]:
    """Many small digits of one kind that nobody would tell apart: the kind, the ink, and the box of all."""
    label = int(rng.integers(10))
    own = [i for i in pool if labels[i] == label]
    x, y = rng.uniform(60, WIDTH - 60), rng.uniform(50, HEIGHT - 50)
    ink = np.zeros((HEIGHT, WIDTH))
    for _ in range(N_HEAPED):
        stamped = stamp(images[int(rng.choice(own))] / 255.0, float(rng.uniform(11, 17)), float(rng.uniform(-30, 30)))
        ink = np.maximum(ink, lay(stamped, x + rng.normal(0, 17), y + rng.normal(0, 11), 0, 0))
    box = box_of(ink)
    assert box is not None
    return label, ink, box


def expose(rng: np.random.Generator, grey: np.ndarray, setting: Setting) -> np.ndarray:
    """The frame as a camera takes it: moved, in this light, with its noise and colour."""
    if BLUR[setting.blur]:
        grey = ndimage.uniform_filter1d(grey, BLUR[setting.blur] + 1, axis=1)
    factor, noise = LIGHT[setting.lighting]
    taken = grey * factor + rng.normal(0, noise, grey.shape) + 6
    return np.clip(taken[:, :, None] * np.array(TINT[setting.lighting]), 0, 255).round().astype(np.uint8)


def describe(setting: Setting) -> dict[str, Any]:
    """A film's attributes."""
    return {
        "lighting": setting.lighting,
        "background": setting.background,
        "motion_blur": setting.blur,
        "camera": setting.camera,
        "scene": setting.scene,
    }
