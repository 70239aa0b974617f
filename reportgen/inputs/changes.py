"""What the manifest says changed between versions: note, commit, and configuration files key by key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reportgen.errors import InputError, Place, Problem, stop
from reportgen.inputs.manifest import LoadedManifest, VersionSpec
from reportgen.inputs.positions import dotted, parse_document
from reportgen.model import Change

MAX_BYTES = 1_000_000
MAX_CHANGES = 200
_SECRET = re.compile(r"passw|secret|token$|api_?key|credential|private_?key", re.IGNORECASE)
HIDDEN = "(hidden)"


def compare_versions(loaded: LoadedManifest) -> dict[str, tuple[Change, ...]]:
    """The changes of each version against the baseline, in the manifest's order.

    Values of keys that name a secret are hidden: a report is passed on.

    Raises:
        InputError: a configuration file cannot be read (RG103, RG104 and so on, in the file's own lines).
    """
    manifest = loaded.manifest
    if len(manifest.versions) < 2:
        return {}
    configs = _configs(loaded)
    base = manifest.first
    return {
        name: tuple(_changes(manifest.versions[base], spec, configs.get(base), configs.get(name)))
        for name, spec in manifest.versions.items()
        if name != base
    }


def _configs(loaded: LoadedManifest) -> dict[str, dict[str, str]]:
    problems: list[Problem] = []
    configs: dict[str, dict[str, str]] = {}
    for name, path in loaded.config_paths.items():
        try:
            configs[name] = read_config(path, loaded.shown(path))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return configs


def read_config(path: Path, shown: str) -> dict[str, str]:
    """The values of a YAML, TOML or JSON file by dotted key, as they are written."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise stop(Problem("RG103", f"cannot be read: {error}", Place(shown), expected="UTF-8 text")) from None
    if len(content) > MAX_BYTES:
        raise stop(Problem("RG107", f"{len(content):,} bytes", Place(shown), expected=f"at most {MAX_BYTES:,} bytes"))
    return dict(_flat(parse_document(text, shown).data, ()))


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
    base: VersionSpec, spec: VersionSpec, before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> Iterator[Change]:
    for what in ("note", "commit"):
        old, new = getattr(base, what) or None, getattr(spec, what) or None
        if old != new:
            yield Change(what, old, new)
    if before is None or after is None:
        if base.config != spec.config:
            yield Change("config", base.config or None, spec.config or None)
        return
    keys = [key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key)]
    for key in keys[:MAX_CHANGES]:
        hide = bool(_SECRET.search(key))
        old, new = before.get(key), after.get(key)
        yield Change(f"config: {key}", HIDDEN if hide and old else old, HIDDEN if hide and new else new)
    if len(keys) > MAX_CHANGES:
        yield Change("config", None, f"and {len(keys) - MAX_CHANGES:,} more keys")
