"""Names of files and folders: dates, languages, slugs."""

import pytest

from publisher.sources.naming import from_name


@pytest.mark.parametrize(
    ("path", "values"),
    [
        # Dates
        ("2026-01-06-fine.md", {"date": "2026-01-06", "slug": "fine"}),
        ("2026-01-11_underscore.md", {"date": "2026-01-11", "slug": "underscore"}),
        ("2026-01-08 - spaced out.md", {"date": "2026-01-08", "slug": "spaced-out"}),
        ("2026-01-09.md", {"date": "2026-01-09"}),
        ("2026-01-07T09:30:00Z-timed.md", {"date": "2026-01-07T09:30:00Z", "slug": "timed"}),
        ("2026-01-07T09:30-timed.md", {"date": "2026-01-07T09:30:00", "slug": "timed"}),
        ("2026-01-07T09-30-00_timed.md", {"date": "2026-01-07T09:30:00", "slug": "timed"}),
        ("2026-01-07T09:30:00.123+09:00-timed.md", {"date": "2026-01-07T09:30:00+09:00", "slug": "timed"}),
        ("2026-01-10-bundle/index.md", {"date": "2026-01-10", "slug": "bundle"}),
        ("posts/2026-01-10_bundle/index.md", {"date": "2026-01-10", "slug": "bundle"}),
        ("2026-01-10/hello.md", {"date": "2026-01-10", "slug": "hello"}),
        ("2026-01-10-trip/first.md", {"date": "2026-01-10", "slug": "first"}),
        ("2026/01/10/hello.md", {"date": "2026-01-10", "slug": "hello"}),
        ("blog/2026/1/9/hello/index.md", {"date": "2026-01-09", "slug": "hello"}),
        ("2026/01/10/2026-01-11-late.md", {"date": "2026-01-11", "slug": "late"}),
        ("20260112-compact.md", {"date": "2026-01-12", "slug": "20260112-compact"}),
        ("2026-01-12-a.de.md", {"date": "2026-01-12", "slug": "a", "language": "de"}),
        ("2026_01_12_under.md", {"date": "2026-01-12", "slug": "under"}),
        ("2026.01.12 dots.md", {"date": "2026-01-12", "slug": "dots"}),
        ("2026年1月12日 日報.md", {"date": "2026-01-12", "slug": "日報"}),
        ("2026-01-12 – dash.md", {"date": "2026-01-12", "slug": "dash"}),
        # What is no date
        ("2026.1.2-release.md", {"slug": "2026.1.2-release"}),
        ("2026-01_12-mixed.md", {"slug": "2026-01_12-mixed"}),
        ("2026-13-45-a.md", {"slug": "2026-13-45-a"}),
        ("2026-02-30-a.md", {"slug": "2026-02-30-a"}),
        ("2026/01/hello.md", {"slug": "hello"}),
        ("2024-25-season.md", {"slug": "2024-25-season"}),
        ("10.1000-182.md", {"slug": "10.1000-182"}),
        ("12345678-a.md", {"slug": "12345678-a"}),
        ("area/51/23/07/a.md", {"section": "area", "slug": "a"}),
        # Languages
        ("2026-11-20-deploying-node.js.md", {"date": "2026-11-20", "slug": "deploying-node.js"}),
        ("vue.ts.md", {"slug": "vue.ts"}),
        ("socket.io.md", {"slug": "socket.io"}),
        ("main.go.md", {"slug": "main.go"}),
        ("lib.rs.md", {"slug": "lib.rs"}),
        ("jquery.min.md", {"slug": "jquery.min"}),
        ("a.pt-BR.md", {"slug": "a", "language": "pt-BR"}),
        ("a.pt_BR.md", {"slug": "a", "language": "pt-BR"}),
        ("a.zh-Hant.md", {"slug": "a", "language": "zh-Hant"}),
        ("a.es-419.md", {"slug": "a", "language": "es-419"}),
        ("a.de.md", {"slug": "a", "language": "de"}),
        # Folders, and other names
        ("2026-11-20-night-buses.md", {"date": "2026-11-20", "slug": "night-buses"}),
        ("world/2026-1-2-a.md", {"date": "2026-01-02", "slug": "a", "section": "world"}),
        ("city/sento/index.md", {"slug": "sento", "section": "city"}),
        ("posts/2026/11/a.md", {"slug": "a"}),
        ("_drafts/a.md", {"slug": "a", "draft": True}),
        ("world/000_77ff806de3e8b1fa.txt", {"section": "world"}),
        ("v20.0.0.md", {"slug": "v20.0.0"}),
        ("Größe & Maß.md", {"slug": "grösse-mass"}),
    ],
)  # fmt: skip
def test_a_name_says(path, values):
    assert from_name(path) == values


@pytest.mark.parametrize(
    ("path", "day", "slug"),
    [
        ("2026/11-20-안녕/index.mdx", "2026-11-20", "안녕"),
        ("2026/11-20-hello.md", "2026-11-20", "hello"),
        ("2026-11/20-hello.md", "2026-11-20", "hello"),
        ("2026/11/20-hello.md", "2026-11-20", "hello"),
        ("news/2026/11-20-hello/index.md", "2026-11-20", "hello"),
        ("2026/13-20-hello.md", None, "13-20-hello"),
        ("releases/11-20-hello.md", None, "11-20-hello"),
    ],
)
def test_docusaurus_has_dates_that_folders_begin(path, day, slug):
    found = from_name(path, generator="docusaurus")
    assert (found.get("date"), found["slug"]) == (day, slug)
    assert "date" not in from_name("2026/11-20-hello.md", generator="hugo")


def test_a_language_that_is_used_here_is_one():
    assert from_name("a.ts.md", {"ts"}) == {"slug": "a", "language": "ts"}
