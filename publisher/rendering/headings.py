"""An article's own headings below the one that is its title."""

from __future__ import annotations

from publisher.model import elements

_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_DEEPEST = 6


def below(html: str, title: int) -> str:
    """Return a sanitised body whose headings stand below a title of that level.

    The first begins one level lower, none goes down more than one at a time, and those that were
    alike are alike (WCAG 2.2, technique G141).

    >>> below("<h2>A</h2><h4>B</h4><h3>C</h3><h2>D</h2>", 3)
    '<h4>A</h4><h5>B</h5><h5>C</h5><h4>D</h4>'
    """
    if "<h" not in html:
        return html
    above: list[int] = []  # as they were written, of the headings that the next may stand below
    opened: list[str] = []

    def renamed(tag: str, closes: bool) -> str:
        if tag not in _HEADINGS:
            return tag
        if closes:
            return opened.pop() if opened else tag
        while above and above[-1] >= int(tag[1]):
            above.pop()
        above.append(int(tag[1]))
        opened.append(f"h{min(_DEEPEST, title + len(above))}")
        return opened[-1]

    return elements.with_tags(html, renamed)
