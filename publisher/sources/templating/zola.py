"""Zola's built-in shortcodes (its documentation, and version 0.22)."""

from __future__ import annotations

from publisher.sources.templating.code import Builtin, Code, Fault, frame, named


def youtube(code: Code) -> str:
    """A film."""
    return frame(f"https://www.youtube.com/embed/{named(code, 'id')}")


def vimeo(code: Code) -> str:
    """A film."""
    return frame(f"https://player.vimeo.com/video/{named(code, 'id')}")


def streamable(code: Code) -> str:
    """A film."""
    return frame(f"https://streamable.com/e/{named(code, 'id')}")


def gist(code: Code) -> str:
    """Code that is shown elsewhere."""
    address = code.needed("url")
    if not address.startswith("https://gist.github.com/"):
        raise Fault(f"the shortcode gist names what cannot be a gist: {address[:60]!r}")
    return frame(address)


BUILTINS: dict[str, Builtin] = {
    "youtube": youtube, "vimeo": vimeo, "streamable": streamable, "gist": gist,
}  # fmt: skip
