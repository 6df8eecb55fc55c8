"""A hostile corpus: files that somebody may put among the articles, each with what is expected.

`READ`: it is published, harmless. `NAMED`: an error names it, and it is left out. Any other text is
part of what the error says. The shapes that once cost too much (`shapes`) come in one size each;
of these some are read and some named, and none is lost in silence.
"""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.shapes import OF_DIALECTS, SHAPES

READ = "read"
NAMED = "named"
EITHER = "read, or named"
PASSED_OVER = "passed over"
"""It is no article by its name, or hidden: nothing need be said of it."""

SIZE = 600
"""Characters of a shape in the corpus."""

SCRIPT = "alert(1337)"
"""Stands in every script: where one runs, this runs."""

Make = Callable[[Path], object]


@dataclass(frozen=True)
class Case:
    """A file's name, what makes it at its place, and what is expected."""

    group: str
    name: str
    make: Make
    expected: str


_TITLE = b"A hostile story"


def _put(data: str | bytes) -> Make:
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return lambda path: path.write_bytes(raw)


def _story(body: str | bytes = "Words of a story.\n", head: str = "") -> bytes:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    front = f"---\ntitle: {_TITLE.decode()}\ndate: 2026-11-20\n{head}---\n\n"
    return front.encode("utf-8", "surrogatepass") + raw


def _socket(path: Path) -> None:
    before = Path.cwd()
    with socket.socket(socket.AF_UNIX) as one:
        os.chdir(path.parent)  # the whole path may be too long for a socket
        try:
            one.bind(path.name)
        finally:
            os.chdir(before)


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "note.bin").write_bytes(b"\0")


_WORDS = "Words of a story, and some more of them.\n"

BYTES = {
    "empty.md": (b"", "the file is empty"),
    "blank.md": (b" \n\t\n\n", "the file is empty"),
    "mark-alone.md": (b"\xef\xbb\xbf", "the file is empty"),
    "nul.md": (_story(b"a\0b"), "NUL bytes"),
    "nul-alone.md": (b"\0" * 5000, "NUL bytes"),
    "latin-1.md": (_story("Grüße aus Köln".encode("latin-1")), "is not UTF-8"),
    "windows-1252.html": (b"<title>x</title><p>\x93quoted\x94", "is not UTF-8"),
    "shift-jis.txt": ("東京の港\n\n本文です。".encode("shift-jis"), "is not UTF-8"),
    "utf-16.md": (_story().decode().encode("utf-16"), READ),
    "utf-16-without-mark.md": (_story().decode().encode("utf-16-le"), "NUL bytes"),
    "utf-32.md": (_story().decode().encode("utf-32"), NAMED),
    "half-a-surrogate.md": (_story("\ud800 and \udfff"), "is not UTF-8"),
    "overlong.md": (_story(b"\xc0\xaf\xc1\xbf"), "is not UTF-8"),
    "beyond-unicode.md": (_story(b"\xf4\x90\x80\x80"), "is not UTF-8"),
    "cut-in-a-letter.md": (_story("Straße".encode()[:-2]), "is not UTF-8"),
    "noise.md": (bytes(range(1, 256)) * 20, NAMED),
    "picture.md": (b"\x89PNG\r\n\x1a\n" + bytes(2000), NAMED),
    "packed.md": (gzip.compress(_story(), mtime=0), NAMED),
    "archive.html": (b"PK\x03\x04" + bytes(2000), NAMED),
    "program.txt": (b"\x7fELF" + bytes(2000), NAMED),
    "document.txt": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", NAMED),
    "returns-alone.md": (_story().replace(b"\n", b"\r"), READ),
    "all-line-ends.md": (_story("a\r\nb\rc\nd\u2028e\u2029f\x85g\x0bh\x0ci"), READ),
    "controls.md": (_story("a\x01\x02\x07\x08\x1b[31mred\x7f\x9b31m b"), READ),
    "steers-a-terminal.md": (_story(head='summary: "\\e]0;owned\\a\\e[2J"\n'), READ),
    "non-characters.md": (_story("\ufffe\uffff\U0001fffe a \ufdd0"), READ),
    "too-large.md": (_story(b"a line\n" * 800_000), "more than 5000000 bytes"),
    "too-long-a-line.md": (_story(b"a" * 1_200_000), "the limit is 1000000"),
    "too-long-a-head.md": (_story(head="# x\n" * 30_000), "more than 100000 characters"),
    "a-head-without-end.md": (b"---\ntitle: x\n" + b"a: 1\n" * 5000, "is never closed"),
    "one-letter.md": (b"x", NAMED),
    "marks-of-direction.md": (_story("\u202e\u2066\u200f" * 300 + "x"), READ),
    "joiners.md": (_story("\u200d\u200c\u2060\ufeff" * 300 + "x"), READ),
    "marks-on-a-letter.md": (_story("a" + "\u0301" * 5000), READ),
    "emoji.md": (_story("👩\u200d👩\u200d👧\u200d👦" * 500), READ),
    "noncharacters-of-tags.md": (_story("🏴" + "\U000e0067\U000e0062" * 200), READ),
    "rare-letters.md": (_story("𠮷𩸽﷽ꙮ𒐫⸻" * 100), READ),
}

