"""The files of a theme: the publication's own before those of the theme, and these before ours."""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from publisher import files, packaged
from publisher.errors import Problem, TemplateError, UnknownName
from publisher.rendering.themes import FOLDER, VALUES, theme_folders

NOTICES = {
    "confirmation": "web/confirm.txt",
    "preferences": "web/by_mail.txt",
    "welcome": "mail/welcome.txt",
}
"""Templates below `mail/` that are no editions, each with the one that its words come from."""

_ENDINGS = (".mjml", ".html", ".txt", ".css", ".toml")
_MOST = 10_000_000  # bytes of one template


class TemplateFile(msgspec.Struct, frozen=True):
    """One template: its name as used in `include`, whether the publication has its own, and the
    theme whose own it is, "" for what all share.
    """

    name: str
    path: Path
    own: bool
    theme: str = ""


class ThemeFiles:
    """Finds templates, words and styles. `own` is the publication's templates folder, there or not;
    `name` that of a theme.
    """

    def __init__(self, own: Path | None, name: str) -> None:
        self.name, self._own = name, own
        self.roots = [
            folder for folder in (own, packaged.templates()) if folder and folder.is_dir()
        ]
        self.folders = theme_folders(self.roots, name)
        self._words: dict[str, dict[str, str]] = {}
        self._mentioned: dict[tuple[str, ...], bool] = {}

    def files(self) -> list[TemplateFile]:
        """Every template by name, as it would be used."""
        found: dict[str, TemplateFile] = {}
        for folder in reversed(self.folders):
            is_own = self._own is not None and folder.is_relative_to(self._own)
            for name in _below(folder):
                if _is_template(name):
                    theme = self.name if folder not in self.roots else ""
                    found[name] = TemplateFile(name, folder / name, is_own, theme)
        return [found[name] for name in sorted(found)]

    def is_own(self, name: str) -> bool:
        """Whether a template is the publication's own."""
        return self._own is not None and (self._own / name).is_file()

    def odd_files(self) -> list[Problem]:
        """Return what lies among the publication's own templates and is no file, as problems."""
        if self._own is None or not self._own.is_dir():
            return []
        found = ((path, _oddity(path)) for path in sorted(self._own.rglob("*")))
        return [
            Problem(
                what=f"it is {kind}: it is passed over",
                why="No template can be read there.",
                todo="Put a file there, or remove it.",
                path=f"templates/{path.relative_to(self._own).as_posix()}",
            )
            for path, kind in found
            if kind
        ]

    def digest(self, *below: str) -> str:
        """Return a digest of every template in some folders, as it would be used."""
        found = hashlib.sha256()
        for root in self.roots:
            path = root / FOLDER / self.name / VALUES
            found.update(_bytes(path, VALUES) if path.is_file() else b"")
        for file in self.files():
            if file.name.startswith(below):
                found.update(f"{file.name} ".encode() + _bytes(file.path, file.name))
        return found.hexdigest()

    def newsletter_templates(self) -> list[str]:
        """The names a newsletter's `template` can have."""
        names = (file.name for file in self.files())
        found = {
            name.removeprefix("mail/").removesuffix(".txt")
            for name in names
            if name.startswith("mail/") and name.endswith(".txt")
        }
        return sorted(name for name in found if name not in NOTICES or self._is_edition(name))

    def notices(self) -> list[str]:
        """The names of mails to one person that are no editions here, those with HTML."""
        own = self.newsletter_templates()
        return [name for name in NOTICES if name not in own and self.has(f"mail/{name}.mjml")]

    def _is_edition(self, notice: str) -> bool:
        """Whether an own template that is called as a notice lists stories all the same."""
        return self.is_own(f"mail/{notice}.txt") and "stories" in self.source(f"mail/{notice}.txt")

    def has(self, name: str) -> bool:
        """Whether there is a template of that name."""
        return self._path(name) is not None

    def _path(self, name: str) -> Path | None:
        """Where a template lies, None where there is none; TemplateError where a link leads out."""
        folders = (one for one in self.folders if (one / name).is_file())
        folder = next(folders, None)
        return folder / name if folder is not None and check_inside(folder, name) else None

    def source(self, name: str) -> str:
        """Return a template's or style's text; raise UnknownName where there is none."""
        if _is_template(name) and (path := self._path(name)):
            return text_of(path, name)
        raise UnknownName(
            "template",
            name,
            [file.name for file in self.files()],
            todo="List them: publisher templates list",
        )

    def mentions(self, text: str, *below: str) -> bool:
        """Whether a template, of those below some folders, has some text in it."""
        if (text, *below) not in self._mentioned:
            found = [one for one in self.files() if one.name.startswith(below or "")]
            self._mentioned[text, *below] = any(
                text in text_of(one.path, one.name) for one in found
            )
        return self._mentioned[text, *below]

    def named(self, given: str | None) -> str | None:
        """The name of a template of which Jinja tells a mistake: of some it tells the file."""
        return next((file.name for file in self.files() if str(file.path) == given), given)

    def shown(self, name: str) -> str:
        """What a template is called in an error: as an editor would look for it."""
        return f"templates/{name}" if self.has(name) else name

    def words(self, language: str) -> dict[str, str]:
        """Return the theme's own words in a language, those it lacks in English."""
        if language not in self._words:
            self._words[language] = self._words_of(language)
        return self._words[language]

    def speaks(self, language: str) -> bool:
        """Whether the theme has words of its own in a language."""
        tags = (language, language.split("-")[0].lower())
        return any(self.has(f"words/{tag}.toml") for tag in tags)

    def _words_of(self, language: str) -> dict[str, str]:
        words: dict[str, str] = {}
        for tag in dict.fromkeys(("en", language.split("-")[0].lower(), language)):
            for folder in reversed(self.folders):  # the publication's own last
                path = folder / f"words/{tag}.toml"
                if path.is_file() and check_inside(folder, f"words/{tag}.toml"):
                    words |= _words(path)
        return words

    def lacking(self, language: str) -> list[str]:
        """Return the words that the theme has in English alone, of those in a language."""
        if language.split("-")[0].lower() == "en":
            return []
        own: set[str] = set()
        for tag in dict.fromkeys((language.split("-")[0].lower(), language)):
            for folder in self.folders:
                path = folder / f"words/{tag}.toml"
                if path.is_file() and check_inside(folder, f"words/{tag}.toml"):
                    own |= _words(path).keys()
        return [name for name in self.words(language) if name not in own]


