"""What the manifest says changed between versions: note, commit, and configuration files key by key."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.manifest import LoadedManifest, Manifest, VersionSpec
from reportgen.inputs.positions import dotted, parse_document
from reportgen.model import Change

MAX_BYTES = 1_000_000
MAX_CHANGES = 200
_SECRET = re.compile(r"passw|secret|token$|api_?key|credential|private_?key", re.IGNORECASE)
HIDDEN = "(hidden)"


@dataclass(frozen=True)
class Config:
    """A configuration file: its path as the user wrote it, and its values by dotted key, as they are written."""

    path: str
    sha256: str
    values: Mapping[str, str]


def read_configs(loaded: LoadedManifest) -> dict[str, Config]:
    """The configuration file of each version that names one; none where there is nothing to compare.

    Raises:
        InputError: the problems of all files (RG103, RG104 and so on, in the file's own lines).
    """
    problems: list[Problem] = []
    configs: dict[str, Config] = {}
    for name, path in loaded.config_paths.items() if len(loaded.manifest.versions) > 1 else ():
        try:
            configs[name] = _read(path, loaded.shown(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return configs


def compare_versions(manifest: Manifest, configs: Mapping[str, Config]) -> dict[str, tuple[Change, ...]]:
    """The changes of each version against the baseline, in the manifest's order.

    Values of keys that name a secret are hidden: a report is passed on.
    """
    base = manifest.first
    return {
        name: tuple(_changes(manifest.versions[base], spec, configs.get(base), configs.get(name)))
        for name, spec in manifest.versions.items()
        if name != base
    }


def _read(path: Path, shown: str) -> Config:
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise stop(Problem("RG103", f"cannot be read: {error}", Place(shown), expected="UTF-8 text")) from None
    if len(content) > MAX_BYTES:
        raise stop(Problem("RG107", f"{len(content):,} bytes", Place(shown), expected=f"at most {MAX_BYTES:,} bytes"))
    values = dict(_flat(parse_document(text, shown).data, ()))
    return Config(shown, hashlib.sha256(content).hexdigest(), values)


def _flat(value: Any, loc: tuple[str | int, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _flat(inner, (*loc, key))
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for i, inner in enumerate(value):
            yield from _flat(inner, (*loc, i))
    elif isinstance(value, list):
        yield dotted(loc), "[" + ", ".join("" if inner is None else str(inner) for inner in value) + "]"
    elif loc:
        yield dotted(loc), "" if value is None or value == {} else str(value)


def _changes(
    base: VersionSpec, spec: VersionSpec, old_config: Config | None, new_config: Config | None
) -> Iterator[Change]:
    for what in ("note", "commit"):
        old, new = getattr(base, what) or None, getattr(spec, what) or None
        if old != new:
            yield Change(what, old, new)
    if old_config is None or new_config is None:
        if base.config != spec.config:
            yield Change("config", base.config or None, spec.config or None)
        return
    before, after = old_config.values, new_config.values
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    for key in keys[:MAX_CHANGES]:
        hide = bool(_SECRET.search(key))
        old, new = before.get(key), after.get(key)
        yield Change(f"config: {key}", HIDDEN if hide and old else old, HIDDEN if hide and new else new)
    if len(keys) > MAX_CHANGES:
        yield Change("config", None, f"and {len(keys) - MAX_CHANGES:,} more keys")
