"""What the manifest declares of slices, gates and beliefs, held against what the samples and versions have."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.declarations import (
    BESIDE_METRICS,
    CHECK_RATES,
    CHECKS,
    COUNTS,
    FLIP_RATES,
    BeliefRule,
    CriticalRule,
    Declarations,
    GateRule,
    PinnedRule,
)
from reportgen.errors import InputError, Place, Problem
from reportgen.inputs.belief_lines import BeliefLine, Unreadable, parse_belief
from reportgen.inputs.manifest import GateSpec, LoadedManifest
from reportgen.inputs.positions import Loc, dotted
from reportgen.model import Attribute, GateKind, MetricInfo, Term

_MANY = 12
_NOTHING = {"", "~", "missing", "missing value", "null", "none", "nan", "na", "n/a", "empty", "no value"}
"""Words by which people may mean that there is no value."""


@dataclass(frozen=True)
class Known:
    """What a declaration may name, and the versions that are compared."""

    attributes: Sequence[Attribute]
    classes: Sequence[str]
    positive: str | None
    versions: Sequence[str]
    baseline: str | None
    metrics: Mapping[str, MetricInfo]  # of the task, the primary one first
    directionless: frozenset[str] = frozenset()  # metrics of which neither direction is better
    target: str = ""  # the target's column, as the manifest has it
    columns: frozenset[str] = frozenset()  # of the sample table
    left_out: frozenset[str] = frozenset()  # attributes of the manifest that have no slices

    @property
    def target_attribute(self) -> Attribute | None:
        """The target as an attribute."""
        return next((one for one in self.attributes if one.kind == "target"), None)


def resolve_declarations(loaded: LoadedManifest, known: Known, pinned: Sequence[PinnedRule] = ()) -> Declarations:
    """The manifest's declarations with every name looked up.

    Raises:
        InputError: every name that nothing has (RG120, RG123, RG125) and every gate whose limit or class does not fit
            its metric (RG124).
    """
    return _Resolver(loaded, known).resolve(pinned)


class _Resolver:
    """Looks names up; problems are collected, and a part that has any is left out."""

    def __init__(self, loaded: LoadedManifest, known: Known) -> None:
        self.loaded = loaded
        self.known = known
        self.problems: list[Problem] = []

    def resolve(self, pinned: Sequence[PinnedRule]) -> Declarations:
        manifest = self.loaded.manifest
        critical = [
            CriticalRule(self._where(spec.where, ("critical", i, "where")), spec.why, spec.name)
            for i, spec in enumerate(manifest.critical)
        ]
        gates = [rule for i, spec in enumerate(manifest.gates) if (rule := self._gate(spec, ("gates", i)))]
        beliefs = [held for i, text in enumerate(manifest.expect) if (held := self._belief(text, ("expect", i)))]
        if self.problems:
            raise InputError(self.problems)
        return Declarations(tuple(critical), tuple(pinned), tuple(gates), tuple(beliefs), manifest.undecided)

    def _where(self, where: Mapping[str, str | None], loc: Loc) -> tuple[Term, ...]:
        """The terms in the attributes' order."""
        found: dict[int, Term] = {}
        for name, value in where.items():
            term = self._term(name, value, self.loaded.place(*loc, name, key=True), self.loaded.place(*loc, name), loc)
            if term is not None:
                found[term[0]] = term[1]
        return tuple(found[i] for i in sorted(found))

    def _term(self, name: str, value: str | None, at_name: Place, at_value: Place, loc: Loc) -> tuple[int, Term] | None:
        """The condition with its attribute's position; no value: that of the samples without one."""
        attributes = self.known.attributes
        position = self._position(name)
        if position is None:
            names = [one.name for one in attributes]
            what, mend = f'"{name}" is no attribute', _near(name, names)
            if name in self.known.left_out:
                what, mend = f'"{name}" has one value here, and no slices', "leave it out"
            elif name in self.known.columns:
                mend = "add it to the attributes"
            self._tell("RG123", what, at_name, dotted(loc), _shown(names), mend)
            return None
        attribute = attributes[position]
        if value is None:
            if attribute.kind == "target":
                what = f'every sample has a label of "{attribute.name}", or is left out'
                self._tell("RG123", what, at_value, dotted((*loc, name)), _shown(attribute.values))
                return None
            return position, attribute.missing
        shown = next((one for one in attribute.values if _plain(one) == _plain(value)), None)
        if shown is None:
            what = f'"{attribute.name}" has no value "{value}"'
            kind = "one of the bins " if attribute.edges is not None else ""
            expected = kind + _shown(attribute.values)
            mend = _near(value, attribute.values)
            if attribute.kind != "target" and value.casefold() in _NOTHING:
                mend = "write null, without quotes, for samples without a value"
            self._tell("RG123", what, at_value, dotted((*loc, name)), expected, mend)
            return None
        return position, Term(attribute.name, "=" if attribute.edges is None else "in", shown)

    def _position(self, name: str) -> int | None:
        """An attribute's position by its column; the target's column names the target where it names nothing else."""
        attributes = self.known.attributes
        by_name = next((i for i, one in enumerate(attributes) if one.name == name), None)
        if by_name is None and name == self.known.target:
            return next((i for i, one in enumerate(attributes) if one.kind == "target"), None)
        return by_name

    def _gate(self, spec: GateSpec, loc: Loc) -> GateRule | None:
        before = len(self.problems)
        ((kind, limit),) = spec.limits.items()
        where = self._where(spec.where, (*loc, "where"))
        known = {**self.known.metrics, **BESIDE_METRICS}
        metric = self._metric(spec.metric, known, (*loc, "metric"))
        if metric is None:
            return None
        self.problems += self._misfits(spec, kind, limit, metric, loc)
        klass = self._class(spec.klass, metric, where, (*loc, "class") if spec.klass is not None else loc)
        if len(self.problems) > before:
            return None
        return GateRule(metric, kind, limit, spec.on, where, klass, spec.name)

    def _metric(self, name: str, known: Mapping[str, MetricInfo], loc: Loc) -> MetricInfo | None:
        """A metric by its name; one that counts missing predictions as wrong is there whether any is missing or not."""
        if name in known:
            return known[name]
        base = known.get(name.removesuffix("_missing_as_wrong"))
        if base is not None and base.name in {"accuracy", "within_tolerance"}:
            return replace(base, name=name, label=f"{base.label}, missing counted as wrong", primary=False)
        what = f'"{name}" is no metric of this task'
        self._tell("RG120", what, self.loaded.place(*loc), dotted(loc), _shown(list(known)), _near(name, list(known)))
        return None

    def _misfits(self, spec: GateSpec, kind: GateKind, limit: float, metric: MetricInfo, loc: Loc) -> Iterator[Problem]:
        """What of a gate does not fit its metric."""

        def misfit(inner: str, what: str, mend: str = "", expected: str = "") -> Problem:
            return Problem("RG124", what, self.loaded.place(*loc, inner), dotted((*loc, inner)), expected, mend)

        name = metric.name
        beside = name in BESIDE_METRICS
        if kind == "max_drop" and (beside or name in self.known.directionless):
            mend = f"write {'min' if metric.higher_is_better and beside else 'max'} instead"
            yield misfit("max_drop", f"{name} can't drop against the baseline", mend)
        elif kind != "max_drop" and name not in self.known.directionless and (kind == "min") != metric.higher_is_better:
            way, right = ("higher", "min") if metric.higher_is_better else ("lower", "max")
            mend = f"write {right}" if beside else f"write {right}, or max_drop"
            yield misfit(kind, f"of {name} {way} is better", mend)
        whole = kind != "max_drop" and name in COUNTS
        if whole and (limit < 0 or limit != int(limit)):
            yield misfit(kind, f"{limit:g} is no count of samples", expected="a whole number, 0 or more")
        elif not whole and metric.unit == "rate" and not 0 <= limit <= 1:
            mend = f"write {limit / 100:g} for {limit:g}%" if 1 < limit <= 100 else ""
            yield misfit(kind, f"{limit:g} is no limit of {name}", mend, "a share from 0 to 1")
        if beside and spec.on != "overall":
            yield misfit("on", f"{name} is judged over all samples or in one slice", "leave the key out")
        if spec.where and (name in CHECKS or name in CHECK_RATES or name in FLIP_RATES):
            yield misfit("where", f"{name} is judged over all samples", "leave the key out")

    def _class(self, klass: str | None, metric: MetricInfo, where: Sequence[Term], loc: Loc) -> str | None:
        """The class of a metric that each class has: as named, the positive one, or the one that the slice holds."""
        known = self.known
        key, place = dotted(loc), self.loaded.place(*loc)
        if not metric.per_class:
            if klass is not None:
                self._tell("RG124", f"{metric.name} is not of a class", place, key, mend="leave the class out")
            return None
        allowed = list(known.classes) if known.positive is None else [known.positive]
        if klass is None:
            target = known.target_attribute
            held = [term.value for term in where if target is not None and term.attribute == target.name]
            if known.positive is not None or held:
                return known.positive or held[0]
            what = f"{metric.name} is of a class, and none is named"
            self._tell("RG124", what, place, key, _shown(allowed), "name it as class")
        elif klass not in allowed:
            what = f'"{klass}" is no class'
            if klass in known.classes:
                what = f"{metric.name} stands for the positive class alone"
            self._tell("RG124", what, place, key, _shown(allowed), _near(klass, allowed))
        return klass

    def _belief(self, text: str, loc: Loc) -> BeliefRule | None:
        line = parse_belief(text)
        place, key = self.loaded.place(*loc), dotted(loc)
        if isinstance(line, Unreadable):  # told already where the manifest was read
            self.problems.append(line.problem(place, key))
            return None
        before = len(self.problems)
        version = self._version(line.version, place, key)
        other = self._other(line, version, place, key) if line.limit is None else None
        primary = next(iter(self.known.metrics))
        metric = self._metric(line.metric or primary, {**self.known.metrics, **FLIP_RATES}, loc)
        where = self._conditions(line.where, place, loc)
        klass = None if metric is None else self._class(line.klass or None, metric, where, loc)
        if metric is not None and line.limit is None and metric.name in (self.known.directionless | set(FLIP_RATES)):
            what = f"{metric.name} has no better or worse between two versions"
            self._tell("RG125", what, place, key, mend='say "is at least" or "is at most"')
        if metric is not None and where and metric.name in FLIP_RATES:
            self._tell(
                "RG125", f"{metric.name} stands over all samples", place, key, mend="leave out what follows where"
            )
        if len(self.problems) > before or metric is None or version is None:
            return None
        return BeliefRule(text, version, line.relation, metric, other, line.limit, klass, where)

    def _conditions(self, conditions: Iterable[tuple[str, str | None]], place: Place, loc: Loc) -> tuple[Term, ...]:
        """The terms of a line in the attributes' order; a column stands in one of them."""
        found: dict[int, Term] = {}
        for name, value in conditions:
            term = self._term(name, value, place, place, loc)
            if term is not None and term[0] in found:
                self._tell("RG123", f'"{name}" stands twice', place, dotted(loc), mend="keep one of them")
            elif term is not None:
                found[term[0]] = term[1]
        return tuple(found[i] for i in sorted(found))

    def _version(self, name: str, place: Place, key: str) -> str | None:
        if name in self.known.versions:
            return name
        self._tell(
            "RG125",
            f'"{name}" is no version',
            place,
            key,
            _shown(self.known.versions),
            _near(name, self.known.versions),
        )
        return None

    def _other(self, line: BeliefLine, version: str | None, place: Place, key: str) -> str | None:
        """The version that a comparison is with: the baseline where the line names none."""
        baseline = self.known.baseline
        if baseline is None:
            what = "there is one version, and nothing to compare it with"
            self._tell("RG125", what, place, key, mend='say "is at least" or "is at most"')
            return None
        other = self._version(line.other, place, key) if line.other else baseline
        if version is None or other is None:
            return None
        if version == other:
            what = f'"{version}" is compared with itself'
            self._tell("RG125", what, place, key, mend="name another version after than")
        elif baseline not in (version, other):
            what = f'"{version}" and "{other}" are not compared: each version is, with the baseline "{baseline}"'
            self._tell("RG125", what, place, key, mend="name the baseline, or make one of them the baseline")
        return other

    def _tell(self, code: str, what: str, place: Place, key: str, expected: str = "", mend: str = "") -> None:
        self.problems.append(Problem(code, what, place, key, expected, mend))


def _plain(value: str) -> str:
    """The value as a keyboard has it: bins may be written with "-", "<=" and ">=" and with blanks or without."""
    return "".join(value.replace("–", "-").replace("\u2212", "-").replace("≥", ">=").replace("≤", "<=").split())


def _shown(names: Iterable[str]) -> str:
    names = [f'"{name}"' for name in names]
    rest = f" and {len(names) - _MANY} more" if len(names) > _MANY else ""
    return ", ".join(names[:_MANY]) + rest


def _near(text: str, names: Sequence[str]) -> str:
    by_lower = {name.casefold(): name for name in names}
    near = difflib.get_close_matches(text.casefold(), list(by_lower), n=1, cutoff=0.6)
    return f'did you mean "{by_lower[near[0]]}"?' if near else ""
