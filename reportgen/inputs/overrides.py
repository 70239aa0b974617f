"""Prediction files given on the command line, beside or in place of the manifest's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.errors import InputError, Place, Problem
from reportgen.inputs.load import pair_problems, same_name
from reportgen.inputs.manifest import LoadedManifest, VersionSpec, slug

COMMAND_LINE = "command line"


def apply_versions(loaded: LoadedManifest, given: Sequence[tuple[str, Path]]) -> LoadedManifest:
    """The manifest with the given prediction files: one of a version's name replaces its file, others are added.

    These files may stand anywhere, since who builds chose them.

    Raises:
        InputError: a name given twice or equal to another in a file system (RG113), or a baseline or candidate that is
            no version now (RG114).
    """
    versions = dict(loaded.manifest.versions)
    paths = dict(loaded.prediction_paths)
    shown = dict(loaded.shown_paths)
    problems: list[Problem] = []
    names: set[str] = set()
    for name, path in given:
        place = Place(COMMAND_LINE)
        if name in names:
            problems.append(Problem("RG113", f'"{name}" is given twice', place, mend="name one of them otherwise"))
        names.add(name)
        alike = [other for other in versions if other != name and slug(other) == slug(name)]
        problems += [same_name(other, name, None, place) for other in alike]
        spec = versions.get(name)
        text = str(path)
        versions[name] = spec.model_copy(update={"predictions": text}) if spec else VersionSpec(predictions=text)
        paths[name] = path.absolute()
        shown[paths[name]] = path.name if path.is_absolute() else text
    manifest = loaded.manifest.model_copy(update={"versions": versions})
    result = replace(loaded, manifest=manifest, prediction_paths=paths, shown_paths=shown)
    problems += pair_problems(result)
    if problems:
        raise InputError(problems)
    return result