def _is_template(name: str) -> bool:
    """Whether a name is a template's: not of what says how they look, or tells of them, and not
    a way (`../x`, `/x`, `./x`, `.x`), which would be another name for a file, or leads out.
    """
    is_way = any(not part or part.startswith(".") for part in name.split("/"))
    return not is_way and name not in ("README.md", VALUES) and not name.startswith(FOLDER)


def _below(folder: Path, below: str = "") -> Iterator[str]:
    """The names of a folder's files; raises TemplateError where a link leads out of it."""
    for entry in list(os.scandir(folder / below)):
        name = below + entry.name
        if name.startswith("."):
            continue
        if entry.is_symlink():  # only then may it be elsewhere
            check_inside(folder, name)
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder, f"{name}/")
        elif entry.is_file():
            yield name


def check_inside(folder: Path, name: str) -> bool:
    """Whether a file's own place is in the theme's folder; raise TemplateError where it is not.

    A theme is copied from elsewhere, and must not put this machine's files into mails.
    """
    if not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise TemplateError(
            "it leads out of the theme's folder",
            path=f"templates/{name}",
            why="What lies there would be in mails and pages.",
            todo="Put the file itself there.",
        )
    return True


def text_of(path: Path, name: str) -> str:
    """Return a template's text; raise TemplateError where it cannot be read as such."""
    try:
        return _bytes(path, name).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TemplateError(
            "not UTF-8",
            todo="Save the file as UTF-8.",
            path=f"templates/{name}",
            line=error.object.count(b"\n", 0, error.start) + 1,
        ) from None


def _bytes(path: Path, name: str) -> bytes:
    try:
        return files.read(path, _MOST)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise TemplateError(what, path=f"templates/{name}") from None


def _oddity(path: Path) -> str:
    """What lies in place of a template, "" for a file, and for a folder that is called as one."""
    if path.is_dir():
        return "a folder" if path.suffix in _ENDINGS else ""
    return "a link that leads nowhere" if not path.exists() else files.oddity(path)


def _words(path: Path) -> dict[str, str]:
    name = f"words/{path.name}"
    try:
        table = tomllib.loads(text_of(path, name))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"not TOML: {error}", path=f"templates/{name}") from None
    return {key: str(value) for key, value in table.items()}
