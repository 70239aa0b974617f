"""Prediction files given on the command line, beside or in place of the manifest's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.errors import InputError, Place, Problem
from reportgen.inputs.load import pair_problems, same_name
from reportgen.inputs.manifest import LoadedManifest, VersionSpec, slug

COMMAND_LINE = "command line"


def name_files(given: Sequence[str]) -> dict[str, Path]:
    """The prediction files by version: NAME=PATH, or a bare path, which its stem names.

    Bare paths of one stem are named by their folders, as ``v1`` and ``v2`` for ``v1/preds.csv v2/preds.csv``. A path
    with "=" in it is bare where such a file is there.

    Raises:
        InputError: a name or path is empty (RG122), or two files have one name all the same (RG113).
    """
    problems: list[Problem] = []
    named: list[tuple[str, Path]] = []
    bare: list[Path] = []
    for text in given:
        name, equals, path = text.partition("=")
        if not equals or Path(text).exists():
            name, path = Path(text).stem, text
            bare.append(Path(text))
        if not name.strip() or not path.strip():
            what = f'"{text}" has no {"path" if name.strip() else "name"}'
            problems.append(Problem("RG122", what, Place(COMMAND_LINE), expected="NAME=PATH, or a path"))
        named.append((name, Path(path)))
    alike = Counter(slug(name) for name, _ in named)
    named = [
        (path.parent.name or name, path) if path in bare and alike[slug(name)] > 1 else (name, path)
        for name, path in named
    ]
    for name, n in Counter(name for name, _ in named).items():
        if n > 1 and not problems:
            files = " and ".join(f'"{path}"' for other, path in named if other == name)
            what = f'"{name}" is the name of {files}'
            problems.append(Problem("RG113", what, Place(COMMAND_LINE), mend="name each of them, as NAME=PATH"))
    if problems:
        raise InputError(problems)
    return dict(named)


def apply_versions(loaded: LoadedManifest, given: Mapping[str, Path]) -> LoadedManifest:
    """The manifest with the given prediction files: one of a version's name replaces its file, others are added.

    These files may stand anywhere, since who builds chose them.

    Raises:
        InputError: a name equal to another in a file system (RG113), or a baseline or candidate that is no version now
            (RG114).
    """
    versions = dict(loaded.manifest.versions)
    paths, runs = dict(loaded.prediction_paths), dict(loaded.run_paths)
    shown = dict(loaded.shown_paths)
    problems: list[Problem] = []
    place = Place(COMMAND_LINE)
    for name, path in given.items():
        alike = [other for other in versions if other != name and slug(other) == slug(name)]
        problems += [same_name(other, name, None, place) for other in alike]
        spec = versions.get(name)
        text = str(path)
        update = {"predictions": text, "runs": None}
        versions[name] = spec.model_copy(update=update) if spec else VersionSpec(predictions=text)
        paths[name] = path.absolute()
        runs.pop(name, None)
        shown[paths[name]] = path.name if path.is_absolute() else text
    manifest = loaded.manifest.model_copy(update={"versions": versions})
    result = replace(loaded, manifest=manifest, prediction_paths=paths, run_paths=runs, shown_paths=shown)
    problems += pair_problems(result)
    if problems:
        raise InputError(problems)
    return result
