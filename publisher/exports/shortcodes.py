"""WordPress's shortcodes (`[caption id="x"]…[/caption]`) and blocks (`<!-- wp:… -->`) → HTML.

Those of WordPress itself are made what it makes of them. Of a plugin's nobody knows the meaning:
the words within stay, and the name is counted. What looks like one and is none (`[sic]`) stays.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from publisher.exports import members
from publisher.exports.imported import Attached

_DEEPEST = 30
_CODE = re.compile(r"<(pre|code|script|style)\b[^<>]*+>", re.IGNORECASE)
_END_OF = {n: re.compile(f"</{n}>", re.IGNORECASE) for n in ("pre", "code", "script", "style")}
_TOKEN = re.compile(
    r"\[(\[?)(/?)([A-Za-z][\w-]{0,60}+)(?![\w-])"
    r"((?:[^\]\[\"'/]++|\"[^\"\n]{0,2000}+\"|'[^'\n]{0,2000}+'|/(?!\]))*+)(/?)\](\]?)"
)
_ATTRIBUTE = re.compile(
    r"([\w-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"']++))|\"([^\"]*+)\"|(https?://[^\s\"']++|[^\s\"'=]++)"
)
_BARE = frozenset("toc contents contact-form contact-form-7 nggallery sitemap archives".split())
_SOURCE = frozenset(
    "code sourcecode source bash css html java javascript js php python py ruby sql xml".split()
)
_LINE_OF_ADDRESS = re.compile(r"^[ \t]*+(https?://[^\s<>\"\[\]]{1,2000}+)[ \t]*+$", re.MULTILINE)
_IMAGE = re.compile(r"\s*+((?:<a\b[^<>]*+>\s*+)?<img\b[^<>]*+>(?:\s*+</a>)?)(.*)\Z", re.S | re.I)
_WRAPPED = re.compile(
    r"(<div class=\"wp-block-embed__wrapper\">)\s*+(https?://[^\s<>\"]++)\s*+(?=<)"
)
_BLOCK = re.compile(r"<!--\s*+(/?)wp:([a-z][a-z0-9_/-]*+)\s*+(\{.*\})?\s*+(/?)-->", re.DOTALL)
_MARKS = re.compile(r"<!--\s*+(?:more\b[^<>]{0,200}?|noteaser|nextpage)\s*+-->", re.IGNORECASE)
_SILENT = frozenset("more nextpage spacer separator paragraph template-part".split())
_YOUTUBE = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{1,40})", re.ASCII)
_NAME = re.compile(r"[\w-]{1,40}", re.ASCII)


class Media(msgspec.Struct):
    """What an export says of files, by id; `of` those of a post; `blocks` to be used again."""

    files: dict[str, Attached] = msgspec.field(default_factory=dict)
    of: dict[str, list[str]] = msgspec.field(default_factory=dict)
    blocks: dict[str, str] = msgspec.field(default_factory=dict)


def expanded(text: str, post: str, media: Media, lost: Counter[str]) -> str:
    """Return a post's text without shortcodes and blocks; `lost` counts those with no meaning."""
    if "<!--" in text:
        text = _MARKS.sub("\n\n", _unblocked(text, media, lost))
    text = _WRAPPED.sub(lambda found: found[1] + embed(unescape(found[2])), text)
    text = _LINE_OF_ADDRESS.sub(lambda found: f"\n{embed(unescape(found[1]))}\n", text)
    if "[" not in text:
        return text
    return "".join(
        piece if is_code else _Expansion(post, media, lost).run(piece)
        for is_code, piece in _parted(text)
    )


def _parted(text: str) -> Sequence[tuple[bool, str]]:
    """A text in pieces, each with whether it is code."""
    pieces: list[tuple[bool, str]] = []
    at = 0
    while found := _CODE.search(text, at):
        closing = _END_OF[found[1].lower()].search(text, found.end())
        if closing is None:
            break
        end = closing.start()
        pieces += [(False, text[at : found.start()]), (True, text[found.start() : end])]
        at = end
    return [*pieces, (False, text[at:])]


