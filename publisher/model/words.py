"""Small pure functions on text that several stages share."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(
    r"<(?:br|hr|/(?:p|h[1-6]|li|t[dhr]|pre|blockquote|figcaption|caption|d[dt]|div|summary))\b"
    r"[^<>]*>"
)
_LONGEST_NAME = 120  # bytes of a path segment; file systems take 255, with what is added to it
_APOSTROPHES = re.compile("[‘’'ʼ]")
_NOT_WORD = re.compile("[^\\w\u0300-\U0010ffff]+")  # of a text in which only words are left
_LONGEST_WORD = 1000  # characters
_JOINERS = "\u200c\u200d"  # they part or join letters within a word of Persian or Hindi
_MARKS = re.compile(r"([\\`*_\[\]<>&~])")
_SPECIAL = re.compile(r"[<*`\]&]|~~")
_END_OF_WORD = re.compile(f"[{_JOINERS}]+(?=[ -]|$)")


_FORBIDDEN = bytes({*range(32), 127} - set(b"\t\n\r"))
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


_PLACE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """Return a pattern with `{name}` filled in; `{{` and `}}` stand for braces.

    Not `str.format`, which follows `{name.attribute}` into the program and its environment:
    patterns come from files. Raises LookupError for anything but the name of a value.
    """

    def value(found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        if found[1] is None or found[1] not in values:
            known = ", ".join(f"{{{name}}}" for name in values) or "no value"
            raise LookupError(f"{found[0][:60]!r} stands for nothing: there is {known}")
        return values[found[1]]

    return _PLACE.sub(value, pattern)


def legal(text: str) -> str:
    """Return `text` without what XML forbids (XML 1.0 §2.2): one such character kills a feed."""
    if text.isascii():  # a search for letters is slower than a look at all bytes
        told = text.encode()
        if len(told.translate(None, _FORBIDDEN)) == len(told):
            return text
    return _ILLEGAL.sub("", text)


def text_of(markup: str) -> str:
    """Return the words of *sanitised* HTML (a bare `<` cannot occur), one space between them.

    For an index of words, and quick: what readers see is made by `prose`.
    """
    return " ".join(spaced_text_of(markup).split())


def spaced_text_of(markup: str) -> str:
    """Return the words of *sanitised* HTML, with whatever space there is between them."""
    return html.unescape(_TAG.sub("", _BREAK.sub(" ", markup)))


def nfkc(text: str) -> str:
    """Return `text` in Unicode's compatibility form NFKC (UAX #15), in time that grows with it.

    Python sorts the marks of a letter in the square of their number, so that a text with a word
    of more than a thousand characters is taken in parts.
    """
    if text.isascii():
        return text
    if max(map(len, text.split()), default=0) <= _LONGEST_WORD:
        return unicodedata.normalize("NFKC", text)
    return "".join(unicodedata.normalize("NFKC", part) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """A text in parts of a thousand to two thousand characters, parted before no mark if possible.

    Of real letters none has so many marks.
    """
    start = 0
    while start < len(text):
        end = start + _LONGEST_WORD
        last = min(end + _LONGEST_WORD, len(text))
        while end < last and unicodedata.combining(text[end]):
            end += 1
        yield text[start:end]
        start = end


def fold(text: str) -> str:
    """Return what two titles have in common when a person would call them the same.

    Compatibility forms, case, quotation marks, punctuation and spacing are folded away
    (Unicode NFKC and case folding, UAX #15).

    >>> fold("China’s  “Pact”!") == fold("china's pact")
    True
    """
    plain = _small(text)
    plain = plain.replace("'", "") if plain.isascii() else _APOSTROPHES.sub("", plain)
    return " ".join(plain.translate(_PUNCTUATION).split())


def _small(text: str) -> str:
    """A text in small letters; those of İ are an i, and no i with a second dot."""
    small = nfkc(text).casefold()
    return small if small.isascii() else small.replace("i\u0307", "i")


def slugify(text: str) -> str:
    """Return `text` as one URL path segment: lower case, words joined by hyphens.

    Letters of every script are kept (a URL percent-encodes them); "" where there are none.

    >>> slugify("U.S.-Japan Pact as “Nonreciprocal”")
    'u-s-japan-pact-as-nonreciprocal'
    >>> slugify("İstanbul'da") == slugify("istanbulda") == "istanbulda"
    True
    """
    plain = re.sub(r"[‘’'ʼ]", "", _small(text))
    bare = plain if plain.isascii() else _words_with_marks(plain)
    slug = re.sub("-+", "-", _NOT_WORD.sub("-", bare).replace("_", "-")).strip("-")
    if len(slug.encode()) <= _LONGEST_NAME:
        return slug
    short = slug.encode()[: _LONGEST_NAME - 9].decode(errors="ignore").rstrip("-")
    return f"{short}-{hashlib.sha256(slug.encode()).hexdigest()[:8]}"


def _words_with_marks(text: str) -> str:
    """The words of a text, blanks between them; vowels and other marks are parts of them.

    UTS #18 Annex C (`\\w`): marks and join controls belong to the word, variation selectors tell
    no words apart.
    """
    letters = []
    for c in text:
        is_mark = unicodedata.category(c) in ("Mn", "Mc") or c in _JOINERS
        if c.isalnum():
            letters.append(c)
        elif not is_mark:
            letters.append(" ")
        elif letters and letters[-1] != " " and not "\ufe00" <= c <= "\ufe0f" and c < "\U000e0100":
            letters.append(c)
    return _END_OF_WORD.sub("", "".join(letters))


# CR, LF, NUL and their kin (Cc, Zl, Zp), lone surrogates (Cs). All else has a meaning, whatever
# Unicode this Python knows: joiners, tags, marks of direction, letters of tomorrow.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANKS = re.compile(" {2,}")


def no_controls(text: str) -> str:
    """Return a text in which nothing ends a line or steers a terminal; blanks stand instead."""
    if text.isprintable():  # of every value of every reader: a quarter of the time
        return text
    return _CONTROLS.sub(" ", text)


def one_line(text: str) -> str:
    """Return a text on one line, single blanks between its words; other spaces stay as they are.

    >>> one_line(" a\\n  b\u00a0! ")
    'a b\xa0!'
    """
    return _BLANKS.sub(" ", no_controls(text)).strip(" ")


class _Punctuation(dict[int, str]):
    """A translation table that turns punctuation and symbols into spaces, filled as it is asked."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        kept = unicodedata.category(character)[0] not in "PS"
        self[point] = character if kept else " "
        return self[point]


_PUNCTUATION = _Punctuation()


def title_saying(words: str) -> str:
    """Return what front matter's title must be to say these words: there, elements mean something.

    >>> title_saying("Why <b> & <i> matter"), title_saying("Salt & pepper")
    ('Why &lt;b&gt; &amp; &lt;i&gt; matter', 'Salt & pepper')
    """
    is_plain = "<" not in words and html.unescape(words) == words
    return words if is_plain else html.escape(words, quote=False)


def summary_saying(words: str) -> str:
    r"""Return what front matter's summary must be to say these words: there, Markdown is read.

    >>> print(summary_saying("5 * 3 <b>"), summary_saying("Salt and pepper"))
    5 \* 3 \<b\> Salt and pepper
    """
    return _MARKS.sub(r"\\\1", words) if _SPECIAL.search(words) else words
