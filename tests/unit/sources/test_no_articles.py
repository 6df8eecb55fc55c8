"""Files that lie among the articles and are none."""

import pytest

from publisher.sources.no_articles import by_look, by_name, by_place


def test_what_jekyll_takes_for_no_post_is_no_article():
    assert by_place("_posts/part.md")
    assert by_place("part.md", ("blog", "_posts"))
    assert by_place("_posts/2026-01-05-a.md") == by_place("_drafts/part.md") == ""


@pytest.mark.parametrize(
    "path",
    [
        "extra/robots.txt", "humans.txt", "ads.txt", "LICENSE.txt", "ARTICLE_LICENSE.txt",
        "requirements.txt", "requirements-dev.txt", "dev-requirements.txt", "README.md",
        "google16a62a069d0c4fa4.html", "CONTRIBUTING.md", "llms.txt", "CMakeLists.txt",
    ],
)  # fmt: skip
def test_names_that_everybody_knows(path):
    assert by_name(path)


@pytest.mark.parametrize(
    "path",
    ["robots.md", "harbour.txt", "license-to-fish.md", "security.txt", "humans.html", "a.md"],
)
def test_names_that_an_article_may_have(path):
    assert by_name(path) == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("User-agent: *\nDisallow: /\n# no\nSitemap: https://x.example/s.xml", "directives"),
        ("Contact: mailto:a@x.example\nExpires: 2027-01-01T00:00:00Z", "directives"),
        ("greenadexchange.com, 1234, DIRECT, d75815a79\nx.example, 1, reseller", "directives"),
        ("flask>=1.0\nrequests==2.1 # why\n-r base.txt", "a list of packages"),
        ("2026-01-05 10:00:00 INFO up\n2026-01-05 10:00:01 ERROR no\n  at x\n"
         "2026-01-05 10:00:02 INFO down", "a log"),
        ('127.0.0.1 - - [10/Oct/2026:13:55:36 -0700] "GET / HTTP/1.1" 200 1\n' * 3, "a log"),
        ("Jan  5 10:00:01 host sshd[1]: no\n" * 4, "a log"),
        ("https://x.example/\nhttps://x.example/a/\n", "a list of addresses"),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ", "a key"),
        ("sea\n" * 20, "a list of words"),
        ("name,count,share\nsea,10,0.5\nport,20,0.7", "a table of data"),
        ("1 2 3\n4 5 6\n7 8 9.5", "a table of data"),
        ("=" * 40 + "\n" + "Pipe Throughput          163890.7 lps\n" * 12, "what a program printed"),
    ],
)  # fmt: skip
def test_looks_that_no_article_has(text, what):
    assert by_look(text).startswith(what)


@pytest.mark.parametrize(
    "text",
    [
        "The ferry sails again\n\nFrom Monday, at 10:00:00 sharp, it crosses the bay.",
        "10:00 The bell\nIt rang.\n11:00 The clock\nIt struck.\n12:00 Noon\nAll quiet.",
        "Note: this is no header\n\nContact: the desk",
        "A line, of commas\nAnother, of commas\nA third, one more of them",
        "Roses\nare red\nviolets are blue",
        "Results\n\nHarbour 3\nTown 1\n\nA hard match, and a fair one.",
        "",
        "# only\n# comments",
    ],
)
def test_looks_that_an_article_may_have(text):
    assert by_look(text) == ""