def embed(address: str) -> str:
    """Return what stands for an address on a line of its own: a player, or a link."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return escape(address, quote=False)
    name = ""
    if host == "youtu.be":
        name = parts.path.strip("/")
    elif host in ("youtube.com", "youtube-nocookie.com"):
        found = _YOUTUBE.match(parts.path)
        name = found[1] if found else parse_qs(parts.query).get("v", [""])[0]
    if name and _NAME.fullmatch(name):
        return f'<iframe src="https://www.youtube.com/embed/{name}"></iframe>'
    if host == "vimeo.com" and (number := parts.path.strip("/")).isdecimal():
        return f'<iframe src="https://player.vimeo.com/video/{number}"></iframe>'
    shown = escape(address, quote=False)
    return f'<p><a href="{escape(address)}">{shown}</a></p>'


class _Code(msgspec.Struct, frozen=True):
    """A shortcode: its name, its attributes (those without a name by number) and its own text."""

    name: str
    values: Mapping[str, str]
    written: str

    def one(self, *names: str) -> str:
        return next((self.values[name] for name in names if self.values.get(name)), "")


class _Expansion:
    def __init__(self, post: str, media: Media, lost: Counter[str]) -> None:
        self.post, self.media, self.lost = post, media, lost
        self.rules: Mapping[str, Callable[[_Code, str], str]] = {
            "caption": self.caption, "wp_caption": self.caption, "gallery": self.gallery,
            "embed": self.address, "youtube": self.address, "vimeo": self.address,
            "soundcloud": self.address, "tweet": self.address, "gist": self.address,
            "audio": self.sound, "video": self.film, "playlist": self.playlist,
            **dict.fromkeys(_SOURCE, self.source),
        }  # fmt: skip

    def run(self, text: str) -> str:
        tokens = list(_TOKEN.finditer(text))
        ends = _paired(tokens)
        closing = set(ends.values())
        buffers: list[list[str]] = [[]]
        open_codes: list[tuple[int, re.Match[str]]] = []
        at = 0
        for number, token in enumerate(tokens):
            if token.start() < at:  # within code, where nothing is one
                continue
            buffers[-1].append(text[at : token.start()])
            at = token.end()
            if token[1] and token[6]:  # [[caption]] is how one writes about them
                buffers[-1].append(token[0][1:-1])
            elif number in ends and token[3].lower() in _SOURCE:
                end = tokens[ends[number]]
                buffers[-1].append(self.made(token, text[at : end.start()]))
                at = end.end()
            elif number in ends and len(open_codes) < _DEEPEST:
                open_codes.append((ends[number], token))
                buffers.append([])
            elif open_codes and open_codes[-1][0] == number:
                inner = "".join(buffers.pop())
                buffers[-1].append(self.made(open_codes.pop()[1], inner))
            elif token[2]:
                buffers[-1].append("" if number in closing else token[0])
            else:
                buffers[-1].append(self.made(token, None))
        rest = text[at:]
        while len(buffers) > 1:  # opened across another one's end
            rest = "".join([*buffers.pop(), rest])
        return "".join([*buffers[0], rest])

    def made(self, token: re.Match[str], inner: str | None) -> str:
        """What stands for a shortcode; around it what was bracketed twice on one side alone."""
        code = _Code(token[3].lower(), _attributes(token[4]), token[0])
        before, after = ("[" if token[1] else ""), ("]" if token[6] and inner is None else "")
        if inner is not None and members.is_for_members(code.name, code.values):
            self.lost[members.PARTS] += 1
            return before
        rule = self.rules.get(code.name)
        if rule and not (inner is None and rule in (self.source, self.caption)):
            return before + rule(code, inner or "") + after
        is_one = (
            inner is not None
            or code.name in _BARE
            or "=" in token[4]
            or (("_" in code.name or "-" in code.name) and bool(token[4].strip()))
        )
        if not is_one:
            return token[0]
        self.lost[f"[{code.name}]"] += 1
        return before + (inner or "") + after

    def caption(self, code: _Code, inner: str) -> str:
        found = _IMAGE.match(inner)
        picture, words = (found[1], found[2]) if found else (inner, "")
        words = code.one("caption") or words.strip()
        below = f"<figcaption>{words}</figcaption>" if words else ""
        return f"\n<figure>{picture}{below}</figure>\n"

    def gallery(self, code: _Code, inner: str) -> str:
        given = code.one("ids", "include")
        names = re.findall(r"\d+", given)[:500] if given else self.media.of.get(self.post, [])
        out = set(re.findall(r"\d+", code.one("exclude")))
        shown = [
            self.media.files[one] for one in names if one in self.media.files and one not in out
        ]
        if not names or any(one not in self.media.files for one in names):
            self.lost["pictures of a [gallery] that are not in the export"] += 1
        return "".join(
            f'\n<figure><img src="{escape(one.url)}" alt="{escape(one.alt)}"></figure>\n'
            for one in shown
        )

    def address(self, code: _Code, inner: str) -> str:
        given = code.one("url", "src", "id", "0").strip("=\"' ") or inner.strip()
        given = unescape(given)
        if not given.startswith(("http://", "https://")):
            places = {"youtube": "https://youtu.be/", "vimeo": "https://vimeo.com/"}
            places["gist"] = "https://gist.github.com/"
            if code.name not in places or not given:
                self.lost[f"[{code.name}]"] += 1
                return inner
            given = places[code.name] + given
        return f"\n{embed(given)}\n"

    def sound(self, code: _Code, inner: str) -> str:
        url = code.one("src", "mp3", "m4a", "ogg", "wav", "flac", "0") or _first_address(inner)
        return self.player("audio", url, "", code)

    def film(self, code: _Code, inner: str) -> str:
        url = code.one("src", "mp4", "m4v", "webm", "ogv", "mov", "flv", "0")
        return self.player("video", url or _first_address(inner), code.one("poster"), code)

    def player(self, tag: str, url: str, poster: str, code: _Code) -> str:
        if not url.startswith(("http://", "https://", "/")):
            self.lost[f"[{code.name}]"] += 1
            return ""
        still = f' poster="{escape(poster)}"' if poster else ""
        return f'\n<{tag} controls src="{escape(unescape(url))}"{still}></{tag}>\n'

    def playlist(self, code: _Code, inner: str) -> str:
        names = re.findall(r"\d+", code.one("ids"))[:500] or self.media.of.get(self.post, [])
        found = [self.media.files[one] for one in names if one in self.media.files]
        if not found:
            self.lost["[playlist]"] += 1
        return "".join(
            f'\n<p><a href="{escape(one.url)}">{escape(one.alt or one.url, quote=False)}</a></p>\n'
            for one in found
        )

    def source(self, code: _Code, inner: str) -> str:
        name = code.one("language", "lang") or ("" if code.name in _SOURCE - {"php"} else code.name)
        words = f' class="language-{escape(name)}"' if _NAME.fullmatch(name) else ""
        text = escape(unescape(re.sub(r"<br\s*+/?>", "\n", inner)).strip("\n"), quote=False)
        return f"\n<pre><code{words}>{text}</code></pre>\n"


def _paired(tokens: Sequence[re.Match[str]]) -> dict[int, int]:
    """Which token closes which: number of the opening one → of the closing one."""
    pairs: dict[int, int] = {}
    still: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        name = token[3].lower()
        if token[2]:
            if still.get(name):
                pairs[still[name].pop()] = number
        elif not token[5] and not (token[1] and token[6]):
            still.setdefault(name, []).append(number)
    return pairs


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(written):
        if one[1]:
            found[one[1].lower()] = one[2] or one[3] or one[4] or ""
        else:
            found.setdefault("0", (one[5] or one[6] or "").strip("="))
    if written.startswith("="):  # [youtube=https://…]
        found["0"] = written[1:].split()[0].strip("\"'") if written[1:].split() else ""
    return found


def _first_address(text: str) -> str:
    found = re.search(r"https?://[^\s<>\"']{1,2000}", text)
    return found[0] if found else ""


def _unblocked(text: str, media: Media, lost: Counter[str], depth: int = 0) -> str:
    """A text without the marks of blocks; a block that is only a mark is made, or counted."""
    pieces, at = [], 0
    while (begin := text.find("<!--", at)) >= 0:
        end = text.find("-->", begin)
        if end < 0:
            break
        mark = text[begin : end + 3]
        pieces.append(text[at:begin])
        at = end + 3
        found = _BLOCK.fullmatch(mark) if "wp:" in mark else None
        if found is None:
            pieces.append(mark)
        elif found[4]:
            pieces.append(_alone(found, media, lost, depth))
    return "".join([*pieces, text[at:]])


def _alone(found: re.Match[str], media: Media, lost: Counter[str], depth: int) -> str:
    name = found[2].removeprefix("core/")
    values = _json(found[3])
    if name == "block" and (inner := media.blocks.get(str(values.get("ref")))) and depth < 3:
        return _unblocked(inner, media, lost, depth + 1)
    address = values.get("url")
    if name.startswith(("embed", "core-embed")) and isinstance(address, str):
        return embed(address) if address.startswith(("http://", "https://")) else ""
    if name not in _SILENT:
        lost[f"block {name}"] += 1
    return ""


def _json(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
