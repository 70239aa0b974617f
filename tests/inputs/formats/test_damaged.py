"""Damaged files of objects: each is read, or ends in an input error, never in anything else."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.inputs.formats.worlds import FORMATS, FOUND, TRUTHS, Entry, coco_truth

ROOT = Path(__file__).resolve().parents[3]
BINARY = {"Hugging Face Parquet", "table of corners"}
"""Parquet, whose decoder is not ours; ``tests/inputs/test_fuzz.py`` tries it."""
N = 25
"""So many damaged ones a format."""

CHILD = """
import random, sys
from pathlib import Path

from reportgen.errors import InputError
from tests.inputs.formats.worlds import read

n, truth, targets = int(sys.argv[1]), sys.argv[2], [Path(text) for text in sys.argv[3:]]
for target in targets:
    files = sorted(p for p in target.rglob("*") if p.is_file()) if target.is_dir() else [target]
    generator = random.Random(target.name)
    for i in range(n):
        path = generator.choice(files)
        content = path.read_bytes()
        damaged = bytearray(content)
        for _ in range(generator.choice([1, 1, 3])):
            at = generator.randrange(len(damaged))
            kind = generator.randrange(5)
            if kind == 0:
                damaged[at] ^= 1 << generator.randrange(8)
            elif kind == 1:
                del damaged[at:]
            elif kind == 2:
                damaged[at:at] = generator.choice([b"-", b"9" * 30, b"NaN", b"null", b"[", b"{", b"\\xff", b" ", b'"'])
            elif kind == 3:
                del damaged[at : at + generator.randrange(1, 9)]
            else:
                damaged[at:at] = damaged[: generator.randrange(60)]
            if not damaged:
                break
        path.write_bytes(bytes(damaged))
        try:
            read(Path(truth), {"v1": target}) if truth else read(target)
            print("read")
        except InputError as error:
            assert error.problems and all(one.code.startswith("RG") for one in error.problems)
            print("told")
        except BaseException:
            sys.stderr.write(f"{path}, damage {i}: {bytes(damaged[:2000])}")
            raise
        path.write_bytes(content)
"""


@pytest.mark.parametrize("truth", [True, False])
def test_damaged_files_are_read_or_told(tmp_path: Path, truth: bool) -> None:
    """Bits turned, bytes cut out, doubled and put in, in a process of its own, since decoders may bring it down."""
    left_out = BINARY if find_spec("defusedxml") else {*BINARY, "Pascal VOC"}
    names = [name for name in FORMATS if name not in left_out]
    targets = []
    for i, name in enumerate(names):
        (tmp_path / str(i)).mkdir()
        targets.append(FORMATS[name](tmp_path / str(i), TRUTHS if truth else FOUND, truth))
    if truth:
        (tmp_path / "masks.json").write_text(json.dumps(masked()))
        targets.append(tmp_path / "masks.json")
    beside = "" if truth else str(FORMATS["COCO"](tmp_path, TRUTHS, True))
    command = [sys.executable, "-c", CHILD, str(N), beside, *map(str, targets)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert done.returncode == 0, done.stderr[-5000:]
    assert len(done.stdout.split()) == N * len(targets)
    assert set(done.stdout.split()) == {"read", "told"}


def masked() -> Entry:
    """A truth with run lengths in both forms, and a polygon."""
    truth = coco_truth()
    runs = [{"size": [48, 64], "counts": "X1h2d0"}, {"size": [48, 64], "counts": [72, 3000]}]
    for entry, shape in zip(truth["annotations"], (*runs, [[1, 1, 9, 1, 9, 9, 1, 9]]), strict=True):
        entry["segmentation"] = shape
    return truth
