"""publisher.toml → the frozen `Publication`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from publisher import files
from publisher.config import feeds, sources, theme
from publisher.config.lines import toml_lines
from publisher.config.publication import completed
from publisher.config.reader import FILE, NAMED, TABLES, Reader
from publisher.errors import ConfigError
from publisher.model import Publication

_MOST = 5_000_000  # bytes of the configuration


def find(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds a publisher.toml."""
    for folder in (start, *start.absolute().parents):
        if (folder / FILE).is_file():
            return folder
    raise ConfigError(
        f"there is no {FILE} in {start.absolute()} or above it",
        todo="Go to your publication or name it with -C, or start one: publisher init",
    )


def load(root: Path) -> Publication:
    """Read `root`/publisher.toml; raise ConfigError naming the line of the first fault."""
    path = root / FILE
    try:
        data = files.read(path, _MOST)
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"byte {error.start} is not UTF-8", path=FILE, todo="Save the file as UTF-8."
        ) from None
    return parse(text)


def parse(text: str) -> Publication:
    """Return the publication that the text of a publisher.toml declares."""
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise ConfigError("nested too deeply", path=FILE) from None
    except ValueError as error:  # TOMLDecodeError, and numbers of a thousand digits
        line = re.search(r"at line (\d+)", str(error))
        raise ConfigError(
            f"not TOML: {error}", path=FILE, line=int(line.group(1)) if line else None
        ) from None
    reader = Reader(toml_lines(text))
    tables = ("publication", *TABLES)
    for key in table:
        if key not in tables:
            raise reader.unknown(key, key, tables)
    main = reader.table(table.get("publication", {}), "publication")
    if isinstance(main.get("theme"), str):  # theme = "NAME" is short for a table with that name
        table["theme"] = {
            "name": main.pop("theme"),
            **reader.table(table.get("theme", {}), "theme"),
        }
    if isinstance(table.get("theme"), dict):
        table["theme"] = theme.with_social(table["theme"], reader)
    if isinstance(table.get("feeds"), dict):
        table["feeds"] = feeds.with_podcasts(table["feeds"])
    if isinstance(table.get("sources"), dict):
        table["sources"] = sources.with_records(table["sources"], reader)
    for key in TABLES:
        if key in main:
            raise reader.wrong(
                f"publication.{key}", "is a table of its own", f"Write it as [{key}]."
            )
        if key in table:
            main[key] = table[key]
    for key in NAMED:
        main[key] = list(reader.named(table.get(key, {}), key))
    return completed(reader.record(Publication, main, "publication"), reader)
