"""The manifest: which files hold the samples and the predictions, and what their columns mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from reportgen.errors import Place
from reportgen.inputs.positions import Document, Loc
from reportgen.model import GateKind, GateOn, Limits, MediaKind, OverlapKind, UndecidedCounts

Text = Annotated[str, WithJsonSchema({"type": ["string", "number", "boolean"]})]
Task = Literal["classification", "regression", "multilabel", "detection", "segmentation"]
ObjectFormat = Literal["coco", "yolo", "voc", "fiftyone", "table"]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Cost = Annotated[float, Field(ge=0, allow_inf_nan=False)]

SCHEMA = Path(__file__).with_name("manifest.schema.json")
BUDGET = "20 MB"
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?i?b?)\s*", re.IGNORECASE)


class Part(BaseModel):
    """A part of the manifest: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(Part):
    """What the columns of the sample table are."""

    id: Text = "id"
    target: Text = "target"
    media: Text | None = None
    link: Text | None = Field(default=None, description="the web address of each sample's original")
    group: Text | None = None
    sequence: Text | None = Field(
        default=None,
        description="the video, drive or recording that a sample is a frame of; the group, without `group`",
    )
    frame: Text | None = Field(
        default=None, description="the frame's place in its sequence: a whole number, or a time in seconds"
    )
    weight: Text | None = None
    split: Text | None = None
    embedding: Text | None = Field(
        default=None, description="a list column: each sample's vector, all of one length; null: a sample without one"
    )

    @property
    def grouping(self) -> str | None:
        """The column that says which samples belong together: the group's, or else the sequence's."""
        return self.sequence if self.group is None else self.group


class PredictionColumns(Part):
    """What the columns of the prediction files are.

    Where none of label, score, probabilities and value is given, they are taken by their usual names.
    """

    id: Text | None = Field(default=None, description="by default the samples' id column")
    label: Text | None = None
    score: Text | None = Field(
        default=None, description="binary: P(positive); else the confidence of the predicted label"
    )
    probabilities: Text | None = Field(default=None, description='"prob_{class}", or the name of a list column')
    value: Text | None = Field(default=None, description="regression: the predicted value")
    mask: Text | None = Field(default=None, description="segmentation: the path of each mask, where a table names them")
    label_map: dict[str, Text] = Field(
        default_factory=dict, description="predicted label: the target's label it stands for"
    )


class AttributeSpec(Part):
    """One attribute: a column of the sample table that slices."""

    column: Text
    bins: int | None = Field(default=None, ge=2, le=20, description="how many quantile bins, for a number")
    edges: list[float] | None = Field(default=None, min_length=2, description="edges of the bins, for a number")
    phrases: dict[str, Text] = Field(default_factory=dict, description="value: how a sentence says it")


class MediaSpec(Part):
    """Where the samples' media are. ``root`` is a folder beneath the manifest's."""

    root: Text = ""
    kind: MediaKind = "image"
    budget: Text = BUDGET

    @property
    def budget_bytes(self) -> int:
        """The bytes that thumbnails may take."""
        return parse_size(self.budget)


class ObjectsSpec(Part):
    """Where the true objects are, and what to take from there."""

    path: Text = Field(description="a file or folder: COCO, YOLO, Pascal VOC, FiftyOne, or a table of boxes")
    format: ObjectFormat | None = Field(default=None, description="told from the content where it is left out")
    attributes: list[Text] | None = Field(
        default=None, description="keys of the objects that slice; by default all that hold single values"
    )
    class_map: dict[str, Text] = Field(
        default_factory=dict, description="the file's category, by id or name: what the report calls it"
    )
    overlap: OverlapKind = Field(
        default="box", description="by what a detection and a true object overlap; mask: every object needs one"
    )


class MasksSpec(Part):
    """Where the true masks are, and what their pixels mean."""

    path: Text | None = Field(
        default=None, description="a folder of PNGs, or a file of objects with masks: COCO or another format of these"
    )
    column: Text | None = Field(
        default=None,
        description="a column of the samples: the path of each mask, beneath `path` where there is one",
    )
    classes: dict[str, Text] = Field(
        default_factory=dict,
        description="class: the value of its pixels; of a file of objects the category's id or name, by default all",
    )
    ignore: list[Text] = Field(
        default_factory=list, description="values (or categories) of pixels that do not count, whatever a version says"
    )


