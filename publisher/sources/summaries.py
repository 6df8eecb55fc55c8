"""The words that stand for an article: its title and summary without markup, cut where one may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from publisher.model import prose
from publisher.model.elements import Element, parse
from publisher.model.languages import WIDE, WIDE_MARKS
from publisher.sources import markup

LENGTH = 280
"""Characters of a summary taken from the first paragraph."""

_LONGEST = 1000  # characters of a teaser: who wrote more of it wrote no summary
_MARKUP = re.compile(r"[<*`\]&]|~~")
_LEADING = re.compile(r"^([0-9]{0,9})([.)](?=\s)|[-+*#](?=[\s#])|>|(?:~~|``|=)(?=[=~`]))")
_ELEMENT = re.compile(
    r"<(sup|sub|em|i|b|strong|s|del|q|code|small|span|cite|mark|u|ruby|abbr)\b[^<>]*>.*?</\1>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"<h([1-6])\b[^<>]*>.*?</h\1>", re.DOTALL)
_BEGINNING = 1000  # characters of a body in which a summary is looked for first
_SENTENCE = re.compile(r"([.!?…؟۔।։።။។]+)[”’\"')\]»›“]*(?=\s|$)|[。！？｡]+[”’」』）)]*")
_NO_END = re.compile(
    r"(?:^|[\s(\[„“«‘\"'])(?:[^\W\d_]|[0-9]{1,2}|[^\W\d_](?:\.[^\W\d_])+|"
    r"Dr|Drs|Mr|Mrs|Ms|Mx|Prof|St|Ste|Rev|Fr|Sr|Jr|Hr|Hrn|Frl|Gen|Col|Maj|Capt|Lt|Sgt|Sen|Rep|Gov|"
    r"Pres|Hon|Amb|Dir|Sra|Srta|Dra|Sta|Mme|Mlle|MM|Dipl|Ing|Mag|Mt|Ft|Ave|Blvd|No|Nos|Nr|Art|Abs|"
    r"Bd|Vol|Fig|Ch|Sec|p|pp|vs|v|cf|ca|approx|bzw|vgl|ggf|inkl|bspw|sog|Mio|Mrd|Tsd|Std|Sek|Stk|Str|Hrsg|geb|gest|verh|evtl|zzgl|abzgl|einschl|mio|mrd|mln|mld|tys|"
    r"env|hab|éd|apr|av|Mgr|Cie|Uds?|núm|pág|Cía|Dpto|Excmo|Sig|Dott|Avv|pag|dhr|mevr|blz|ul|prof|dr|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sep|Sept|Oct|Nov|Dec|Okt|Dez)$"
)  # fmt: skip
_JOINERS = "\u200c\u200d\u2060"
_KANA = "\u3041-\u309f"
_BORDER = re.compile(
    rf"(?<=[\s{WIDE_MARKS}])(?=\S)|(?<=[{_KANA}])(?=[^{_KANA}{WIDE_MARKS}])"
    rf"|(?<=[{WIDE}])(?=[A-Za-z0-9（「『])|(?<=[A-Za-z0-9])(?=[{WIDE}])"
)


def summary_of(clean: str, language: str = "") -> str:
    """Return the first paragraph's words: whole sentences where some fit, else whole words.

    Paragraphs that only lead on (they end with a colon) or only link are passed over. Where there
    is no text, the words that stand for its pictures are told.
    """
    begun = clean[: clean.find("</p>", _BEGINNING) + 4] if len(clean) > 2 * _BEGINNING else ""
    tree, first = parse(begun), ""
    for part in filter(None, (begun, clean)):
        tree, first = parse(part), ""
        for text, linked in _paragraphs(tree, language):
            first = first or text
            if linked < len(text) / 2 and not text.endswith((":", "：")):
                return shortened(text, LENGTH)
    text = first or prose.words(tree, language)
    return shortened(text or prose.alternatives(tree), LENGTH)


def _paragraphs(tree: Element, language: str) -> Iterator[tuple[str, int]]:
    """(words, how many characters of them are links) of each paragraph that has words.

    A cell of a table tells nothing by itself, nor does a picture's caption, nor a box's title.
    """
    titled = _title_of_box(tree)
    for element in tree.children:
        if isinstance(element, str) or element is titled or element.tag in ("table", "figure"):
            continue
        if element.tag != "p":
            yield from _paragraphs(element, language)
        elif text := prose.words(element, language):
            links = (prose.words(link, language) for link in element.iter("a"))
            yield text, sum(map(len, links))


def _title_of_box(tree: Element) -> Element | None:
    """The title in bold that a box of some dialect begins with; None where there is none."""
    if tree.tag != "blockquote":
        return None
    inner = [one for one in tree.children if isinstance(one, Element) or one.strip()]
    first = inner[0] if len(inner) > 1 else ""
    if isinstance(first, str) or first.tag != "p" or len(first.children) != 1:
        return None
    words = first.children[0]
    return first if isinstance(words, Element) and words.tag == "strong" else None


def plain_words(text: str, language: str = "") -> str:
    """Return a title or summary from front matter without markup: its words, entities resolved."""
    if not _MARKUP.search(text):
        return text
    typed = _LEADING.sub(r"\1\\\2", text)  # a summary is a line: no list, heading or quotation
    return words_of(markup.markdown(typed), language)


def title_words(text: str, language: str = "") -> str:
    """Return a title from front matter: as it was typed, but for HTML elements and references.

    >>> title_words("Over 10<sup>6</sup> cases &amp; *stars*")
    'Over 10⁶ cases & *stars*'
    """
    return words_of(text, language) if _ELEMENT.search(text) else unescape(text)


def teaser(unsafe: str, language: str = "") -> str:
    """Return the words of HTML that an author ended as a teaser, or as many as a summary may be.

    Headings are no part of it: the first may be the title.
    """
    clean = _HEADING.sub("", markup.sanitised(unsafe, "https://localhost/"))
    return shortened(prose.words(clean, language), _LONGEST)


def words_of(unsafe: str, language: str = "") -> str:
    """Return the words of HTML as an author wrote it."""
    return prose.words(markup.sanitised(unsafe, "https://localhost/"), language)


def shortened(text: str, length: int) -> str:
    """Return `text`, or as many of its sentences as fit `length`, or of its words and an ellipsis.

    >>> shortened("One. Two, three and four.", 10)
    'One.'
    """
    if len(text) <= length:
        return text
    ends = [end for end in _sentence_ends(text[: length + 9]) if end <= length]
    if ends and ends[-1] >= length // 3:
        return text[: ends[-1]]
    return text[: _cut(text, length - 1)].rstrip(" ,;:–—-、，；：・،؛") + "…"


def _sentence_ends(text: str) -> list[int]:
    """Where sentences end: not after a title or an ordinal, nor before a small letter."""
    ends = []
    for found in _SENTENCE.finditer(text):
        after = text[found.end() :].lstrip()[:1]
        is_mark = found[1] == "." and _ends_no_sentence(text, found.start())
        if not is_mark and not after.islower() and (after or found.end() < len(text)):
            ends.append(found.end())
    return ends


def _ends_no_sentence(text: str, dot: int) -> bool:
    """Whether a dot stands behind a title or an ordinal: it is looked for in the word before it."""
    word = dot - text.endswith("\n", 0, dot)  # which `$` passes over
    while word and (text[word - 1].isalnum() or text[word - 1] == "."):
        word -= 1
    return _NO_END.search(text, max(word - 1, 0), dot) is not None


def _cut(text: str, most: int) -> int:
    """Where to cut: at a space, where Chinese or Japanese words may end, or between characters."""
    space = text.rfind(" ", 0, most + 1)
    if space > most // 2:
        return space
    borders = [found.start() for found in _BORDER.finditer(text, max(most - 24, 1), most + 1)]
    if borders and borders[-1] > 0:
        return borders[-1]
    return _character_end(text, most) or most


def _character_end(text: str, at: int) -> int:
    """The last place up to `at` that parts no character as readers see them (UAX #29)."""
    while at > 0 and _is_within(text, at):
        at -= 1
    return at


def _is_within(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at : at + 1]
    if not after:
        return False
    if after in _JOINERS or before in _JOINERS or unicodedata.combining(before) == 9:
        return True  # joined emoji; a virama joins two consonants
    is_modifier = "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f"
    is_vowel = "\u1160" <= after <= "\u11ff" or after in "\u0e33\u0eb3"
    if is_modifier or is_vowel or unicodedata.category(after)[0] == "M":
        return True
    if _is_flag(before) and _is_flag(after):
        count = len(text[:at]) - len(text[:at].rstrip(_FLAG_LETTERS))
        return count % 2 == 1
    return False


_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))


def _is_flag(character: str) -> bool:
    return character in _FLAG_LETTERS
