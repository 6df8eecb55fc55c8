"""Text parts that are no match for the HTML."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule


def _look(mail: Mail) -> Iterator[Found]:
    if not mail.text.strip():
        yield Found("the text part is empty")
        return
    shown = [story for story in mail.stories if story.title in mail.text]
    dead = [story for story in shown if story.url not in mail.text]
    for story in dead:
        yield Found(f"the text part shows “{story.title}” without its address")
    if mail.html:
        # What another story links to stands in the text in its place, too.
        once = [story for story in shown if mail.text.count(story.url) == 1]
        order = [mail.text.find(story.url) for story in once]
        in_html = [mail.html.find(f'"{story.url}"') for story in once]
        told = [at for _, at in sorted(zip(in_html, order, strict=True)) if _ >= 0]
        if told != sorted(told):
            yield Found("the text part has its stories in another order than the HTML")
    shown_tags = mail.root.text_content() if mail.html else ""  # an article may speak of HTML
    for line in mail.text.split("\n"):
        if (tag := _tag(line)) and tag not in shown_tags:
            yield Found(f"the text part holds {tag}", *mail.place(line.strip()[:60]))
            break


def _tag(line: str) -> str:
    for sign in ("</p>", "</a>", "<br", "</div>", "<p>", "<mj-"):
        if sign in line:
            return sign
    return ""


RULE = Rule(
    name="text-part",
    finds="A text part that is empty, holds HTML, or has stories without address or in another "
    "order than the HTML.",
    why="It is what watches, readers of Braille and many filters see.",
    todo="Mend the template that ends in .txt.",
    look=_look,
    part="text",
    bad=(
        {"text": "<p>Words</p>"},
        {"article": {"url": "https://letter.example/elsewhere/"},
         "without": ("https://letter.example/elsewhere/",)},
    ),
    clean=({}, {"text": "5 < 6 and a > b"}, {"html": "Write &lt;p>", "text": "Write <p>"}),
)  # fmt: skip