class VersionSpec(Part):
    """One version: its prediction file, or those of its repeated trainings, and what the reader should know of it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"oneOf": [{"required": ["predictions"]}, {"required": ["runs"]}]},
    )

    predictions: Text | None = None
    runs: list[Text] | None = Field(
        default=None, min_length=1, description="a prediction file for each training of the version, in place of one"
    )
    commit: Text = ""
    config: Text = Field(default="", description="a YAML, TOML or JSON file, compared key by key with the baseline's")
    note: Text = ""
    trained_on: Text = Field(
        default="", description="a table of what the version was trained on; its attributes and target are counted"
    )


class GateSpec(Part):
    """One release gate: a metric, where it is looked at, and one limit."""

    metric: Text = Field(description="a metric of the task, a rate or count of flips, or a check of the predictions")
    min: float | None = Field(default=None, allow_inf_nan=False, description="a floor for the candidate's value")
    max: float | None = Field(default=None, allow_inf_nan=False, description="a ceiling for the candidate's value")
    max_drop: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="the most that may be lost against the baseline"
    )
    on: GateOn = "overall"
    where: dict[str, Text | None] = Field(
        default_factory=dict, description="column: value, for one slice; null: samples without a value of the column"
    )
    klass: Text | None = Field(default=None, alias="class", description="for a metric that each class has")
    name: Text = Field(default="", description="made from the rule where it is left out")

    @property
    def limits(self) -> dict[GateKind, float]:
        """The limits that are given; one, in a gate that can be judged."""
        kinds: tuple[tuple[GateKind, float | None], ...] = (
            ("min", self.min),
            ("max", self.max),
            ("max_drop", self.max_drop),
        )
        return {kind: limit for kind, limit in kinds if limit is not None}


class CriticalSpec(Part):
    """A slice that always decides, however few samples it has."""

    where: dict[str, Text | None] = Field(
        min_length=1, description="column: value; null: samples without a value of the column"
    )
    why: Text = Field(description="what the report says of it, such as the clause of a safety case")
    name: Text = Field(default="", description="how the slice is called; by its values where it is left out")


class SupportSpec(Part):
    """How many samples (and groups) a slice needs to be shown, tested, and to decide."""

    show: int = Field(default=Limits.show, ge=1)
    test: int = Field(default=Limits.test, ge=1)
    decide: int = Field(default=Limits.decide, ge=1)
    groups: int = Field(default=Limits.groups, ge=1)


def _bare_attribute(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _bare_version(value: Any) -> Any:
    return {"predictions": value} if isinstance(value, str) else value


def _bare_path(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


AttributeEntry = Annotated[AttributeSpec, BeforeValidator(_bare_attribute, json_schema_input_type=str | AttributeSpec)]
VersionEntry = Annotated[VersionSpec, BeforeValidator(_bare_version, json_schema_input_type=str | VersionSpec)]
ObjectsEntry = Annotated[ObjectsSpec, BeforeValidator(_bare_path, json_schema_input_type=str | ObjectsSpec)]
MasksEntry = Annotated[MasksSpec, BeforeValidator(_bare_path, json_schema_input_type=str | MasksSpec)]


class Manifest(Part):
    """What a report is built from. Paths are relative to the manifest's folder."""

    version: Literal["1"] = Field(default="1", description="of the manifest's own form")
    title: Text = ""
    task: Task
    samples: Text
    objects: ObjectsEntry | None = Field(
        default=None,
        description="detection: the true objects; may be left out where `samples` is a COCO file that has them",
    )
    masks: MasksEntry | None = Field(default=None, description="segmentation: the true masks")
    columns: Columns = Columns()
    prediction_columns: PredictionColumns = PredictionColumns()
    classes: list[Text] | None = None
    positive: Text | None = None
    threshold: float = Field(default=0.5, ge=0, le=1)
    thresholds: dict[str, Share] = Field(
        default_factory=dict, description="multilabel: class: the score from which it is given; others: `threshold`"
    )
    metrics: list[Text] | None = Field(default=None, min_length=1)
    attributes: list[AttributeEntry] | None = None
    media: MediaSpec = MediaSpec()
    versions: dict[str, VersionEntry] = Field(default_factory=dict)
    baseline: Text | None = None
    candidate: Text | None = None
    history: Text | None = Field(
        default=None, description="a folder beneath the manifest's, where a small file of each report is kept"
    )
    critical: list[CriticalSpec] = Field(default_factory=list, description="slices that always decide")
    expect: list[Text] = Field(default_factory=list, description="what people believe, a line each")
    pinned: dict[str, Text] = Field(default_factory=dict, description="named sets of samples: a file of ids each")
    embeddings: Text | None = Field(
        default=None,
        description="a file of vectors, in place of columns.embedding: .npy (a row for each row of the samples, in "
        "their order), .npz (arrays ids and vectors), or a table with the samples' id and a list column or a column a "
        "number",
    )
    reviewed: Text | None = Field(
        default=None,
        description="a table with the samples' id and `reviewed`: the label that a person gave; of boxes "
        "and regions wrong or right",
    )
    trained_splits: list[Text] = Field(
        default_factory=list, description="values of the split column that versions were trained on"
    )
    gates: list[GateSpec] = Field(default_factory=list, description="what the candidate must hold to be released")
    undecided: UndecidedCounts = Field(default="pass", description="how a gate that can't tell counts")
    costs: dict[str, dict[str, Cost]] = Field(
        default_factory=dict, description="{truth: {prediction: cost}}; every other error costs 1"
    )
    support: SupportSpec = SupportSpec()
    level: float = Field(default=Limits.level, gt=0.5, lt=1, description="of the intervals")
    tolerance: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="regression: an error that is right"
    )
    flip_margin: float | None = Field(
        default=None, ge=0, allow_inf_nan=False, description="regression: an error that flips"
    )

    @property
    def first(self) -> str:
        """The baseline's name: the manifest's, or the first version."""
        return self.baseline if self.baseline is not None else next(iter(self.versions))

    @property
    def last(self) -> str:
        """The candidate's name: the manifest's, or the last version."""
        return self.candidate if self.candidate is not None else list(self.versions)[-1]

    @property
    def judges_parts(self) -> bool:
        """Whether the samples consist of parts that are judged, so that no column of theirs is the target."""
        return self.task in {"multilabel", "detection", "segmentation"}

    def attribute_specs(self) -> tuple[AttributeSpec, ...]:
        """The declared attributes; empty where they are to be inferred."""
        return tuple(self.attributes or ())

    def taken_columns(self) -> set[str]:
        """The sample table's columns that have another role than slicing."""
        columns = self.columns
        roles = (
            columns.id,
            None if self.judges_parts else columns.target,
            columns.media,
            columns.link,
            columns.group,
            columns.sequence,
            columns.frame,
            columns.weight,
            columns.embedding,
            None if self.masks is None else self.masks.column,
        )
        return {name for name in roles if name is not None}


