"""What a value of an MJML attribute may be: the words in which `mjml_spec` says it.

| word | value |
|---|---|
| text | anything |
| colour | six hex digits, a name, rgb(), rgba() |
| px %, px auto … | a number with one of these units, 0, or the word; `number` is one without |
| -px em | the same, and it may be negative |
| px % {1,4} | one to four of them |
| one of a b c | one of these words |
| integer, true or false | as it says |
"""

from __future__ import annotations

import re
from functools import lru_cache

NAMED_COLOURS = frozenset(
    """aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue
    blueviolet brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk
    crimson cyan darkblue darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki
    darkmagenta darkolivegreen darkorange darkorchid darkred darksalmon darkseagreen
    darkslateblue darkslategray darkslategrey darkturquoise darkviolet deeppink deepskyblue
    dimgray dimgrey dodgerblue firebrick floralwhite forestgreen fuchsia gainsboro
    ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred indigo
    ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan
    lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen
    lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen
    linen magenta maroon mediumaquamarine mediumblue mediumorchid mediumpurple
    mediumseagreen mediumslateblue mediumspringgreen mediumturquoise mediumvioletred
    midnightblue mintcream mistyrose moccasin navajowhite navy oldlace olive olivedrab
    orange orangered orchid palegoldenrod palegreen paleturquoise palevioletred papayawhip
    peachpuff peru pink plum powderblue purple rebeccapurple red rosybrown royalblue
    saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue
    slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet
    wheat white whitesmoke yellow yellowgreen""".split()
)
"""CSS Color Module 4 §6.1."""

_COLOUR_WORDS = NAMED_COLOURS | {"transparent", "inherit", "none"}
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_SHORT_HEX = re.compile(r"#[0-9a-fA-F]{3}")
_FUNCTION = re.compile(r"rgba?\(\s*\d{1,3}\s*(,\s*\d{1,3}\s*){2}(,\s*(\d?\.\d+|[01]|\d+%)\s*)?\)")
_LENGTH = re.compile(r"(-?)(\d+(?:\.\d+)?|\.\d+)(\D*)")


@lru_cache(maxsize=4096)
def fault(kind: str, value: str) -> str:
    """Return what is wrong with a value of that kind, "" where nothing is."""
    value = value.strip()
    if kind == "text" or not value:
        return ""
    if kind == "colour":
        return _colour(value)
    if kind.startswith("one of "):
        words = kind.split()[2:]
        return "" if value in words else f"it is one of {', '.join(words)}"
    if kind == "integer":
        return "" if re.fullmatch(r"\d+", value, re.ASCII) else "it is a whole number"
    if kind == "true or false":
        return "" if value in ("true", "false") else "it is true or false"
    return _lengths(kind, value)


def _colour(value: str) -> str:
    if _SHORT_HEX.fullmatch(value):
        doubled = "#" + "".join(digit * 2 for digit in value[1:])
        return f"Outlook does not know colours of three digits: {doubled}"
    is_known = _HEX.fullmatch(value) or _FUNCTION.fullmatch(value)
    if is_known or value.lower() in _COLOUR_WORDS:
        return ""
    return "it is a colour of six digits such as #0b5c6b, or its name"


def _lengths(kind: str, value: str) -> str:
    words = kind.removesuffix(" {1,4}").removeprefix("-").split()
    parts, most = value.split(), 4 if kind.endswith("{1,4}") else 1
    wanted = _wanted(words, most)
    if len(parts) > most:
        return wanted
    for part in parts:
        found = _LENGTH.fullmatch(part)
        if part in words:
            continue
        if not found or (found[1] and not kind.startswith("-")):
            return wanted
        is_nought = float(found[2]) == 0 and not found[3]
        if not is_nought and (found[3] or "number") not in words:
            return wanted
    if most > 1 and parts[0] == "0" and any(part.strip("0px%.") for part in parts):
        return "the compiler misreads one that begins with a bare 0: write 0px"
    return ""


def _wanted(words: list[str], most: int) -> str:
    kinds = {"px": "12px", "%": "50%", "em": "1em", "auto": "auto", "number": "1.5"}
    examples = " or ".join(kinds[word] for word in words)
    return f"it is {'up to four lengths, each' if most > 1 else 'a length'} such as {examples}"
