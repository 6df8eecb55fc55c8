"""Texts of any length that cost some reader more than they are long, or once did.

Each shape is a suffix, a name, and what makes `n` characters or so of it. Growth is measured over
all of them (benchmarks/growing.py); the corpus holds each in one size (corpus.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.hostile.dialects import DIALECTS, MDX, REST
from tests.hostile.makers import Make, again, counted, nested, units


def _doubled(link: str) -> Make:
    """A value that stands for two of the one before it, so that n lines are 2ⁿ values."""
    return lambda n: (
        "---\na0: &a0 {x: 1}\n"
        + "".join(f"a{one}: &a{one} {link.format(one - 1)}\n" for one in range(1, n // 1000))
        + "---\nx"
    )


_NOTES = '<section class="footnotes" data-footnotes> '

HTML: dict[str, Make] = {
    **units(
        "< <a <a␣ <p␣ <!-- <? <!A <![CDATA[ </b> & &a &#x &amp &amp; &copy␣ © &</b> &<td> <h1> "
        "<br> <p>x <p>x</p> </p> <div> <div></div> <a␣href=x>x</a> <a␣href=x>x <li>x <table> "
        "<table><td> <rt>x <ruby><rt>x <script>x <style> <style></style> <textarea>x <select> "
        "<svg> <math><mi> <svg><p> <template> <frameset> <foo>x</foo> <foo><br> <b>x</b> <i><p> "
        "<i><p></i> <a><div></a> <b><i></b></i> <nobr>x <button>x <form>x <h2>x <dt>x<dd>y "
        "<details><summary> <ins>a</ins><del> <pre>x <video> <video></video> <img␣src=a> <picture> "
        '<a␣href="\'> <p␣title=" <b␣title="</b>"> <b><!--</b>--> <!--␣a␣--> <!DOCTYPE␣html> '
        '<a␣href="#fn <a␣href="#fnref"␣data-footnote-backref> <input␣type="checkbox" <p>{:␣ ␣{# {{ '
        "<iframe␣src=a></iframe> <noscript> <noscript><img␣src=a></noscript> <object> <a␣name=a> "
        "<img␣data-src=a> <math><mfrac><mi>a</mi></math> <span␣hidden>x</span> <span␣hidden> "
        "class= ␣class=a <p␣style='mso-list:l0␣level1'>x</p> <picture><source␣srcset=a> <q>x "
        "<p>x<sup>2</sup></p> <a␣href='#a'>x</a><h2>a</h2> <h2␣id=a>x</h2> <figure><img␣src=a> "
        "{{x}}␣ {%␣ <code>{{ <code>{{</code> \u202e \u200d 👩\u200d👧 x x␣"
    ),
    "<h1><<<": again("<", "<h1>"),
    "rules of a style sheet": again(".a{display:none}", "<style>", "</style><p class=a>x"),
    "selectors of a rule": again(".a,", "<style>.b{display:none} ", "a{}</style><p class=a>x"),
    "boxes that are called menus": again("<div class=menu><a href=a>x</a></div>"),
    "spaces": again(" "),
    "no-break spaces": again("a\u00a0"),
    "tabs": again("\t"),
    "newlines": again("\n"),
    "a number without end": again("9", "<p>&#", ";"),
    "attributes": counted(" a@", "<p", ">x"),
    "attributes with values": counted(' a@="@"', "<p", ">x"),
    "an attribute of & alone": again("&", '<a title="', '">x</a>'),
    "attributes of & alone": again('<a title="' + "&" * 4_000 + '">x</a>'),
    "an attribute": again("x", '<p title="', '">x'),
    "an attribute that never ends": again("x", '<p title="'),
    "formatting opened anew": lambda n: (
        "".join(f"<b id=a{one}>" for one in range(n // 20)) + "<p>x" * (n // 8)
    ),
    "a hundred formats opened anew": lambda n: (
        "".join(f"<b lang=a{one}>" for one in range(100)) + "</p>x<p>x" * (n // 9)
    ),
    "elements out of cells": again("<b>x</b>", "<table>"),
    "texts out of cells": again("x<tr>", "<table>"),
    "breaks out of cells": again("<br>", "<table>"),
    "breaks after a cell": again("x<br>", "<table><tr><td>x</td></tr>"),
    "cells": again("<td>x", "<table><tr>"),
    "rows": again("<tr><td>x", "<table>"),
    "marks on a letter": again("\u0315\u0300", "<p>a", "</p>"),
    "marks on a letter of a heading": again("\u0315\u0300", "<h1>a", "</h1>x"),
    "links": counted("<a href=b@>x</a>"),
    "a text in quotations": nested("<blockquote>", 150, "x "),
    "a text in lists": nested("<ul><li>", 90, "x "),
    "a text in emphases": nested("<em>", 190, "x "),
    "emphases in emphases": nested("<em>", 190, "<i>x</i>"),
    "blanks before a picture": again(" ", "<p>", "<img src=a>"),
}

_IN_PAGES = (
    "< & &amp; <p>x <p>x</p> <div> <li>x <table> <b><!--</b>--> <rt>x <!-- <meta␣name=a␣content=b>"
)

PAGES: dict[str, Make] = {
    name: (lambda n, make=make: f"<html><title>x</title><body>{make(n)}")
    for name, make in {
        **units(_IN_PAGES),
        "no-break spaces": HTML["no-break spaces"],
        "attributes": HTML["attributes"],
        "formatting opened anew": HTML["formatting opened anew"],
        "links": HTML["links"],
        "attributes of the body": counted("<body a@=1>"),
        "an XML declaration": again(" ", "<?xml", "<html>"),
    }.items()
}

MARKDOWN: dict[str, Make] = {
    **units(
        "[ ![ [a]( [](x)␣ [a](<b ]( [a][ [a]] *a␣ **a *a_␣ * a**b_ _a__ 中** *x*␣ ~a␣ ~~a ` "
        "`a␣ > >⏎ -␣ 1.␣ *␣a⏎ -␣a⏎⏎ ***⏎ #␣a⏎ a⏎=⏎ | |- |⏎ -|-⏎ |a|b|⏎ [^a] [^a]:␣ [a]:⏎ < "
        'a␣<!--␣ a␣<?␣ a␣<!A␣ a␣<![CDATA[␣ a␣<b␣ a␣<a␣b=" <http: <a@b <div>⏎⏎ <div>⏎ <script>⏎ '
        "www. www.a␣ http:// http://a␣ a@ a@b.c␣ a@a.a mailto:a@ xmpp:a@b/ a: & &amp; \\ \\* "
        ">␣-␣ -␣>␣ >\t a␣␣⏎ ```⏎ ~~~a⏎ >␣```⏎ ␣␣␣␣a⏎ a⏎ a␣ -␣[␣]␣a⏎ a⏎{:␣.b}⏎⏎ #␣a␣{# ⏎[ "
        '[x](y␣" [x](<y␣ a](b) [[a](b)'
    ),
    "comments of Obsidian": again("%% x\n"),
    "boxes that are hidden": again("::: hidden\nx\n"),
    "code ticks of all lengths": lambda n: "".join(
        "`" * one + " " for one in range(1, int((2 * n) ** 0.5))
    ),
    "lines in many quotations": lambda n: ">" * (n // 4) + "\n" + "a\n" * (n // 4),
    "blank lines in many lists": lambda n: "- " * (n // 4) + "a" + "\n" * (n // 2),
    "lines in many lists": lambda n: "- " * 199 + "a\n" + "b\n" * (n // 2),
    "lists in lists": lambda n: "".join(" " * (2 * one) + "- a\n" for one in range(int(n**0.5))),
    "a wide table of short rows": lambda n: (
        "|" + "a|" * (n // 4) + "\n|" + "-|" * (n // 4) + "\n" + "|\n" * (n // 4)
    ),
    "a table of short rows": again("|\n", "|" + "a|" * 50 + "\n|" + "-|" * 50 + "\n"),
    "a table": again("|x|y|\n", "|a|b|\n|-|-|\n"),
    "tables": again("|a|b|\n|-|-|\n\n"),
    "a heading of many lines": again("a\n", after="==="),
    "notes": counted("[^@] [^@]: x\n\n"),
    "notes that are used": lambda n: (
        "".join(f"[^{one}] " for one in range(n // 24))
        + "\n\n"
        + "".join(f"[^{one}]: x\n\n" for one in range(n // 24))
    ),
    "a note used again and again": again("[^a] ", after="\n\n[^a]: x\n"),
    "notes within notes": lambda n: (
        "[^0]\n\n" + "".join(f"[^{one}]: [^{one + 1}]\n\n" for one in range(n // 16))
    ),
    "a note that names itself": again("[^a] ", "[^a]\n\n[^a]: "),
    "a note defined again and again": again("[^a]: x\n\n", "[^a]\n\n"),
    "links by name": lambda n: (
        "".join(f"[{one}]: x\n" for one in range(n // 20))
        + "\n"
        + "".join(f"[{one}] " for one in range(n // 20))
    ),
    "a long title used again and again": lambda n: (
        "[a]: /u '" + "t" * (n // 2) + "'\n\n" + "[a] " * (n // 8)
    ),
    "marks of footnotes": again('<a href="#fnref" data-footnote-backref>a', _NOTES),
    "links of footnotes": again('<sup class="footnote-ref"><a href="#fn', _NOTES),
    "items of footnotes": again('<li id="fn-', _NOTES),
    "numbers of one footnote": again("[^a] ", "[^a]: b\n\n"),
    "footnotes": counted("a[^@]\n\n[^@]: b\n\n"),
    "lists like footnotes": counted(
        '<hr><ol><li id="footnote-@">a<sup id="footnote-ref-@">[@]</sup></li></ol>'
    ),
    "lists like footnotes in each other": nested(
        '<hr><ol><li id="footnote-1">', 40, '<sup id="footnote-ref-1">[1]</sup> '
    ),
    "pictures in pictures": lambda n: "![" * (n // 6) + "a" + "](b)" * (n // 6),
    "emphases in emphases": lambda n: "*a **b " * (n // 14) + "c** d*" * (n // 14),
    "an address with brackets": lambda n: "www.a.b/" + "(" * (n // 2) + ")" * (n // 2),
    "an address with references": again("&a;", "www.a.b/"),
    "an address with lines": again("_.", "www."),
    "an address that asks": again("?", "www.a.b"),
    "a link that never ends": again("(", "[a]("),
    "blank lines of code": again("\n", "    a\n"),
    "marks on a letter": again("\u0315\u0300", "a"),
}

_LONG = "word " * 14 + "\n"

TEXT: dict[str, Make] = {
    "lines": again("Word\n"),
    "a wrapped paragraph": again(_LONG, "T\n\n"),
    "a wrapped quotation": again("> " + _LONG, "T\n\n"),
    "items": again("- a\n", "T\n"),
    "labels": again("See also:\n", "T\n"),
    "you": again("you ", "T\n"),
    "lines of you": again("you you you you\n", "T\n"),
    "addresses": again("http://", "T\n"),
    "addresses that are none": again("http://,,,,", "T\n"),
    "an address with stops": again(".", "T\nhttp://a"),
    "a long name": again(" A", "T\nBy A", "!\nx"),
    "many names": again(", A B", "T\nBy A B", "!\nx"),
    "a line under a heading": again("=", "T\n\n" + _LONG + "x\n", "x\n"),
    "lines under headings": again("===\n", "T\n\n" + _LONG + "x\n"),
    "one word": again("x", "T\n"),
    "blank lines": again("\n", "T", "a"),
    "an item of blanks": again(" ", "T\n1. "),
    "digits": again("1", "T\n"),
    "signs": again("<", "T\n"),
    "marks on a letter": again("\u0315\u0300", "T\na"),
}


def _fenced(fence: str, shapes: Mapping[str, tuple[str, str, str]]) -> Iterator[tuple[str, Make]]:
    for name, (unit, before, after) in shapes.items():
        make = counted if "@" in unit else again
        yield name, make(unit, f"{fence}\n{before}", f"{after}\n{fence}\nx")


_YAML = {
    "keys": ("k@: 1\n", "", ""),
    "one key": ("k: 1\n", "", ""),
    "a list": ("- 1\n", "a:\n", ""),
    "a list on a line": ("1,", "a: [", "]"),
    "lists in lists": ("[", "a: ", ""),
    "lists in lists after a text": ("[", 'a: "' + "]" * 9000 + '"\nb: ', ""),
    "lists that look closed": ('[ "]", ', "a: ", ""),
    "ninety lists in lists": ("1,", "a: " + "[" * 90, "]" * 90),
    "a number in sixties": (":1", "a: 1", ""),
    "a fraction in sixties": (":1", "a: 1", ".5"),
    "digits": ("9", "a: ", ""),
    "hexadecimal digits": ("1", "a: 0x", ""),
    "a fraction": ("9", "a: 1.", ""),
    "words": ("x ", "a: ", ""),
    "lines of a text": ("  x\n", "a:\n", ""),
    "a literal text": ("  x\n", "a: |\n", ""),
    "escapes": ("\\n", 'a: "', '"'),
    "newlines": ("\n", "a: b", ""),
    "anchors": ("k@: &a@ 1\n", "", ""),
    "aliases": ("k@: *z\n", "z: &z 1\n", ""),
    "merges": ("  <<: *z\n", "z: &z {a: 1}\nb:\n", ""),
    "a merge of many": ("*z,", "z: &z {" + "".join(f"k{n}: 1, " for n in range(500)) + "}\nb:\n  <<: [", "]"),
    "tags": ("%TAG !a@! x\n", "", ""),
    "questions": ("? a\n", "", ""),
    "questions in questions": ("? ", "", ""),
    "comments": ("#\n", "", ""),
    "a table on a line": ("b: 1, ", "a: {", "}"),
    "a set": ("k@,", "a: !!set {", "}"),
    "documents": ("--- a\n", "a: b\n", ""),
    "tabs": ("\t", "a:", "b"),
    "names of tags": ("t@,", "title: x\ntags: [", "]"),
    "a summary": ("[é *", "title: a\nsummary: '", "'"),
    "an address": ("../", "title: a\ncanonical: '", "'"),
    "keys of ours": ("  k@: 1\n", "title: a\nnewsletter:\n", ""),
}  # fmt: skip

_TOML = {
    "keys": ("k@ = 1\n", "", ""),
    "a key of many parts": ("a.", 'title = "x"\n', "a = 1"),
    "a table of many parts": ("a.", 'title = "x"\n[', "a]\nx = 1"),
    "tables": ("[k@]\n", "", ""),
    "tables in a list": ("[[a]]\n", "", ""),
    "tables in tables in a list": ("[[a]]\n[[a.b]]\n", "", ""),
    "keys of forty parts": ("a." * 40 + "k@ = 1\n", "", ""),
    "what looks like a table": (" ", 'a = """\n[[a', '\n"""'),
    "a long name": ("a", "[", "]\nx = 1"),
    "blanks": (" ", "a = 1", ""),
    "escapes": ("\\n", 'a = "', '"'),
    "lines": ("x\n", 'a = """', '"""'),
    "quotes": ('""x', 'a = """', '"""'),
    "a list": ("1,", "a = [", "]"),
    "lists in lists": ("[", "a = ", ""),
    "tables within tables": ("{a=", "a = ", ""),
    "keys on a line": ("k@=1,", "a = {", "z=1}"),
    "digits": ("9", "a = ", ""),
    "hexadecimal digits": ("f", "a = 0x", ""),
    "comments": ("#\n", "", ""),
    "fractions of a second": ("9", "a = 2026-11-11T00:00:00.", ""),
}  # fmt: skip

_JSON = {
    "newlines": again("\n", '{"title":"x"', "}\nx"),
    "newlines without end": again("\n", '{"title":"x"'),
    "keys": counted('"k@": 1,\n', "{", '"z": 1}\nx'),
    "one key": again('"k": 1,\n', "{", '"z": 1}\nx'),
    "lists in lists": again("[", '{"a":'),
    "tables in tables": again('{"a":'),
    "a text without end": again("x", '{"a":"'),
    "escapes": again("\\n", '{"a":"', '"}\nx'),
    "surrogates": again("\\ud800", '{"title":"', '"}\nx'),
    "digits": again("9", '{"a":', "}\nx"),
    "an exponent": again("9", '{"a":1e', "}\nx"),
    "a list": again("1,", '{"a":[', "1]}\nx"),
}

FRONT_MATTER: dict[str, Make] = {
    **{f"YAML: {name}": make for name, make in _fenced("---", _YAML)},
    **{f"TOML: {name}": make for name, make in _fenced("+++", _TOML)},
    **{f"JSON: {name}": make for name, make in _JSON.items()},
    "YAML: aliases of aliases": _doubled("[*a{0}, *a{0}]"),
    "YAML: merges of merges": _doubled("{{<<: [*a{0}, *a{0}]}}"),
    "YAML without an end": again("a: b\n", "---\n"),
    "header lines": again("Key-a: 1\n", "Title: x\n", "\nx"),
    "a header of many lines": again(" aaaa\n", "Title: x\n", "\nx"),
    "a header of blanks": again(" ", "Title:", "\nx"),
    "lines of Nikola": again(".. a: b\n", ".. title: x\n", "\nx"),
    "blank lines before a fence": again("\n", after="---"),
    "blank lines of a comment": again("\n", "<!--\n", "-->\nx"),
}

OF_DIALECTS = {".mkd": DIALECTS, ".mdx": MDX, ".rst": REST}
"""Shapes of other generators' markup, by suffix."""

SHAPES: Mapping[tuple[str, str], Make] = {
    (suffix, name): make
    for suffix, shapes in (
        (".html", HTML),
        (".htm", PAGES),
        (".md", MARKDOWN),
        (".txt", TEXT),
        (".markdown", FRONT_MATTER),
        *OF_DIALECTS.items(),
    )
    for name, make in shapes.items()
}
"""Every shape by suffix and name."""
