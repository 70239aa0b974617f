"""The package as a library: reports from data frames."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import polars as pl

from reportgen.api import build

LABELS = ["cat", "dog"] * 20
IDS = [f"{i:02d}" for i in range(40)]


def test_frames_of_any_type_are_read_as_files_are(tmp_path: Path) -> None:
    """Objects are spread, categories and decimals typed, what is binary left out with a note, and nothing crashes."""
    samples = pl.DataFrame(
        {
            "id": IDS,
            "label": pl.Series(LABELS, dtype=pl.Categorical),
            "scene": [{"sky": ("clear", "fog")[i % 3 % 2]} for i in range(40)],
            "price": [Decimal(i % 4) for i in range(40)],
            "took": pl.Series(range(40), dtype=pl.Duration("ms")),
            "thumbnail": [b"\x00"] * 40,
        }
    )
    predictions = pl.DataFrame({"id": IDS, "prediction": ["cat", *LABELS[1:]]})
    written = build(samples, {"v1": predictions}, tmp_path / "out")
    report = json.loads((tmp_path / "out" / "report.json").read_text())

    assert [one["name"] for one in report["attributes"]] == ["scene.sky", "price", "label"]
    assert any(note.code == "RG217" and note.column == "thumbnail" for note in written.notes)
