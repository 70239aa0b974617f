"""How a number is written: one home for every format of the pages, the findings and the terminal.

The browser has the same formats in ``assets/js/numbers.js``; ``tests/contract/numbers.json`` holds both to them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

MINUS = "\u2212"
ELLIPSIS = "\u2026"
MISSING = "–"

Unit = Literal["rate", "number"]

ROUNDING = 1e-12
"""What is no further from 0 than that is 0, but for rounding."""
MORE = 2
"""Decimals that an end of a difference's interval has beyond the others where it would read as 0."""


def _fixed(value: float, decimals: int) -> str:
    """Round half away from zero on the decimal text, so that Python and the browser agree."""
    scaled = abs(value) * 10**decimals
    whole = math.floor(scaled + 0.5 + 1e-9)
    text = f"{whole:0{decimals + 1}d}"
    return f"{int(text[:-decimals]):,}.{text[-decimals:]}" if decimals else f"{whole:,}"


def _is_zero(text: str) -> bool:
    return not any(c in "123456789" for c in text)


def _decimals(*values: float | None) -> int:
    """Decimals of a figure without natural unit: three significant digits of the largest, at most four."""
    known = [abs(v) for v in values if v is not None and math.isfinite(v)]
    top = max(known, default=0.0)
    if top == 0:
        return 2
    return min(4, max(0, 2 - math.floor(math.log10(top))))


def scale_decimals(scale: float) -> int:
    """The decimals that all figures of one scale share: three significant digits of a typical one."""
    return _decimals(scale)


def count(n: int) -> str:
    """A count with thousands separators: "48,210"."""
    return f"{n:,}"


def short_count(n: int) -> str:
    """A count where room is short, in the bars of charts: "762", "5.0k", "34k", "1.2M"."""
    for size, unit in ((1_000_000, "M"), (1000, "k")):
        if n >= size:
            return f"{_fixed(n / size, 1 if n < 9.95 * size else 0)}{unit}"
    return count(n)


def more_or_fewer(n: int) -> str:
    """A difference of counts in words, before "than" or the noun: "61 fewer", "103 more", "as many"."""
    if n == 0:
        return "as many"
    return f"{count(abs(n))} {'more' if n > 0 else 'fewer'}"


def rate(value: float | None, decimals: int = 1) -> str:
    """A proportion as percent: "92.6%"; 100% and 0% only where exact, else "> 99.9%" and "< 0.1%"."""
    if value is None:
        return MISSING
    if value in {0, 1}:
        return f"{value:.0%}"
    text = _fixed(value * 100, decimals)
    if _is_zero(text):
        return f"< {_fixed(10**-decimals, decimals)}%"
    if float(text) >= 100:
        return f"> {_fixed(100 - 10**-decimals, decimals)}%"
    return f"{text}%"


def level(of: float) -> str:
    """The level of an interval, as it stands before its ends: "95%", "99.5%"."""
    return f"{of * 100:g}%"


def two_shares(one: int, other: int, decimals: int = 1) -> tuple[str, str]:
    """The shares of two parts of a whole, which as printed add up to 100%: the second is the rest."""
    share = one / (one + other)
    rest = 1 - round(float(_fixed(share * 100, decimals)) / 100, decimals + 2)
    return rate(share, decimals), rate(rest if 0 < rest < 1 else 1 - share, decimals)


def signed(value: float, decimals: int) -> str:
    """A difference with its sign always shown, U+2212 for minus; zero without sign."""
    text = _fixed(value, decimals)
    if _is_zero(text):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def signed_wholes(values: ArrayLike) -> list[str]:
    """A column of differences as whole numbers, each as ``signed(value, 0)``; what is not known (NaN) is missing."""
    own = np.asarray(values, np.float64)
    wholes = np.floor(np.abs(own) + 0.5 + 1e-9)
    return [
        MISSING if math.isnan(whole) else "0" if whole == 0 else f"{MINUS if below else '+'}{int(whole):,}"
        for whole, below in zip(wholes.tolist(), (own < 0).tolist(), strict=True)
    ]


