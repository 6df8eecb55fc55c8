"""Pictures that nobody should have sent: each is an answer, and costs little."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from publisher.pictures import metadata
from publisher.pictures.making import make
from tests.unit.pictures.drawn import MAIL, PAGE, cut_out, flat, opened, photograph, saved, turned

PHOTO = saved(photograph(), "JPEG")
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width, height):
    """A PNG that says how large it is, of zeros without end."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    zeros = zlib.compress(b"\0" * 1_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zeros) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "said", "harmless"),
    [
        (b"", "it is no JPEG, PNG, GIF, WebP, AVIF or BMP", True),
        (b"<html>no picture</html>", "it is no JPEG, PNG, GIF, WebP, AVIF or BMP", True),
        (b"%!PS-Adobe-3.0\n%%BoundingBox: 0 0 9 9\n", "it is no JPEG", True),
        (saved(flat(), "TIFF"), "it is no JPEG", True),
        (SVG, "it is a drawing (SVG)", True),
        (PHOTO[: len(PHOTO) // 2], "it is damaged: ", True),
        (saved(flat(), "PNG")[:200], "it is damaged: ", True),
        (bomb(50_001, 50_001), "it has more than 50 million pixels", False),
        (bomb(60_000, 840), "it has more than 50 million pixels", False),
        (bomb(65_500, 9), "it has more than 50 million pixels", False),
        (bomb(2_000_000_000, 2_000_000_000), "it has more than 50 million pixels", False),
        (bomb(0, 0), "", True),
    ],
)  # fmt: skip
def test_what_cannot_be_made_says_why_and_whether_it_may_be_shown(data, said, harmless):
    result = make(data, MAIL)
    assert result.outputs == ()
    assert said in result.refused and result.refused
    assert result.harmless == harmless


def test_the_bound_of_pixels_is_ours_and_not_of_the_library():
    data = saved(flat(200, 100), "PNG")
    assert (
        make(data, replace(MAIL, pixels=19_999)).refused
        == "it has more than 0.019999 million pixels"
    )
    assert make(data, replace(MAIL, pixels=20_000)).refused == ""


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_the_bytes_tell_what_a_picture_is_and_not_its_name(name):
    assert make(PHOTO, MAIL).outputs[0].type == "image/jpeg"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF"])
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_a_damaged_picture_never_raises(kind, data):
    whole = bytearray(saved(photograph(40, 30), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    for recipe in (MAIL, PAGE):
        result = make(cut, recipe)
        assert bool(result.outputs) != bool(result.refused)


@given(st.binary(max_size=300))
def test_no_bytes_break_what_takes_out_the_words_of_cameras(data):
    for head in (b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n"):
        found = metadata.without(head + data)
        assert found is None or len(found) <= len(head + data)


@pytest.mark.parametrize("data", [PHOTO, turned(1), saved(flat(), "PNG"), saved(cut_out(), "PNG"),
                                  saved(photograph(), "JPEG", progressive=True)])  # fmt: skip
def test_what_follows_a_picture_is_cut_off_and_its_pixels_stay(data):
    bare = metadata.without(data + b"a film, or what was hidden there")
    assert bare is not None and b"hidden" not in bare
    assert opened(bare).tobytes() == opened(data).tobytes()
