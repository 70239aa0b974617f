"""Media: every kind of image file becomes a clean thumbnail or a reason, within the budget, the same each time."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image, PngImagePlugin

from reportgen.inputs.pictures import MAX_BYTES
from reportgen.model import Media, Outcomes, Parts
from reportgen.site import media, pictures
from reportgen.site.media import Thumbnails, make_thumbnails
from tests import builders, framed

MARKER = b"SECRET-MARKER"


def outcomes_of(folder: Path, values: list[object], budget: int = 20_000_000, kind: str = "image") -> Outcomes:
    ids = [f"s{i}" for i in range(len(values))]
    samples = pl.DataFrame({"id": ids, "file": values})
    return Outcomes(
        pl.DataFrame({"id": ids}),
        samples,
        (),
        (),
        (),
        media=Media(kind, "file", str(folder), budget),  # type: ignore[arg-type]
    )


def thumbnails_of(folder: Path, *values: object) -> Thumbnails:
    found = outcomes_of(folder, list(values))
    return make_thumbnails(found, range(len(values)))


def decoded(shown: Thumbnails, row: int) -> np.ndarray:  # type: ignore[type-arg]
    return np.asarray(Image.open(io.BytesIO(shown.files[shown.by_row[row].name])).convert("RGB"))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg_bytes(size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def test_large_image_is_shrunk_to_webp_named_by_its_content(tmp_path: Path) -> None:
    """A photograph becomes a WebP of at most 256 pixels whose name tells nothing of the original."""
    (tmp_path / "a photo.jpg").write_bytes(jpeg_bytes((1000, 500)))

    shown = thumbnails_of(tmp_path, "a photo.jpg")

    thumb = shown.by_row[0]
    assert (thumb.width, thumb.height, thumb.true) == (256, 128, False)
    assert thumb.name.endswith(".webp")
    assert "photo" not in thumb.name
    assert shown.files[thumb.name][8:12] == b"WEBP"


def test_small_image_keeps_its_own_pixels(tmp_path: Path) -> None:
    """A digit of 28 × 28 pixels comes out exactly as it went in."""
    pixels = np.random.default_rng(1).integers(0, 256, (28, 28), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "7.png")

    shown = thumbnails_of(tmp_path, "7.png")

    assert shown.by_row[0].true
    assert (decoded(shown, 0)[..., 0] == pixels).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    """The pixel that EXIF says is upper left is upper left, for each of the eight orientations."""
    upright = Image.new("RGB", (20, 30), "white")
    upright.paste((255, 0, 0), (0, 0, 6, 6))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "o.png", exif=exif)

    shown = thumbnails_of(tmp_path, "o.png")

    pixels = decoded(shown, 0)
    assert pixels.shape == (30, 20, 3)
    assert tuple(pixels[2, 2]) == (255, 0, 0)
    assert tuple(pixels[27, 17]) == (255, 255, 255)


def test_no_metadata_survives(tmp_path: Path) -> None:
    """Comment, EXIF with GPS, XMP and profile of a JPEG, and the text of a PNG, are in no output byte."""
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif.get_ifd(0x8825)[1] = "N"
    image = Image.effect_noise((300, 300), 50).convert("RGB")
    image.save(tmp_path / "a.jpg", exif=exif, comment=MARKER, icc_profile=MARKER * 3, xmp=MARKER)
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", MARKER.decode())
    Image.new("RGB", (30, 30), "red").save(tmp_path / "b.png", pnginfo=info)
    (tmp_path / "c.jpg").write_bytes(jpeg_bytes() + b"<script>" + MARKER)

    shown = thumbnails_of(tmp_path, "a.jpg", "b.png", "c.jpg")

    assert len(shown.files) == 3
    for data in shown.files.values():
        assert MARKER not in data
        assert b"<script" not in data
        assert data[12:16] in {b"VP8 ", b"VP8L"}  # the simple container has no room for metadata


def test_each_bad_file_has_its_reason(tmp_path: Path) -> None:
    """Whatever cannot be shown has the reason a reader needs, and costs no other sample its picture."""
    whole = jpeg_bytes()
    image = Image.new("RGB", (30, 30), "red")
    (tmp_path / "good.jpg").write_bytes(whole)
    (tmp_path / "truncated.jpg").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "page.jpg").write_bytes(b"<!doctype html><p>404")
    (tmp_path / "random.jpg").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "bomb.png").write_bytes(png_of_size(16_000, 16_000))
    (tmp_path / "wide.png").write_bytes(png_of_size(10_000, 10_000))
    (tmp_path / "drawing.jpg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>')
    (tmp_path / "folder.jpg").mkdir()
    image.save(tmp_path / "scan.jpg", "TIFF")
    image.save(tmp_path / "print.jpg", "EPS")
    bad = bytearray(png_of_size(8, 8))
    bad[40] ^= 0xFF
    (tmp_path / "crc.png").write_bytes(bytes(bad))
    expected = {
        "good.jpg": "",
        "nowhere.jpg": "missing",
        "truncated.jpg": "truncated",
        "empty.jpg": "not_image",
        "page.jpg": "not_image",
        "random.jpg": "not_image",
        "bomb.png": "pixels",
        "wide.png": "pixels",
        "drawing.jpg": "format",
        "scan.jpg": "format",
        "print.jpg": "format",
        "folder.jpg": "special",
        "../outside.jpg": "outside",
        "/etc/passwd": "outside",
        "nul\0.jpg": "missing",
        "x" * 5000: "missing",
        "": "empty",
        None: "empty",
    }

    shown = thumbnails_of(tmp_path, *expected, "crc.png", "good.jpg")

    found = {value: shown.missing.get(row, "") for row, value in enumerate(expected)}
    assert found == expected
    assert shown.missing[len(expected)] in {"broken", "not_image", "truncated"}
    assert len(expected) + 1 in shown.by_row
    assert set(shown.missing.values()) <= set(media.REASONS)


def test_links_out_of_the_root_and_pipes_are_not_opened(tmp_path: Path) -> None:
    """Symbolic links are followed inside the root alone; a loop and a named pipe end as reasons, not as a hang."""
    root = tmp_path / "images"
    root.mkdir()
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(jpeg_bytes())
    (root / "inside.jpg").write_bytes(jpeg_bytes())
    (root / "out.jpg").symlink_to(secret)
    (root / "in.jpg").symlink_to(root / "inside.jpg")
    (root / "loop.jpg").symlink_to(root / "loop.jpg")
    os.mkfifo(root / "pipe.jpg")

    shown = thumbnails_of(root, "out.jpg", "in.jpg", "loop.jpg", "pipe.jpg")

    assert shown.missing[0] == "outside"
    assert 1 in shown.by_row
    assert shown.missing[2] in {"missing", "outside"}
    assert shown.missing[3] == "special"


def test_huge_file_and_compressed_text_are_refused(tmp_path: Path) -> None:
    """A file above the cap is not read, and a PNG whose text chunk would unpack to hundreds of megabytes is refused."""
    with (tmp_path / "huge.jpg").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    packed = zlib.compress(b"A" * 20_000_000, 9)
    data = png_of_size(8, 8)
    body = b"Comment\0\0" + packed
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    (tmp_path / "text.png").write_bytes(data[:33] + chunk + data[33:])

    shown = thumbnails_of(tmp_path, "huge.jpg", "text.png")

    assert shown.missing[0] == "bytes"
    assert 1 in shown.missing


def test_sixteen_bits_are_scaled_to_their_own_range(tmp_path: Path) -> None:
    """A 16-bit image and a constant one are seen, neither all white nor all black by accident; a note says so."""
    ramp = np.linspace(1000, 5000, 900).reshape(30, 30).astype(np.uint16)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")

    shown = thumbnails_of(tmp_path, "ramp.png")

    pixels = decoded(shown, 0)
    assert (pixels.min(), pixels.max()) == (0, 255)
    assert any(note.code == "RG462" and note.n == 1 for note in shown.notes)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr"])
def test_every_mode_becomes_plain_colour(tmp_path: Path, mode: str) -> None:
    """Images of every mode come out as RGB of the same size."""
    suffix = "jpg" if mode in {"CMYK", "YCbCr"} else "png"
    Image.new("RGB", (40, 20), (200, 30, 30)).convert(mode).save(tmp_path / f"m.{suffix}")

    shown = thumbnails_of(tmp_path, f"m.{suffix}")

    assert decoded(shown, 0).shape == (20, 40, 3)


def test_transparency_shows_what_is_behind(tmp_path: Path) -> None:
    """Colour hidden under full transparency does not show through."""
    Image.new("RGBA", (30, 30), (255, 0, 0, 0)).save(tmp_path / "clear.png")

    shown = thumbnails_of(tmp_path, "clear.png")

    assert (decoded(shown, 0) == pictures._BEHIND).all()


def test_extreme_shapes_and_animations(tmp_path: Path) -> None:
    """A line of 20,000 pixels keeps its shape; of an animation the first frame is shown and the number is kept."""
    Image.new("RGB", (20_000, 1), "red").save(tmp_path / "line.png")
    frames = [Image.new("RGB", (80, 80), c) for c in ("red", "green", "blue")]
    frames[0].save(tmp_path / "film.gif", save_all=True, append_images=frames[1:])

    shown = thumbnails_of(tmp_path, "line.png", "film.gif")

    assert (shown.by_row[0].width, shown.by_row[0].height) == (256, 1)
    assert shown.by_row[1].n_frames == 3
    assert decoded(shown, 1)[40, 40, 0] > 200


def test_bytes_in_the_table_are_read_as_images(tmp_path: Path) -> None:
    """A column of bytes, or of bytes with a path as data sets publish them, needs no files."""
    data = jpeg_bytes()
    found = outcomes_of(tmp_path, [{"bytes": data, "path": None}, {"bytes": None, "path": None}])

    shown = make_thumbnails(found, [0, 1])

    assert 0 in shown.by_row
    assert shown.missing == {1: "empty"}


def test_names_that_clash_or_hurt_are_only_ever_read(tmp_path: Path) -> None:
    """Odd file names and equal base names give content names; equal content is kept once."""
    names = ["a/1.jpg", "b/1.jpg", '"><img onerror>.jpg', "%2e%2e.jpg", "#?&.jpg", "\u202egpj.jpg"]
    for i, name in enumerate(names):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (30, 30), (i // 2 * 40, 0, 0)).save(tmp_path / name)

    shown = thumbnails_of(tmp_path, *names)

    assert len(shown.by_row) == 6
    assert len(shown.files) == 3
    assert all(name.removesuffix(".webp").isalnum() for name in shown.files)


def test_budget_is_kept_and_reported(tmp_path: Path) -> None:
    """The bytes stay within the budget, the first rows win, and the note says how many were left out."""
    for i in range(6):
        (tmp_path / f"{i}.jpg").write_bytes(jpeg_bytes())
    one = make_thumbnails(outcomes_of(tmp_path, ["0.jpg"]), [0]).n_bytes

    shown = make_thumbnails(
        outcomes_of(tmp_path, [f"{i}.jpg" for i in range(6)], int(one * 2.5)), [5, 3, 0], spare=[1, 2]
    )

    assert sorted(shown.by_row) == [3, 5]
    assert shown.n_bytes == sum(map(len, shown.files.values())) <= int(one * 2.5)
    note = next(note for note in shown.notes if note.code == "RG461")
    assert (note.n, note.examples, note.severity) == (1, ("s0",), "degraded")
    assert shown.reason(0) == "over the media budget"


def test_samples_of_parts_have_larger_pictures_of_what_the_thumbnails_leave(tmp_path: Path) -> None:
    """Only the rows needed, in their order, only where the original is larger, and never enlarged."""
    for i, size in enumerate([(2048, 512), (600, 900), (200, 100), (1600, 1200)]):
        (tmp_path / f"{i}.jpg").write_bytes(jpeg_bytes(size))
    names = [f"{i}.jpg" for i in range(4)]
    parts = Parts("object", ("cat",), ())

    def made(budget: int, needed: Sequence[int] = (1, 2, 0), *, of_parts: bool = True) -> Thumbnails:
        plain = outcomes_of(tmp_path, names, budget)
        return make_thumbnails(replace(plain, parts=parts if of_parts else None), needed, spare=[3])

    shown = made(20_000_000)
    assert {row: (one.width, one.height) for row, one in shown.larger.items()} == {1: (600, 900), 0: (1024, 256)}
    assert shown.n_bytes == sum(map(len, shown.files.values()))
    assert shown.notes[-1].message.endswith(" 2 of them are there larger too, to look into.")
    small = made(20_000_000, of_parts=False)
    assert small.larger == {}
    tight = made(small.n_bytes + len(shown.files[shown.larger[1].name]))
    assert list(tight.larger) == [1]
    assert tight.by_row == shown.by_row


def test_the_same_bytes_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread or many give the same files and notes."""
    values: list[object] = []
    for i in range(9):
        (tmp_path / f"{i}.jpg").write_bytes(jpeg_bytes((120 + i, 90)))
        values += [f"{i}.jpg", f"no{i}.jpg"]
    many = thumbnails_of(tmp_path, *values)
    monkeypatch.setattr(media, "THREADS", 1)

    assert thumbnails_of(tmp_path, *values) == many


