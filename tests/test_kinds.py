"""The examples that costly tests run on stand for all others."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from tests.conftest import KINDS, MANIFESTS


def features(name: str) -> set[str]:
    """What a report of the example has that others may not have."""
    manifest = YAML(typ="safe", pure=True).load(MANIFESTS[name])
    objects = manifest.get("objects")
    named, versions = manifest.get("columns", {}), manifest["versions"].values()
    return {
        f"task {manifest['task']}",
        f"media {manifest.get('media', {}).get('kind')}",
        f"overlap {objects.get('overlap') if isinstance(objects, dict) else None}",
        *(f"column {column}" for column in ("group", "sequence", "weight") if column in named),
        *(f"key {key}" for key in ("costs", "training", "reviewed", "embeddings") if key in manifest),
        *(f"version {key}" for version in versions for key in ("runs", "trained_on") if key in version),
    }


@pytest.mark.parametrize("name", [name for name in MANIFESTS if name not in KINDS])
def test_no_example_that_is_left_out_has_what_none_of_them_has(name: str) -> None:
    assert set(KINDS) <= set(MANIFESTS)
    assert features(name) <= set().union(*(features(kind) for kind in KINDS))