@dataclass(frozen=True, eq=False)
class LoadedManifest:
    """A manifest with its files found. ``root`` is the folder where its relative paths begin."""

    manifest: Manifest
    path: Path  # as the user wrote it
    root: Path
    sha256: str
    samples_path: Path
    prediction_paths: Mapping[str, Path]  # by version, in the manifest's order; of several trainings the first one's
    config_paths: Mapping[str, Path] = field(default_factory=dict)
    pinned_paths: Mapping[str, Path] = field(default_factory=dict)
    reviewed_path: Path | None = None
    embeddings_path: Path | None = None
    shown_paths: Mapping[Path, str] = field(default_factory=dict)
    document: Document = field(default_factory=lambda: Document(None))
    trained_paths: Mapping[str, Path] = field(default_factory=dict)  # of the versions that name one
    run_paths: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)  # of a version's further trainings
    objects_path: Path | None = None  # of the true objects: a file or a folder
    masks_path: Path | None = None  # of the true masks: a file or a folder
    history_folder: Path | None = None  # where past reports are kept; it need not be there yet

    def shown(self, path: Path) -> str:
        """The path as the user wrote it, for errors and the report."""
        return self.shown_paths.get(path, path.name)

    def place(self, *keys: str | int, key: bool = False) -> Place:
        """Where the value of the key (or, with ``key``, the key itself) stands in the manifest."""
        return place_in(self.document, str(self.path), keys, key=key)

    @property
    def input_paths(self) -> tuple[Path, ...]:
        """The manifest, and every file that it names."""
        named = (self.prediction_paths, self.config_paths, self.pinned_paths, self.trained_paths)
        further = [path for paths in self.run_paths.values() for path in paths]
        further += [path for path in (self.reviewed_path, self.embeddings_path) if path is not None]
        further += [path for path in (self.objects_path, self.masks_path) if path is not None]
        return (self.path, self.samples_path, *(path for paths in named for path in paths.values()), *further)

    @property
    def media_root(self) -> Path:
        """The folder of the media, absolute."""
        return (self.root / self.manifest.media.root).resolve()


def place_in(document: Document, shown: str, loc: Loc, *, key: bool = False) -> Place:
    """Where the value stands in the document, or the nearest thing around it."""
    spot = document.spot(loc, key=key)
    return Place(shown, *spot) if spot else Place(shown)


def parse_size(text: str) -> int:
    """The bytes that a size such as ``20 MB`` or ``512 KiB`` says.

    Raises:
        ValueError: where the text is no size.
    """
    match = _SIZE.fullmatch(text)
    if not match or match[2].lower() not in _UNITS:
        raise ValueError(f'"{text}" is no size')
    return int(float(match[1]) * _UNITS[match[2].lower()])


def slug(name: str) -> str:
    """The name as files would have it: two names with one slug cannot stand beside each other.

    Case, form of accents and punctuation do not count; a name without letters and digits is its own slug.
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-") or name


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema of the manifest, for editors; it ships as the file ``SCHEMA``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Manifest.model_json_schema()}
