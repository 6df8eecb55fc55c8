"""Where an address that was typed into a text ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from unicodedata import normalize
from urllib.parse import quote

from publisher.hosts import ascii_netloc
from publisher.model.languages import WIDE, WIDE_MARKS

_HIRAGANA, _HANGUL = "\u3041-\u309f", "\u1100-\u11ff\uac00-\ud7a3"
_SYLLABLES = f"{_HIRAGANA}{_HANGUL}"  # particles are of these
_UNSPACED = f"{WIDE}{_SYLLABLES}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_FOREIGN = re.compile(f"[{_UNSPACED}{WIDE_MARKS}“”‘’…《》]")
_NO_PATH = re.compile(f"[{_SYLLABLES}{WIDE_MARKS}“”‘’…《》]")
_LETTER = re.compile(f"[{_UNSPACED}]")
_SYLLABLE, _KOREAN = re.compile(f"[{_SYLLABLES}]"), re.compile(f"[{_HANGUL}]+")
_REST = f"""[^\\s<>"{WIDE_MARKS}“”‘’…《》]{{1,2000}}"""  # bounded: see `_pieces`
_WEB = re.compile(f"https?://{_REST}")
_ANY = re.compile(
    rf"(?:https?://|www\.){_REST}"
    r"|[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
)
_AUTOLINK = re.compile(r'<a href="([^"<>]*)">((?:https?://|www\.|[^<>"\s]*@)[^<>]*)</a>')


# Particles of Korean, which stand behind an address where they are all that follows its slash; and
# those that end no name, which stand behind one.
_PARTICLES = frozenset(
    "가 과 과의 까지 께 께서 나 는 도 라고 라는 로 를 만 보다 부터 에 에게 에는 에도 에서 "
    "에서는 에서도 에서의 와 와의 으로 은 을 의 이 이고 이나 이라고 이라는 이며 입니다 처럼 "
    "하고".split()
)
_BEHIND_NAMES = re.compile(
    f"(?<=[{_HANGUL}])(?:에서[는도의]?|에게서?|으로|부터|까지|입니다|이?라[는고]|처럼|를)[.,;:!?)\\]']*$"
)
# A name in hiragana that begins with one of Japanese cannot be told from prose.
_NAME = re.compile(f"(?!から|まで|より|など|です|だ|[をにへでがはものとや])[{_HIRAGANA}ー]+")

_BEHIND = "،؛؟۔।॥։።၊။»"  # of sentences in other scripts, behind an address


def address_end(text: str, start: int, end: int) -> int:
    """Return where the address in `text[start:end]` ends, which has no space in it.

    Before a letter of a script that is written without spaces, or of its marks: they are the
    sentence's. Such letters are the address's own where they are a whole part of its path, as in
    `https://ja.wikipedia.org/wiki/東京`, and the address stands apart from the text around it.
    """
    found = _FOREIGN.search(text, start, end)
    if found is None:
        return end
    at = found.start()
    stands_apart = start == 0 or not _LETTER.match(text[start - 1])
    if not stands_apart or text[at - 1] not in "/=_-#":
        return at
    if _SYLLABLE.match(text, at):
        return _end_of_name(text, at, end)
    return at if _NO_PATH.search(text, at, end + 1) else end


def _end_of_name(text: str, at: int, end: int) -> int:
    """Where an address ends that goes on with hangul or hiragana, which end in a space or ASCII.

    At `at` where these are no name: a particle alone, or words that go on in another script.
    """
    name, is_korean = text[at:end], _KOREAN.match(text, at)
    if re.match(f"[{WIDE_MARKS}]", text[end : end + 1]):
        return at
    if not is_korean:
        hiragana = _NAME.match(name)
        return end if hiragana and not _FOREIGN.search(name, hiragana.end()) else at
    if _FOREIGN.search(_KOREAN.sub("", name)) or normalize("NFC", is_korean[0]) in _PARTICLES:
        return at
    behind = _BEHIND_NAMES.search(name)
    return at + behind.start() if behind else end


def address_at(text: str, start: int) -> str:
    """Return the web address that begins at `start`, as far as it goes; "" for none.

    >>> address_at("https://x.example/k（注）", 0), address_at("https://x.example/größe).", 0)
    ('https://x.example/k', 'https://x.example/größe')
    """
    found = _WEB.match(text, start)
    return _trimmed(text[start : address_end(text, start, found.end())]) if found else ""


def linked(text: str) -> str:
    """Return plain text as HTML with its web addresses as links; quotation marks stay."""
    return "".join(_pieces(text, 0, _WEB))


def mended(rendered: str, source: str) -> str:
    """Return rendered Markdown whose autolinks end where their script ends.

    GFM's go on to the next space. Links that were marked as such (`<…>`, `[…](…)`) stay.
    """
    parts = []
    at = 0
    for found in _AUTOLINK.finditer(rendered):
        text = unescape(found[2])
        if "&amp;amp;" in found[0] and "&" in text:  # `&amp;` as HTML has it is `&` here too
            text = unescape(text)
            parts += [rendered[at : found.start()], _link(text)]
            at = found.end()
            continue
        if not (_FOREIGN.search(text) or text[-1] in _BEHIND):
            continue
        if f"<{text}" in source or f"[{text}]" in source:
            continue
        before = unescape(rendered[max(found.start() - 1, 0) : found.start()])
        parts += [rendered[at : found.start()], *_pieces(before + text, len(before), _ANY)]
        at = found.end()
    return "".join([*parts, rendered[at:]]) if parts else rendered


def _pieces(text: str, at: int, addresses: re.Pattern[str]) -> Iterator[str]:
    """`text` from `at` on as HTML, in pieces: addresses as links, and what stands between."""
    done = at
    while found := addresses.search(text, at):
        end = address_end(text, found.start(), found.end())
        address = _trimmed(text[found.start() : end])
        at = found.start() + max(len(address), 1)
        if re.fullmatch(r"(?:https?://|www\.)?", address):
            continue
        yield escape(text[done : found.start()], quote=False)
        yield _link(address)
        done = at
    yield escape(text[done:], quote=False)


def _trimmed(address: str) -> str:
    """An address without the punctuation of its sentence; brackets stay where they are paired."""
    while address and address[-1] in f".,;:!?)]'{_BEHIND}":
        if address[-1] in ")]" and address.count(address[-1]) <= address.count(
            "(" if address[-1] == ")" else "["
        ):
            break
        address = address[:-1]
    return address


def _link(address: str) -> str:
    is_mail = "@" in address and "://" not in address
    scheme = "mailto:" if is_mail else "http://" if address.startswith("www.") else ""
    return f'<a href="{escape(scheme + address)}">{escape(address, quote=False)}</a>'


OTHER_HOST = re.compile(r"[Hh][Tt]{2}[Pp][Ss]?://[^/?#\"]*[A-Z%\x80-\U0010ffff]")
"""The beginning of a web address whose host is in capitals, encoded, or not in ASCII."""

_LEGAL = re.compile(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNQUOTED = "/%:?&=#+,;@~!$'()*[]-._"


def encoded(address: str) -> str:
    """Return an address (IRI, RFC 3987 §3.1) as a URI: what is encoded already stays as it is.

    >>> encoded("https://Bücher.example/größe %C3%A4?q=100%")
    'https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe%20%C3%A4?q=100%25'
    """
    if _LEGAL.fullmatch(address) and not OTHER_HOST.match(address):
        return address
    scheme, mark, rest = address.partition("://")
    if not mark or not scheme.isalnum():
        return _quoted(address)
    cut = min((at for c in "/?#" if (at := rest.find(c)) >= 0), default=len(rest))
    return f"{scheme}://{_host(rest[:cut])}{_quoted(rest[cut:])}"


def _host(authority: str) -> str:
    """Name a host as base_url does, or our own links are strangers and IDNA 2003 leads astray.

    A name that is none stays: it leads nowhere, which the editor is to see.
    """
    user, at, place = authority.rpartition("@")
    try:
        place = ascii_netloc(place)
    except ValueError:
        place = _quoted(place)
    return f"{_quoted(user)}{at}{place}"


def _quoted(text: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", text), safe=_UNQUOTED)
