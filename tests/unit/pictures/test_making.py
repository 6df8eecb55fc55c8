"""What is made of a picture: its shape, its kind, its weight, and what is left out of it."""

import pytest
from msgspec.structs import replace
from PIL import Image

from publisher.pictures.making import make
from tests.unit.pictures.drawn import (
    MAIL,
    PAGE,
    SMALL,
    cut_out,
    flat,
    moving,
    opened,
    photograph,
    saved,
    turned,
)


def first(data, recipe=MAIL):
    result = make(data, recipe)
    assert result.refused == ""
    return result.outputs[0]


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        (photograph(), "JPEG", "image/jpeg"),
        (photograph(), "PNG", "image/jpeg"),
        (photograph(), "WEBP", "image/jpeg"),
        (photograph(), "AVIF", "image/jpeg"),
        (photograph(), "BMP", "image/jpeg"),
        (flat(), "PNG", "image/png"),
        (flat(), "GIF", "image/png"),
        (cut_out(), "PNG", "image/png"),
        (cut_out(), "WEBP", "image/png"),
        (photograph().convert("CMYK"), "JPEG", "image/jpeg"),
        (photograph().convert("L"), "JPEG", "image/jpeg"),
        (flat().convert("1"), "PNG", "image/png"),
        (photograph().convert("L").convert("I;16"), "PNG", "image/png"),
        (photograph().convert("RGBA"), "PNG", "image/jpeg"),
    ],
)  # fmt: skip
def test_photographs_become_jpeg_and_what_is_flat_or_transparent_png(image, kind, expected):
    made = first(saved(image, kind))
    assert made.type == expected
    assert opened(made.data).size == image.size == (made.width, made.height)


@pytest.mark.parametrize(
    ("size", "recipe", "expected"),
    [
        ((16, 16), MAIL, (16, 16)),
        ((1200, 300), MAIL, (1200, 300)),
        ((3000, 2000), MAIL, (1200, 800)),
        ((3000, 1), MAIL, (1200, 1)),
        ((640, 480), PAGE, (640, 480)),
        ((3000, 2000), PAGE, (1280, 853)),
        ((3000, 2000), SMALL, (320, 240)),
        ((2000, 3000), SMALL, (320, 240)),
        ((200, 600), SMALL, (200, 150)),
        ((600, 30), SMALL, (40, 30)),
    ],
)
def test_a_picture_is_as_large_as_its_place_and_never_larger_than_itself(size, recipe, expected):
    result = make(saved(flat(*size), "PNG"), recipe)
    assert (result.width, result.height) == size
    assert (result.outputs[0].width, result.outputs[0].height) == expected
    assert opened(result.outputs[0].data).size == expected


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("recipe", [MAIL, PAGE], ids=["mail", "page"])
def test_a_camera_held_any_way_gives_an_upright_picture(orientation, recipe):
    result = make(turned(orientation), recipe)
    picture = opened(result.outputs[0].data).convert("RGB")
    assert (result.width, result.height) == picture.size == (40, 20)
    red, _, blue = picture.getpixel((5, 5))
    assert red > 180 and blue < 80
    assert min(picture.getpixel((35, 15))) > 200


@pytest.mark.parametrize("orientation", [1, 6])
def test_nothing_that_a_camera_wrote_is_left(orientation):
    data = turned(orientation)
    assert b"A camera" in data and b"Anna's kitchen" in data
    for recipe in (MAIL, PAGE, SMALL):
        for made in make(data, recipe).outputs:
            assert b"A camera" not in made.data and b"Exif" not in made.data
            assert b"Anna's kitchen" not in made.data
            assert len(opened(made.data).getexif()) == 0


def test_a_colour_profile_becomes_the_colours_that_every_program_shows():
    from PIL import ImageCms

    swapped = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    image = Image.new("RGB", (40, 40), (250, 0, 0))
    made = first(saved(image, "PNG", icc_profile=bytes(swapped)))
    assert opened(made.data).convert("RGB").getpixel((9, 9))[2] > 200
    assert "icc_profile" not in opened(made.data).info