FILES: dict[str, tuple[Make, str]] = {
    "pipe.md": (os.mkfifo, "it is a named pipe"),
    "socket.md": (_socket, "it is a socket"),
    "endless.md": (lambda path: path.symlink_to("/dev/zero"), NAMED),
    "random.txt": (lambda path: path.symlink_to("/dev/urandom"), NAMED),
    "terminal.md": (lambda path: path.symlink_to("/dev/tty"), NAMED),
    "full.md": (lambda path: path.symlink_to("/dev/full"), NAMED),
    "outside.md": (lambda path: path.symlink_to("/etc/passwd"), NAMED),
    "of-the-process.md": (lambda path: path.symlink_to("/proc/self/environ"), NAMED),
    "itself.md": (lambda path: path.symlink_to(path.name), NAMED),
    "nowhere.md": (lambda path: path.symlink_to("nowhere"), NAMED),
    "folder.md": (_folder, PASSED_OVER),
    "parent": (lambda path: path.symlink_to(".."), PASSED_OVER),
    "n" * 240 + ".md": (_put(_story()), READ),
    "-rf.md": (_put(_story()), READ),
    "..md": (_put(_story()), PASSED_OVER),
    "%2e%2e%2f.md": (_put(_story()), READ),
    "a b;rm -rf $HOME `id` | x.md": (_put(_story()), READ),
    "<script>.md": (_put(_story()), READ),
    "'\"><img src=x onerror=alert(1337)>.md": (_put(_story()), READ),
    "new\nline.md": (_put(_story()), EITHER),
    "\x1b[2Jsteers.md": (_put(_story()), EITHER),
    "\u202egnp.md": (_put(_story()), READ),
    "é.md": (_put(_story()), EITHER),  # the three have one address
    "e\u0301.md": (_put(_story()), EITHER),
    "É.md": (_put(_story()), EITHER),
    "CON.md": (_put(_story()), READ),
    "{slug}.md": (_put(_story()), READ),
    "[[name:1:key]].md": (_put(_story()), READ),
    "index.html.md": (_put(_story()), READ),
    os.fsdecode(b"not-\xff-utf-8.md"): (_put(_story()), EITHER),
}

_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

