"""How large files are that lie on other people's servers: what was asked for is kept in a file.

`enclosures.csv` beside publisher.toml has an address and its bytes on a line. It is the editor's:
it can be written by hand, and belongs under git. A build asks nobody.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec.structs import replace

from publisher import files
from publisher.errors import ConfigError
from publisher.model import Article, Enclosure
from publisher.outbox import put

FILE = "enclosures.csv"

_MOST = 20_000_000  # bytes of the file
_LONGEST = 10**13  # bytes of a sound


def lengths_of(root: Path) -> dict[str, int]:
    """Return the bytes by address that the file knows; raise ConfigError for what is no number."""
    try:
        text = files.read(root / FILE, _MOST).decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read {FILE}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError("it is not UTF-8", path=FILE, todo="Save the file as UTF-8.") from None
    return _read(text)


def _read(text: str) -> dict[str, int]:
    found = {}
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
            if not row or row == ["url", "bytes"]:
                continue
            url, length = (row[0].strip(), row[1].strip()) if len(row) == 2 else ("", "")
            if not url or not length.isdecimal() or int(length[:20]) > _LONGEST:
                raise ConfigError(
                    "it must be an address and a number of bytes",
                    path=FILE,
                    line=number,
                    todo="Write it as in https://cdn.example/1.mp3,54824269",
                )
            found[url] = int(length)
    except csv.Error as error:
        raise ConfigError(f"it is no table: {error}", path=FILE) from None
    return found


def keep_lengths(root: Path, lengths: Mapping[str, int]) -> None:
    """Write the file, in order of address."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["url", "bytes"])
    writer.writerows(sorted(lengths.items()))
    put(root / FILE, text.getvalue().encode())


def unknown(articles: Iterable[Article]) -> list[str]:
    """Return the addresses of files whose length is not known, each once."""
    found = (file for article in articles for file in _files(article))
    return list(dict.fromkeys(file.url for file in found if not file.length))


def with_lengths(article: Article, lengths: Mapping[str, int]) -> Article:
    """Return an article whose files have the lengths that are known of them."""
    if not lengths or not any(file.url in lengths and not file.length for file in _files(article)):
        return article
    return article.but(
        enclosure=article.enclosure and _known(article.enclosure, lengths),
        enclosures=tuple(_known(file, lengths) for file in article.enclosures),
    )


def _known(file: Enclosure, lengths: Mapping[str, int]) -> Enclosure:
    return file if file.length else replace(file, length=lengths.get(file.url, file.length))


def _files(article: Article) -> tuple[Enclosure, ...]:
    return (article.enclosure, *article.enclosures) if article.enclosure else ()
