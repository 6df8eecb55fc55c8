"""What `check` says of podcasts before a directory refuses them."""

from io import BytesIO

from PIL import Image

from publisher.pipeline.pages.logo import logo_files
from publisher.pipeline.pages.podcasts import podcast_problems
from publisher.pipeline.workspace import Workspace
from tests.site import NO_PAGES, NOW, Site

HEAD = f'[publication]\ntitle = "T"\nbase_url = "https://x.example"\n{NO_PAGES}'


def found(site, config):
    site.config(HEAD + config)
    space = Workspace(site.root, NOW)
    try:
        return [one.what for one in podcast_problems(space)], [one[1] for one in logo_files(space)]
    finally:
        space.close()


def cover(site, *size):
    data = BytesIO()
    Image.new("RGB", size).save(data, "PNG")
    (site.root / "cover.png").write_bytes(data.getvalue())


def test_an_editor_is_told_what_a_directory_would_refuse(tmp_path):
    site = Site(tmp_path / "site", HEAD)
    assert found(site, "") == ([], [])
    assert found(site, '[feeds.podcast]\nfeed = "section/shw"\n') == (
        [
            "the podcast section/shw is no feed that there is",
            "a podcast has no category",
            "a podcast names no address of its owner",
            "a podcast has no cover",
        ],
        [],
    )
    whole = '[feeds.podcast]\nemail = "a@x.example"\ncategories = ["Arts"]\nimage = "cover.png"\n'
    site.story("a", date="2026-11-22")
    assert found(site, whole)[0] == [
        "no article of the podcast T has a sound",
        "there is no file for the cover of a podcast: https://x.example/cover.png",
    ]
    site.story("a", date="2026-11-22", audio="https://cdn.example/a.mp3")
    cover(site, 1400, 1000)
    assert found(site, whole)[0] == ["the cover of a podcast has 1400 by 1000 pixels: cover.png"]
    cover(site, 1400, 1400)
    assert found(site, whole) == ([], ["cover.png"])  # put beside the pages
    elsewhere = whole.replace("cover.png", "https://cdn.example/c.png")
    assert found(site, elsewhere) == ([], [])