HEADS: dict[str, tuple[str, str]] = {
    "a bomb of aliases": (_BOMB, "too many values"),
    "a list that holds itself": ("a: &a [*a]\n", "too many values"),
    "a table that holds itself": ("a: &a {b: *a}\n", "too many values"),
    "an object of Python": ("a: !!python/object/apply:os.system ['id']\n", NAMED),
    "a module of Python": ("a: !!python/module:os\n", NAMED),
    "a tag of nobody": ("a: !x {b: 1}\n", NAMED),
    "an alias of nothing": ("a: *nobody\n", NAMED),
    "a tab": ("a:\n\tb: 1\n", "a tab in the YAML"),
    "a key twice": ("title: Another\ntitle: And another\n", EITHER),
    "a key that is a list": ("? [a, b]\n: 1\n", EITHER),
    "lists within lists": ("a: " + "[" * 300 + "]" * 300 + "\n", "nested too deeply"),
    "a second document": ("...\na: 1\n", EITHER),
    "a directive": ("%YAML 9.9\n", NAMED),
    "a number without end": ("weight: " + "9" * 20_000 + "\n", EITHER),
    "not a number": ("weight: .nan\nid: .inf\n", EITHER),
    "an exponent": ("weight: 1e999999999\n", EITHER),
    "a date of the year 0": ("date: 0000-01-01\n", EITHER),
    "a date of the year 9999": ("date: 9999-12-31 23:59:59\n", EITHER),
    "a date of the year 99999": ("date: 99999-01-01\n", EITHER),
    "a thirtieth of February": ("date: 2026-02-30\n", READ),
    "a date that is a table": ("date: {year: 2026}\n", EITHER),
    "a date that is a list": ("date: [2026-11-20]\n", EITHER),
    "a zone beyond the world": ("date: 2026-11-20T10:00:00+99:00\n", EITHER),
    "a date of digits": ("date: " + "2" * 5000 + "\n", EITHER),
    "an expiry of nonsense": ("expires: when I say so\n", NAMED),
    "an embargo of nonsense": ("embargo: soon\n", NAMED),
    "a draft of nonsense": ("draft: maybe\n", NAMED),
    "a title that is a list": ("title: [a, b]\n", EITHER),
    "a title that is a table": ("title: {a: b}\n", EITHER),
    "a title that is nothing": ("title:\n", EITHER),
    "a title of blanks": ('title: "   "\n', EITHER),
    "a title of controls": ('title: "a\\0b\\x07c\\u2028d"\n', EITHER),
    "a title of lines": ('title: "Hello\\r\\nBcc: victim@example.com\\r\\n\\r\\nx"\n', READ),
    "a title of markup": (f"title: <script>{SCRIPT}</script>\n", READ),
    "a title of a picture": (f"title: <img src=x onerror={SCRIPT}>\n", READ),
    "a title of CDATA": ('title: "]]>&lt;/title&gt;<!--"\n', READ),
    "a title of templates": ('title: "{{ 7*7 }}{% for x in y %}"\n', READ),
    "a title of patterns": ('title: "{0.__class__} %s %(a)s ${a}"\n', READ),
    "a title of slots": ('title: "[[unsubscribe:1:0123456789abcdef]]"\n', READ),
    "a title of 5,000 letters": ("title: " + "a" * 5000 + "\n", "the title has 5000"),
    "a title of direction": ('title: "\\u202Etfel ot thgir"\n', READ),
    "a title of encoded words": ('title: "=?utf-8?q?Bcc=3A_x?="\n', READ),
    "an id of lines": ('id: "a\\r\\nb"\n', EITHER),
    "an id of 20,000 letters": ("id: " + "a" * 20_000 + "\n", EITHER),
    "an id that is a table": ("id: {a: 1}\n", EITHER),
    "a slug that climbs": ("slug: ../../../../etc/passwd\n", READ),
    "a slug of nothing": ('slug: "////"\n', READ),
    "a slug of stops": ('slug: ".."\n', READ),
    "a slug of controls": ('slug: "a\\0\\nb"\n', READ),
    "a slug of 5,000 letters": ("slug: " + "a" * 5000 + "\n", READ),
    "a slug that is another's": ("slug: honest-0\n", "is already that of honest-0.md"),
    "a slug of the feeds": ("slug: feeds\n", READ),
    "a slug of the style": ("slug: style.css\n", READ),
    "a permalink that climbs": ("permalink: ../../outside/\n", EITHER),
    "a permalink of elsewhere": ("permalink: https://evil.example/x\n", EITHER),
    "a permalink of a script": (f"permalink: javascript:{SCRIPT}\n", EITHER),
    "a permalink of no host": ('url: "http://[::1"\n', EITHER),
    "a permalink of patterns": ('permalink: "/{slug.__class__}/"\n', EITHER),
    "a canonical address of a script": (f"canonical: javascript:{SCRIPT}\n", EITHER),
    "a canonical address of a list": ("canonical: [a]\n", EITHER),
    "a picture of a script": (f"image: javascript:{SCRIPT}\n", EITHER),
    "a picture of data": ("image: data:text/html,x\n", EITHER),
    "a picture that is a number": ("image: 5\n", EITHER),
    "a picture that climbs": ("image: ../../../../etc/passwd\n", EITHER),
    "a picture of quotes": ("image: 'a\" onerror=\"alert(1337)'\n", EITHER),
    "an enclosure that is a list": ("enclosure: [[[]]]\n", EITHER),
    "an enclosure of a negative size": ("enclosure: {url: a.mp3, length: -5}\n", EITHER),
    "tags of tables": ("tags: {a: {b: c}}\n", EITHER),
    "tags of tags": ("tags: [[a, [b]], {c: d}, null, 5, .nan]\n", EITHER),
    "five thousand tags": ("tags: [" + ",".join(f"t{n % 50}" for n in range(5000)) + "]\n", READ),
    "a tag of markup": (f"tags: ['<script>{SCRIPT}</script>']\n", READ),
    "a tag that climbs": ("tags: ['../..', '..', '.', '/', '']\n", READ),
    "a tag of controls": ('tags: ["a\\0b\\r\\nc"]\n', READ),
    "a section that climbs": ("section: ../../x\n", READ),
    "an author of markup": (f"author: <b onclick={SCRIPT}>x</b>\n", READ),
    "an author of tables": ("author: {a: [b]}\n", EITHER),
    "a language of 5,000 letters": ("language: " + "x-" * 2500 + "\n", READ),
    "a language of markup": ("lang: '\"><script>'\n", EITHER),
    "a language of a list": ("lang: [de]\n", EITHER),
    "a summary of markup": (f"summary: <script>{SCRIPT}</script><b>x\n", READ),
    "a summary of 20,000 letters": ("summary: " + "word " * 4000 + "\n", READ),
    "related to itself": ("related: [A hostile story, a-hostile-story]\n", READ),
    "related to everything": ("related: ['*', '%', '.*', '']\n", READ),
    "newsletter's keys of nonsense": ("newsletter: [1, {pin: [[]]}]\n", EITHER),
    "five thousand keys": ("".join(f"key{n}: {n}\n" for n in range(5000)), "too many values"),
}

