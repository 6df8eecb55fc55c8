"""Ids of entries as each format takes them: one id an article, for ever the same."""

from __future__ import annotations

import re
import uuid
from urllib.parse import urlsplit

_SIGNS = (
    r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000efffd]"
)
_PART = rf"(?:{_SIGNS}|%[0-9A-Fa-f]{{2}})"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:{_PART}+(?:\#{_PART}*)?")


def is_iri(name: str) -> bool:
    """Return whether an id is an IRI with a scheme (RFC 3987 §2.2), as Atom wants it.

    >>> is_iri("tag:site.example,2026:a1"), is_iri("show_ep_1"), is_iri("a b:c")
    (True, False, False)
    """
    return _IRI.fullmatch(name) is not None


def atom_id(name: str, site: str) -> str:
    """Return an article's id as Atom takes it (RFC 4287 §4.2.6): as it is, where it is an IRI.

    A site's own `guid` may be anything. What is none becomes a name-based UUID (RFC 9562 §5.5) of
    the publication's host and that id: it depends on nothing else, neither on the day nor on the
    article's address. `site` is the publication's address.

    >>> atom_id("show_ep_1", "https://site.example/blog/")
    'urn:uuid:f4fecea8-b3cb-5d12-8389-b4746b8afc8d'
    """
    if is_iri(name):
        return name
    host = (urlsplit(site).hostname or "localhost").lower()
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_DNS, host), name).urn
