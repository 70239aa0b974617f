"""What is said of a cut-off: sentences with gaps, which Python and the browser fill alike.

``assets/js/engine/cutoffs.js`` fills the same ones; ``tests/contract/cutoffs.json`` holds both to the same cases.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import numpy as np

from reportgen import numbers

SENTENCES: Mapping[str, str] = {
    "prose": (
        "Say “{class}” only when the version is at least this sure. A higher cut-off raises fewer false alarms and "
        "misses more. An alarm: it says {class}; a false alarm: it says so, and it is something else."
    ),
    "hundred": "Of 100 {things} labelled {class},",
    "hundred_alarms": "Of 100 alarms,",
    "head": "{version} at {cutoff}{both}:",
    "both": ", of the {n} {things} that both scored",
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
    "second_apart": "{version} finds {found} of {n}{found_share}.",
    "cutoff": (
        "Held against {baseline} at the same cut-off{both}, {candidate} finds {more_found}{found_change} and raises "
        "{more_false} false alarms{false_change}."
    ),
    "recall": (
        "{candidate} finds no fewer than {baseline} up to a cut-off of {cutoff}{both}: there it finds "
        "{more_found}{found_change} and raises {more_false} false alarms{false_change}."
    ),
    "false_alarms": (
        "{candidate} raises no more false alarms than {baseline}'s {n_false} from a cut-off of {cutoff} on{both}: "
        "there it finds {more_found}{found_change}."
    ),
    "recall_weighted": (
        "By weight, {candidate} finds no smaller a share than {baseline} up to a cut-off of {cutoff}{both}: there it "
        "finds {more_found}{found_change} and raises {more_false} false alarms{false_change}."
    ),
    "false_alarms_weighted": (
        "By weight, {candidate} raises false alarms of no larger a share of the other {things} than {baseline} from a "
        "cut-off of {cutoff} on{both}: there it finds {more_found}{found_change} and raises {more_false} false "
        "alarms{false_change}."
    ),
    "cost": (
        "{candidate} costs no more than {baseline} down to a cut-off of {cutoff}{both}: there it finds "
        "{more_found}{found_change} and raises {more_false} false alarms{false_change}."
    ),
    "found_change": " ({delta} points{weighted}, {level} {interval}, n = {n}{clear})",
    "false_change": " ({delta} points{weighted} of the other {things}, {level} {interval}, n = {n}{clear})",
    "found_change_alone": " ({delta} points{weighted}, n = {n})",
    "false_change_alone": " ({delta} points{weighted} of the other {things}, n = {n})",
    "weighted": " by weight",
    "few": " (n = {n}, too few for an interval)",
    "none": " (n = 0, none are here)",
    "change": "Change",
    "ends": "{baseline} → {candidate}",
    "points": "{delta} points",
    "false_ends": "{delta} points\n{interval},\nn = {n}",
    "false_ends_alone": "{delta} points\nn = {n}",
    "unreached": "At no cut-off does {candidate} do as well as {baseline} in this{both}.",
    "unasked": "{baseline} finds none here{both}: {candidate} finds no fewer at any cut-off.",
    "unclear": ", no clear difference",
    "only_same": (
        "{candidate} against {baseline}: what both do at the same cut-off, over all {things}. Where one would find as "
        "many as the other is told of {built_candidate} against {built_baseline} alone."
    ),
    "only_apart": (
        "{candidate} against {baseline}: what each does over all {things}. How far they differ can't be told here: the "
        "places of their scores are not in this file."
    ),
    "no_scores": "{version} has no score of {class} that a cut-off could be laid on.",
}
"""By name; a gap is ``{name}``. What fills a gap is never read for gaps again."""

_GAP = re.compile(r"\{(\w+)\}")
LEAST_DECIMALS, MOST_DECIMALS = 2, 4
ENDS = {0: ("<", 1), 10**MOST_DECIMALS - 1: (">", 10**MOST_DECIMALS - 1)}
"""In the last decimal: below the least number above 0, and above the greatest one below 1."""


def fill(name: str, **values: str) -> str:
    """The sentence with its gaps filled."""
    return _GAP.sub(lambda gap: values[gap[1]], SENTENCES[name])


def cutoff_text(cutoff: float) -> str:
    """A cut-off as it is printed, with the two to four decimals that it has: "0.74", "0.8612".

    Where four do not say what it says, the next lower number: what is printed says at least as much. Next to the ends
    "< 0.0001" and "> 0.9999". Numbers are alike where scores are: both rounded to Float32.
    """
    text = numbers.plain(cutoff, MOST_DECIMALS)
    if np.float32(text) != np.float32(cutoff):
        scale = 10**MOST_DECIMALS
        lower = math.floor(cutoff * scale)
        if lower in ENDS:
            sign, shown = ENDS[lower]
            return f"{sign} {numbers.plain(shown / scale, MOST_DECIMALS)}"
        text = numbers.plain(lower / scale, MOST_DECIMALS)
    spare = MOST_DECIMALS - LEAST_DECIMALS
    return text[:-spare] + text[-spare:].rstrip("0")
