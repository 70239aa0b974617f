"""What is said of a cut-off: sentences with gaps, which Python and the browser fill alike.

``assets/js/engine/cutoffs.js`` fills the same ones; ``tests/contract/cutoffs.json`` holds both to the same cases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reportgen import numbers

SENTENCES: Mapping[str, str] = {
    "prose": (
        "Say “{class}” only when the version is at least this sure. A higher cut-off raises fewer false alarms and "
        "misses more. An alarm: it says {class}; a false alarm: it says so, and it is something else."
    ),
    "hundred": "Of 100 {things} labelled {class},",
    "hundred_alarms": "Of 100 alarms,",
    "head": "{version} at {cutoff}:",
    "reading": (
        "of {n} {things} labelled {class} it finds {found}{found_share} and misses {missed}. "
        "Of its {said} alarms {found} are right{right_share}, {false} are false."
    ),
    "silent": "of {n} {things} labelled {class} it finds none: it raises no alarm.",
    "absent": "no {things} here are labelled {class}. Of its {said} alarms all are false.",
    "nothing": "no {things} here are labelled {class}, and it raises no alarm.",
    "share": " ({rate}, {level} {interval})",
    "second": "{where} of {n} {things} labelled {class} it finds {found}{found_share} and misses {missed}.",
    "second_baseline": "{version} finds {found}{found_share}.",
    "same": (
        "Held against {baseline} at the same cut-off, {candidate} finds {more_found} and raises {more_false} "
        "false alarms."
    ),
    "recall": (
        "{candidate} finds no fewer than {baseline} up to a cut-off of {cutoff}: there it finds {more_found} and "
        "raises {more_false} false alarms ({delta} points of the other {things}, {level} {interval}{clear})."
    ),
    "false_alarms": (
        "{candidate} raises no more false alarms than {baseline}'s {n_false} from a cut-off of {cutoff} on: "
        "there it finds {more_found} ({delta} points, {level} {interval}{clear})."
    ),
    "cost": (
        "{candidate} costs no more than {baseline} down to a cut-off of {cutoff}: there it finds {more_found} "
        "({delta} points, {level} {interval}{clear}) and raises {more_false} false alarms."
    ),
    "unreached": "At no cut-off does {candidate} do as well as {baseline} in this.",
    "unclear": ", no clear difference",
}
"""By name; a gap is ``{name}``. What fills a gap is never read for gaps again."""

_GAP = re.compile(r"\{(\w+)\}")
GRID_DECIMALS, EXACT_DECIMALS = 2, 4


def fill(name: str, **values: str) -> str:
    """The sentence with its gaps filled."""
    return _GAP.sub(lambda gap: values[gap[1]], SENTENCES[name])


def cutoff_text(cutoff: float) -> str:
    """A cut-off as it is printed: "0.74" on the grid, "0.8612" between, never "1" for less than 1."""
    if abs(cutoff * 100 - round(cutoff * 100)) < 1e-4:
        return numbers.plain(cutoff, GRID_DECIMALS)
    text = numbers.plain(cutoff, EXACT_DECIMALS)
    most = 1 - 10.0**-EXACT_DECIMALS
    return f"> {numbers.plain(most, EXACT_DECIMALS)}" if cutoff < 1 and float(text) >= 1 else text
