"""Files among the articles that are none: a site's own, a licence, logs, tables of data.

By name where everybody calls it so, else by the look of a plain text: lines of directives, lines
that begin with a time, rows of one table. Whatever has front matter is an article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

_SITE = frozenset("robots humans ads app-ads sellers llms llms-full cname keybase".split())
_PROJECT = frozenset(
    "license licence copying copyright readme contributing changelog requirements constraints "
    "manifest codeowners cmakelists install todo version authors maintainers code_of_conduct "
    "code-of-conduct".split()
)
_IN_MARKDOWN = frozenset(
    "license licence readme contributing codeowners code_of_conduct code-of-conduct "
    "pull_request_template issue_template".split()
)
_LICENCE = re.compile(r"[a-z]+[-_]licen[cs]e(?:[-_.][\w.-]+)?|licen[cs]e[-_.][\w.-]+")
_REQUIREMENTS = re.compile(r"(?:[\w-]+[-_])?requirements(?:[-_][\w-]+)?|constraints[-_][\w-]+")
_VERIFIED = re.compile(
    r"google[0-9a-f]{12,20}|yandex_[0-9a-f]{12,20}|pinterest-[0-9a-f]{5}|[0-9a-f]{32}|bingsiteauth"
    r"|baidu_verify_[\w-]+|naver[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
)

_DIRECTIVE = re.compile(
    r"(?:user-agent|disallow|allow|sitemap|crawl-delay|host|clean-param|noindex|request-rate|contact"
    r"|expires|encryption|acknowledgments|preferred-languages|canonical|policy|hiring)\s*:.*"
    r"|[\w.-]+\.[a-z]{2,},\s*[\w-]+,\s*(?:direct|reseller)\b.*",
    re.IGNORECASE,
)
_REQUIREMENT = re.compile(
    r"-[rce]\s+\S+|--[\w-]+(?:[ =]\S+)?"
    r"|[A-Za-z0-9][\w.-]*(?:\[[\w,.-]+\])?\s*(?:[=<>!~]=|[<>]|@)\s*\S.*"
)
_ADDRESS = re.compile(r"https?://\S+|/\S+\s+https?://\S+(?:\s+30\d)?")
_TIME = re.compile(
    r"[\[(<]?\s*(?:"
    r"\d{4}[-/.]\d\d[-/.]\d\d[ T]\d\d:\d\d(?::\d\d)?"
    r"|\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d"
    r"|(?:[A-Z][a-z]{2}\s+)?[A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d"
    r"|\d\d:\d\d:\d\d(?:[.,]\d+)?"
    r"|\d{10}(?:\.\d+)?"
    r")"
)
_CLIENT = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}\s+\S+\s+\S+\s+\[\d\d/[A-Z][a-z]{2}/\d{4}:")
_LEVEL = re.compile(
    r"[\[(<]?(?:DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRIT(?:ICAL)?|FATAL|TRACE)\b", re.ASCII
)
_NUMBER = re.compile(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?")
_COLUMNS = re.compile(r"\S(?: {3,}|\t+)[-+(]?[\d.]|^[-=*_#~+|]{8,}$|^[A-Z][\w /]{0,20}\d*: +\S")
_DAY = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-")
_MOST_LINES = 400


def by_name(path: str) -> str:
    """Return what a file is whose name everybody knows, "" where it may be an article.

    >>> by_name("extra/robots.txt"), by_name("harbour.txt"), by_name("LICENSE.md")
    ('a file for the site itself', '', 'a file of the project')
    """
    pure = PurePosixPath(path.lower())
    stem, suffix = pure.stem, pure.suffix
    if suffix in (".html", ".htm"):
        return "a file for the site itself" if _VERIFIED.fullmatch(stem) else ""
    if suffix != ".txt":
        return "a file of the project" if stem in _IN_MARKDOWN else ""
    if stem in _SITE or _VERIFIED.fullmatch(stem):
        return "a file for the site itself"
    if stem in _PROJECT or _LICENCE.fullmatch(stem) or _REQUIREMENTS.fullmatch(stem):
        return "a file of the project"
    return ""


def by_place(path: str, above: Sequence[str] = ()) -> str:
    """Return what a file without front matter is by the folder that it lies in, "" for an article.

    `above` are the folders of all articles. Jekyll takes for a post what has a day in its name.

    >>> by_place("_posts/part.md"), by_place("_posts/2026-01-05-a.md"), by_place("part.md")
    ('a part of others: no post of Jekyll', '', '')
    """
    pure = PurePosixPath(path)
    is_post = "_posts" in (*above, *pure.parts[:-1])
    return "a part of others: no post of Jekyll" if is_post and not _DAY.match(pure.name) else ""


def by_look(text: str) -> str:
    """Return what a plain text is that reads as no article, "" where it may be one.

    >>> by_look("User-agent: *\\nDisallow: /private/\\n"), by_look("Title\\n\\nText.")
    ('directives for programs', '')
    """
    lines = [line.strip() for line in text.split("\n", _MOST_LINES)[:_MOST_LINES] if line.strip()]
    told = [line for line in lines if not line.startswith("#")]
    if not told:
        return ""
    if _most(told, _DIRECTIVE.fullmatch):
        return "directives for programs"
    if len(told) > 1 and _most(told, _REQUIREMENT.fullmatch):
        return "a list of packages"
    if told[0].startswith("-----BEGIN "):
        return "a key"
    if len(told) > 1 and _most(told, _ADDRESS.fullmatch):
        return "a list of addresses"
    if len(told) > 19 and all(line.isascii() and " " not in line for line in told):
        return "a list of words"
    if len(told) > 2 and _is_log(told):
        return "a log"
    if len(told) > 2 and _is_table(told):
        return "a table of data"
    if len(told) > 9 and sum(bool(_COLUMNS.search(line)) for line in told) >= 0.5 * len(told):
        return "what a program printed"
    return ""


def _most(lines: Sequence[str], is_one: object) -> bool:
    """Whether nearly all lines are such; one article in prose has none."""
    assert callable(is_one)
    return sum(bool(is_one(line)) for line in lines) >= 0.9 * len(lines)


def _is_log(lines: Sequence[str]) -> bool:
    """Whether most lines begin with a time or a client: the rest are what an entry goes on with."""
    begun = sum(bool(_TIME.match(one) or _CLIENT.match(one) or _LEVEL.match(one)) for one in lines)
    return begun >= max(3, 0.6 * len(lines))


def _is_table(lines: Sequence[str]) -> bool:
    """Whether all lines have the same number of cells, most of them numbers or one word."""
    for mark in ("\t", ";", "|", ","):
        counts = {line.count(mark) for line in lines}
        if len(counts) == 1 and counts != {0}:
            cells = [cell.strip() for line in lines[1:] for cell in line.split(mark)]
            short = sum(" " not in cell or bool(_NUMBER.fullmatch(cell)) for cell in cells)
            if short >= 0.8 * len(cells):
                return True
    numbers = [word for line in lines for word in line.split()]
    return sum(bool(_NUMBER.fullmatch(word)) for word in numbers) >= 0.9 * len(numbers)
