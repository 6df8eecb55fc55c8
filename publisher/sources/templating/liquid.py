"""Liquid (python-liquid) within bounds: no clock, no files but the site's own, and an end to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from liquid import Environment, Mode, Undefined
from liquid.exceptions import LiquidError

from publisher.errors import Problem
from publisher.sources.templating import liquid_filters, liquid_tags, told
from publisher.sources.templating.code import Fault
from publisher.sources.templating.run import ADDRESS, Context, Run, Template, without_signs
from publisher.sources.templating.site import MOST_CHARACTERS, Expanded, Lines

_TAGS = frozenset(
    "assign break case comment content continue cycle decrement echo for if ifchanged illegal "
    "increment # liquid output raw tablerow unless".split()
)
_MOST_PARSED = 500  # includes that are kept as parsed
_MOST_CODE = 20_000  # pieces of code in one text
# An address that is typed as text: Jekyll writes it there, whole.
_BARE = re.compile(rf"(?<![^\s*_~]){ADDRESS}(article:[^\s<>()\"'`*]+?)(?=[.,;:!?*_~]*(?:\s|$))")
_RAW = re.compile(r"\{%-?\s*(end)?raw\s*-?%\}")


class Engine(Environment):
    """The tags and filters of one generator, with those of the owner's table."""

    template_class = Template
    output_stream_limit = MOST_CHARACTERS * 2  # bytes
    local_namespace_limit = MOST_CHARACTERS * 4
    context_depth_limit = 200
    block_nesting_limit = 50
    keyword_assignment = True

    def __init__(
        self,
        tags: Mapping[str, type],
        filters: Mapping[str, Any],
        shortcodes: Mapping[str, str],
        undefined: type[Undefined] = Undefined,
    ) -> None:
        super().__init__(tolerance=Mode.STRICT, undefined=undefined, strict_filters=True)
        self.tags = {name: one for name, one in self.tags.items() if name in _TAGS}
        self.add_tag(liquid_tags.tag("capture", liquid_tags.capture, is_paired=True))
        for one in tags.values():
            self.add_tag(one)
        for name, template in shortcodes.items():
            self.add_tag(liquid_tags.of_table(name, template))
        own = {name: liquid_tags.filter_of_table(text) for name, text in shortcodes.items()}
        self.filters = liquid_filters.of(self.filters, {**own, **filters})
        self.shortcodes = shortcodes
        self._parsed: dict[tuple[str, str], Template] = {}

    def of_include(self, path: str, text: str) -> Template:
        """Return a file of the site as parsed; Fault where it cannot be."""
        key = (path, text)
        if key not in self._parsed:
            if len(self._parsed) >= _MOST_PARSED:
                self._parsed.clear()
            self._check(text, path)
            try:
                self._parsed[key] = self.from_string(_strict(text))  # type: ignore[assignment]
            except LiquidError as error:
                raise Fault(f"{path}: {_words(error)}") from None
        return self._parsed[key]

    def _check(self, text: str, path: str = "") -> None:
        """Raise Fault for what the lexer would take too long for, and for tags nobody knows."""
        place = f"{path}: " if path else ""
        if text.count("{{") + text.count("{%") > _MOST_CODE:
            raise Fault(f"{place}there is too much template code")
        for begin, end in (("{{", "}}"), ("{%", "%}")):
            at = text.rfind(end)
            opened = text.find(begin, at + len(end) if at >= 0 else 0)
            if opened >= 0 and not path:
                raise Fault(f"{begin} is never closed", line=Lines(text).of(opened))
            if opened >= 0:
                raise Fault(f"{place}{begin} is never closed")
        raws = list(_RAW.finditer(text))
        if raws and raws[-1][1] is None:
            raise Fault(f"{place}raw is never closed", line=None if path else _line(text, raws))
        try:
            unknown = self.unknown(text) if path else []
        except Fault as fault:
            raise Fault(f"{place}{fault.what}") from None
        if unknown:
            raise Fault(
                f"{path}: what the tag {unknown[0][0]} stands for is not known",
                shortcode=unknown[0][0],
            )

    def unknown(self, text: str) -> list[tuple[str, int]]:
        """Return the tags of a text that nobody knows, each with its line; Fault for no code."""
        code = re.sub(r"\{%-?\s*doc\b", "{% doc_", text)
        try:
            return liquid_tags.unknown_tags(self, code)
        except LiquidError as error:
            raise _fault(error, code) from None

    def expanded(self, text: str, run: Run, known: Mapping[str, Any]) -> Expanded:
        """Return a text with what its code stands for."""
        text = _strict(without_signs(text))
        try:
            self._check(text)
            if unknown := self.unknown(text):
                return Expanded(text=text, problems=tuple(self._not_known(unknown)))
            made = self._rendered(text, run, known)
        except Fault as fault:
            problem = told.wrong(fault.what, fault.line, todo=fault.todo, name=fault.shortcode)
            return Expanded(text=text, problems=(problem,))
        made = _without_site(made, run)
        whole = run.marked(made if run.page.is_html else _BARE.sub(r"<\1>", made))
        left_out = tuple(told.left_out(n, count, None) for n, count in run.left_out.items())
        return Expanded(text=whole, problems=left_out, is_complete=True, pieces=run.pieces)

    def _not_known(self, unknown: list[tuple[str, int]]) -> list[Problem]:
        lines: dict[str, list[int]] = {}
        for name, line in unknown:
            lines.setdefault(name, []).append(line)
        begun = [name for name in lines if not (name[:3] == "end" and name[3:] in lines)]
        known = [*self.tags]
        return [told.unknown(n, len(lines[n]), lines[n][0], known) for n in begun]

    def _rendered(self, text: str, run: Run, known: Mapping[str, Any]) -> str:
        try:
            template = self.from_string(text)
            context = Context(template, globals=known)
            context.run = run
            buffer = context.get_buffer(None)
            template.render_with_context(context, buffer)
            return buffer.getvalue()
        except LiquidError as error:
            raise _fault(error, text) from None
        except RecursionError:
            raise Fault("its template code is nested too deeply") from None
        except Fault:
            raise
        except (ArithmeticError, ValueError, TypeError, LookupError) as error:
            raise Fault(f"its template code fails: {str(error)[:200]}") from None


def _line(text: str, found: list[re.Match[str]]) -> int:
    return Lines(text).of(found[-1].start())


def _strict(text: str) -> str:
    """Code as the library reads it: Ruby's Liquid takes `a.[b]` for `a[b]`."""
    if ".[" not in text:
        return text
    return re.sub(r"\{[{%][^{}]*+\}", lambda found: found[0].replace(".[", "["), text)


def _fault(error: LiquidError, text: str) -> Fault:
    """What the library says of a text, at its line where that is known."""
    token = error.token
    is_here = token is not None and token.source == text and token.start_index >= 0
    return Fault(
        _words(error), line=Lines(text).of(token.start_index) if token and is_here else None
    )


def _words(error: LiquidError) -> str:
    return f"its template code cannot be read: {str(error.message)[:200]}"


def _without_site(made: str, run: Run) -> str:
    """An internal address stands alone: what articles write before it is the site's own place."""
    values = run.site.values()
    url, base = (str(values.get(key) or "") for key in ("url", "baseurl"))
    url = url or run.site.base_url
    places = {url + base, url.rstrip("/") + base, url, url.rstrip("/"), base, base.rstrip("/")}
    before = "|".join(re.escape(one) for one in sorted(places, key=len, reverse=True) if one)
    return re.sub(f"(?:{before})/?(?={ADDRESS})", "", made) if before else made
