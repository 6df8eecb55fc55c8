"""The publication's own pictures as mails and pages show them: each is made once, in a child."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from publisher import files
from publisher.isolation import Child, Darkroom
from publisher.model import Article, Image, Made, Picture, Publication, file_url
from publisher.outbox import put
from publisher.pictures import SUFFIXES, AtHand, Notes, Output, Recipe, Result
from publisher.sources import picture_file

if TYPE_CHECKING:
    from publisher.workers.side_by_side import SideBySide

Use = Literal["mail", "page", "thumbnail", "logo", "portrait"]

FOLDER = "pictures"
"""Below the pages, where they lie under names that tell what they were made of."""

MAILED = f"{FOLDER}/mail"
"""Those of mails: what lies there stays, for somebody has the mail."""

_IS_MAILED = re.compile(rf"{MAILED}/\.?[0-9a-f]{{32}}\.[a-z]+(?:\.aside)?")
_MAIL, _PAGE = 1200, 1280  # pixels: two for each of the widest that is shown
_LOGO = 320  # pixels: two for each of a masthead's
_THUMBNAIL = 80_000  # bytes
_PORTRAIT, _PORTRAIT_BYTES = 160, 30_000  # pixels: two for each of the widest
_AT_HAND = 64_000_000  # bytes of what was made, for who needs it next
_MANY = 8  # that are worth starting more processes for


def is_mailed(place: str) -> bool:
    """Whether a place below the pages is that of a mail's picture."""
    return bool(_IS_MAILED.fullmatch(place))


_at_hand = AtHand(_AT_HAND)


class _Origin(msgspec.Struct, frozen=True):
    """What a picture was made from, and how."""

    path: Path
    recipe: Recipe
    output: Output


_Found = tuple[Path, Recipe, Result, str]


class Lacking(msgspec.Struct, frozen=True):
    """A picture of an article of which nobody knows what comes of it."""

    article: Article
    path: Path
    recipe: Recipe
    key: str


class _Fresh(NamedTuple):
    """What came of a file with a digest, and whether the same would come of it again."""

    result: Result
    is_sure: bool
    digest: str


