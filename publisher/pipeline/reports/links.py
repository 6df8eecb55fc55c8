"""Asking for the addresses of coming editions: politely, and no longer than one can wait."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice, zip_longest
from threading import Event
from urllib.parse import urlsplit

import msgspec

from publisher import __version__
from publisher.checks import Asked
from publisher.fetching import Fetcher, Unanswered
from publisher.model import Publication

_MOST = 500  # addresses in all
_AT_ONCE = 8  # servers
_PAUSE = 1.0  # seconds between two questions to one server
_LONGEST = 120.0  # seconds in all
_TO_BE_SURE = 400  # from this status on: there are servers that know no HEAD

Progress = Callable[[str, int, int], None]


class Politeness(msgspec.Struct, frozen=True, kw_only=True):
    """How much is asked: `most` addresses, `pause` seconds between two of one server's, `longest`
    seconds in all.
    """

    most: int = _MOST
    pause: float = _PAUSE
    longest: float = _LONGEST


def fetcher_of(own: Publication) -> Fetcher:
    """Return what asks in the name of a publication."""
    return Fetcher(f"publisher/{__version__} (+{own.base_url})")


def asked(
    urls: Sequence[str], fetcher: Fetcher, progress: Progress, politeness: Politeness | None = None
) -> Mapping[str, Asked]:
    """Return what came of each address that there was time to ask for.

    One question at a time to each server, and several servers at once.
    """
    manners = politeness or Politeness()
    by_host: dict[str, list[str]] = {}
    for url in urls:
        by_host.setdefault(_host(url), []).append(url)
    chosen = set(islice(_by_turns(by_host.values()), manners.most))
    is_over = Event()
    found: dict[str, Asked] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        work = [
            pool.submit(
                _one_server,
                [one for one in group if one in chosen],
                fetcher,
                manners,
                is_over,
                found,
            )
            for group in by_host.values()
        ]
        try:
            for _ in as_completed(work, timeout=manners.longest):
                progress("Asking", len(found), len(chosen))
        except TimeoutError:
            pass
        finally:
            is_over.set()
    progress("Asking", len(found), len(chosen))
    return found


def _one_server(
    urls: Sequence[str],
    fetcher: Fetcher,
    manners: Politeness,
    is_over: Event,
    found: dict[str, Asked],
) -> None:
    for number, url in enumerate(urls):
        if is_over.wait(manners.pause if number else 0):
            return
        found[url] = _ask(url, fetcher)


def _ask(url: str, fetcher: Fetcher) -> Asked:
    try:
        answer = fetcher.ask(url)
        if answer.status >= _TO_BE_SURE:
            answer = fetcher.ask(url, "GET")
    except Unanswered as error:
        return Asked(why=str(error), is_final=error.is_final)
    told = answer.headers.get("content-length", "")
    length = int(told) if re.fullmatch(r"[0-9]{1,15}", told) else None
    return Asked(answer.status, answer.moved, length=length)


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def _by_turns(groups: Iterable[Sequence[str]]) -> Iterator[str]:
    """One of each server, and so on: of a thousand from one, the others still have their turn."""
    for row in zip_longest(*groups):
        yield from (one for one in row if one is not None)
