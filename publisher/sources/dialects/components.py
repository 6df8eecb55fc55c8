"""Components that posts use, by name → the HTML that stands for them; all others are left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import quote

from publisher.sources.dialects.jsx import Tag
from publisher.sources.dialects.words import title_of

Made = tuple[str, str]
"""What stands at the beginning of a component, and what at its end."""

_ID = re.compile(r"[\w-]{1,60}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")
_NOTES = (
    "Note Tip Info Warning Danger Caution Important Alert AlertBox Callout Aside Admonition "
    "Banner Notice"
).split()
_INLINE = {
    **dict.fromkeys(("Highlight", "Highlighted", "Mark"), "mark"),
    **dict.fromkeys(("Kbd", "Key", "Keyboard"), "kbd"),
    **dict.fromkeys(("InlineCode", "Code", "CodeInline"), "code"),
    "Sub": "sub",
    "Sup": "sup",
    "Del": "del",
    "Ins": "ins",
    "Strong": "strong",
    "Em": "em",
}
"""Components of a part of a line, and the element that stands for each."""

CODE = frozenset("CodeBlock Code CodeSnippet SyntaxHighlighter Highlighter".split())
"""Components whose content is lines of code."""

_SAID = frozenset(
    "title label summary caption alt text description subtitle author heading header content quote "
    "definition tip".split()
)
WORDS = _SAID | frozenset("code children href to src".split())
"""Attributes that readers would miss."""
_LETTER = re.compile(r"[^\W\d_]")

_UNWRAPPED = (
    "Tabs Fragment React.Fragment CodeGroup Steps Columns Column Grid Center Layout Wrapper "
    "ThemeProvider BrowserOnly Suspense FileTree LinkButton CardGroup Cards CardGrid"
).split()


def stand_in(tag: Tag, language: str, *, is_inline: bool) -> Made | None:
    """Return what stands for a component, None for one that is not known.

    One of a part of a line (`is_inline`) begins no paragraph, whatever it is elsewhere.
    """
    name = tag.name.removeprefix("astro:")
    if name in _INLINE and not tag.is_empty:
        return (f"<{_INLINE[name]}>", f"</{_INLINE[name]}>")
    if is_inline and name in _NOTES and not tag.is_empty:
        return ("", "")
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


def unsaid(tag: Tag, made: Made | None) -> Iterator[tuple[str, str]]:
    """Yield the attributes whose words do not stand in what stands for a component."""
    stands = unescape("".join(made or ()))
    for name, value in tag.attributes.items():
        is_said = name in _SAID and isinstance(value, str) and _LETTER.search(value)
        if is_said and str(value).strip() not in stands:
            yield name, str(value)


def _tab(tag: Tag, _: str) -> Made:
    label = escape(said(tag, "label", "title", "name", "value"), quote=False)
    if address := said(tag, "href", "link", "to"):
        label = f'<a href="{escape(address)}">{label or escape(address, quote=False)}</a>'
    title = f"<p><strong>{label}</strong></p>" if label else ""
    return (title + _described(tag), "")


def _described(tag: Tag) -> str:
    told = escape(said(tag, "description", "subtitle"), quote=False)
    return f"\n\n<p>{told}</p>" if told else ""


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
    if (title := said(tag, "title")) and said(tag, "alt"):
        given += f' title="{escape(title)}"'
    for size in ("width", "height"):
        if said(tag, size).isdigit():
            given += f' {size}="{said(tag, size)}"'
    caption = said(tag, "caption")
    words = f"<figcaption>{escape(caption, quote=False)}</figcaption>" if caption else ""
    return (f"<figure><img{given}>{words}</figure>" if words else f"<img{given}>", "")


def _film(tag: Tag, _: str) -> Made | None:
    place = said(tag, "id", "videoId", "videoid", "videoID", "youTubeId", "youtubeId", "src", "url")
    host = "player.vimeo.com/video/" if tag.name.startswith("Vimeo") else "www.youtube.com/embed/"
    if not place.startswith(("http://", "https://")):
        if not _ID.fullmatch(place):
            return None
        place = f"https://{host}{quote(place)}"
    title = said(tag, "title")
    named = f' title="{escape(title)}"' if title else ""
    return (f'<iframe src="{escape(place)}"{named}></iframe>', "")


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
    described = _described(tag) if tag.name == "LinkCard" else ""
    return (f'<a href="{escape(address)}">{label}', f"</a>{described}")


def _details(tag: Tag, _: str) -> Made:
    title = said(tag, "summary", "title", "label", "header", "heading")
    summary = f"<summary>{escape(title, quote=False)}</summary>" if title else ""
    return (f"<details>{summary}", "</details>")


def _term(tag: Tag, _: str) -> Made | None:
    """A word with what is told of it."""
    told = said(tag, "title", "text", "tip", "content", "definition", "label")
    return None if tag.is_empty or not told else (f'<abbr title="{escape(told)}">', "</abbr>")


def code(tag: Tag, text: str) -> str:
    """Return lines of code as HTML that stands in one line, wherever that is in Markdown."""
    title = said(tag, "title", "filename")
    head = f"<p><strong>{escape(title, quote=False)}</strong></p>\n\n" if title else ""
    language = said(tag, "language", "lang", "className").removeprefix("language-")
    named = f' class="language-{language}"' if _LANGUAGE.fullmatch(language) else ""
    lines = escape(text, quote=False).replace("\n", "&#10;")
    return f"{head}<pre><code{named}>{lines}&#10;</code></pre>"


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
    **dict.fromkeys(
        ("Details", "Accordion", "AccordionItem", "Collapse", "Collapsible", "Expandable"), _details
    ),
    **dict.fromkeys(("Tooltip", "Term", "Abbr", "GlossaryTerm"), _term),
    **dict.fromkeys(("ReactPlayer", "Video"), _media("video")),
    "Audio": _media("audio"),
}
