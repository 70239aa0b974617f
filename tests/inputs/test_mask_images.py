"""Mask images: every way in which a PNG stores values, what is refused and how it is told, and which file is whose."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from reportgen.errors import InputError, Problem
from reportgen.inputs.mask_images import PixelValues, find_masks, read_mask
from reportgen.inputs.pictures import own_caps
from tests.inputs.folders import STEADY, write
from tests.inputs.pngs import pack, save

NUCLEI = PixelValues((1,))
STREET = PixelValues(tuple(range(1, 4)), (255,))


def refused(tmp_path: Path, data: bytes, values: PixelValues = STREET, size: tuple[int, int] | None = None) -> Problem:
    """The one problem of a mask image."""
    write(tmp_path, {"a.png": data})
    with pytest.raises(InputError) as caught:
        read_mask(tmp_path.resolve(), "a.png", values, [] if size is None else [size])
    (problem,) = caught.value.problems
    assert problem.where.file == "a.png"
    return problem


@pytest.mark.parametrize("mode", ["1", "L", "P", "I;16"])
@settings(STEADY, max_examples=25)
@given(seed=st.integers(0, 99), height=st.integers(1, 9), width=st.integers(1, 17))
def test_values_are_read_from_every_mode(mode: str, seed: int, height: int, width: int, tmp_path: Path) -> None:
    most = {"1": 2, "I;16": 60_000}.get(mode, 250)
    wanted = np.random.default_rng(seed).integers(0, min(most, 6), (height, width)) * (most // min(most, 6))
    values = PixelValues(tuple(sorted(set(wanted.ravel().tolist()) - {0})))
    if mode == "P":
        image = Image.fromarray(wanted.astype(np.uint8)).copy()
        image.putpalette(bytes(np.random.default_rng(seed).integers(0, 256, 768).astype(np.uint8)))
        file = io.BytesIO()
        image.save(file, "PNG")
        assert Image.open(file).mode == "P"
        data = file.getvalue()
    else:
        data = save(wanted.astype({"1": bool, "I;16": np.uint16}.get(mode, np.uint8)))
    codes = read_mask(tmp_path.resolve(), data, values, [(width, height)])
    meaning = np.array([*values.classes, 0])
    np.testing.assert_array_equal(meaning[codes], wanted)


@pytest.mark.parametrize(("bits", "row"), [(1, b"\xa0"), (2, b"\x44"), (4, b"\x10\x10"), (8, b"\1\0\1\0")])
def test_values_of_few_bits_are_not_spread_over_eight(bits: int, row: bytes, tmp_path: Path) -> None:
    codes = read_mask(tmp_path.resolve(), pack(bits, 0, row, 4), NUCLEI)
    assert codes.tolist() == [[0, 1, 0, 1]]


def test_background_and_what_is_ignored_have_codes_of_their_own(tmp_path: Path) -> None:
    pixels = np.array([[0, 1, 2], [3, 255, 0]], np.uint8)
    assert read_mask(tmp_path.resolve(), save(pixels), STREET).tolist() == [[3, 0, 1], [2, 4, 3]]
    all_named = PixelValues((0, 1), (2, 3, 255))
    assert read_mask(tmp_path.resolve(), save(pixels), all_named).tolist() == [[0, 1, 3], [3, 3, 0]]


def test_many_classes_have_codes_of_two_bytes(tmp_path: Path) -> None:
    values = PixelValues(tuple(range(1, 301)))
    pixels = np.array([[300, 0, 256]], np.uint16)
    codes = read_mask(tmp_path.resolve(), save(pixels), values)
    assert codes.dtype == np.uint16
    assert codes.tolist() == [[299, 300, 255]]


def test_what_exif_says_does_not_turn_a_mask(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = np.array([[0, 1, 1], [0, 0, 0]], np.uint8)
    assert read_mask(tmp_path.resolve(), save(pixels, exif=exif), NUCLEI, [(3, 2)]).tolist() == [[1, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA"])
def test_grey_colours_are_values(mode: str, tmp_path: Path) -> None:
    pixels = np.array([[0, 1], [1, 0]], np.uint8)
    assert read_mask(tmp_path.resolve(), save(pixels, mode), NUCLEI).tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    "data",
    [
        save(np.array([[[0, 0, 0], [220, 20, 60]]], np.uint8)),
        save(np.array([[[0, 0, 0, 255], [1, 1, 1, 128]]], np.uint8)),
        save(np.array([[[1, 255], [1, 0]]], np.uint8)),
        pack(16, 2, b"\0\1\0\1\0\1" * 2, 2),
        pack(16, 4, b"\0\1\xff\xff" * 2, 2),
    ],
    ids=["colours", "half transparent", "transparent grey", "colours of 16 bits", "grey of 16 bits with transparency"],
)
def test_colours_are_refused_with_a_mend(data: bytes, tmp_path: Path) -> None:
    problem = refused(tmp_path, data)
    assert problem.code == "RG352"
    assert "palette" in problem.mend


def test_another_size_is_told_with_both(tmp_path: Path) -> None:
    problem = refused(tmp_path, save(np.zeros((4, 6), np.uint8)), size=(4, 6))
    assert problem.code == "RG353"
    assert problem.what == "the mask has 6 × 4 pixels, its image 4 × 6; it would fit the image turned by 90°"
    assert "turned" not in refused(tmp_path, save(np.zeros((4, 6), np.uint8)), size=(12, 8)).what


def test_the_first_pixel_of_no_class_is_named(tmp_path: Path) -> None:
    pixels = np.zeros((5, 7), np.uint8)
    pixels[2, 4], pixels[3, 1], pixels[4, 4] = 9, 200, 9
    problem = refused(tmp_path, save(pixels))
    assert str(problem) == (
        "RG354 a.png: the pixel at x 4, y 2 (counted from 0 at the top left) has the value 9, which is no class; in "
        "all, 9, 200 are none; expected 1, 2, 3 for classes, 0 for background, 255 for what is ignored; name the class "
        "of the value under masks.classes, or ignore it by masks.ignore"
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no PNG"),
        (b"II*\0" + bytes(40), "no PNG"),
        (save(np.random.default_rng(0).integers(0, 2, (64, 64)).astype(np.uint8))[:300], "too early"),
        (pack(1, 0, b"", 10_000, 10_000), "megapixels"),
    ],
    ids=["nothing", "svg", "tiff", "cut", "bomb"],
)
def test_hostile_files_are_refused(data: bytes, says: str, tmp_path: Path) -> None:
    with own_caps():
        problem = refused(tmp_path, data)
    assert problem.code == "RG351"
    assert says in problem.what


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "GIF", "BMP"])
def test_other_formats_than_png_are_refused(format_: str, tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(file, format_)
    problem = refused(tmp_path, file.getvalue())
    assert (problem.code, problem.what) == ("RG351", "the mask image is no PNG")


def test_texts_in_a_mask_are_not_unpacked_without_end(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("a", "x" * 70_000_000, zip=True)
    problem = refused(tmp_path, save(np.zeros((4, 4), np.uint8), pnginfo=info))
    assert problem.code == "RG351"


def test_damaged_bytes_are_read_or_refused(tmp_path: Path) -> None:
    draw = np.random.default_rng(0)
    whole = np.frombuffer(save(draw.integers(0, 4, (16, 16)).astype(np.uint8)), np.uint8)
    n_refused = 0
    for _ in range(300):
        data = whole.copy()
        data[draw.integers(8, len(data), 2)] = draw.integers(0, 256, 2)
        try:
            codes = read_mask(tmp_path.resolve(), data.tobytes(), STREET)
        except InputError as error:
            n_refused += {problem.code for problem in error.problems} <= {"RG351", "RG352", "RG354"}
        else:
            assert codes.max() <= STREET.left_out
            n_refused += 1
    assert n_refused == 300


@pytest.mark.parametrize("source", ["../b.png", "folder", "none.png", "", None])
def test_only_files_of_the_folder_are_read(source: str | None, tmp_path: Path) -> None:
    root = write(tmp_path / "root", {"folder/a.txt": ""}).resolve()
    write(tmp_path, {"b.png": save(np.zeros((2, 2), np.uint8))})
    with pytest.raises(InputError, match="RG351"):
        read_mask(root, source, NUCLEI)


def test_masks_are_found_by_name_and_by_stem(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["a.png", "b/c.PNG", "b/d.png", "v1.2.png", "e.jpg.png", "notes.txt"], b""))
    found = find_masks(tmp_path, ["images/a.jpg", "b/c.jpg", "d", "v1.2", "e.jpg", "missing", "", ".."])
    assert found.of_sample == ("a.png", "b/c.PNG", "b/d.png", "v1.2.png", "e.jpg.png", None, None, None)
    assert found.unused == ()
    assert find_masks(tmp_path, ["b\\c.tif"]).unused == ("a.png", "b/d.png", "e.jpg.png", "v1.2.png")


def test_what_systems_leave_beside_masks_is_no_mask(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["a.png", "._a.png", ".ipynb_checkpoints/a.png", "__MACOSX/a.png"], b""))
    found = find_masks(tmp_path, ["a.jpg"])
    assert (found.of_sample, found.unused) == (("a.png",), ())


def test_folders_tell_masks_of_one_stem_apart(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(["day/0.png", "night/0.png"], b""))
    assert find_masks(tmp_path, ["night/0.jpg", "day/0.jpg"]).of_sample == ("night/0.png", "day/0.png")
    with pytest.raises(InputError, match=r'RG355 .*"0.jpg" could have several masks: "day/0.png", "night/0.png"'):
        find_masks(tmp_path, ["0.jpg"])


def test_no_mask_is_of_two_samples(tmp_path: Path) -> None:
    write(tmp_path, {"0.png": b""})
    with pytest.raises(InputError, match=r'RG355 .*"0.png" could be the mask of "day/0.jpg" and of "night/0.jpg"'):
        find_masks(tmp_path, ["day/0.jpg", "night/0.jpg"])