def test_texts_are_cut_and_counted(tmp_path: Path) -> None:
    """Texts take part in the same budget; a very long one is cut and says so, one without any sign to see is none."""
    texts = ["short", "x" * 70_000, None, "y" * 60_000, " \u00a0\u200b\n"]
    found = outcomes_of(tmp_path, texts, budget=70_000, kind="text")

    shown = make_thumbnails(found, [0, 1, 2, 4, 3])

    assert shown.texts[0].text == "short"
    assert shown.texts[1].cut
    assert len(shown.texts[1].text) == media.MAX_TEXT
    assert shown.missing == {2: "blank", 4: "blank", 3: "budget"}
    assert shown.reason(4) == "no text"
    assert next((note.code, note.n) for note in shown.notes) == ("RG451", 2)
    assert shown.reason(3) == "over the media budget"


def test_no_media_is_fine(tmp_path: Path) -> None:
    """Without media there is nothing, and no note."""
    shown = make_thumbnails(outcomes_of(tmp_path, ["a"], kind="none"), [0])

    assert shown.rows == ()
    assert shown.notes == ()


def test_rows_needed_first_then_a_spread(tmp_path: Path) -> None:
    """Findings and galleries come first, rank by rank; the rest fills up in an order that hangs on ids alone."""
    report = builders.report(n=300, media=Media("image", "image", str(tmp_path)))

    needed, beside, spare = media.media_rows(report)

    assert needed[: len(report.findings[0].rows)] == list(report.findings[0].rows)
    first = report.examples.filter(pl.col("rank") == 1)["row"].to_list()
    assert set(first) <= set(needed[: len(first) + sum(len(f.rows) for f in report.findings)])
    assert beside == []
    assert not set(needed) & set(spare)
    assert len(needed) + len(spare) == 300


