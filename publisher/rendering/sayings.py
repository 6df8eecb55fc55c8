"""A theme's own words, with values filled in."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

from publisher.model import filled


def said(
    words: Mapping[str, str], key: str, values: Mapping[str, object], *, is_html: bool = False
) -> str:
    """Return the words called `key`; as HTML, what is no Markup is escaped.

    Raises LookupError for words that the theme has not, and for places without a value.
    """
    if key not in words:
        raise LookupError(f"the theme has no words {key!r} (words/*.toml)")
    try:
        if is_html:
            escaped = {name: str(escape(value)) for name, value in values.items()}
            return Markup(filled(str(escape(words[key])), escaped))
        return filled(words[key], {name: str(value) for name, value in values.items()})
    except LookupError as error:
        raise LookupError(f"the words {key!r} (words/*.toml): {error.args[0]}") from None
