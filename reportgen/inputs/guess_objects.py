"""What the images of a COCO file are taken for: the samples of a detection."""

from __future__ import annotations

from pathlib import Path

from reportgen.errors import Problem, stop
from reportgen.inputs.attributes import guess_attributes
from reportgen.inputs.guess import Guess, group_like, guess_media
from reportgen.inputs.guess_frames import guess_frames, told_frames
from reportgen.inputs.tables import Table
from reportgen.inputs.values import several, type_samples

_TOLD = frozenset({"id", "file_name", "width", "height", "license", "coco_url", "flickr_url", "date_captured"})
"""Keys of images that say nothing that slices; an image's size is the objects' frame, not what is in it."""


def guess_objects(images: Table, folder: Path) -> Guess:
    """What the keys of a COCO file's images are taken for.

    Args:
        images: a row an image, a column a key.
        folder: the file's own, where pictures are looked for.

    Raises:
        InputError: the images have neither a file name nor an id (RG336).
    """
    frame = images.frame
    key = next((name for name in ("file_name", "id") if name in frame.columns), None)
    if key is None:
        what = "the images have neither file_name nor id"
        raise stop(Problem("RG336", what, images.place(), mend="give each image its file_name"))
    media, kind, root = guess_media(frame.select(name for name in ("file_name",) if name in frame.columns), (), folder)
    taken = {key, *_TOLD, *([media] if media else [])}
    frames = guess_frames(images, frame.columns, taken)
    taken |= set(frames or ())
    attributes, left_out = guess_attributes(type_samples(frame, taken, images.null_tokens), taken)
    statements = [
        f"task: detection, since the file holds images and their annotations ({several(images.n_rows, 'image')})",
        f'id: key "{key}" of the images',
        *([f'media: key "{media}" (images)'] if media else []),
        *told_frames(images, frames),
        f"attributes: {', '.join(attributes) or 'none'}",
        *(f"left out: {note.message}" for note in left_out),
    ]
    return Guess(
        "detection", key, None, media, kind, root, None, {}, None, attributes, left_out, group_like(frame, taken),
        frames, [], statements,
    )  # fmt: skip
