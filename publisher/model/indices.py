"""What stands raised or lowered in HTML, as plain text: 10⁶, H₂O, x^(ab), 1st."""

from __future__ import annotations

import re

_ABOVE = str.maketrans(
    "0123456789+-=()−–abcdefghijklmnoprstuvwxyz",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ",
)
_BELOW = str.maketrans("0123456789+-=()−–aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_HAS_ABOVE = re.compile(r"[0-9+\-=()−–]+|[a-pr-z]|[0-9+\-−]*[ni][0-9+\-−]*")
_HAS_BELOW = re.compile(r"[0-9+\-=()−–]+|[aehijklmnoprstuvx]")
_SIGNS = {"tm": "™", "sm": "℠", "(r)": "®", "(c)": "©"}
# 1st, 1er, Mme, Nos, XIVème: letters that only are written smaller.
_SMALL_LETTERS = re.compile(
    r"st|nd|rd|th|er|ère|re|ème|eme|ième|es|os|as|mes?|lles?|gr|rs|ste|te|ten|ter|bis|de",
    re.IGNORECASE,
)
_STANDS_ON = re.compile(r"(?:[0-9]+|[^\W\d_]+)\.?$")
_COUNTED = re.compile(r"(?:[0-9]|\b[Nn])\.?$")  # 1º, Nº
_FOOTNOTE_MARKS = re.compile(r"[^\w\s+\-=−–]+")


def raised(text: str, before: str = "") -> str:
    """Return superscript as plain text; `before` is what it stands on.

    >>> raised("6", "10"), raised("st", "1"), raised("ab", "x"), raised("TM", "Acme")
    ('⁶', 'st', '^(ab)', '™')
    >>> raised("(a)", "5"), raised("(a)(b)", "5"), raised("2,5", "10")
    ('^(a)', '^((a)(b))', '^(2,5)')
    """
    text = " ".join(text.split())
    if sign := _SIGNS.get(text.lower()):
        return sign
    if text in ("o", "a") and _COUNTED.search(before):
        return "º" if text == "o" else "ª"
    if _HAS_ABOVE.fullmatch(text):
        return text.translate(_ABOVE)
    if _FOOTNOTE_MARKS.fullmatch(text) or _is_small_letters(text, before):
        return text
    return _marked("^", text)


def lowered(text: str) -> str:
    """Return subscript as plain text.

    >>> lowered("2"), lowered("i"), lowered("max"), lowered("i, j")
    ('₂', 'ᵢ', '_max', '_(i, j)')
    """
    text = " ".join(text.split())
    if _HAS_BELOW.fullmatch(text):
        return text.translate(_BELOW)
    return _marked("_", text)


def _is_small_letters(text: str, before: str) -> bool:
    """Whether the letters are the end of an ordinal or of a title, as in 1st and Mme."""
    found = _STANDS_ON.search(before) if _SMALL_LETTERS.fullmatch(text) else None
    last = found[0].rstrip(".") if found else ""
    return last[:1].isdigit() or last[:1].isupper()


def _marked(sign: str, text: str) -> str:
    if not text:
        return ""
    is_one = text.isalpha() if sign == "_" else len(text) == 1
    is_one |= re.fullmatch(r"\([^()]*\)|\[[^\[\]]*\]", text) is not None
    return f"{sign}{text}" if is_one or re.fullmatch(r"\d+(?:\.\d+)?", text) else f"{sign}({text})"
