"""Sites of other generators: `adopt`, a whole build, again, and after one new story."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.measuring import PUBLISHER, Cost, cost, table

_WORDS = "river harbour council bridge night bus market school museum letter ferry tram".split()
_NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
_SHARE = 5  # of the articles that other benchmarks take: there are several sites


@dataclass(frozen=True)
class _Manner:
    """How a generator has a site: its files, where an article lies, its head, its own code."""

    files: Mapping[str, str]
    place: str
    head: str
    code: str


_HEAD = "---\ntitle: {title}\ndate: {day}\ntags: [{tag}]\n---\n\n"
_LIST = "{{ range .Pages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
MANNERS = {
    "hugo": _Manner(
        {
            "hugo.toml": 'baseURL = "https://a.example/"\ntitle = "A"\n'
            '[permalinks]\nposts = "/:year/:month/:slug/"\n',
            "layouts/_default/single.html": "<h1>{{ .Title }}</h1>{{ .Content }}",
            "layouts/_default/list.html": _LIST,
        },
        "content/posts/story-{n}.md",
        _HEAD,
        '{{< figure src="/map.png" alt="A map" >}}\n\n'
        'See [before]({{< relref "story-BEFORE.md" >}}).',
    ),
    "jekyll": _Manner(
        {
            "_config.yml": 'url: "https://a.example"\ntitle: A\npermalink: pretty\n',
            "_includes/note.html": "<aside>{{ include.text }}</aside>",
        },
        "_posts/{day}-story-{n}.md",
        _HEAD,
        '{% include note.html text="The tide" %}\n\n'
        "{% highlight python %}\nprint(1)\n{% endhighlight %}",
    ),
    "eleventy": _Manner(
        {
            ".eleventy.js": "module.exports = () => ({dir: {input: 'src'}});\n",
            "src/_data/site.json": '{"title": "A", "url": "https://a.example"}',
        },
        "src/posts/story-{n}.md",
        _HEAD,
        "{% if tags %}By {{ site.title | upcase }}.{% endif %}\n\n:::note\nHigh.\n:::",
    ),
    "zola": _Manner(
        {"config.toml": 'base_url = "https://a.example"\ntitle = "A"\n'},
        "content/blog/story-{n}.md",
        '+++\ntitle = "{title}"\ndate = {day}\n[taxonomies]\ntags = ["{tag}"]\n+++\n\n',
        'See [before](@/blog/story-BEFORE.md).\n\n{{ youtube(id="dQw4w9WgXcQ") }}',
    ),
    "pelican": _Manner(
        {"pelicanconf.py": "SITENAME = 'A'\nSITEURL = 'https://a.example'\nPATH = 'content'\n"},
        "content/story-{n}.md",
        "Title: {title}\nDate: {day}\nTags: {tag}\n\n",
        "See [before]({filename}/story-BEFORE.md).",
    ),
}
"""Each with code that is expanded, and none that is refused."""


def run(articles: int) -> None:
    """Print what a site of each generator costs, and Hugo itself where it is installed."""
    count = max(articles // _SHARE, 1)
    rows = [row for name in MANNERS for row in _measured(name, count)]
    table(
        f"Sites of {count:,} articles of 6 KB",
        ("", "seconds", "CPU seconds", "peak MB", "of the first build", "articles a second"),
        rows,
    )


def _measured(name: str, count: int) -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory(prefix="publisher-bench-") as folder:
        root, manner = Path(folder), MANNERS[name]
        site, letter = root / "site", root / "letter"
        for path, text in manner.files.items():
            _write(site / path, text)
        for number in range(count):
            _article(site, manner, number)
        letter.mkdir()
        here = (*PUBLISHER, "-C", str(letter))
        found = {"adopt": cost(*here, "adopt", str(site))}
        build = (*here, "build", "--at", f"{_NOW:%Y-%m-%d %H:%M}")
        found["first build"] = first = cost(*build)
        found["again, nothing new"] = cost(*build)
        _article(site, manner, count)
        found["after one new story"] = cost(*build)
        if name == "hugo" and (hugo := shutil.which("hugo")):
            found["hugo itself, a page each and its feeds"] = cost(
                hugo, "--source", str(site), "--destination", str(root / "public"), "--quiet"
            )
        return [_row(f"{name}: {what}", one, first, count) for what, one in found.items()]


def _row(name: str, one: Cost, first: Cost, count: int) -> tuple[str, ...]:
    """A line of the table; its ratios are of processor time, which other programs do not change."""
    return (
        name,
        f"{one.seconds:.2f}",
        f"{one.cpu:.2f}",
        f"{one.megabytes:.0f}",
        f"{one.cpu / first.cpu:.3f}",
        f"{count / one.cpu:,.0f}",
    )


def _article(site: Path, manner: _Manner, number: int) -> None:
    """Write an article, the same for every generator but for its head and its code."""
    chance = random.Random(number)
    day = f"{_NOW - timedelta(hours=3 * (5000 - number)):%Y-%m-%d}"
    words = [" ".join(chance.choices(_WORDS, k=80)).capitalize() + "." for _ in range(12)]
    title, tag = f"Story {number} of the {chance.choice(_WORDS)}", chance.choice(_WORDS)
    head = manner.head.format(title=title, day=day, tag=tag)
    code = manner.code.replace("BEFORE", str(max(number - 1, 0)))
    body = "\n\n".join([*words[:6], code, *words[6:]])
    _write(site / manner.place.format(n=number, day=day), f"{head}{body}\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