class Gallery:
    """Makes the pictures of articles. Where `writing`, what is known of them is remembered.

    Nothing is put where readers see it but by `put_mailed`, and by who asks for `data`.
    """

    def __init__(
        self,
        root: Path,
        publication: Publication,
        state: Path,
        pages: Path,
        child: Callable[[], Child],
        together: Callable[[], AbstractContextManager[SideBySide[Darkroom]]] | None = None,
        *,
        writing: bool,
    ) -> None:
        """`child` makes one after the other, `together` many at once, where that may be."""
        self._together = together
        self._own, self._root, self._pages, self._child = publication, root, pages, child
        self._articles = (root / publication.articles).resolve()
        self._state, self._writing = state, writing
        self._notes: Notes | None = None
        self._origins: dict[str, _Origin] = {}  # by place below the pages
        self._paths: dict[tuple[str, str], Path | None] = {}  # by article and address
        self.is_sure = True  # that the same would come of each again

    @property
    def is_open(self) -> bool:
        """Whether pictures are made at all."""
        make = self._own.pictures.make
        return make == "always" or (make == "auto" and self._own.web.pages == "all")

    @property
    def damage(self) -> str:
        """Why what was remembered could not be used, "" where nothing was wrong with it."""
        return self._notes.damage if self._notes else ""

    def close(self) -> None:
        """Let go of the file."""
        if self._notes:
            self._notes.close()
        self._notes = None

    # What articles show

    def for_mail(self, article: Article, is_shown: Callable[[str], bool]) -> Article:
        """Return an article with those of its pictures made that a mail shows."""
        return self._with(article, "mail", is_shown)

    def for_page(self, article: Article) -> Article:
        """Return an article with its pictures as its page shows them."""
        return self._with(article, "page", lambda _: True)

    def with_thumbnail(self, article: Article, *, mailed: bool) -> Article:
        """Return an article with a small picture of the one that stands for it."""
        url = file_url(article.image.url) if article.image else ""
        if not self.is_open or url not in article.pictures:
            return article
        picture = article.pictures[url]
        made = self._made(article, url, "thumbnail", MAILED if mailed else FOLDER)
        small = made[0] if made else None
        with_small = {**article.pictures, url: replace(picture, thumbnail=small)}
        return article.but(pictures=with_small)

    def result(self, article: Article, url: str, use: Use) -> Result | None:
        """Return what came of a picture of an article; None where it has no file."""
        found = self._found(article, url, use)
        return found[2] if found else None

    def _with(self, article: Article, use: Use, is_shown: Callable[[str], bool]) -> Article:
        if not self.is_open or not article.pictures:
            return article
        pictures = dict(article.pictures)
        image = article.image
        for url, picture in article.pictures.items():
            if not is_shown(url):
                continue
            shown = pictures[url] = self._shown(article, url, picture, use)
            if shown.made:
                pictures[shown.made.url] = shown
            if image and file_url(image.url) == url:
                image = _image(image, shown)
        return article.but(pictures=pictures, image=image)

    def _shown(self, article: Article, url: str, picture: Picture, use: Use) -> Picture:
        result = self.result(article, url, use)
        if result is None:
            return picture
        own = replace(
            picture, width=result.width or picture.width, height=result.height or picture.height
        )
        if result.refused:
            is_fit = result.harmless and (use == "page" or _is_light(picture, url))
            return replace(own, unfit="" if is_fit else result.refused)
        folder = MAILED if use == "mail" else FOLDER
        made = self._made(article, url, use, folder)
        return replace(own, made=made[0], better=tuple(made[1:])) if made else own

    def _made(self, article: Article, url: str, use: Use, folder: str) -> list[Made]:
        """The files that were made of a picture, with their addresses."""
        found = self._found(article, url, use)
        return self._files(found, folder) if found else []

    def _files(self, found: _Found, folder: str) -> list[Made]:
        path, recipe, result, key = found
        made = []
        for output in result.outputs:
            place = f"{folder}/{key}.{SUFFIXES[output.type]}"
            self._origins[place] = _Origin(path, recipe, output)
            made.append(
                Made(
                    url=self._own.base_url + place,
                    type=output.type,
                    width=output.width,
                    height=output.height,
                    length=output.length,
                )
            )
        return made

    def logo(self, path: Path) -> Picture | None:
        """Return a logo's file as mails show it; None where it is as good as it is."""
        if not self.is_open or path.suffix.lower() == ".svg":
            return None
        found = self._of_file(path, "logo")
        if found is None or not found[2].outputs:
            return None
        return Picture(
            width=found[2].width,
            height=found[2].height,
            length=found[2].outputs[0].length,
            made=self._files(found, MAILED)[0],
        )

    def portrait(self, path: Path, *, mailed: bool) -> Made | None:
        """Return the small square that is made of an author's picture; None where none can be."""
        found = self._of_file(path, "portrait") if self.is_open else None
        made = self._files(found, MAILED if mailed else FOLDER) if found else []
        return made[0] if made else None

    # The files that were made

    def places(self, article: Article) -> list[str]:
        """Return where lies what a page, made by `for_page` or `with_thumbnail`, shows."""
        found = [
            made.url.removeprefix(self._own.base_url)
            for one in article.pictures.values()
            for made in (one.made, *one.better, one.thumbnail)
            if made
        ]
        return list(dict.fromkeys(found))

    def data(self, place: str) -> bytes:
        """Return the bytes of a picture: what lies there, if it is as it was made; else made anew.

        Raises OSError where it cannot be made any more.
        """
        origin = self._origins[place]
        try:
            lying = files.read(self._pages / place, origin.output.length)
        except OSError:
            lying = b""
        if hashlib.sha256(lying).hexdigest() == origin.output.digest:
            return lying
        key = place.rpartition("/")[2].partition(".")[0]
        kept = _at_hand.get(key)
        result = kept or self._make(origin.path, origin.recipe, key)
        for one in result.outputs:
            if one.type == origin.output.type:
                return one.data
        raise OSError(result.refused or "the picture has changed")

    def put_mailed(self, html: str) -> list[str]:
        """Put the pictures that a mail's HTML shows among the pages, and return their places."""
        places = sorted(set(re.findall(rf"{MAILED}/[0-9a-f]{{32}}\.[a-z]+", html)))
        ours = [place for place in places if place in self._origins]
        for place in ours:
            put(self._pages / place, self.data(place))
        return ours

    def files_of(self, html: str) -> Iterator[tuple[str, Path]]:
        """Yield the pictures that a mail shows, by address, with the files to show them from."""
        for place in sorted(set(re.findall(rf"{MAILED}/[0-9a-f]{{32}}\.[a-z]+", html))):
            path = self._pages / place
            if path.is_file():
                yield self._own.base_url + place, path
            elif place in self._origins:
                yield self._own.base_url + place, self._origins[place].path

    def keys(self, article: Article) -> set[str]:
        """Return the names, without their ends, of all that the page of an article may show."""
        found = set()
        for url in article.pictures if self.is_open else ():
            path = self._path(article, url)
            try:
                digest = self._digest(path) if path else ""
            except files.TooLarge:
                continue
            found |= {self._recipe(use).key(digest) for use in ("page", "thumbnail") if digest}
        return found

    # Many pictures

    def lacking(self, article: Article, url: str, use: Use) -> Iterator[Lacking]:
        """Yield a picture of an article if nobody knows yet what comes of it."""
        path, recipe = self._path(article, url) if self.is_open else None, self._recipe(use)
        try:
            digest = self._digest(path) if path else ""
        except files.TooLarge:
            return
        key = recipe.key(digest)
        if path and digest and not self._known(key):
            yield Lacking(article, path, recipe, key)

    def made_together(self, lacking: Iterable[Lacking]) -> Iterator[Lacking]:
        """Make pictures side by side where they are many; yield each that was made, in order.

        The others are made when they are asked for.
        """
        rest = _different(lacking)
        first = list(islice(rest, _MANY)) if self._together else []
        if self._together is None or len(first) < _MANY:
            return
        with (
            self._together() as rooms,
            closing(rooms.each(self._fresh_of, chain(first, rest), 1)) as made,
        ):
            for one, fresh in made:
                if fresh and fresh.is_sure:
                    self._kept(one.recipe, one.key, fresh)
                    yield one

    def _fresh_of(
        self, room: Darkroom, some: Sequence[Lacking]
    ) -> Iterator[tuple[Lacking, _Fresh | None]]:
        """What comes of some pictures, None of one that has left; it changes nothing here."""
        for one in some:
            try:
                yield one, self._fresh(room, one.path, one.recipe)
            except OSError:
                yield one, None

    # One picture

    def _found(self, article: Article, url: str, use: Use) -> _Found | None:
        path = self._path(article, url)
        return self._of_file(path, use) if path else None

    def _of_file(self, path: Path, use: Use) -> _Found | None:
        recipe = self._recipe(use)
        try:
            digest = self._digest(path)
        except files.TooLarge:
            most = self._own.pictures.source_bytes / 1e6
            why = f"it has more than {most:g} MB"
            return path, recipe, Result(refused=why, harmless=False), ""
        if not digest:
            return None
        key = recipe.key(digest)
        try:
            return path, recipe, self._known(key) or self._make(path, recipe, key), key
        except OSError:  # it was there a moment ago
            return None

    def _known(self, key: str) -> Result | None:
        return self.notes.result(key) or _at_hand.get(key)

    def _make(self, path: Path, recipe: Recipe, key: str) -> Result:
        fresh = self._fresh(Darkroom(self._child()), path, recipe)
        self.is_sure &= fresh.is_sure
        if fresh.is_sure:
            self._kept(recipe, key, fresh)
        return fresh.result

    def _fresh(self, room: Darkroom, path: Path, recipe: Recipe) -> _Fresh:
        data = files.read(path, self._own.pictures.source_bytes)
        return _Fresh(*room.make(data, recipe), hashlib.sha256(data).hexdigest())

    def _kept(self, recipe: Recipe, key: str, fresh: _Fresh) -> None:
        """Remember what came of a picture, if that is the one that was asked for."""
        if recipe.key(fresh.digest) == key:
            _at_hand.keep(key, fresh.result)
            self.notes.keep(key, fresh.result)

    def _path(self, article: Article, url: str) -> Path | None:
        asked = article.path, url
        if asked not in self._paths:
            place = picture_file(url, article, self._articles, self._own)
            self._paths[asked] = self._articles / place if place else None
        return self._paths[asked]

    def _digest(self, path: Path) -> str:
        try:
            found = path.stat()
            stat = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
            if known := self.notes.digest(str(path), stat):
                return known
            data = files.read(path, self._own.pictures.source_bytes)
        except files.TooLarge:
            raise
        except (OSError, ValueError):
            return ""
        digest = hashlib.sha256(data).hexdigest()
        self.notes.saw(str(path), stat, digest)
        return digest

    @property
    def notes(self) -> Notes:
        """What is remembered of pictures."""
        if self._notes is None:
            self._notes = Notes(self._state / "pictures.db", readonly=not self._writing)
        return self._notes

    def _recipe(self, use: Use) -> Recipe:
        own = self._own.pictures
        pixels = own.megapixels * 1_000_000
        if use == "thumbnail":
            wide = own.thumbnail * 2
            return Recipe(
                use=use, width=wide, height=round(wide * 3 / 4), bytes=_THUMBNAIL, pixels=pixels
            )
        if use == "portrait":
            return Recipe(
                use="thumbnail",
                width=_PORTRAIT,
                height=_PORTRAIT,
                bytes=_PORTRAIT_BYTES,
                pixels=pixels,
            )
        if use == "logo":
            return Recipe(use="mail", width=_LOGO, bytes=own.mail_bytes, pixels=pixels)
        return Recipe(
            use=use,
            width=_MAIL if use == "mail" else _PAGE,
            bytes=own.mail_bytes if use == "mail" else own.page_bytes,
            pixels=pixels,
            better=own.formats if use == "page" else (),
            animated=own.animated_bytes,
        )


def _different(lacking: Iterable[Lacking]) -> Iterator[Lacking]:
    """Each once, whoever shows it."""
    seen = set[str]()
    for one in lacking:
        if one.key not in seen:
            seen.add(one.key)
            yield one


def _is_light(picture: Picture, url: str) -> bool:
    """Whether a file of which nothing could be made may stand in a mail as it is."""
    return picture.length <= 1_000_000 and not url.lower().endswith(".svg")


def _image(image: Image, shown: Picture) -> Image | None:
    """The picture that stands for an article, as it is shown."""
    if shown.unfit:
        return None
    if shown.made is None:
        return image
    return replace(
        image,
        url=shown.made.url,
        width=image.width or shown.width,
        height=image.height or shown.height,
        type=shown.made.type,
        length=shown.made.length,
    )
