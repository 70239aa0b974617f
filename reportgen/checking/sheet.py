"""What a check says, from a report in memory or from a built one: both are read through one door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from reportgen.analysis.gate_words import GateWords, gate_words, quick_look_words
from reportgen.errors import Place, Problem, stop
from reportgen.inputs.manifest import LoadedManifest
from reportgen.model import AnswerState, Belief, Gate, Link, PinnedSet, Release
from reportgen.render.serialise import to_json
from reportgen.report import Report
from reportgen.site.report_json import GENERATOR, SCHEMA_VERSION, to_verdict

REPORT = "report.json"
AGAIN = "build the report again"


@dataclass(frozen=True)
class Told:
    """A finding as far as a check tells it."""

    severity: str
    headline: str
    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class Sheet:
    """The verdict with all that it rests on. ``names`` are the slices that it speaks of, by id."""

    title: str
    baseline: str | None
    candidate: str
    sampled: int | None
    n_samples: int
    level: float
    names: Mapping[str, str]
    state: AnswerState
    headline: str
    sentence: str
    support: tuple[str, ...]
    next: str | None
    not_tested: str | None
    findings: tuple[Told, ...]
    gates: tuple[Gate, ...]
    release: Release
    beliefs: tuple[Belief, ...]
    pinned: tuple[PinnedSet, ...]

    @property
    def quick_look(self) -> str:
        """That a part of the samples was looked at; empty where all were."""
        return quick_look_words(self.sampled, self.n_samples)

    @property
    def passes(self) -> bool:
        """Whether no gate fails; one that can't tell counts as the manifest says."""
        return not any(self.blocks(gate) for gate in self.gates)

    def blocks(self, gate: Gate) -> bool:
        """Whether a gate stands against the release."""
        return gate.state == "fails" or (gate.state == "undecided" and self.release.undecided == "fail")

    def words(self, gate: Gate) -> GateWords:
        """The gate's parts as texts."""
        return gate_words(gate, self.level, self.names)


def sheet_of(report: Report) -> Sheet:
    """The sheet of a report in memory: what ``report.json`` would give.

    Raises:
        InputError: the report has no gates (RG531).
    """
    return _sheet(json.loads(to_json(to_verdict(report))), report.manifest_path)


def read_sheet(path: Path) -> Sheet:
    """The sheet of a built report, by its folder or its ``report.json``; nothing is computed again.

    Raises:
        InputError: no report stands there (RG504), it is of another form (RG532), damaged (RG533), or has no gates
            (RG531).
    """
    file = path / REPORT if path.is_dir() else path
    shown = str(file)
    if _is_page(file):
        expected = f"the folder of a report, with its {REPORT}"
        raise stop(Problem("RG504", "a page holds nothing to check by", Place(shown), expected=expected))
    if not file.is_file():
        expected = f"a manifest, or the folder of a report with its {REPORT}"
        raise stop(Problem("RG504", "no report here", Place(shown), expected=expected, mend="reportgen build"))
    try:
        data = json.loads(file.read_bytes().decode())
    except OSError as error:
        raise stop(Problem("RG533", f"cannot be read: {error.strerror}", Place(shown))) from None
    except (ValueError, RecursionError):
        raise stop(Problem("RG533", "is damaged: no JSON", Place(shown), mend=AGAIN)) from None
    _refuse_other(data, shown)
    return _sheet(data, shown)


def refuse_no_gates(loaded: LoadedManifest) -> None:
    """Return where a manifest has gates: a check that checks nothing must not look green.

    Raises:
        InputError: it has none (RG531).
    """
    if not loaded.manifest.gates:
        raise stop(_no_gates(str(loaded.path)))


def _no_gates(shown: str) -> Problem:
    mend = "add `gates:` to the manifest; `reportgen init` suggests some"
    return Problem("RG531", "no gate is set, so there is nothing to check", Place(shown), mend=mend)


def is_report(path: Path) -> bool:
    """Whether a path is to be read as a built report, not as a manifest."""
    return path.is_dir() or path.name == REPORT or _is_page(path)


def _is_page(path: Path) -> bool:
    return path.suffix.lower() in {".html", ".htm"}


def _refuse_other(data: Any, shown: str) -> None:
    head = data if isinstance(data, dict) else {}
    generator = head.get("generator")
    if not isinstance(generator, dict) or generator.get("name") != GENERATOR:
        raise stop(Problem("RG504", "no report of reportgen", Place(shown), expected=f"the {REPORT} of a built report"))
    version = head.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        what, mend = f"schema_version is {json.dumps(version)[:40]}", f"{AGAIN} with this release"
        raise stop(Problem("RG532", what, Place(shown), expected=str(SCHEMA_VERSION), mend=mend))


_SHEET = TypeAdapter(Sheet)


def _sheet(data: dict[str, Any], shown: str) -> Sheet:
    try:
        if data["release"] is None and data["gates"] == []:
            raise stop(_no_gates(shown))
        answer = data["answer"]
        return _SHEET.validate_python(
            {
                "title": data["title"],
                "baseline": data["baseline"],
                "candidate": data["candidate"],
                "sampled": data["sampled"],
                "n_samples": data["counts"]["n_samples"],
                "level": data["limits"]["level"],
                "names": {one["id"]: one["name"] for one in data["slices"]},
                "state": answer["state"],
                "headline": answer["headline"],
                "sentence": answer["sentence"],
                "support": answer["support"],
                "next": answer["next"],
                "not_tested": answer["not_tested"],
                "findings": [
                    {
                        "severity": one["severity"],
                        "headline": one["headline"],
                        "text": one["text"],
                        "links": [_link(link) for link in one["evidence"]["links"]],
                    }
                    for one in data["findings"]
                ],
                "gates": [_linked(one) | {"klass": one["class"]} for one in data["gates"]],
                "release": data["release"],
                "beliefs": [_linked(one) for one in data["beliefs"]],
                "pinned": [_linked(one) for one in data["pinned"]],
            }
        )
    except KeyError as error:
        raise stop(Problem("RG533", f"is damaged: {error} is not there", Place(shown), mend=AGAIN)) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"is damaged: {where}: {first['msg'].lower()}"
        raise stop(Problem("RG533", what, Place(shown), mend=AGAIN)) from None
    except (TypeError, AttributeError, IndexError):
        what = "is damaged: its parts are not what they should be"
        raise stop(Problem("RG533", what, Place(shown), mend=AGAIN)) from None


def _linked(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"links": [_link(link) for link in one["links"]]}


def _link(link: dict[str, Any]) -> dict[str, Any]:
    """The link with its state as pairs, a key that stands more than once with each of its values."""
    return link | {"state": [(key, value) for key, values in link["state"].items() for value in values]}
