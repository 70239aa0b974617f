"""The heat scale: twelve steps from the middle to worse and to better, and the text that can be read on each.

``color-mix(in oklab, worse|better p%, heat0)`` with p up to 97 (no clear change: up to 22), as exact hex values of the
light theme. ``css`` gives the dark theme's values, computed from dark tokens, by attribute selectors on the light ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal

from reportgen.site.charts.theme import DARK, LIGHT

STEPS = 12
FULL = 97.0
UNCLEAR_STEPS = 2
"""Steps that a cell without a clear change may take: two of twelve are 16 %, three would be above 22 %."""

Side = Literal["worse", "better", "count"]
SIDES: tuple[Side, ...] = ("worse", "better", "count")
_ENDS: dict[Side, tuple[str, str]] = {
    "worse": (LIGHT["worse"], DARK["worse"]),
    "better": (LIGHT["better"], DARK["better"]),
    "count": ("#2B3440", "#D5DBE1"),
}

_READABLE = 4.5
_INKS = ((LIGHT["ink"], "#FFFFFF"), (DARK["ink"], DARK["bg"]))
_EXTREMES = ("#000000", "#FFFFFF")


def _linear(c: float) -> float:
    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4


def _gamma(c: float) -> float:
    return 12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055


def _rgb(colour: str) -> tuple[float, float, float]:
    r, g, b = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return r, g, b


def _oklab(colour: str) -> tuple[float, float, float]:
    """Ottosson 2020, "A perceptual color space for image processing"."""
    r, g, b = _rgb(colour)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _hex(lightness: float, a: float, b: float) -> str:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, c)))):02X}" for c in channels)


def mix(colour: str, share: float, base: str) -> str:
    """``color-mix(in oklab, colour share%, base)`` as hex."""
    one, other = _oklab(colour), _oklab(base)
    lightness, a, b = (x * share / 100 + y * (1 - share / 100) for x, y in zip(one, other, strict=True))
    return _hex(lightness, a, b)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2)."""
    weights = (0.2126, 0.7152, 0.0722)
    first, second = (sum(w * c for w, c in zip(weights, _rgb(colour), strict=True)) for colour in (one, other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def cell(side: Side, step: int, *, dark: bool = False) -> str:
    """The colour of a cell, 0 to 12 steps from the middle."""
    tokens = DARK if dark else LIGHT
    return mix(_ENDS[side][dark], step / STEPS * FULL, tokens["heat0"]) if step else tokens["heat0"]


def ink(side: Side, step: int, *, dark: bool = False) -> str:
    """The text colour with most contrast on a cell: the theme's own two, or where neither reads, black or white."""
    background = cell(side, step, dark=dark)

    def best(choices: tuple[str, ...]) -> str:
        return max(choices, key=lambda choice: contrast(choice, background))

    own = best(_INKS[dark])
    return own if contrast(own, background) >= _READABLE else best(_EXTREMES)


@cache
def inks() -> dict[tuple[str, str], str]:
    """The light hex that stands for each pair of text colours (light theme, dark theme) that the scale needs.

    One light ink meets several dark ones: their hexes differ in the last digits, so that selectors tell them apart.
    """
    found: dict[tuple[str, str], str] = {_INKS[0][:1] + _INKS[1][:1]: LIGHT["ink"]}
    taken = {LIGHT["ink"], LIGHT["surface"]}
    for side in SIDES:
        for n in range(STEPS + 1):
            pair = (ink(side, n), ink(side, n, dark=True))
            if pair not in found:
                found[pair] = next(near for near in _near(pair[0]) if near not in taken)
                taken.add(found[pair])
    return found


def _near(colour: str) -> Iterator[str]:
    """Colours that no eye tells from this one."""
    value, towards = int(colour[5:], 16), -1 if colour[5:] == "FF" else 1
    for distance in range(1, 8):
        yield f"{colour[:5]}{value + towards * distance:02X}"


def text(side: Side, step: int) -> str:
    """The light hex of a cell's text, which tells the dark theme's apart too."""
    return inks()[ink(side, step), ink(side, step, dark=True)]


def quiet(side: Side, step: int) -> str:
    """The light hex of a cell's second line: ink2 where that can be read in both themes, else as the first line."""
    readable = all(
        contrast(tokens["ink2"], cell(side, step, dark=dark)) >= _READABLE
        for tokens, dark in ((LIGHT, False), (DARK, True))
    )
    return LIGHT["ink2"] if readable else text(side, step)


def code(side: Side, step: int) -> str:
    """What a row says for its colour; the middle is the same on each side."""
    return f"{side}{step}" if step else "middle"


CODES = ["middle", *(f"{side}{n}" for side in SIDES for n in range(1, STEPS + 1))]
"""Every colour of the scale, by what a row says."""


@cache
def cells() -> tuple[str, ...]:
    """The colours of ``CODES``."""
    return (LIGHT["heat0"], *(cell(side, n) for side in SIDES for n in range(1, STEPS + 1)))


@cache
def inks_of(line: Literal["text", "quiet"]) -> tuple[str, ...]:
    """The text colours on ``CODES``, of a cell's first line or of the others."""
    of = text if line == "text" else quiet
    return (of("count", 0), *(of(side, n) for side in SIDES for n in range(1, STEPS + 1)))


def step(value: float, limit: float, *, clear: bool) -> int:
    """How far from the middle a value stands, 0 to 12; at most two steps without a clear change."""
    most = STEPS if clear else UNCLEAR_STEPS
    reached = min(1.0, abs(value) / limit) * STEPS if limit > 0 else 0
    return min(most, max(1, round(reached)) if clear else int(reached))


def dark_values() -> dict[str, str]:
    """The dark theme's colour for each light hex of the scale, cells first."""
    shades = {cell(side, n): cell(side, n, dark=True) for side in SIDES for n in range(1, STEPS + 1)}
    texts = {light: dark for (_, dark), light in inks().items() if light != LIGHT["ink"]}
    return shades | texts


def css() -> str:
    """The part of ``assets/css/charts.css`` that gives the scale its dark colours."""
    values = dark_values()
    names = {light: f"--rg-heat-{i}" for i, light in enumerate(values)}
    dark = " ".join(f"{names[light]}: {colour};" for light, colour in values.items())
    rules = [
        f'svg.rg-chart [fill="{light}"] {{ fill: var({name}, {light}); }}\n'
        f'svg.rg-chart [stroke="{light}"] {{ stroke: var({name}, {light}); }}'
        if light not in cells()
        else f'svg.rg-chart [fill="{light}"] {{ fill: var({name}, {light}); }}'
        for light, name in names.items()
    ]
    return "\n".join(
        [
            f'@media screen {{ :root[data-theme="dark"] {{ {dark} }} }}',
            "@media screen and (prefers-color-scheme: dark) {",
            f'  :root:not([data-theme="light"]) {{ {dark} }}',
            "}",
            *rules,
        ]
    )
