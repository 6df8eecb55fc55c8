"""Components that posts use, by name → the HTML that stands for them; all others are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

from publisher.sources.dialects.jsx import Tag
from publisher.sources.dialects.words import title_of

Made = tuple[str, str]
"""What stands at the beginning of a component, and what at its end."""

_ID = re.compile(r"[\w-]{1,60}")
_NOTES = (
    "Note Tip Info Warning Danger Caution Important Alert AlertBox Callout Aside Admonition "
    "Banner Notice Highlight"
).split()
_UNWRAPPED = (
    "Tabs Fragment React.Fragment CodeGroup Steps Columns Column Grid Center Layout Wrapper "
    "ThemeProvider BrowserOnly Suspense FileTree LinkButton CardGroup Cards CardGrid"
).split()


def stand_in(tag: Tag, language: str) -> Made | None:
    """Return what stands for a component, None for one that is not known."""
    name = tag.name.removeprefix("astro:")
    made = _MAKES.get(name)
    if made:
        return made(tag, language)
    return ("", "") if name in _UNWRAPPED and not tag.is_empty else None


def said(tag: Tag, *names: str) -> str:
    """Return the first attribute of these names that is a text, "" if none is."""
    for name in names:
        value = tag.attributes.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _tab(tag: Tag, _: str) -> Made:
    label = said(tag, "label", "title", "name", "value")
    return (f"<p><strong>{escape(label, quote=False)}</strong></p>" if label else "", "")


def _words(tag: Tag, _: str) -> Made:
    return (escape(said(tag, "text", "label", "title"), quote=False), "")


def _note(tag: Tag, language: str) -> Made:
    kind = said(tag, "type", "kind", "variant", "status") or tag.name
    kind = "note" if kind in ("Admonition", "Callout", "Aside", "Alert", "AlertBox") else kind
    title = said(tag, "title", "label") or title_of(kind, language)
    return (
        f"<blockquote>\n\n<p><strong>{escape(title, quote=False)}</strong></p>",
        "</blockquote>",
    )


def _picture(tag: Tag, _: str) -> Made | None:
    source = said(tag, "src", "source", "image", "img", "url", "lightSrc")
    if not source:
        return None
    given = f' src="{escape(source)}" alt="{escape(said(tag, "alt", "title", "caption"))}"'
    for size in ("width", "height"):
        if said(tag, size).isdigit():
            given += f' {size}="{said(tag, size)}"'
    caption = said(tag, "caption")
    words = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
    return (f"<figure><img{given}>{words}</figure>" if words else f"<img{given}>", "")


def _film(tag: Tag, _: str) -> Made | None:
    place = said(tag, "id", "videoId", "videoid", "videoID", "youTubeId", "youtubeId", "src", "url")
    host = "player.vimeo.com/video/" if tag.name.startswith("Vimeo") else "www.youtube.com/embed/"
    if place.startswith(("http://", "https://")):
        return (f'<iframe src="{escape(place)}"></iframe>', "")
    if not _ID.fullmatch(place):
        return None
    return (f'<iframe src="https://{host}{quote(place)}"></iframe>', "")


def _post(tag: Tag, _: str) -> Made | None:
    place = said(tag, "id", "tweetId", "tweetid", "tweetLink", "tweetID")
    place = place if "/" in place else f"i/status/{place}" if place else ""
    address = f"https://twitter.com/{quote(place, safe='/')}"
    return (f'<a href="{address}">{address}</a>', "") if place else None


def _link(tag: Tag, _: str) -> Made | None:
    address = said(tag, "to", "href", "url")
    if not address and tag.is_empty and said(tag, "id", "name"):
        return (f'<a id="{escape(said(tag, "id", "name"))}"></a>', "")
    if not address:
        return ("", "") if not tag.is_empty else None
    label = escape(said(tag, "label", "title", "text"), quote=False) if tag.is_empty else ""
    if tag.is_empty and not label:
        label = escape(address, quote=False)
    return (f'<a href="{escape(address)}">{label}', "</a>")


def _details(tag: Tag, _: str) -> Made:
    title = said(tag, "summary", "title", "label")
    return (f"<p><strong>{escape(title, quote=False)}</strong></p>" if title else "", "")


def _media(kind: str) -> Callable[[Tag, str], Made | None]:
    def made(tag: Tag, _: str) -> Made | None:
        source = said(tag, "src", "url", "source")
        return (f'<{kind} controls src="{escape(source)}"></{kind}>', "") if source else None

    return made


_MAKES: Mapping[str, Callable[[Tag, str], Made | None]] = {
    **dict.fromkeys(("Tab", "TabItem", "TabPanel", "Card", "Step"), _tab),
    "Badge": _words,
    **dict.fromkeys(_NOTES, _note),
    **dict.fromkeys(
        ("Image", "Img", "Picture", "ThemedImage", "StaticImage", "Figure", "Zoom"), _picture
    ),
    **dict.fromkeys(
        ("YouTube", "Youtube", "YouTubeEmbed", "LiteYouTubeEmbed", "LiteYouTube", "Vimeo"), _film
    ),
    **dict.fromkeys(("Tweet", "TwitterTweetEmbed", "TwitterEmbed"), _post),
    **dict.fromkeys(("Link", "NextLink", "LinkCard", "Button", "ButtonLink"), _link),
    **dict.fromkeys(("Details", "Accordion", "Collapse", "Expandable"), _details),
    **dict.fromkeys(("ReactPlayer", "Video"), _media("video")),
    "Audio": _media("audio"),
}
