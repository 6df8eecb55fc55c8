"""Nunjucks, Eleventy's other engine, as Liquid: what both have stands for the same.

`x | replace("a", "b")` is `x | replace: "a", "b"`, `set` is `assign`, `elif` is `elsif`. What
Liquid has not (macros, calls, joined texts) is code that cannot be read, and refused with its line.
"""

from __future__ import annotations

import re

_CODE = re.compile(
    r"(?P<raw>\{%-?\s*(?P<kind>raw|verbatim)\s*-?%\}(?P<inner>.*?)\{%-?\s*end(?P=kind)\s*-?%\})"
    r"|(?P<comment>\{#.*?#\})|(?P<code>\{\{[^{}]*+\}\}|\{%[^{}]*+\})",
    re.DOTALL,
)
_STRING = re.compile(r"""("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')""")
_CALLED = re.compile(r"\|\s*(\w+)\s*\(([^()]*)\)")
_WORDS = (
    (re.compile(r"^(\{%-?\s*)set\s"), r"\1assign "),
    (re.compile(r"^(\{%-?\s*)(?:elif|elseif)\s"), r"\1elsif "),
    (re.compile(r"\bloop\."), "forloop."),
    (re.compile(r"\bnone\b"), "nil"),
)
NAMES = {
    "upper": "upcase", "lower": "downcase", "trim": "strip", "length": "size",
    "striptags": "strip_html", "nl2br": "newline_to_br", "urlencode": "url_encode", "e": "escape",
}  # fmt: skip
"""Filters that Liquid calls otherwise."""


def as_liquid(text: str) -> str:
    """Return a text whose Nunjucks is Liquid; lines stay where they are."""
    if text.rfind("#}") < text.rfind("{#"):
        return text  # a comment that never ends
    for kind in ("raw", "verbatim"):
        marks = re.findall(rf"\{{%-?\s*(end)?{kind}\s*-?%\}}", text)
        if marks and not marks[-1]:
            return text  # which Liquid refuses
    return _CODE.sub(_piece, text)


def _piece(found: re.Match[str]) -> str:
    if found["raw"]:
        return f"{{% raw %}}{found['inner']}{{% endraw %}}"
    if found["comment"]:
        return "\n" * found[0].count("\n")
    strings: list[str] = []

    def aside(one: re.Match[str]) -> str:
        strings.append(one[1])
        return f"\ue0f3{len(strings) - 1}\ue0f3"

    code = _STRING.sub(aside, found["code"].replace("\ue0f3", ""))
    code = _CALLED.sub(_called, code)
    for pattern, instead in _WORDS:
        code = pattern.sub(instead, code)
    return re.sub("\ue0f3(\\d+)\ue0f3", lambda one: strings[int(one[1])], code)


def _called(found: re.Match[str]) -> str:
    given = found[2].strip()
    return f"| {found[1]}: {given}" if given else f"| {found[1]}"