def test_a_profile_that_makes_no_sense_is_none():
    made = first(saved(flat(), "PNG", icc_profile=b"no profile"))
    assert made.type == "image/png"


@pytest.mark.slow
@pytest.mark.parametrize("most", [400_000, 60_000, 10_000])
@pytest.mark.parametrize("mode", ["RGB", "P", "RGBA"])
def test_the_limit_of_weight_is_kept(mode, most):
    image = photograph(1300, 900, 2) if mode == "RGB" else photograph(700, 700, 1)
    if mode == "RGBA":
        image.putalpha(image.getchannel(0))
    recipe = replace(MAIL, bytes=most)
    made = first(saved(image.convert(mode), "PNG"), recipe)
    assert len(made.data) == made.length <= most


def test_browsers_are_offered_another_format_where_it_is_smaller():
    result = make(saved(photograph(1280, 800, 16), "JPEG", quality=95), PAGE)
    assert [one.type for one in result.outputs] == ["image/jpeg", "image/webp"]
    assert result.outputs[1].length < result.outputs[0].length
    assert opened(result.outputs[1].data).size == (1280, 800)
    assert len(make(saved(flat(16, 16), "PNG"), PAGE).outputs) == 1


def test_avif_is_offered_where_it_is_asked_for():
    result = make(saved(photograph(400, 300, 16), "JPEG"), replace(PAGE, better=("avif", "webp")))
    assert result.outputs[1].type == "image/avif"


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_an_animated_picture_is_left_alone_up_to_a_limit(kind):
    data = moving(kind)
    assert first(data).data == data
    heavy = make(data, replace(MAIL, animated=1000))
    assert heavy.outputs[0].type in {"image/jpeg", "image/png"}
    assert not getattr(opened(heavy.outputs[0].data), "is_animated", False)
    assert "in mails it stands still" in heavy.note
    on_page = make(data, replace(PAGE, animated=1000))
    assert on_page.outputs == () and on_page.refused == ""


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_an_animated_picture_tells_nothing_of_its_camera(kind):
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    told = {"comment": b"A camera"} if kind == "GIF" else {"exif": exif}
    data = moving(kind, **told)
    (made,) = make(data, replace(PAGE, animated=100_000)).outputs
    assert b"A camera" in data and b"A camera" not in made.data
    assert opened(made.data).n_frames == opened(data).n_frames


def test_an_animated_webp_stands_still_in_mails_and_says_so():
    result = make(moving("WEBP"), MAIL)
    assert result.outputs[0].type == "image/jpeg"
    assert (
        result.note == "it is an animated WEBP, and mail programs do not play it: it stands still"
    )


def test_a_file_that_needs_no_change_stays_as_it_is():
    data = saved(photograph(300, 200), "JPEG", quality=60)
    assert first(data).data == data


@pytest.mark.slow
def test_the_same_picture_gives_the_same_bytes():
    data = saved(photograph(1500, 900), "PNG")
    for recipe in (MAIL, PAGE, SMALL):
        assert make(data, recipe) == make(data, recipe)


def test_a_name_is_of_the_picture_and_of_what_was_asked_for():
    keys = {
        MAIL.key("a"), MAIL.key("b"), PAGE.key("a"), replace(MAIL, bytes=1).key("a"),
        replace(MAIL, width=1).key("a"),
    }  # fmt: skip
    assert len(keys) == 5
    assert replace(MAIL, pixels=1).key("a") == MAIL.key("a")  # no byte depends on it


def test_a_bound_on_pixels_is_that_of_one_picture():
    before = Image.MAX_IMAGE_PIXELS
    assert make(saved(flat(), "PNG"), replace(MAIL, pixels=1)).refused
    assert before == Image.MAX_IMAGE_PIXELS
