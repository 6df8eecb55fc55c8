"""Files of pictures that are published as they are: as long as before, and silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from publisher.pictures import blanked
from tests.unit.pictures.drawn import flat, moving, opened, photograph, saved, turned

KINDS = ("PNG", "JPEG", "GIF")


def told():
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "A camera")
    return exif, words


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_keeps_how_the_camera_was_held_and_nothing_else(orientation):
    data = turned(orientation)
    bare = blanked(data)
    assert len(bare) == len(data)
    assert b"A camera" in data and b"A camera" not in bare and b"kitchen" not in bare
    assert dict(opened(bare).getexif()) == {0x0112: orientation}
    upright = [ImageOps.exif_transpose(opened(one)).tobytes() for one in (data, bare)]
    assert upright[0] == upright[1]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_png_webp_and_avif_tell_nothing_either(kind):
    exif, words = told()
    xmp = {"xmp": b"<x>A camera</x>"}
    more = {"PNG": {"pnginfo": words}, "WEBP": {"lossless": True, **xmp}, "AVIF": xmp}
    settings = {"exif": exif, **more[kind]}
    data = saved(photograph(60, 40), kind, **settings)
    bare = blanked(data)
    assert b"A camera" in data and b"A camera" not in bare and len(bare) == len(data)
    assert opened(bare).tobytes() == opened(data).tobytes()
    assert len(opened(bare).getexif()) == 0


@pytest.mark.parametrize(
    "data", [b"", b"text", saved(flat(), "PNG"), saved(flat(), "JPEG"), moving()]
)
def test_what_tells_nothing_stays_as_it_is(data):
    assert blanked(data) == data


@pytest.mark.parametrize("data", [*(saved(flat(), kind) for kind in KINDS), moving("GIF")])
def test_what_follows_a_picture_is_blank(data):
    assert blanked(data + b"hidden") == data + bytes(6)


def test_the_second_picture_of_a_camera_is_blank_and_the_first_is_as_it_was():
    first, second = turned(6), turned(6)
    bare = blanked(first + second)
    assert b"A camera" not in bare and len(bare) == len(first) + len(second)
    assert bare == blanked(first) + bytes(len(second))


def test_a_gif_tells_nothing_and_plays_as_before():
    data = moving("GIF", comment=b"A camera" * 60, loop=3)
    added = b"\x21\xff\x0bXMP DataXMP\x08A camera\x00"
    data = data[:-1] + added + data[-1:]
    bare = blanked(data)
    assert b"A camera" in data and b"A camera" not in bare and len(bare) == len(data)
    before, after = opened(data), opened(bare)
    assert (before.n_frames, before.info["loop"]) == (after.n_frames, after.info["loop"])
    for number in range(before.n_frames):
        before.seek(number)
        after.seek(number)
        assert before.tobytes() == after.tobytes()


@given(
    st.sampled_from(
        [
            b"",
            b"\xff\xd8\xff\xe1",
            b"\x89PNG\r\n\x1a\n",
            b"RIFF0000WEBPEXIF",
            b"GIF89a",
            moving()[:-40],
            saved(flat(40, 20), "AVIF")[:90],
        ]
    ),
    st.binary(max_size=200),
)
def test_no_bytes_break_it_and_none_is_lost(head, rest):
    assert len(blanked(head + rest)) == len(head + rest)
