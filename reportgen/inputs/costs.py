"""What a wrong answer costs, as the manifest says it: a number for each pair of truth and prediction."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from reportgen.errors import InputError, Problem
from reportgen.inputs.labels import respell
from reportgen.inputs.manifest import LoadedManifest

Costs = tuple[tuple[float, ...], ...]

USUAL = 1.0
"""What an error costs of which the manifest says nothing, where it gives costs at all."""


def read_costs(loaded: LoadedManifest, classes: Sequence[str]) -> Costs | None:
    """The cost of each error, ``costs[truth][prediction]`` by class code; None where the manifest gives none.

    ``costs: {pedestrian: {background: 10}}``: a pedestrian that is called background costs 10. A right answer costs
    nothing, every other error 1.

    Raises:
        InputError: a class that there is not, or a right answer that costs something (RG126).
    """
    given = loaded.manifest.costs
    if not given or not classes:
        return None
    codes = {name: code for code, name in enumerate(classes)} | {
        respell(name): code for code, name in enumerate(classes) if respell(name) not in classes
    }
    table = [[0.0 if i == j else USUAL for j in range(len(classes))] for i in range(len(classes))]
    problems = []
    for truth, row in given.items():
        if _code(truth, codes) is None:
            problems.append(_unknown(loaded, truth, classes, ("costs", truth)))
        for said, cost in row.items():
            place = ("costs", truth, said)
            i, j = _code(truth, codes), _code(said, codes)
            if j is None:
                problems.append(_unknown(loaded, said, classes, place))
            elif i == j and cost:
                what = f'"{said}" is right where the truth is "{truth}", and costs {cost:g}'
                key = f"costs.{truth}.{said}"
                problems.append(Problem("RG126", what, loaded.place(*place), key, mend="leave it out: it costs 0"))
            elif i is not None:
                table[i][j] = cost
    if problems:
        raise InputError(problems)
    return tuple(tuple(row) for row in table)


def _code(name: str, codes: dict[str, int]) -> int | None:
    return codes.get(name, codes.get(respell(name)))


def _unknown(loaded: LoadedManifest, name: str, classes: Sequence[str], place: tuple[str, ...]) -> Problem:
    near = difflib.get_close_matches(name, classes, n=1)
    return Problem(
        "RG126",
        f'"{name}" is no class',
        loaded.place(*place, key=True),
        ".".join(place),
        expected=", ".join(classes[:10]) + (", …" if len(classes) > 10 else ""),
        mend=f'did you mean "{near[0]}"?' if near else "",
    )
