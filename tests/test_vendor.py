"""Vendored scripts are what their publisher published, but for the function that each is wrapped in."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

VENDOR = Path(__file__).resolve().parent.parent / "assets" / "vendor"
MANIFEST: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_the_manifest_lists_every_file() -> None:
    """No file is vendored without version, licence and hash; no entry is without its file."""
    listed = {"manifest.json", *(e["file"] for e in MANIFEST), *(e["licence_file"] for e in MANIFEST)}
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}

    assert found == listed
    assert {e["name"]: e["spdx"] for e in MANIFEST} == {"vega": "BSD-3-Clause", "vega-interpreter": "BSD-3-Clause"}


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["name"])
def test_a_vendored_file_is_the_published_one(entry: dict[str, Any]) -> None:
    """Its bytes have the hash of the manifest; without our wrapping they have the hash of the file in the package."""
    data = (VENDOR / entry["file"]).read_bytes()
    wrapped = entry["wrapped"]
    body = data.decode().removeprefix(wrapped["before"]).removesuffix(wrapped["after"])
    head, tail = (wrapped["cut"] or ["", ""])[:2]

    assert sha256(data) == entry["sha256"]
    assert len(data) == entry["bytes"]
    assert len(body) + len(wrapped["before"]) + len(wrapped["after"]) == len(data.decode())
    assert sha256((head + body + tail).encode()) == entry["origin"]["sha256"]
    assert (VENDOR / entry["licence_file"]).read_text(encoding="utf-8").startswith("Copyright (c)")


def test_vega_is_new_enough() -> None:
    """Versions below these have published holes that a strict policy does not close."""
    versions = {e["name"]: tuple(int(part) for part in e["version"].split(".")) for e in MANIFEST}

    assert versions["vega"] >= (6, 4, 0)
    assert versions["vega-interpreter"] >= (2, 3, 2)