def signed_whole_ends(values: ArrayLike) -> list[str]:
    """A column of ends of differences' intervals, as ``difference_interval`` has them without decimals."""
    own = np.asarray(values, np.float64).tolist()
    return [_signed_end(one, 0) if text == "0" else text for text, one in zip(signed_wholes(own), own, strict=True)]


def plain(value: float, decimals: int) -> str:
    """A number with U+2212 for minus: "1.23"."""
    text = _fixed(value, decimals)
    return f"{MINUS}{text}" if value < 0 and not _is_zero(text) else text


def value(v: float | None, unit: Unit, decimals: int | None = None) -> str:
    """A metric's value: percent for rates, three significant digits otherwise."""
    if v is None:
        return MISSING
    if unit == "rate":
        return rate(v, 1 if decimals is None else decimals)
    return plain(v, _decimals(v) if decimals is None else decimals)


def difference(v: float | None, unit: Unit, decimals: int | None = None) -> str:
    """A difference of a metric: points for rates ("−8.3"), the number itself otherwise; always signed."""
    if v is None:
        return MISSING
    if unit == "rate":
        return signed(v * 100, 1 if decimals is None else decimals)
    return signed(v, _decimals(v) if decimals is None else decimals)


def interval(
    low: float | None, high: float | None, unit: Unit, decimals: int | None = None, joint: str = ELLIPSIS
) -> str:
    """The interval of a value: "90.7…93.0", in percent for rates."""
    return _ends(plain, low, high, unit, decimals, joint)


def difference_interval(
    low: float | None, high: float | None, unit: Unit, decimals: int | None = None, joint: str = ELLIPSIS
) -> str:
    """The interval of a difference, signs on both ends: "−11.2…−5.4"; an end is 0 only where it is: "+0.04…+1.2"."""
    return _ends(_signed_end, low, high, unit, decimals, joint)


def _signed_end(value: float, decimals: int) -> str:
    """With the decimals that its first digit needs, to tell on which side of 0 it is; "> 0" where they are many."""
    if abs(value) < ROUNDING:
        return signed(0, decimals)
    for places in range(decimals, decimals + MORE + 1):
        text = signed(value, places)
        if not _is_zero(text):
            return text
    return "> 0" if value > 0 else "< 0"


def _ends(
    write: Callable[[float, int], str],
    low: float | None,
    high: float | None,
    unit: Unit,
    decimals: int | None,
    joint: str,
) -> str:
    if low is None or high is None:
        return MISSING
    scale = 100 if unit == "rate" else 1
    places = (1 if unit == "rate" else _decimals(low, high)) if decimals is None else decimals
    return f"{write(low * scale, places)}{joint}{write(high * scale, places)}"


def q_value(q: float | None) -> str:
    """A corrected p-value: "< 0.001", three decimals below 0.1, else two."""
    if q is None:
        return MISSING
    if q < 0.001:
        return "< 0.001"
    return _fixed(q, 3 if q < 0.0995 else 2)


def probability(p: float | None) -> str:
    """A probability or confidence: "0.94", "< 0.01" below .005, "> 0.99" where it would round to 1 and is not."""
    if p is None:
        return MISSING
    if p in {0, 1}:
        return f"{p:.0f}.00"
    if p < 0.005:
        return "< 0.01"
    if p >= 0.995:
        return "> 0.99"
    return _fixed(p, 2)


def difference_decimals(before: float, after: float, delta: float, unit: Unit) -> int:
    """Decimals with which the printed ends and the printed difference agree in the last digit; one more at most."""
    scale = 100 if unit == "rate" else 1
    places = 1 if unit == "rate" else _decimals(before, after)
    ends = round(float(plain(after * scale, places).replace(MINUS, "-").replace(",", "")), places) - round(
        float(plain(before * scale, places).replace(MINUS, "-").replace(",", "")), places
    )
    shown = float(signed(delta * scale, places).replace(MINUS, "-").replace(",", ""))
    return places if abs(ends - shown) < 0.5 * 10**-places else places + 1


def bytes_size(n: int) -> str:
    """A size in bytes, kB or MB (powers of 1,000)."""
    if n < 1000:
        return f"{n} bytes"
    if n < 1_000_000:
        return f"{plain(n / 1000, 0 if n >= 10_000 else 1)} kB"
    return f"{plain(n / 1_000_000, 1)} MB"
