"""The theme: templates, words and styles, the publication's own before the packaged ones."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from markupsafe import Markup, escape

from publisher import files, packaged
from publisher.errors import (
    OutOfTime,
    Problem,
    PublisherError,
    TemplateError,
    UnknownName,
    suggestion,
)
from publisher.model import Publication, ThemeSettings, one_line
from publisher.rendering.themes import FOLDER, VALUES, names_of, theme_folders, theme_settings
from publisher.rendering.values import ThemeValues, merged, settings_of, values_of
from publisher.sandbox import COMPILED, Sandbox

NOTICES = {
    "confirmation": "web/confirm.txt",
    "preferences": "web/by_mail.txt",
    "welcome": "mail/welcome.txt",
}
"""Templates below `mail/` that are no editions, each with the one that its words come from."""

_ESCAPED = (".mjml", ".html")
_MOST = 10_000_000  # bytes of one template


class TemplateFile(msgspec.Struct, frozen=True):
    """One template: its name as used in `include`, whether the publication has its own, and the
    theme whose own it is, "" for what all share.
    """

    name: str
    path: Path
    own: bool
    theme: str = ""


def theme_names(own: Path | None) -> list[str]:
    """Return the names of all themes: ours, and those in the publication's own templates."""
    return names_of([folder for folder in (own, packaged.templates()) if folder])


