"""What the manifest's files tell of the data beside the outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from reportgen.inspection.looks import Looks
from reportgen.inspection.training import TrainingTable


@dataclass(frozen=True, eq=False)
class Given:
    """Each is none or empty where the manifest does not name it."""

    reviewed: pl.DataFrame | None = None  # ``columns.REVIEWED``, or ``REVIEWED_PARTS``
    reviewed_file: str = ""  # as the user wrote it
    trained_splits: tuple[str, ...] = ()  # values of the split column that versions were trained on
    looks: Looks | None = None  # of every image of the samples
    vectors: npt.NDArray[np.float32] | None = None  # a row a sample, of an embedding; NaN where a sample has none
    training: Mapping[str, TrainingTable] = field(default_factory=dict)  # by version; one table may be of several
    target: str = ""  # the target's column in these tables
    baseline: str | None = None  # whose table the others' are held against
    candidate: str = ""  # whose table is in question
    attribute_columns: tuple[str, ...] = ()  # columns that slice, or could if they had fewer or more values
