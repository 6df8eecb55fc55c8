"""Ghost's export: one JSON file with its tables, by itself or in an archive with its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from publisher.errors import Problem, SourceError
from publisher.exports.imported import Attached, Found, Imported, LeftOut, Status
from publisher.exports.pack import Member, Pack
from publisher.exports.reading import Order
from publisher.exports.words import host_of, plain
from publisher.model import legal, one_line

_MOST = 256 << 20  # bytes: JSON is read as one
_PLACEHOLDER = "__GHOST_URL__"
_OBJECT_ID = re.compile(r"[0-9a-f]{24}")
_CARD = re.compile(r"<!--\s*+kg-card-(?:begin|end)[^<>]{0,80}-->\n?")
# Parts that some members see (Ghost's `visibility`): `nonMember` says whether everybody does.
_GATED = re.compile(
    r"<!--\s*+kg-gated-block:begin\b(?P<who>[^<>]{0,300})-->(?P<part>.*?)"
    r"(?:<!--\s*+kg-gated-block:end\s*+-->|\Z)",
    re.DOTALL,
)
_EVERYBODY = re.compile(r"\bnonMember\s*+[:=]\s*+[\"']?true\b")
# A form for members of the old site, with what it says once it is sent.
_TWO_NAMES = '</span><span class="kg-bookmark-publisher">'  # of a site, parted by its style
_SIGN_UP = re.compile(
    r"<form\b(?=[^<>]*?\bdata-members-form\b)[^<>]*+>(?:(?!<form\b).)*?</form>", re.DOTALL
)
# In lexical `"text":"…"`, in mobiledoc `[0,[],0,"…"]`; cards of both hold addresses or HTML.
_WORDS = re.compile(r'"(?:text|src|html|url|markdown)"\s*+:\s*+"[^"]|,\s*+\d+,\s*+"[^"]')
_TABLES = re.compile(rb'"(?:db|data|posts|exported_on)"\s*+:')
_STATUS = {"published": Status.PUBLISHED, "scheduled": Status.PUBLISHED, "draft": Status.DRAFT,
           "sent": Status.MAILED}  # fmt: skip
_VISIBILITY = {"public": Status.PUBLISHED, "members": Status.MEMBERS, "paid": Status.PAID,
               "tiers": Status.PAID, "filter": Status.PAID, "internal": Status.PRIVATE}  # fmt: skip

_Row = dict[str, Any]


class _Data(msgspec.Struct):
    """Ghost's tables. Each row is read by itself, so that a bad one is one bad one."""

    posts: list[msgspec.Raw] = []
    posts_meta: list[msgspec.Raw] = []
    posts_tags: list[msgspec.Raw] = []
    posts_authors: list[msgspec.Raw] = []
    tags: list[msgspec.Raw] = []
    users: list[msgspec.Raw] = []
    settings: list[msgspec.Raw] = []


class _One(msgspec.Struct):
    data: _Data


class _Export(msgspec.Struct):
    db: list[_One] = []
    data: _Data | None = None  # before Ghost 1


def read(pack: Pack, order: Order) -> Iterator[Found | Problem]:
    """Read an export of Ghost."""
    members = pack.ending(".json")
    members = [one for one in members if _TABLES.search(pack.head(one))] or members
    if not members:
        yield Problem(
            what="no export of Ghost is in it",
            why="It is a .json file that Ghost makes under Settings → Import/Export.",
        )
    for member in members:
        try:
            data = pack.read(member, _MOST)
            if line := _odd_line(data):
                data = data.decode("utf-8", "replace").encode()
                yield Problem(
                    what="not all of it is UTF-8: � stands for what is not",
                    path=member.place,
                    line=line,
                    severity="warning",
                )
            tables = _tables(data, member)
        except SourceError as error:
            yield error.problem
            continue
        site = _Site(tables, order)
        posts = _rows(tables.posts)
        for number, post in enumerate(posts):
            order.progress("Reading the export", number, len(posts))
            yield (
                _post(post, site, member, order)
                if post
                else LeftOut(reason="a post that cannot be read", place=member.place, is_fault=True)
            )


def _odd_line(data: bytes) -> int:
    """The first line with a byte that is no UTF-8, which JSON must be; 0 where there is none."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return data.count(b"\n", 0, error.start) + 1
    return 0


def _tables(data: bytes, member: Member) -> _Data:
    try:
        found = msgspec.json.decode(data, type=_Export)
    except (msgspec.DecodeError, RecursionError) as error:
        said = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise SourceError(
            f"it is no export of Ghost: {said[:200]}",
            path=member.place,
            todo="Export it again, under Settings → Import/Export.",
        ) from None
    tables = found.data or next((one.data for one in found.db), None)
    if tables is None:
        raise SourceError("it is no export of Ghost: it holds no tables", path=member.place)
    return tables


def _rows(raw: list[msgspec.Raw]) -> list[_Row]:
    """Rows as they are; an empty one where a row is none."""
    rows: list[_Row] = []
    for one in raw:
        try:
            found = msgspec.json.decode(one)
        except (msgspec.DecodeError, RecursionError):
            found = {}
        rows.append(found if isinstance(found, dict) else {})
    return rows


class _Site:
    """Ghost's tables of tags, authors and more, by what posts ask for."""

    def __init__(self, tables: _Data, order: Order) -> None:
        tags = {_text(row, "id"): row for row in _rows(tables.tags)}
        users = {_text(row, "id"): row for row in _rows(tables.users)}
        self.users = {key: _text(row, "name") for key, row in users.items()}
        self.meta = {_text(row, "post_id"): row for row in _rows(tables.posts_meta)}
        self.tags = _joined(tables.posts_tags, "tag_id", tags, _tag)
        self.authors = _joined(tables.posts_authors, "author_id", users, lambda u: _text(u, "name"))
        settings = {_text(row, "key"): _text(row, "value") for row in _rows(tables.settings)}
        self.permalinks = settings.get("permalinks", "")
        self.language = settings.get("locale") or settings.get("lang") or ""
        self.site = order.site

    def whole(self, text: str) -> str:
        """A text with the site's address where Ghost leaves room for it."""
        return text.replace(_PLACEHOLDER, self.site.rstrip("/"))

    def address(self, slug: str, published: str) -> str:
        pattern = self.permalinks if ":slug" in self.permalinks else "/:slug/"
        for name, part in ((":year", 0), (":month", 1), (":day", 2)):
            parts = published[:10].split("-")
            pattern = pattern.replace(name, parts[part] if len(parts) == 3 else "")
        return self.site + pattern.replace(":slug", slug).lstrip("/")


