"""The immutable folder of an edition: `editions/<id>/`, sealed by its manifest.

    manifest.json   what it holds: stories and versions, slots, size and sha256 of each file
    message.html    message.txt    subject.txt    preheader.txt
    message.1.html  …              for readers who had a story of it as breaking news

A reader's value is a *mark* in those files, `[[name:number:key]]`; the manifest lists each
with its escaping and fallback. The key is derived from the text, so that no text can hold a mark
by itself.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import asdict

from publisher.errors import OutboxError
from publisher.model import Edition, EditionId, Fit, Rendition, Slotted, SlotText, Story

FORMAT = 2
"""Of the manifest; a reader refuses formats it does not know. 2: related stories with reasons."""

_FILES = {
    "html": "message.html",
    "text": "message.txt",
    "subject": "subject.txt",
    "preheader": "preheader.txt",
}
MANIFEST = "manifest.json"
"""What seals a bundle: it names the others, and is put last."""


class Variants(msgspec.Struct, frozen=True, kw_only=True):
    """What an edition is for readers who had stories of it as breaking news.

    `without` are article ids; the number of a variant has bit n for the n-th of them.
    """

    without: tuple[str, ...]
    renditions: Mapping[int, Rendition]


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """Links that are counted: `PREFIX/NUMBER` leads to the address of that number."""

    prefix: str
    addresses: Sequence[str]


class FitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What was done so that the mail fits; `asked` where somebody asked for that by command."""

    fit: Fit | None = None
    asked: bool | None = None

    @property
    def plain(self) -> dict[str, Any]:
        """What the manifest tells of it: nothing of an edition that is as it was planned."""
        told = {} if self.fit is None else {"fit": asdict(self.fit)}
        return told if self.asked is None else {**told, "fit_asked": self.asked}


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as files by name, and the seal: the sha256 of its manifest."""

    id: str
    files: Mapping[str, bytes]

    @property
    def seal(self) -> str:
        """What tells this bundle from any other."""
        return hashlib.sha256(self.files[MANIFEST]).hexdigest()

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest, parsed."""
        parsed: dict[str, Any] = json.loads(self.files[MANIFEST])
        return parsed

    @property
    def stories(self) -> list[tuple[str, str]]:
        """(article id, version) of its stories, in order."""
        return [(story["id"], story["version"]) for story in self.manifest["stories"]]

    @classmethod
    def of(
        cls,
        edition: Edition,
        rendition: Rendition,
        variants: Variants | None = None,
        links: Links | None = None,
        fit: FitRecord | None = None,
    ) -> Bundle:
        """Return the bundle of an edition. The same edition gives the same bytes."""
        renditions = {0: rendition, **(variants.renditions if variants else {})}
        parts = {
            _named(name, number): getattr(one, name)
            for number, one in renditions.items()
            for name in _FILES
        }
        marks = _marks(parts.values())
        files = {name: _marked(part, marks).encode() for name, part in parts.items()}
        manifest = _manifest(edition, marks, files)
        if variants:
            manifest["variants"] = {
                "without": list(variants.without),
                "numbers": sorted(variants.renditions),
            }
        if links and links.addresses:
            manifest["links"] = {"prefix": links.prefix, "addresses": list(links.addresses)}
        if fit:
            manifest |= fit.plain
        text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
        return cls(id=edition.id, files={**files, MANIFEST: text.encode()})

    @property
    def links(self) -> Links:
        """Its counted links."""
        found = self.manifest.get("links", {"prefix": "", "addresses": ()})
        return Links(prefix=found["prefix"], addresses=tuple(found["addresses"]))

    @property
    def without(self) -> list[str]:
        """The stories that some readers had as breaking news: bit 0 of a variant's number first."""
        found: list[str] = self.manifest.get("variants", {}).get("without", [])
        return found

    @property
    def variants(self) -> list[int]:
        """The numbers of its variants, besides 0; one that has no story left is not among them."""
        found: list[int] = self.manifest.get("variants", {}).get("numbers", [])
        return found

    def rendition(self, variant: int = 0) -> Rendition:
        """Return the rendition that the files hold; raise OutboxError where one is missing."""
        slots = {
            slot["mark"]: SlotText(slot["name"], slot["escaping"], slot["fallback"])
            for slot in self.manifest["slots"]
        }
        try:
            texts = {name: self.files[_named(name, variant)].decode() for name in _FILES}
        except (KeyError, UnicodeDecodeError) as error:
            raise OutboxError(
                f"{self.id} is damaged: {error}", todo=f"See how: publisher outbox verify {self.id}"
            ) from None
        parts: dict[str, Any] = {name: _slotted(text, slots) for name, text in texts.items()}
        return Rendition(**parts)


