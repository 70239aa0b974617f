"""The gates that ``init`` suggests: derived from the baseline by their rule, and a manifest that is judged as it is."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner, Result

from reportgen import suggestions
from reportgen.cli import main

N = 1000
ROUND = re.compile(r"0\.0*[125]|[125]0*")


def run(*arguments: object) -> Result:
    """The command, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Samples of three classes and two versions that are right in 80 and 82 of 100; the working folder."""
    rng = np.random.default_rng(3)
    classes = np.array(["bus", "car", "van, old"])
    target = rng.integers(0, 3, N)
    ids = [f"{i:04d}" for i in range(N)]
    weather = np.array(["dry", "wet"])[rng.integers(0, 2, N)]
    pl.DataFrame({"id": ids, "label": classes[target], "weather": weather}).write_csv(tmp_path / "samples.csv")
    hard = rng.random(N)
    for name, share in (("old", 0.80), ("new", 0.82)):
        said = np.where(hard < share, target, (target + 1) % 3)
        pl.DataFrame({"id": ids, "prediction": classes[said]}).write_csv(tmp_path / f"{name}.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def gates(manifest: Path) -> list[str]:
    """The entries of the manifest's gates, as they are written."""
    return re.findall(r"^  - (\{metric.*\})$", manifest.read_text(), re.MULTILINE)


def test_losses_and_floors_come_from_the_baselines_interval(labels: Path) -> None:
    """Half an interval, rounded up; for a slice, at the size that decides; floors beneath the two weakest classes."""
    result = run("init", "samples.csv", "old.csv", "new.csv")
    found = gates(labels / "reportgen.yaml")

    assert result.exit_code == 0, result.output
    assert "gates: 5 suggested from the baseline" in result.stderr
    assert found[:2] == [
        "{metric: accuracy, max_drop: 0.05}",  # 1.96 · √(0.8 · 0.2 / 1,000) = 0.025
        "{metric: accuracy, on: every slice, max_drop: 0.1}",  # … / 200 = 0.055
    ]
    floors = [float(gate.split("min: ")[1].rstrip("}")) for gate in found[2:4]]
    assert all(0.65 < floor < 0.82 for floor in floors)
    assert found[4] == "{metric: missing_predictions, max: 0}"


def test_the_manifest_is_judged_as_it_is(labels: Path) -> None:
    """A candidate like the baseline passes, one that is broken fails."""
    run("init", "samples.csv", "old.csv", "new.csv")
    passes = run("check", "reportgen.yaml", "-q")
    table = pl.read_csv(labels / "new.csv", schema_overrides={"id": pl.String})
    table.with_columns(prediction=pl.lit("car")).write_csv(labels / "new.csv")
    fails = run("check", "reportgen.yaml", "-q")

    assert (passes.exit_code, fails.exit_code) == (0, 1), passes.output
    assert len(passes.stdout.splitlines()) == 7


def test_one_version_gets_floors_alone(labels: Path) -> None:
    """There is nothing to lose against: how good it is, less its interval."""
    run("init", "samples.csv", "old.csv")
    found = gates(labels / "reportgen.yaml")

    assert re.fullmatch(r"\{metric: accuracy, min: 0\.7\d\}", found[0])
    assert not [gate for gate in found if "max_drop" in gate]
    assert run("check", "reportgen.yaml", "-q").exit_code == 0


def test_errors_may_rise_by_what_the_baseline_cannot_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: losses of the mean error, a round number each, and what is missing stays as it is."""
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(4)
    truth = rng.normal(50, 10, N)
    ids = [f"{i:04d}" for i in range(N)]
    pl.DataFrame({"id": ids, "target": truth, "site": ["a", "b"] * (N // 2)}).write_csv("samples.csv")
    for name in ("old", "new"):
        pl.DataFrame({"id": ids[3:], "prediction": (truth + rng.normal(0, 2, N))[3:]}).write_csv(f"{name}.csv")
    assert run("init", "samples.csv", "old.csv", "new.csv").exit_code == 0
    found = gates(tmp_path / "reportgen.yaml")
    limits = [gate.split("max_drop: ")[1].rstrip("}") for gate in found[:2]]

    assert [gate.split(", max")[0] for gate in found] == [
        "{metric: mae", "{metric: mae, on: every slice", "{metric: missing_predictions",
    ]  # fmt: skip
    assert all(ROUND.fullmatch(limit) for limit in limits), limits
    assert found[-1] == "{metric: missing_predictions, max: 3}"
    assert run("check", "reportgen.yaml", "-q").exit_code == 0


def test_files_that_cannot_be_joined_get_none(labels: Path) -> None:
    """The manifest is written all the same, and it is said why it has no gates."""
    (labels / "old.csv").write_text("id,prediction\n0000,car\n0000,bus\n")
    result = run("init", "samples.csv", "old.csv")

    assert result.exit_code == 0, result.output
    assert "gates: none are suggested, since the baseline cannot be judged yet" in result.stderr
    assert gates(labels / "reportgen.yaml") == []


@pytest.mark.parametrize(
    ("size", "rounded"),
    [(0.0248, "0.05"), (0.005, "0.005"), (0.0051, "0.01"), (0.011, "0.02"), (0.99, "1"), (3.0, "5"), (70, "100")],
)
def test_limits_are_round(size: float, rounded: str) -> None:
    """The next 1, 2 or 5; what is one already stays."""
    assert suggestions._round_up(size) == rounded


def test_a_build_from_files_alone_has_no_gates(labels: Path) -> None:
    """A verdict is asked for, never assumed."""
    assert run("build", "samples.csv", "old.csv", "new.csv", "-o", "out", "-q").exit_code == 0
    assert gates(labels / "reportgen.yaml") == []
    assert run("check", "reportgen.yaml", "-q").exit_code == 2
