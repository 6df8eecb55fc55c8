"""Which folders hold posts, where no configuration says so: those that are called so."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator

from publisher.adoption.folders import SiteFolder

_CALLED = ("posts", "post", "blog", "articles", "news", "stories", "notes", "writing", "_posts")
TEXTS = (".md", ".markdown", ".mdx")
_NEVER = {"test", "tests", "fixtures", "docs", "examples", "drafts"}


def post_folders(
    folder: SiteFolder, start: str, kinds: tuple[str, ...] = TEXTS
) -> list[tuple[str, int]]:
    """Folders below `start` of posts with how many files each holds, the largest first.

    Without a folder that is called so, the one with most texts.
    """
    counts: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for path in _texts(folder, start, kinds):
        below = path.removeprefix(f"{start}/") if start else path
        parts = below.split("/")[:-1]
        if any(part.lower() in _NEVER for part in parts):
            continue
        named = next((at for at, part in enumerate(parts) if part.lower() in _CALLED), None)
        if named is not None:
            counts[posixpath.join(start, "/".join(parts[: named + 1]))] += 1
        elif parts:
            others[posixpath.join(start, parts[0])] += 1
    found = counts or Counter(dict(others.most_common(1)))
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))


def _texts(folder: SiteFolder, start: str, kinds: tuple[str, ...]) -> Iterator[str]:
    """Texts below `start`, and those of a folder `_posts` there, which a walk passes over."""
    yield from folder.articles(start, kinds)
    if folder.has_folder(own := posixpath.join(start, "_posts")):
        yield from folder.articles(own, kinds)


def is_called_posts(path: str) -> bool:
    """Whether a folder's name says that it holds posts."""
    return path.rpartition("/")[2].lower() in _CALLED