TOML: dict[str, tuple[str, str]] = {
    "a key of many parts": ("a" + ".a" * 5000 + " = 1\n", "a key of more than 50 parts"),
    "a title twice": ('title = "y"\n', NAMED),
    "a number without end": ("n = " + "9" * 6000 + "\n", EITHER),
    "lists within lists": ("a = " + "[" * 500 + "]" * 500 + "\n", NAMED),
    "tables within tables": ("a = " + "{a=" * 500 + "1" + "}" * 500 + "\n", NAMED),
    "no value": ("a =\n", "is not TOML"),
    "not a number": ("a = nan\nb = -inf\n", READ),
    "a date of nobody": ("a = 2026-99-99\n", READ),
    "a text without end": ('a = """x\n', "is not TOML"),
}

JSON: dict[str, tuple[str, str]] = {
    "lists within lists": ('{"title":"x","a":' + "[" * 5000 + "]" * 5000 + "}\nx", NAMED),
    "a text without end": ('{"title":"x', "is not JSON"),
    "newlines": ('{"title":"x"' + "\n" * 20_000 + "}\nx", READ),
    "half of a letter": ('{"title":"\\ud800 x"}\nx', READ),
    "a number without end": ('{"title":"x","a":' + "9" * 20_000 + "}\nx", EITHER),
    "a number of nothing": ('{"title":"x","a":NaN,"b":-Infinity}\nx', READ),
    "a key twice": ('{"title":"x","title":["y"]}\nx', EITHER),
    "a list": ('["title"]\nx', EITHER),
    "prototypes": ('{"title":"x","__proto__":{"a":1},"__class__":"y"}\nx', READ),
}

