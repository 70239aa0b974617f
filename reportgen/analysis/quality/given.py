"""What the manifest's files tell of the data beside the outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, eq=False)
class Given:
    """Each is none or empty where the manifest does not name it."""

    reviewed: pl.DataFrame | None = None  # ``columns.REVIEWED``
    reviewed_file: str = ""  # as the user wrote it
    trained_splits: tuple[str, ...] = ()  # values of the split column that versions were trained on
