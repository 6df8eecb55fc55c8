"""What the editor wants to see of an edition, as the preview's addresses say it."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import asdict, replace

from publisher.rendering import LOOKS, SCHEMES


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """An edition, for a reader, in light, in the dark, both or inverted, with pictures or without.

    `template` is shown instead of the newsletter's own; `path` is a page of the site.
    """

    name: str
    reader: str = ""
    scheme: str = "light"
    images: bool = True
    template: str = ""
    path: str = ""

    @property
    def schemes(self) -> tuple[str, ...]:
        """Light, dark, inverted, or light and dark."""
        return SCHEMES if self.scheme == "both" else (self.scheme,)

    @property
    def query(self) -> str:
        """What stands after the question mark for it."""
        given = {"name": self.name, "as": self.reader, "scheme": self.scheme}
        given |= {} if self.images else {"images": "off"}
        given |= {key: value for key in ("template", "path") if (value := getattr(self, key))}
        return urlencode(given)

    def with_(self, **changes: Any) -> Chosen:
        """Return it with something else chosen."""
        return replace(self, **changes)

    def plain(self) -> SimpleNamespace:
        """Return it as templates see it, in words that the process which renders them knows."""
        return SimpleNamespace(**asdict(self), schemes=self.schemes, query=self.query)


def chosen_of(given: Mapping[str, str], first: Chosen) -> Chosen:
    """Return what a request asks for; `first` is shown where it says nothing."""
    scheme = given.get("scheme", "light")
    return Chosen(
        name=given.get("name", first.name),
        reader=given.get("as", first.reader),
        scheme=scheme if scheme in (*LOOKS, "both") else "light",
        images=given.get("images") != "off",
        template=given.get("template", ""),
        path=given.get("path", ""),
    )


def frame_of(chosen: Chosen, template: str) -> Mapping[str, str]:
    """Return, for each look, the address of a frame that shows an edition by a template."""
    one = chosen.with_(template=template)
    found = {scheme: one.with_(scheme=scheme, images=True) for scheme in LOOKS}
    found["pictures off"] = one.with_(scheme="light", images=False)
    return {look: each.query for look, each in found.items()}
