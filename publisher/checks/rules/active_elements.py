"""What no mail program runs."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_ACTIVE = (
    "script form input button select textarea iframe frame object embed applet video audio canvas "
    "svg math dialog marquee blink base noscript"
).split()


def _look(mail: Mail) -> Iterator[Found]:
    for tag in dict.fromkeys(str(one.tag) for one in mail.root.iter(*_ACTIVE)):
        yield Found(f"the mail holds <{tag}>", *mail.place(f"<{tag}"))
    for element in mail.root.iter():
        if isinstance(element.tag, str):
            for name in element.attrib:
                if str(name).startswith("on"):
                    yield Found(
                        f"<{element.tag}> has {name}, which is a script", *mail.place(f"{name}=")
                    )
        if element.tag == "link" and "stylesheet" in str(element.get("rel")):
            yield Found("a style sheet is loaded with <link>", *mail.place("<link"))


RULE = Rule(
    name="active-elements",
    finds="Scripts, forms, frames, players, drawings: `<script>`, `<form>`, `<iframe>`, `<svg>`.",
    why="Mail programs take them out; spam filters count them against the mail.",
    todo="Lead to a page that has it, with a picture of it if you like.",
    look=_look,
    bad=(
        {"html": "<script>1</script>"},
        {"html": '<form action="https://letter.example/"><input name="mail"></form>'},
        {"html": "<p onclick='go()'>Open</p>"},
    ),
    clean=({"html": "<p>Write <code>&lt;script&gt;</code> into the page.</p>"},),
)