def _joined(
    raw: list[msgspec.Raw], key: str, rows: Mapping[str, _Row], name: Any
) -> dict[str, list[str]]:
    """By post, the names of the rows that a table of pairs joins it with, in their order."""
    pairs = sorted(_rows(raw), key=lambda row: _whole(row.get("sort_order")))
    found: dict[str, list[str]] = {}
    for pair in pairs:
        row = rows.get(_text(pair, key))
        if row and (word := name(row)):
            found.setdefault(_text(pair, "post_id"), []).append(word)
    return found


def _tag(row: _Row) -> str:
    """A tag's name; one with `#` sorts posts behind the scenes, and is shown to nobody."""
    name = _text(row, "name")
    return "" if name.startswith("#") or row.get("visibility") == "internal" else name


def _post(row: _Row, site: _Site, member: Member, order: Order) -> Found:
    number, title = _text(row, "id"), one_line(legal(_text(row, "title")))
    is_page = row.get("page") in (1, True)
    kind = _text(row, "type") or ("page" if is_page else "post")
    kind = "page" if is_page else kind
    if kind not in order.kinds:
        return LeftOut(reason=kind, title=title, place=member.place)
    html = _text(row, "html")
    if not html and (only := [key for key in ("lexical", "mobiledoc") if _holds(row, key)]):
        return LeftOut(
            reason=f"no HTML: its text is in {only[0]} alone, which only Ghost shows; open and "
            "save it there, then export again",
            title=title,
            place=member.place,
            is_fault=True,
        )
    meta = site.meta.get(number, {})
    slug, published = _text(row, "slug"), _text(row, "published_at")
    link = site.address(slug, published) if slug else ""
    canonical = site.whole(_text(row, "canonical_url") or _text(meta, "canonical_url"))
    authors = site.authors.get(number) or [site.users.get(_text(row, "author_id"), "")]
    picture = _text(row, "feature_image") or _text(row, "image") or _text(meta, "og_image")
    lost = {
        f"code injection ({key.rpartition('_')[2]})": 1
        for key in ("codeinjection_head", "codeinjection_foot")
        if _text(row, key)
    }
    if plain(_text(meta, "feature_image_caption")):
        lost["captions of featured pictures"] = 1
    body = _body(site.whole(html), lost)
    return Imported(
        id=_id(row) or link,
        title=title,
        slug=slug,
        link=link,
        canonical=canonical if host_of(canonical) not in ("", host_of(link)) else "",
        published=order.instant(published),
        updated=order.instant(_text(row, "updated_at")),
        authors=tuple(filter(None, authors)),
        tags=tuple(dict.fromkeys(site.tags.get(number, []))),
        summary=_text(row, "custom_excerpt")
        or _text(meta, "meta_description")
        or _text(row, "meta_description"),
        body=body,
        language=_text(row, "locale") or site.language,
        picture=Attached(
            url=site.whole(picture),
            alt=_text(meta, "feature_image_alt") or _text(row, "feature_image_alt"),
        )
        if picture
        else None,
        status=_status(row, meta),
        kind=kind,
        place=member.place,
        lost=lost,
    )


def _body(html: str, lost: dict[str, int]) -> str:
    """A post's HTML without what is no card, nor for everybody; what goes is counted in `lost`."""

    def seen(found: re.Match[str]) -> str:
        if _EVERYBODY.search(found["who"]):
            return found["part"]
        lost["parts for members"] = lost.get("parts for members", 0) + 1
        return ""

    text, forms = _SIGN_UP.subn("", _GATED.sub(seen, html) if "kg-gated" in html else html)
    if forms:
        lost["forms to sign up"] = forms
    text = text.replace(_TWO_NAMES, f"</span> · {_TWO_NAMES.removeprefix('</span>')}")
    return _CARD.sub("", text)


def _id(row: _Row) -> str:
    """The guid of Ghost's RSS: the id since 1.0 (24 hexadecimal digits), the uuid before."""
    number = _text(row, "id")
    return number if _OBJECT_ID.fullmatch(number) else _text(row, "uuid")


def _status(row: _Row, meta: _Row) -> Status:
    if _text(meta, "email_only") in ("1", "True") or _text(row, "email_only") in ("1", "True"):
        return Status.MAILED
    status = _STATUS.get(_text(row, "status") or "published", Status.DRAFT)
    seen_by = _VISIBILITY.get(_text(row, "visibility") or "public", Status.PAID)
    return seen_by if status is Status.PUBLISHED else status


def _holds(row: _Row, key: str) -> bool:
    """Whether a document of Ghost's editor has any text."""
    return bool(_WORDS.search(_text(row, key)))


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else "" if value in (None, []) else str(value)[:200]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0
