"""Which file of a site an address in an article means, and which files are never published."""

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import pytest
from msgspec.structs import replace

from publisher.model import Article, Publication, SourceSettings
from publisher.sources.beside import file_beside
from publisher.sources.site_places import is_published, located

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (16).to_bytes(4, "big") + (12).to_bytes(4, "big")


def site_of(root, files, generator="", articles="articles", site="."):
    """A publication with some files: the articles folder, resolved, and the settings."""
    for one in (f"{articles}/other.md", *files):
        path = root / one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PNG)
    return (root / articles).resolve(), Publication(
        title="T",
        base_url="https://x.example/",
        articles=Path(articles),
        sources=SourceSettings(generator=generator, site=Path(site)),
    )


def found(root, written, file, path, url, *more):
    """The address that an article gets for what it names, and the file of that, from the root."""
    folder, own = site_of(root, [file], *more)
    address = f"https://x.example/{url}"
    whole = located(written, path, address, folder, own)[0] or urljoin(address, written)
    article = Article(
        id="a", path=path, slug="a", url=address, title="A", summary="", language="en",
        published=NOON, updated=NOON, version="1",
    )  # fmt: skip
    place = file_beside(whole.partition("?")[0], article, folder, own)
    return (
        whole.removeprefix("https://x.example/"),
        place and os.path.normpath(own.articles / place),
    )


@pytest.mark.parametrize(
    ("written", "file", "path", "url", "more", "address"),
    [
        # Astro, case 23, with its generator and without: from the file on.
        ("../../assets/map.png", "src/assets/map.png", "2026/m.md", "2026/map",
         ("", "src/posts"), "assets/map.png"),
        ("../../assets/a%20b.png?w=1#x", "src/assets/a b.png", "2026/m.md", "2026/map",
         ("astro", "src/posts"), "assets/a%20b.png?w=1#x"),
        ("~/assets/map.png", "src/assets/map.png", "m.md", "map/", ("astro", "src/posts"),
         "assets/map.png"),
        ("/og.png", "public/og.png", "m.md", "", ("astro", "src/posts"), "og.png"),
        # Docusaurus: from the file on, or `static`.
        ("./img/a.png", "website/blog/img/a.png", "a.md", "blog/2026/01/05/",
         ("docusaurus", "website/blog", "website"), "blog/2026/01/05/img/a.png"),
        ("../static/img/a.png", "website/static/img/a.png", "a.md", "blog/2026/01/05/a",
         ("docusaurus", "website/blog", "website"), "img/a.png"),
        ("@site/static/img/a.png", "static/img/a.png", "a.md", "blog/a", ("docusaurus", "blog"),
         "img/a.png"),
        # Hugo: a bundle's files beside it, `static` and `assets` at the root.
        ("pic.png", "content/posts/x/pic.png", "posts/x/index.md", "2026/01/x/",
         ("hugo", "content"), "2026/01/x/pic.png"),
        ("img/a.png", "static/img/a.png", "posts/x.md", "posts/x/", ("hugo", "content"),
         "img/a.png"),
        ("cover.png", "assets/cover.png", "posts/x.md", "posts/x/", ("hugo", "content"),
         "cover.png"),
        ("pic.png", "content/blog/x/pic.png", "x/index.md", "b/x/", ("hugo", "content/blog"),
         "b/x/pic.png"),
        # Jekyll's assets, Pelican's `{static}/images`, Nikola's two folders, Eleventy's `src`.
        ("/assets/a.png", "assets/a.png", "x.md", "", ("jekyll", "_posts"), "assets/a.png"),
        ("a.png", "source/_posts/y/x/a.png", "y/x.md", "2026/x/", ("jekyll", "source/_posts"), "2026/x/a.png"),
        ("/images/a.png", "content/images/a.png", "x.md", "", ("pelican", "content"),
         "images/a.png"),
        ("/images/a.png", "content/images/a.png", "x.md", "", ("pelican", "content/posts"),
         "images/a.png"),
        ("/images/a.png", "images/a.png", "x.md", "", ("nikola", "posts"), "images/a.png"),
        ("/a.pdf", "files/a.pdf", "x.md", "", ("nikola", "posts"), "a.pdf"),
        ("/_img/a.png", "src/_img/a.png", "x.md", "", ("eleventy", "src/posts"), "_img/a.png"),
        # Zola, case 04: beside the article.
        ("coral.png", "content/reef/coral.png", "reef/index.md", "2026/01/05/reef/",
         ("zola", "content"), "2026/01/05/reef/coral.png"),
    ],
)  # fmt: skip
def test_a_file_is_found_where_its_generator_finds_it(
    tmp_path, written, file, path, url, more, address
):
    assert found(tmp_path, written, file, path, url, *more) == (address, file)


