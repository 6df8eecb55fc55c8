"""One article's Liquid: what it may read, what it has used up of its bounds, what it made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from liquid import BoundTemplate, RenderContext, Token, Undefined
from liquid.undefined import UNDEFINED

from publisher.sources.templating.code import Fault, markdown
from publisher.sources.templating.pieces import Pieces
from publisher.sources.templating.site import MOST_CHARACTERS, Page, Site

OPEN, CLOSE, ADDRESS = "\ue0f0", "\ue0f1", "\ue0f2"
"""Around HTML that is no Markdown, and before an internal address; in no text that we are given."""

_SIGNS = re.compile(f"[{OPEN}{CLOSE}{ADDRESS}]")
_HTML = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_MOST_STEPS = 300_000  # elements of templates that are looked at, loops included
_MOST_WORK = 50_000_000  # characters that filters read and make
_MOST_INCLUDES = 2_000


def without_signs(text: str) -> str:
    """Return a text without the characters that we mark with."""
    return _SIGNS.sub("", text)


class Run(msgspec.Struct, kw_only=True):
    """What one article's code knows and has used; `depth` is how many includes deep it is."""

    site: Site
    page: Page
    pieces: Pieces
    includes: tuple[str, ...] = ()
    depth: int = 0
    left_out: dict[str, int] = msgspec.field(default_factory=dict)
    _steps: int = 0
    _work: int = 0
    _included: int = 0

    def step(self, count: int = 1) -> None:
        """Count elements; raise Fault where they are too many."""
        self._steps += count
        if self._steps > _MOST_STEPS:
            raise Fault("its template code repeats without end, or nearly so")

    def work(self, characters: int) -> None:
        """Count characters; raise Fault where they are too many."""
        self._work += characters
        if self._work > _MOST_WORK:
            raise Fault("its template code reads and makes too much text")

    def included(self) -> None:
        """Count an include; raise Fault where they are too many."""
        self._included += 1
        if self._included > _MOST_INCLUDES:
            raise Fault(f"it includes more than {_MOST_INCLUDES:,} files")

    def now(self) -> date:
        """The time of a build, to an article: when it came out. It says for ever what it said."""
        found = self.page.values.get("date")
        if isinstance(found, str):
            try:
                found = datetime.fromisoformat(found)
            except ValueError:
                found = None
        if isinstance(found, date):
            return found
        raise Fault("it asks for the time, and has no date itself", "Write the day it came out.")

    def html(self, typed: str) -> str:
        """Markdown, in which HTML may stand between signs, as HTML."""
        if self.page.is_html:
            return without_signs(typed)
        made = markdown(self.marked(typed), self.page.language, typeset=self.site.typeset)
        return self.pieces.filled(made, MOST_CHARACTERS)

    def marked(self, made: str) -> str:
        """A text with marks in the place of HTML that stands between signs."""
        if self.page.is_html:
            return without_signs(made)
        marked = _HTML.sub(lambda found: self.pieces.put(found[1]), made)
        return without_signs(marked)


class Context(RenderContext):
    """A context that knows its run, and counts each element that is looked at."""

    run: Run

    @property
    def disabled_tags(self) -> list[str]:
        """Which tags are forbidden: asked by every element before it is rendered, so we count."""
        self.run.step()
        return []

    @disabled_tags.setter
    def disabled_tags(self, value: list[str]) -> None:
        """Nothing is forbidden in one context alone."""

    def get(
        self, path: list[object], *, token: Token | None, default: object = UNDEFINED
    ) -> object:
        """A value by its path; what a known table does not have is known to be nothing."""
        found = super().get(path, token=token, default=default)
        if isinstance(found, Undefined) and len(path) > 1 and path[0] in self.scope:
            return Undefined(str(path[0]), token=token)
        return found

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """A filter; Fault, by its name, where nobody knows it."""
        if name not in self.env.filters:
            raise Fault(
                f"what the filter {name} stands for is not known",
                "Write it into [sources.shortcodes] in publisher.toml; its value is args[0].",
                shortcode=name,
            )
        return super().filter(name, token)

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count a loop's rounds before it begins, those of all loops together."""
        self.run.step(length)


class Template(BoundTemplate):
    """A template whose contexts are ours."""

    context_class = Context


class Known(Mapping[str, Any]):
    """Values by name, of which some exist and are not known to us: asking for those is a Fault.

    With `is_all`, every name that is not there is one of those.
    """

    def __init__(
        self, name: str, values: Mapping[str, Any], unknown: frozenset[str] = frozenset(),
        *, is_all: bool = False,
    ) -> None:  # fmt: skip
        self._name, self._values, self._unknown, self._is_all = name, values, unknown, is_all

    def __getitem__(self, key: str) -> Any:
        if key not in self._values and (self._is_all or key in self._unknown):
            raise Fault(
                f"{self._name}.{key} is not known here" if self._name else f"{key} is not known",
                "Write what it stands for.",
            )
        return self._values[key]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __str__(self) -> str:
        return ""


class OfPage(Known):
    """`page`, whose `url` and `id` are known where its front matter and its name tell them."""

    def __init__(self, page: Page, values: Mapping[str, Any], unknown: frozenset[str]) -> None:
        super().__init__("page", values, unknown)
        self._page = page

    def __getitem__(self, key: str) -> Any:
        is_asked = key in self._unknown and key in ("url", "id") and key not in self._values
        if is_asked and (address := self._page.address()):
            return address if key == "url" else re.sub(r"(?:/|\.html?)\Z", "", address)
        return super().__getitem__(key)