class Theme:
    """Finds and renders templates. `own` is the publication's templates folder, there or not;
    `name` that of a theme.
    """

    def __init__(self, own: Path | None = None, name: str = "") -> None:
        self.name = name or ThemeSettings().name
        self._roots = [
            folder for folder in (own, packaged.templates()) if folder and folder.is_dir()
        ]
        self._folders = theme_folders(self._roots, self.name)
        self._own = own
        self._words: dict[str, dict[str, str]] = {}
        self._values: dict[ThemeSettings, ThemeValues] = {}
        self._mentioned: dict[tuple[str, ...], bool] = {}
        self._patterns: dict[str, jinja2.Template] = {}  # compiled: the same few all the time
        self._environment = Sandbox(
            loader=_Loader(self._folders),
            undefined=jinja2.StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(_ESCAPED)),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalized,
            bytecode_cache=COMPILED,
            auto_reload=False,  # a theme is opened anew where its files have changed
        )
        self._environment.tests["own"] = self._is_own  # {% if 'blocks/summary.mjml' is own %}

    def files(self) -> list[TemplateFile]:
        """Every template by name, as it would be used."""
        found: dict[str, TemplateFile] = {}
        for folder in reversed(self._folders):
            is_own = self._own is not None and folder.is_relative_to(self._own)
            for name in _files_below(folder):
                if _is_template(name):
                    theme = self.name if folder not in self._roots else ""
                    found[name] = TemplateFile(name, folder / name, is_own, theme)
        return [found[name] for name in sorted(found)]

    @jinja2.pass_context  # or Jinja would reckon once what differs between publications
    def _is_own(self, _context: jinja2.runtime.Context, name: str) -> bool:
        return self.is_own(name)

    def is_own(self, name: str) -> bool:
        """Whether a template is the publication's own."""
        return self._own is not None and (self._own / name).is_file()

    def odd_files(self) -> list[Problem]:
        """Return what lies among the publication's own templates and is no file, as problems."""
        if self._own is None or not self._own.is_dir():
            return []
        found = ((path, files.oddity(path)) for path in sorted(self._own.rglob("*")))
        return [
            Problem(
                what=f"it is {kind}: it is passed over",
                why="Reading it could wait for ever.",
                todo="Put a file there, or remove it.",
                path=f"templates/{path.relative_to(self._own).as_posix()}",
            )
            for path, kind in found
            if kind and not path.is_dir()
        ]

    def digest(self, *below: str) -> str:
        """Return a digest of every template in some folders, as it would be used."""
        found = hashlib.sha256()
        for root in self._roots:
            path = root / FOLDER / self.name / VALUES
            found.update(_bytes(path, VALUES) if path.is_file() else b"")
        for file in self.files():
            if file.name.startswith(below):
                found.update(f"{file.name} ".encode() + _bytes(file.path, file.name))
        return found.hexdigest()

    def values(self, publication: Publication) -> ThemeValues:
        """Return the theme's values, those that publisher.toml names instead.

        Raises ConfigError where there is no such theme, or for a mistake in its theme.toml.
        """
        settings = settings_of(publication)
        if settings not in self._values:
            default = theme_settings(self._roots[-1:], ThemeSettings().name)
            all_ = (settings, *theme_settings(self._roots, self.name), *default)
            self._values[settings] = values_of(merged(*all_))
        return self._values[settings]

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
        folders = (one for one in self._folders if (one / name).is_file())
        folder = next(folders, None)
        return folder / name if folder is not None and _check_inside(folder, name) else None

    def source(self, name: str) -> str:
        """Return a template's or style's text; raise UnknownName where there is none."""
        if _is_template(name) and (path := self._path(name)):
            return _text(path, name)
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
            self._mentioned[text, *below] = any(text in _text(one.path, one.name) for one in found)
        return self._mentioned[text, *below]

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
            for folder in reversed(self._folders):  # the publication's own last
                path = folder / f"words/{tag}.toml"
                if path.is_file() and _check_inside(folder, f"words/{tag}.toml"):
                    words |= _words(path)
        return words

    def lacking(self, language: str) -> list[str]:
        """Return the words that the theme has in English alone, of those in a language."""
        if language.split("-")[0].lower() == "en":
            return []
        own: set[str] = set()
        for tag in dict.fromkeys((language.split("-")[0].lower(), language)):
            for folder in self._folders:
                path = folder / f"words/{tag}.toml"
                if path.is_file() and _check_inside(folder, f"words/{tag}.toml"):
                    own |= _words(path).keys()
        return [name for name in self.words(language) if name not in own]

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Render a template; raise TemplateError with its own path and line."""
        return self._render(lambda: self._environment.get_template(name), name, context)

    def render_pattern(self, pattern: str, place: str, context: Mapping[str, Any]) -> str:
        """Render a one-line pattern from publisher.toml; `place` names its key for errors."""
        text = self._render(lambda: self._pattern(pattern), place, context)
        return one_line(text)

    def line(self, name: str, number: int) -> int | None:
        """Return the line of a template that a line of its compiled code comes from."""
        return self._environment.get_template(name).get_corresponding_lineno(number)

    def _pattern(self, pattern: str) -> jinja2.Template:
        if pattern not in self._patterns:
            self._patterns[pattern] = self._environment.from_string(pattern)
        return self._patterns[pattern]

    def _render(self, load: Any, name: str, context: Mapping[str, Any]) -> str:
        try:
            text: str = load().render(context)
        except jinja2.TemplateNotFound as error:
            missing, known = str(error.name or name), [file.name for file in self.files()]
            todo = "List them: publisher templates list"
            if within := _template_of(error):  # which another one includes
                raise TemplateError(
                    f"there is no template {missing!r}",
                    why=suggestion(missing, known),
                    todo=todo,
                    path=self._shown(within),
                    line=_line_of(error),
                ) from None
            raise UnknownName("template", missing, known, todo=todo) from None
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                f"not a Jinja template: {error.message}",
                path=self._shown(self._named(error.name) or name),
                line=error.lineno,
            ) from None
        except PublisherError:
            raise
        except Exception as error:  # whatever an editor's template does, it is named, not traced
            raise TemplateError(
                _said(error),
                path=self._shown(_template_of(error) or name),
                line=_line_of(error),
                todo="Variables of templates: docs/reference/templates.md",
            ) from None
        return text

    def _named(self, given: str | None) -> str | None:
        """The name of a template of which Jinja tells a mistake: of some it tells the file."""
        return next((file.name for file in self.files() if str(file.path) == given), given)

    def _shown(self, name: str) -> str:
        return f"templates/{name}" if self.has(name) else name

    def locate(self, line: str) -> tuple[str | None, int | None]:
        """Return which template, and which line of it, most likely made a line of output."""
        best: tuple[float, str | None, int | None] = (0.5, None, None)
        wanted = line.strip()
        for file in self.files():
            if not file.name.endswith(".mjml"):
                continue
            for number, text in enumerate(_text(file.path, file.name).splitlines(), 1):
                literal = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text).strip()
                if len(literal) < 4:
                    continue
                likeness = difflib.SequenceMatcher(None, literal, wanted, False).ratio()
                if likeness > best[0]:
                    best = (likeness, self._shown(file.name), number)
        return best[1], best[2]


class _Loader(jinja2.FileSystemLoader):
    """Loads what lies in the theme's folders, and nothing that a link leads to elsewhere."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        name = template.lstrip("/")  # Jinja takes it for a name below the folder
        for folder in map(Path, self.searchpath):
            if ".." not in Path(name).parts and (folder / name).is_file():
                _check_inside(folder, name)
                return self.read(folder / name, name)
        return super().get_source(environment, template)

    @staticmethod
    def read(path: Path, name: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, where it lies, and whether it is the same still."""
        return _text(path, name), str(path), lambda: True


def _is_template(name: str) -> bool:
    """Whether a name is a template's: not of what says how they look, or tells of them, and not
    a way (`../x`, `/x`, `./x`, `.x`), which would be another name for a file, or leads out.
    """
    is_way = any(not part or part.startswith(".") for part in name.split("/"))
    return not is_way and name not in ("README.md", VALUES) and not name.startswith(FOLDER)


def _files_below(folder: Path, below: str = "") -> Iterator[str]:
    """The names of a folder's files; raises TemplateError where a link leads out of it."""
    for entry in list(os.scandir(folder / below)):
        name = below + entry.name
        if name.startswith("."):
            continue
        if entry.is_symlink():  # only then may it be elsewhere
            _check_inside(folder, name)
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(folder, f"{name}/")
        elif entry.is_file():
            yield name


def _check_inside(folder: Path, name: str) -> bool:
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


def _text(path: Path, name: str) -> str:
    try:
        return _bytes(path, name).decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise TemplateError("not UTF-8", path=f"templates/{name}") from None


def _bytes(path: Path, name: str) -> bytes:
    try:
        return files.read(path, _MOST)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise TemplateError(what, path=f"templates/{name}") from None


def _words(path: Path) -> dict[str, str]:
    name = f"words/{path.name}"
    try:
        table = tomllib.loads(_text(path, name))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"not TOML: {error}", path=f"templates/{name}") from None
    return {key: str(value) for key, value in table.items()}


