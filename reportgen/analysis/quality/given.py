"""What the manifest's files tell of the data beside the outcomes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.inspection.looks import Looks


@dataclass(frozen=True, eq=False)
class Given:
    """Each is none or empty where the manifest does not name it."""

    reviewed: pl.DataFrame | None = None  # ``columns.REVIEWED``
    reviewed_file: str = ""  # as the user wrote it
    trained_splits: tuple[str, ...] = ()  # values of the split column that versions were trained on
    looks: Looks | None = None  # of every image of the samples
    vectors: npt.NDArray[np.float32] | None = None  # a row a sample, of an embedding; NaN where a sample has none