def _named(part: str, variant: int) -> str:
    """`message.html`, or `message.1.html`."""
    stem, _, suffix = _FILES[part].partition(".")
    return f"{stem}.{variant}.{suffix}" if variant else _FILES[part]


def opened(edition: str, files: Mapping[str, bytes]) -> Bundle:
    """Return the bundle that files are; raise OutboxError where its manifest cannot be read."""
    try:
        bundle = Bundle(id=edition, files=files)
        format_ = bundle.manifest["format"]
        if not isinstance(bundle.manifest["files"], dict):
            raise TypeError
    except ValueError as error:
        raise unreadable(edition, error) from None
    except KeyError as error:
        missing = error.args[0]
        raise unreadable(
            edition, "there is none" if missing == MANIFEST else f"it has no {missing}"
        ) from None
    except (TypeError, RecursionError):
        raise unreadable(edition, "what it holds is no manifest") from None
    if format_ != FORMAT:
        raise OutboxError(f"{edition} has format {format_}, this publisher reads {FORMAT}")
    return bundle


def unreadable(edition: str, why: object) -> OutboxError:
    """Return the error of a bundle that nobody can read."""
    return OutboxError(
        f"the manifest of {edition} cannot be read: {why}",
        todo=f"Build the edition again: publisher build {EditionId(edition).newsletter}",
    )


def faults_of(bundle: Bundle) -> Iterator[str]:
    """Yield what in a bundle is not as its manifest says."""
    listed = bundle.manifest.get("files", {})
    for name, wanted in listed.items():
        data = bundle.files.get(name)
        if data is None:
            yield f"{name} is missing"
        elif hashlib.sha256(data).hexdigest() != wanted["sha256"]:
            yield f"{name} was changed ({len(data)} bytes, {wanted['bytes']} when it was sealed)"
    for name in sorted(bundle.files.keys() - listed.keys() - {MANIFEST}):
        yield f"{name} does not belong there"


def _manifest(
    edition: Edition, marks: Mapping[SlotText, str], files: Mapping[str, bytes]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "edition": edition.id,
        "newsletter": edition.newsletter.name,
        "language": edition.newsletter.language,
        "slot": {
            "local": edition.slot.local.isoformat(timespec="minutes"),
            "zone": edition.slot.zone,
            "instant": edition.slot.instant.isoformat(),
        },
        "stories": [
            {
                "id": story.article.id,
                "version": story.article.version,
                "section": section.query.name,
                "title": story.article.title,
                "url": story.article.url,
                "related": [related.reason for related in story.related],
                **_shortened(story),
            }
            for section in edition.sections
            for story in section.stories
        ],
        "slots": [
            {
                "mark": mark,
                "name": slot.name,
                "escaping": slot.escaping,
                "fallback": slot.fallback,
            }
            for slot, mark in marks.items()
        ],
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        },
    }


def _shortened(story: Story) -> dict[str, Any]:
    """What there is to say of a story that is not shown as its section says."""
    if not story.show:
        return {}
    return {"show": story.show, "unshown": [related.reason for related in story.unshown]}


def _marks(parts: Iterable[Slotted]) -> dict[SlotText, str]:
    """A mark for each different slot; its key is a digest of the whole text around it."""
    pieces = [piece for part in parts for piece in part.pieces]
    key = hashlib.sha256(repr(pieces).encode()).hexdigest()[:12]
    slots = dict.fromkeys(piece for piece in pieces if isinstance(piece, SlotText))
    return {slot: f"[[{slot.name}:{n}:{key}]]" for n, slot in enumerate(slots)}


def _marked(part: Slotted, marks: Mapping[SlotText, str]) -> str:
    return "".join(piece if isinstance(piece, str) else marks[piece] for piece in part.pieces)


def _slotted(text: str, slots: Mapping[str, SlotText]) -> Slotted:
    if not slots:
        return Slotted((text,))
    pattern = "(" + "|".join(re.escape(mark) for mark in slots) + ")"
    pieces = (slots.get(piece, piece) for piece in re.split(pattern, text) if piece)
    return Slotted(tuple(pieces))
