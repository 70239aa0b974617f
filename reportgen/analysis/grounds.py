"""What kind of evidence a finding is, and what it is not: a sentence or two for each kind."""

from __future__ import annotations

from reportgen.analysis.facts import Facts
from reportgen.analysis.sentences import noun
from reportgen.model import Slice


def of_change(facts: Facts, one: Slice | None) -> str:
    """The grounds of a change between two versions: how its slice was chosen decides how it was tested."""
    things = noun(facts.outcomes)
    same = f"Both versions on the same {things}"
    if one is not None and one.origin == "found":
        return (
            f"Found by search in one half of the {things} and tested on the other half, which the search had not "
            "seen. It shows that the change is there, not what caused it."
        )
    if one is not None and one.critical is not None:
        return (
            f"{same}; the manifest names this slice critical, so it is tested by itself. "
            "It shows whether there is a change, not what caused it."
        )
    return f"{same}, paired one to one. It shows that the change is there, not what caused it."


def of_confusion(facts: Facts) -> str:
    """The grounds of a mistake that became more frequent."""
    return (
        f"Counts over the same {noun(facts.outcomes)} for both versions. "
        "It takes the labels as they are: whether they are right is another question."
    )


def of_confidence(facts: Facts) -> str:
    """The grounds of what is said of confidence."""
    return (
        f"Both versions on the same {noun(facts.outcomes)}. It compares what they say of themselves with what came "
        "out; it knows no cause."
    )


def of_claim(facts: Facts) -> str:
    """The grounds of a version being too sure."""
    return (
        f"How sure a version says it is, from 0 to 1, against how often it is right on these {noun(facts.outcomes)}. "
        "It takes the labels as they are, and knows no cause."
    )


def of_improvement(facts: Facts) -> str:
    """The grounds of a gain."""
    return (
        f"Both versions on the same {noun(facts.outcomes)}. A gain on average can stand beside losses that are too "
        "small to show here."
    )


def of_weakness(facts: Facts, one: Slice) -> str:
    """The grounds of a slice that is weaker than the rest."""
    things = noun(facts.outcomes)
    how = (
        f"Found by search in one half of the {things}, and held on the other half. "
        if one.origin == "found"
        else f"One slice beside all other {things}, in one version. "
    )
    return f"{how}These {things} may simply be harder: it is no comparison of versions."


def of_flips(facts: Facts) -> str:
    """The grounds of counts of flips."""
    return (
        f"Counts of these very {noun(facts.outcomes)}. A second training of the same version flips some as well: "
        "only repeated trainings can tell how many."
    )


def of_counts(facts: Facts) -> str:
    """The grounds of what was left out or repaired."""
    return f"A count of what was read. It doesn't say how a version does on the {noun(facts.outcomes)} left out."


def of_gaps(facts: Facts) -> str:
    """The grounds of what the samples do not hold."""
    return f"A count of what the {noun(facts.outcomes)} hold. It doesn't say how a version would do there."


def of_nothing(facts: Facts) -> str:
    """The grounds of not having found anything."""
    return f"No proof of a loss is no proof that there is none: other {noun(facts.outcomes)} may show one."
