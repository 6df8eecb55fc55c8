"""The size of a picture is read from the first bytes of its file."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.sources.measures import measured

JPEG = (
    b"\xff\xd8\xff\xe0\0\x04ab"
    + b"\xff\xc0\0\x11\x08"
    + struct.pack(">HH", 40, 30)
    + b"\3"
    + b"\0" * 12
)
EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"
TURNED = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(EXIF) + 2) + EXIF + JPEG[2:]


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 40), (30, 40)),
        (b"GIF89a" + struct.pack("<HH", 30, 40), (30, 40)),
        (JPEG, (30, 40)),
        (TURNED, (40, 30)),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\x1d\0\0\x27\0\0", (30, 40)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + (29 | 39 << 14).to_bytes(4, "little"), (30, 40)),
        (b"RIFF\0\0\0\0WEBPVP8 " + b"\0" * 10 + struct.pack("<HH", 30, 40), (30, 40)),
        (b"BM" + b"\0" * 16 + struct.pack("<ii", 30, -40), (30, 40)),
        (b'<svg xmlns="x" width="30px" height="40">', (30, 40)),
        (b'<?xml?><svg viewBox="0 0 30 40">', (30, 40)),
        (b"\0\0\0\x1cftypavif" + b"ispe\0\0\0\0" + struct.pack(">II", 30, 40), (30, 40)),
        (b"", (0, 0)),
        (b"\xff\xd8", (0, 0)),
        (b"no picture", (0, 0)),
    ],
)
def test_a_size_is_read(tmp_path, data, size):
    path = tmp_path / "p"
    path.write_bytes(data)
    assert measured(path) == size


@settings(deadline=None)
@given(
    st.sampled_from(
        [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8", b"RIFF0000WEBP", b"BM", b"<svg"]
    ),
    st.binary(max_size=60),
)
def test_whatever_follows_nothing_is_raised(tmp_path_factory, head, rest):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(head + rest)
    assert len(measured(path)) == 2
