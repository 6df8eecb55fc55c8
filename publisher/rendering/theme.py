"""The theme: its files, its values, and how its templates are rendered."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from publisher import packaged
from publisher.errors import PublisherError, TemplateError, UnknownName, suggestion
from publisher.model import Publication, ThemeSettings, one_line
from publisher.rendering.origins import Traced, Tracer
from publisher.rendering.template_faults import line_of, said, template_of
from publisher.rendering.theme_files import ThemeFiles, check_inside, text_of
from publisher.rendering.themes import names_of, theme_settings
from publisher.rendering.values import ThemeValues, merged, settings_of, values_of
from publisher.sandbox import COMPILED, Sandbox

_ESCAPED = (".mjml", ".html")


def theme_names(own: Path | None) -> list[str]:
    """Return the names of all themes: ours, and those in the publication's own templates."""
    return names_of([folder for folder in (own, packaged.templates()) if folder])


class Theme(ThemeFiles):
    """Renders templates. `own` is the publication's templates folder, there or not;
    `name` that of a theme.
    """

    def __init__(self, own: Path | None = None, name: str = "") -> None:
        super().__init__(own, name or ThemeSettings().name)
        self._values: dict[ThemeSettings, ThemeValues] = {}
        self._patterns: dict[str, jinja2.Template] = {}  # compiled: the same few all the time
        self._environment = self._prepared(partial(Sandbox, bytecode_cache=COMPILED))

    def _prepared(self, made: Callable[..., Sandbox]) -> Sandbox:
        environment = made(
            loader=_Loader(self.folders),
            undefined=jinja2.StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(_ESCAPED)),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            finalize=_finalized,
            auto_reload=False,  # a theme is opened anew where its files have changed
        )
        environment.tests["own"] = self._is_own  # {% if 'blocks/summary.mjml' is own %}
        return environment

    @jinja2.pass_context  # or Jinja would reckon once what differs between publications
    def _is_own(self, _context: jinja2.runtime.Context, name: str) -> bool:
        return self.is_own(name)

    def values(self, publication: Publication) -> ThemeValues:
        """Return the theme's values, those that publisher.toml names instead.

        Raises ConfigError where there is no such theme, or for a mistake in its theme.toml.
        """
        settings = settings_of(publication)
        if settings not in self._values:
            default = theme_settings(self.roots[-1:], ThemeSettings().name)
            all_ = (settings, *theme_settings(self.roots, self.name), *default)
            self._values[settings] = values_of(merged(*all_))
        return self._values[settings]

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Render a template; raise TemplateError with its own path and line."""
        return self._render(lambda: self._environment.get_template(name), name, context)

    def traced(self, name: str, context: Mapping[str, Any]) -> tuple[str, Tracer]:
        """Render a template with marks of where its words are from: slow, for what is wrong."""
        tracer = Tracer()
        environment = self._prepared(partial(Traced, tracer))
        made = self._render(lambda: environment.get_template(name), name, context)
        return made, tracer

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
            if within := template_of(error):  # which another one includes
                raise TemplateError(
                    f"there is no template {missing!r}",
                    why=suggestion(missing, known),
                    todo=todo,
                    path=self.shown(within),
                    line=line_of(error),
                ) from None
            raise UnknownName("template", missing, known, todo=todo) from None
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(
                f"not a Jinja template: {error.message}",
                todo="Mend it there; docs/reference/templates.md tells of templates.",
                path=self.shown(self.named(error.name) or name),
                line=error.lineno,
            ) from None
        except PublisherError:
            raise
        except Exception as error:  # whatever an editor's template does, it is named, not traced
            raise TemplateError(
                said(error),
                path=self.shown(template_of(error) or name),
                line=line_of(error),
                todo="Variables of templates: docs/reference/templates.md",
            ) from None
        return text

    def locate(self, line: str) -> tuple[str | None, int | None]:
        """Return which template, and which line of it, most likely made a line of output."""
        best: tuple[float, str | None, int | None] = (0.5, None, None)
        wanted = line.strip()
        for file in self.files():
            if not file.name.endswith(".mjml"):
                continue
            for number, text in enumerate(text_of(file.path, file.name).splitlines(), 1):
                literal = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text).strip()
                if len(literal) < 4:
                    continue
                likeness = difflib.SequenceMatcher(None, literal, wanted, False).ratio()
                if likeness > best[0]:
                    best = (likeness, self.shown(file.name), number)
        return best[1], best[2]


class _Loader(jinja2.FileSystemLoader):
    """Loads what lies in the theme's folders, and nothing that a link leads to elsewhere."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        name = template.lstrip("/")  # Jinja takes it for a name below the folder
        for folder in map(Path, self.searchpath):
            if ".." not in Path(name).parts and (folder / name).is_file():
                check_inside(folder, name)
                return self.read(folder / name, name)
        return super().get_source(environment, template)

    @staticmethod
    def read(path: Path, name: str) -> tuple[str, str, Callable[[], bool]]:
        """A template's text, where it lies, and whether it is the same still."""
        return text_of(path, name), str(path), lambda: True


@jinja2.pass_eval_context
def _finalized(context: jinja2.nodes.EvalContext, value: Any) -> Any:
    """Escape a backslash in MJML as a reference: mrml would write it twice in an attribute."""
    if not isinstance(value, str) or "\\" not in value:  # nearly always
        return value
    if context.autoescape and not hasattr(value, "__html__"):
        return Markup(str(escape(value)).replace("\\", "&#92;"))
    return value