MARKUP: dict[str, tuple[str, str]] = {
    "a script": (f"<p>x<script>{SCRIPT}</script>", READ),
    "a script without end": (f"<p>x<script>{SCRIPT}", READ),
    "a script in a script": (f"<scr<script>ipt>{SCRIPT}</scr</script>ipt>", READ),
    "an event": (f"<img src=x onerror={SCRIPT}><b onclick='{SCRIPT}'>x</b>", READ),
    "an event behind a slash": (f"<svg/onload={SCRIPT}></svg>x", READ),
    "a link of a script": (f"<a href='javascript:{SCRIPT}'>x</a>", READ),
    "a link of a script in disguise": (f"<a href=' &#1; jAvA\tscript&colon;{SCRIPT}'>x</a>", READ),
    "a link of data": ("<a href='data:text/html;base64,PHNjcmlwdD4='>x</a>", READ),
    "a frame": (f"<iframe srcdoc='<script>{SCRIPT}</script>'></iframe>x", READ),
    "an object": ("<object data='x.swf'></object><embed src=x><applet code=x>x", READ),
    "a form": ("<form action='https://evil.example'><input name=a></form>x", READ),
    "a base": ("<base href='https://evil.example/'><a href=a>x</a>", READ),
    "a refresh": ("<meta http-equiv=refresh content='0;url=https://evil.example'>x", READ),
    "a style": ("<style>@import 'https://evil.example';body{display:none}</style>x", READ),
    "a style of an element": ("<p style='position:fixed;inset:0;background:red'>x", READ),
    "a style that computes": (f"<p style='width:expression({SCRIPT})'>x", READ),
    "a drawing with a script": (f"<svg><script>{SCRIPT}</script><text>x</text></svg>", READ),
    "a drawing of elsewhere": (f"<svg><use href='data:image/svg+xml,{SCRIPT}'/></svg>x", READ),
    "a formula with a script": (
        f"<math><mtext><table><mglyph><style><img src=x onerror={SCRIPT}>", EITHER),
    "a parser that is confused": (
        f"<noscript><p title='</noscript><img src=x onerror={SCRIPT}>'>x", READ),
    "a title that confuses": (f"<p>x<textarea></textarea><title><a id='</title>{SCRIPT}'>", READ),
    "a comment that confuses": (f"<!--><img src=x onerror={SCRIPT}>-->x<!--!> -->", READ),
    "a comment of Outlook": (f"<!--[if mso]><script>{SCRIPT}</script><![endif]-->x", READ),
    "CDATA": ("<![CDATA[ x ]]> ]]> x", READ),
    "an entity that grows": (
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><p>&b; x", READ),
    "an entity of a file": ("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;x", READ),
    "an inclusion": ("<xi:include href='file:///etc/passwd' parse='text'/>x", READ),
    "an inclusion of a server": ("<!--#include virtual='/etc/passwd' -->x", READ),
    "a program of a server": ("<?php system('id'); ?>x <% x %>", READ),
    "code of a template": ("{{ 7*7 }} {% raw %} {{ self.__class__ }}", EITHER),
    "a slot": ("[[unsubscribe:1:0123456789abcdef]] {unsubscribe} %unsubscribe%", READ),
    "elements of MJML": ("<mj-section><mj-raw><mj-include path='/etc/passwd'/></mj-raw>x", READ),
    "ends of everything": ("</td></tr></table></div></body></html><p>x", READ),
    "ends of a feed": ("]]></content></entry></feed><p>x", READ),
    "a page of its own": ("<html><body bgcolor=black onload=x><p>x</body></html>", READ),
    "names that are the page's": ("<p id=unsubscribe>x<img name=body><a id=location>", READ),
    "a picture that counts": ("<img src='https://evil.example/?reader' width=1 height=1>x", READ),
    "a picture of data": ("<img src='data:image/svg+xml,<svg onload=x>'>x", READ),
    "a picture that is huge": ("<img src=a width=99999999 height=-5>x", READ),
    "a set of pictures": ("<img src=a srcset='" + "a 1w, " * 3000 + "'>x", READ),
    "an address of no host": ("<a href='http://[::1'>x</a><a href='//'>y</a>", READ),
    "an address of a user": ("<a href='https://good.example@evil.example/'>x</a>", READ),
    "an address of lines": ("<a href='https://a.example/\r\nX: y'>x</a>", READ),
    "an address that is long": ("<a href='https://a.example/" + "a" * 50_000 + "'>x</a>", READ),
    "a port beyond": ("<a href='https://a.example:99999999/'>x</a>", READ),
    "300 elements deep": ("<div>" * 300 + "x", "elements within each other"),
    "9,000 elements deep": ("<b>" * 9000 + "x", NAMED),
    "9,000 rubies deep": ("<ruby><rt>" * 4500 + "x", NAMED),
    "9,000 attributes in disguise deep": ('<b title="</b>">' * 3000 + "x", NAMED),
    "9,000 comments in disguise deep": ("<b><!--</b>-->" * 3000 + "x", NAMED),
    "9,000 quotations deep": ("<blockquote>" * 9000 + "x", NAMED),
    "9,000 tables deep": ("<table><tr><td>" * 3000 + "x", NAMED),
    "9,000 lists deep": ("<ul><li>" * 4500 + "x", NAMED),
    "9,000 drawings deep": ("<svg>" * 9000 + "x", EITHER),
    "9,000 formulas deep": ("<math><mrow>" * 4500 + "x", EITHER),
    "9,000 templates deep": ("<template>" * 9000 + "x", EITHER),
    "many attributes": ("<p " + " ".join(f"a{n}=1" for n in range(5000)) + ">x", EITHER),
    "many elements": ("<br>" * 120_000 + "x", "more than 100,000 elements"),
    "a table of many columns": ("<table><tr>" + "<td>x" * 9000, READ),
    "a cell that spans": ("<table><tr><td colspan=999999999 rowspan=99999999>x", READ),
    "a list from a huge number": ("<ol start=99999999999999999999 type=i><li>x", READ),
}  # fmt: skip

MARKDOWN: dict[str, tuple[str, str]] = {
    "9,000 quotations": (">" * 9000 + " x", NAMED),
    "9,000 lists": ("- " * 9000 + "x", NAMED),
    "9,000 brackets": ("[" * 9000 + "x" + "]" * 9000, READ),
    "9,000 emphases": ("*a **b " * 3000, READ),
    "links of scripts": (f"[x](javascript:{SCRIPT}) <javascript:{SCRIPT}> ![x](vbscript:x)", READ),
    "a link of data and a script": ("[x](data:text/html,<script>)", READ),
    "a wide table of short rows": (
        "|" + "a|" * 2000 + "\n|" + "-|" * 2000 + "\n" + "|\n" * 2000, "cells"),
    "addresses on a line": ("a@b.example " * 2000, "@ on one line"),
    "notes within notes": ("".join(f"[^{n}]: [^{n + 1}]\n\n" for n in range(900)) + "[^0]", READ),
    "a note that names itself": ("x[^a]\n\n[^a]: y[^a]\n", READ),
    "a definition of a script": (f"[x]\n\n[x]: javascript:{SCRIPT}\n", READ),
    "code that ends a page": (f"```\n</code></pre><script>{SCRIPT}</script>\n```\n", READ),
    "a language of code": (f"```\"><script>{SCRIPT}</script>\nx\n```\n", READ),
    "attributes": (f"# x {{onclick={SCRIPT}}}\n\n{{: onclick={SCRIPT}}}\n", READ),
    "a fence without end": ("````\n" + "x\n" * 3000, READ),
}  # fmt: skip

TEXT: dict[str, tuple[str, str]] = {
    "a line of a header": ("Subject: x\r\nBcc: victim@example.com\n\nWords.\n", READ),
    "a line of From": ("Title\n\nFrom here on.\n\nFrom x@y.example Mon\n.\n..\n", READ),
    "an end of a message": ("Title\n\nWords.\n\r\n.\r\nMAIL FROM:<x@y.example>\n", READ),
    "markup": (f"Title\n\n<script>{SCRIPT}</script> & <b>\n", READ),
    "addresses": ("Title\n\n" + "http://" * 3000 + f" javascript:{SCRIPT}\n", READ),
    "stops": ("Title\n\nhttp://a" + "." * 9000 + "\n", READ),
    "one word": ("Title\n\n" + "x" * 50_000 + "\n", READ),
}


def _texts() -> Iterator[tuple[str, str, str | bytes, str]]:
    """(group, file, content, expectation) of what is a text; titles of their own, for addresses."""
    for number, (group, name, data, expected) in enumerate(_all_texts()):
        if isinstance(data, bytes):
            yield group, name, data.replace(_TITLE, _TITLE + b" %d" % number), expected
        else:
            yield group, name, data.replace("Title\n", f"Title {number}\n"), expected


def _all_texts() -> Iterator[tuple[str, str, str | bytes, str]]:
    for name, (data, expected) in BYTES.items():
        yield "bytes", name, data, expected
    for name, (head, expected) in HEADS.items():
        yield "front matter in YAML", f"{name}.md", _story(head=head), expected
    for name, (head, expected) in TOML.items():
        text = f'+++\ntitle = "x"\ndate = 2026-11-20\n{head}+++\n{_WORDS}'
        yield "front matter in TOML", f"{name} (TOML).md", text, expected
    for name, (text, expected) in JSON.items():
        yield "front matter in JSON", f"{name} (JSON).md", text, expected
    for name, (text, expected) in MARKUP.items():
        yield "HTML", f"{name}.html", _story(text), expected
        yield "HTML in Markdown", f"{name} (Markdown).md", _story(text), EITHER
    for name, (text, expected) in MARKDOWN.items():
        yield "Markdown", f"{name}.md", _story(text), expected
    for name, (text, expected) in TEXT.items():
        yield "plain text", f"{name}.txt", text, expected


def _shaped() -> Iterator[Case]:
    for suffix in OF_DIALECTS:  # a file of each: every file has its way through check and build
        texts = (make(30) for (kind, _), make in SHAPES.items() if kind == suffix)
        yield Case("shapes", f"shapes{suffix}", _put(_story("\n\n".join(texts))), EITHER)
    for number, ((suffix, name), make) in enumerate(SHAPES.items()):
        if suffix in OF_DIALECTS:
            continue
        text = make(SIZE)
        data = text if suffix == ".markdown" else _story(text)
        yield Case("shapes", f"{number:03} {name}{suffix}".replace("/", "∕"), _put(data), EITHER)


CORPUS: list[Case] = [
    *(Case("files", name, make, expected) for name, (make, expected) in FILES.items()),
    *(Case(group, name, _put(data), expected) for group, name, data, expected in _texts()),
    *_shaped(),
]
"""Every file, by group."""