def test_frames_beside_needed_ones_come_before_others(tmp_path: Path) -> None:
    """The nearest first and of the same sequence, then the sequences that are looked at first; each once."""
    report = framed.report(tmp_path / "world")
    ids = report.outcomes.frame["id"].to_list()
    report = replace(report, findings=(), examples=report.examples.filter(pl.col("id") == "drive-b-8").head(1))

    needed, beside, rest = media.media_rows(report)

    assert [ids[row] for row in needed] == ["drive-b-8"]
    assert [ids[row] for row in beside][:10] == [
        "drive-b-4", "drive-b-9", "drive-b-3", "drive-b-10", "drive-b-2", "drive-b-11", "drive-b-1", "drive-b-12",
        "drive-b-0", "drive-b-13",
    ]  # fmt: skip
    assert [ids[row] for row in beside][11:14] == ["drive-c-0", "drive-c-10", "drive-c-20"]
    assert sorted([*needed, *beside, *rest]) == list(range(len(ids)))
    assert {ids[row] for row in rest} == set(framed.STILLS)


def test_frames_beside_needed_ones_stay_within_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one must see is never left out for what stands beside it."""
    report = framed.report(tmp_path / "world")
    n = len(media.media_rows(report)[0])
    monkeypatch.setattr(media, "MAX_SAMPLES", n + 10)

    needed, beside, rest = media.media_rows(report)

    assert (len(needed), len(beside), rest) == (n, 10, [])