@jinja2.pass_eval_context
def _finalized(context: jinja2.nodes.EvalContext, value: Any) -> Any:
    """Escape a backslash in MJML as a reference: mrml would write it twice in an attribute."""
    if not isinstance(value, str) or "\\" not in value:  # nearly always
        return value
    if context.autoescape and not hasattr(value, "__html__"):
        return Markup(str(escape(value)).replace("\\", "&#92;"))
    return value


def _said(error: Exception) -> str:
    """An error in an editor's words: no class names of ours, the type only where it helps."""
    if isinstance(error, OutOfTime):
        return f"it takes too long: {error}"
    if out_of_memory(error):
        return "it needs too much memory"
    text = re.sub(r"'publisher\.[\w.]+\.(\w+) object'", lambda m: m[1].lower(), str(error))
    plain = isinstance(error, jinja2.UndefinedError | LookupError)
    return text if plain else f"{type(error).__name__}: {text}"


def out_of_memory(error: BaseException | None) -> bool:
    """Whether memory was what failed, whatever was said of it on the way."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


def _template_of(error: BaseException) -> str | None:
    frame = _last_template_frame(error)
    return frame[0] if frame else None


def _line_of(error: BaseException) -> int | None:
    frame = _last_template_frame(error)
    return frame[1] if frame else None


def _last_template_frame(error: BaseException) -> tuple[str, int] | None:
    """The innermost template in a traceback: Jinja rewrites its frames to the template's lines."""
    found = None
    trace = error.__traceback__
    while trace:
        path = trace.tb_frame.f_code.co_filename
        if path.endswith((".mjml", ".txt", ".html")):
            found = ("/".join(Path(path).parts[-2:]), trace.tb_lineno)
        elif path == "<template>":
            found = None
        trace = trace.tb_next
    return found
