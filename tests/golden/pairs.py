"""One article in, the mail and the feeds out: what a reader compares side by side.

`articles/CASE/article.*` says in its first line what the case proves. To write what comes out anew,
after a change that is meant to be seen: `python -m tests.golden`, and read the difference.
"""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree, html

from tests.site import CONFIG, Site

CASES = sorted((Path(__file__).parent / "articles").iterdir())
OUT = ("mail.html", "mail.txt", "atom.xml", "feed.json")

_KEPT = {"href", "src", "alt", "title", "lang", "dir", "role", "start"}
_SLOT = re.compile(r"\[\[(\w+):\d+:[0-9a-f]{8,}\]\]")  # the forged mark of a case is shorter
_SPACES = re.compile("[\\s\u00a0\u034f\u200c]{9,}")  # what keeps in-boxes from showing more


def made(case: Path, root: Path) -> dict[str, str]:
    """Return what a case becomes, by the name of its file; `root` is a folder to work in."""
    site = Site(root, CONFIG.replace('title = "Morning"', 'title = "Morning"\nany_language = true'))
    (article,) = case.glob("article.*")
    site.article(article.name, article.read_bytes())
    site.build()
    feeds = site.root / "outbox/feeds"
    return {
        "mail.html": structure(site.part("message.html")),
        "mail.txt": _filled(site.part("message.txt")),
        "atom.xml": (feeds / "atom.xml").read_text(),
        "feed.json": (feeds / "feed.json").read_text(),
    }


def structure(mail: str) -> str:
    """Return a mail's body without what is layout alone: an element a line, with its text."""
    body = html.document_fromstring(_filled(mail)).find("body")
    etree.strip_elements(body, etree.Comment, "style", with_tail=False)
    for element in body.iter():
        for name in set(element.attrib) - _KEPT:
            del element.attrib[name]
    for element in list(body.iter("div", "table", "tbody", "tr", "td")):
        is_layout = element.get("role") == "presentation" or not element.attrib
        if is_layout and not (element.text or "").strip():
            element.drop_tag()
    text = _SPACES.sub(" … ", html.tostring(body, encoding="unicode"))
    lines = (line.strip() for line in re.sub(r"(<(?!/)|\n)", r"\n\1", text).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _filled(text: str) -> str:
    """Slots by their name: the key of a mark is a digest of everything around it."""
    return _SLOT.sub(r"{\1}", text)