@pytest.mark.parametrize(
    ("written", "file"),
    [
        ("../../readers.csv", "readers.csv"),
        ("../../readers.xlsx", "readers.xlsx"),
        ("../../.publisher/a.png", ".publisher/a.png"),
        ("../../_drafts/a.png", "_drafts/a.png"),
        ("../../outbox/web/a.png", "outbox/web/a.png"),
        ("../../node_modules/p/a.png", "node_modules/p/a.png"),
        ("../../../a.png", "../a.png"),
        ("../../%2e%2e/a.png", "../a.png"),
        ("../../../../../../../../a.png", "../a.png"),
        ("https://y.example/a.png", "../a.png"),
        ("../../a.txt", "a.txt"),
        ("../../a\0.png", "../a.png"),
    ],
)
def test_what_is_not_the_sites_to_show_is_never_published(tmp_path, written, file):
    root = tmp_path / "site"
    folder, own = site_of(root, [file], "astro", "content")
    assert located(written, "2026/a.md", "https://x.example/2026/a", folder, own)[0] is None
    article = Article(
        id="a", path="2026/a.md", slug="a", url="https://x.example/2026/a", title="A", summary="",
        language="en", published=NOON, updated=NOON, version="1",
    )  # fmt: skip
    for url in (f"https://x.example/{file}", f"https://x.example/2026/{written}"):
        assert file_beside(url, article, folder, own) is None


def test_a_link_that_leads_out_of_the_site_is_not_followed(tmp_path):
    outside = tmp_path / "outside.png"
    outside.write_bytes(PNG)
    folder, own = site_of(tmp_path / "site", [], "astro", "src/posts")
    link = tmp_path / "site/src/assets/a.png"
    link.parent.mkdir()
    link.symlink_to(outside)
    where = ("../assets/a.png", "a.md", "https://x.example/b/c/a", folder, own)
    assert located(*where)[0] is None
    link.unlink()
    link.write_bytes(PNG)
    assert located(*where)[0] == "https://x.example/assets/a.png"


def test_what_may_be_the_file_is_noted_so_that_it_is_noticed_when_it_comes(tmp_path):
    folder, own = site_of(tmp_path, [], "astro", "src/posts")
    address, sizes = located("../assets/a.png", "m.md", "https://x.example/b/c/m", folder, own)
    assert address is None
    assert sizes["../assets/a.png"] == -1
    site_of(tmp_path, ["src/assets/a.png"], "astro", "src/posts")
    address, sizes = located("../assets/a.png", "m.md", "https://x.example/b/c/m", folder, own)
    assert (address, sizes["../assets/a.png"]) == ("https://x.example/assets/a.png", len(PNG))


def test_without_a_generator_a_picture_that_is_found_as_before_keeps_its_address(tmp_path):
    folder, own = site_of(tmp_path, ["articles/img/a.png", "img/a.png"])
    for written in ("img/a.png", "/img/a.png", "./img/a.png"):
        assert located(written, "a.md", "https://x.example/a", folder, own)[0] is None


@pytest.mark.parametrize("written", ["../a.png", "../img/a.png", "../_img/a.png"])
def test_without_a_generator_what_lies_beside_the_configuration_stays_there(tmp_path, written):
    folder, own = site_of(tmp_path, ["a.png", "img/a.png", "_img/a.png"])
    assert located(written, "a.md", "https://x.example/b/c/a", folder, own)[0] is None
    folder, own = site_of(tmp_path, [], "", "src/posts")
    where = (f"../{written}", "a.md", "https://x.example/b/c/a", folder, own)
    assert located(*where)[0] is None


@pytest.mark.parametrize(
    ("pages", "generator", "address", "is_there"),
    [
        ("none", "astro", "assets/a.png", False),
        ("none", "astro", "og.png?v=1", True),
        ("all", "astro", "assets/a.png", True),
        ("none", "hugo", "assets/a.png", True),
    ],
)
def test_what_a_generator_gives_a_name_of_its_own_is_known(
    tmp_path, pages, generator, address, is_there
):
    folder, own = site_of(tmp_path, ["src/assets/a.png", "public/og.png"], generator, "src/posts")
    own = replace(own, web=replace(own.web, pages=pages))
    assert is_published(f"https://x.example/{address}", folder, own) is is_there
