"""Which key of front matter holds the titles, where a site's articles have no `title`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import islice

from publisher.adoption.documents import front_matter
from publisher.adoption.folders import SiteFolder
from publisher.adoption.site import Found, habit
from publisher.sources.keys import plain

_MOST = 300  # files that are looked at
_LONGEST = 200  # characters of a title
_LIKE_A_TITLE = re.compile(r"title|headline|heading|subject|^name$", re.IGNORECASE)
_SHARE = 0.5  # of the files must lack a title, and have the other key
_OWN = 0.7  # of the values must be no other article's: `title: Blog` on all pages is a section's


def title_key(folder: SiteFolder, content: str) -> Found | None:
    """Return the key that most articles of a folder have in the place of a title, None if none."""
    files = untitled = 0
    found: dict[str, list[str]] = defaultdict(list)
    spelt: Counter[tuple[str, str]] = Counter()
    for path in islice(folder.articles(content), _MOST):
        values = front_matter(folder, path).values
        if not values:
            continue
        files += 1
        if any(plain(key) == "title" and value for key, value in values.items()):
            continue
        untitled += 1
        for key, value in values.items():
            if _LIKE_A_TITLE.search(key) and _is_title(value):
                found[plain(key)].append(str(value).strip())
                spelt[plain(key), key] += 1
    if untitled <= files * _SHARE:
        return None
    most = max(found, key=lambda key: len(found[key]), default="")
    values_of = found.get(most, [])
    is_shared = len(values_of) > untitled * _SHARE
    if not is_shared or len(set(values_of)) < len(values_of) * _OWN:
        return None
    name = max((key for known, key in spelt if known == most), key=lambda key: spelt[most, key])
    return habit([name], f"{len(values_of)} of {files} files have it, and no title")


def _is_title(value: object) -> bool:
    text = value.strip() if isinstance(value, str) else ""
    return 0 < len(text) <= _LONGEST and "\n" not in text and "://" not in text
