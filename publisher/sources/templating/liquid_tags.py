"""Tags of Jekyll and Eleventy, and those of the owner's table, for python-liquid."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TextIO

from liquid import Environment, Node, RenderContext, Tag, Token
from liquid.ast import BlockNode
from liquid.parser import get_parser
from liquid.stream import TokenStream
from liquid.token import TOKEN_EOF, TOKEN_EXPRESSION, TOKEN_TAG

from publisher.sources.templating import table
from publisher.sources.templating.code import Code, Fault, Html, article, lines_of_code, parted
from publisher.sources.templating.hugo import gist
from publisher.sources.templating.liquid_filters import with_context
from publisher.sources.templating.run import ADDRESS, CLOSE, OPEN, Context, without_signs
from publisher.sources.templating.site import DEEPEST, MOST_CHARACTERS, Lines

_GIVEN = re.compile(
    r"""\s*+,?\s*+(?:(?P<key>[\w-]+)\s*[=:]\s*)?"""
    r"""(?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|(?P<bare>[^\s"',]++))"""
)
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_SAFE_NAME = re.compile(r"[\w./ -]+")
_BLOCK = re.compile(r"\s*<(?!/)[a-z]", re.IGNORECASE)

_LITERALS = {"true": True, "false": False, "nil": None, "null": None}


class Given:
    """What a tag is given: its words as typed, and what they enclose."""

    def __init__(self, name: str, typed: str, block: BlockNode | None) -> None:
        self.name, self.typed, self._block = name, typed, block

    def inner(self, context: Context, buffer: TextIO) -> str:
        """What it encloses, with its own code expanded."""
        if self._block is None:
            return ""
        inside = context.get_buffer(buffer)
        self._block.render(context, inside)
        return inside.getvalue()

    def values(
        self, context: Context, typed: str | None = None
    ) -> tuple[list[Any], dict[str, Any]]:
        """Values by place and by name; Fault for what cannot be read."""
        typed = (self.typed if typed is None else typed).strip()
        args: list[Any] = []
        params: dict[str, Any] = {}
        at = 0
        while at < len(typed):
            found = _GIVEN.match(typed, at)
            if not found or len(args) + len(params) >= 100:
                raise Fault(f"what {self.name} is given cannot be read: {typed[:60]!r}")
            at = found.end()
            value = _value(found, context)
            if found["key"]:
                params[found["key"]] = value
            else:
                args.append(value)
        return args, params


def _value(found: re.Match[str], context: Context) -> Any:
    for key in ("double", "single"):
        if found[key] is not None:
            return re.sub(r"\\(.)", r"\1", found[key])
    bare = found["bare"]
    if bare in _LITERALS:
        return _LITERALS[bare]
    if re.fullmatch(r"-?\d{1,15}", bare, re.ASCII):
        return int(bare)
    if not _PATH.fullmatch(bare):
        return bare
    value = context.get(list(bare.split(".")), token=None, default=None)
    return bare if value is None and "." not in bare and not found["key"] else value


class _Node(Node):
    """A tag of ours; what is wrong with it is told with its line in the article."""

    __slots__ = ("given", "made")

    def __init__(self, token: Token, given: Given, made: Any) -> None:
        super().__init__(token)
        self.given, self.made = given, made
        self.blank = False

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        assert isinstance(context, Context)
        try:
            made = self.made(self.given, context, buffer)
        except Fault as fault:
            if context.run.depth == 0 and fault.line is None:
                fault.line = self.token.source.count("\n", 0, self.token.start_index) + 1
            raise
        is_html = isinstance(made, Html) and context.run.depth == 0
        buffer.write(f"{OPEN}{without_signs(made)}{CLOSE}" if is_html else made)
        return bool(made)


def tag(tag_name: str, made: Any, *, is_paired: bool = False) -> type[Tag]:
    """A tag that is what a function makes of what it is given."""

    class Own(Tag):
        """One of ours: it keeps what it is given as typed."""

        name = tag_name
        block = is_paired
        end = f"end{tag_name}"

        def parse(self, stream: TokenStream) -> Node:
            """Read the tag, up to its last token, which whoever called steps over."""
            token = stream.eat(TOKEN_TAG)
            is_given = stream.current.kind == TOKEN_EXPRESSION
            typed = stream.current.value if is_given else ""
            block = None
            if not is_given:
                stream.pos -= not is_paired
            elif is_paired:
                stream.next_token()
            if is_paired:
                block = get_parser(self.env).parse_block(stream, (self.end, TOKEN_EOF))
                stream.expect(TOKEN_TAG, value=self.end)
            return _Node(token, Given(self.name, typed, block), made)

    return Own


def of_table(name: str, template: str) -> type[Tag]:
    """A tag that the owner told the meaning of; around what one encloses, Markdown goes on."""
    is_paired = table.wants_inner(template)

    def made(given: Given, context: Context, buffer: TextIO) -> str:
        run = context.run
        if not template:
            run.left_out[name] = run.left_out.get(name, 0) + 1
            return Html("")
        args, params = given.values(context)
        inner = given.inner(context, buffer)
        as_markdown = is_paired and not run.page.is_html
        known = table.Given(
            inner=parted(inner) if as_markdown else inner,
            args=tuple(map(str, args)),
            params={key: "" if value is None else str(value) for key, value in params.items()},
            page=dict(run.page.values),
        )
        whole = table.rendered(template, known, MOST_CHARACTERS, as_markdown=as_markdown)
        run.work(len(whole))
        return whole if as_markdown else Html(whole)

    return tag(name, made, is_paired=is_paired)


def filter_of_table(template: str) -> Callable[..., str]:
    """A filter that the owner told the meaning of; the value is the first of `args`."""

    @with_context
    def made(value: Any, *given: Any, context: Context, **named: Any) -> str:
        words = ["" if one is None else str(one) for one in (value, *given)]
        known = table.Given(
            inner="",
            args=tuple(words),
            params={name: str(one) for name, one in named.items()},
            page=dict(context.run.page.values),
        )
        whole = without_signs(table.rendered(template, known, MOST_CHARACTERS))
        return f"{OPEN}{whole}{CLOSE}" if context.run.depth == 0 else whole

    return made


def capture(given: Given, context: Context, buffer: TextIO) -> str:
    """Keep what is made under a name, which Liquid finds in whatever is written there."""
    found = re.search(r"[\w-]+", given.typed)
    if not found:
        raise Fault("capture wants a name")
    context.assign(found[0], given.inner(context, buffer))
    return ""


def highlight(given: Given, context: Context, buffer: TextIO) -> str:
    """Jekyll's and Eleventy's block of code."""
    words = given.typed.strip().strip("\"'").split()
    return lines_of_code(given.inner(context, buffer), words[0] if words else "")


def post_url(given: Given, _context: Context, _buffer: TextIO) -> str:
    """Jekyll's address of a post by its file's name."""
    return ADDRESS + article(given.typed.strip().strip("\"'").lstrip("/"))


def link(given: Given, context: Context, _buffer: TextIO) -> str:
    """Jekyll's address of any of its files, by its path from the site's folder on."""
    path = _filled(given.typed.strip().strip("\"'"), context)
    own = context.run.site.articles
    inside = own and path.lstrip("/").startswith(f"{own}/")
    if inside and own:
        path = path.lstrip("/")[len(own) + 1 :]
    elif not re.search(r"\.(?:md|markdown|html?)$", path):
        return f"{context.run.site.values().get('baseurl') or ''}/{path.lstrip('/')}"
    return ADDRESS + article(path)


def gist_tag(given: Given, context: Context, _buffer: TextIO) -> str:
    """Code that is shown elsewhere (jekyll-gist)."""
    args, _ = given.values(context)
    return gist(Code(name="gist", args=tuple(map(str, args[:1]))))


def include(given: Given, context: Context, buffer: TextIO) -> str:
    """Jekyll's `include FILE NAME=VALUE …`, from the site's `_includes`."""
    folder = str(context.run.site.values().get("includes_dir") or "_includes").strip("/")
    return _included(folder, given, context, buffer)


def include_relative(given: Given, context: Context, buffer: TextIO) -> str:
    """The same, from the folder of the article."""
    run = context.run
    if run.site.articles is None:
        raise Fault("the articles lie outside of the site: include_relative finds nothing")
    folder = "/".join(filter(None, (run.site.articles, run.page.path.rpartition("/")[0])))
    return _included(folder, given, context, buffer)


def _included(folder: str, given: Given, context: Context, buffer: TextIO) -> str:
    found = re.match(r"\s*((?:[^\s{]|\{\{.*?\}\})+)", given.typed)
    if not found:
        raise Fault("an include names no file")
    name = _filled(found[1], context).strip("\"'")
    _, params = given.values(context, given.typed[found.end() :])
    return rendered(folder, name, {"include": params}, context, buffer)


def partial(given: Given, context: Context, buffer: TextIO) -> str:
    """Eleventy's `include NAME, KEY: VALUE` and `render`, from the folder of its includes."""
    args, params = given.values(context)
    if not args:
        raise Fault("an include names no file")
    name = str(args[0])
    for end in ("", ".liquid", ".html", ".md"):
        for folder in context.run.includes:
            if context.run.site.read(f"{folder}/{name}{end}") is not None:
                return rendered(folder, name + end, params, context, buffer)
    raise Fault(f"there is no file to include: {name[:100]}")


def rendered(
    folder: str, name: str, namespace: dict[str, Any], context: Context, buffer: TextIO
) -> str:
    """A file with its own code expanded; Fault for what leads out of its folder, or into itself."""
    run = context.run
    if not _SAFE_NAME.fullmatch(name) or ".." in name.split("/") or name.startswith("/"):
        raise Fault(f"an include may not lead out of its folder: {name[:100]!r}")
    path = f"{folder}/{name}" if folder else name
    text = run.site.read(path)
    if text is None:
        raise Fault(f"there is no file to include: {path}")
    if run.depth >= DEEPEST:
        raise Fault(f"includes are more than {DEEPEST} deep within each other: {path}")
    run.included()
    run.work(len(text))
    run.step(1 + text.count("{%") + text.count("{{"))
    environment = context.env
    assert hasattr(environment, "of_include")
    template = environment.of_include(path, text)
    inside = context.get_buffer(buffer)
    run.depth += 1
    try:
        with context.extend(namespace, template=template):
            template.render_with_context(context, inside, partial=True)
    finally:
        run.depth -= 1
    made = inside.getvalue()
    run.work(len(made))
    is_html = path.endswith((".html", ".htm")) and _BLOCK.match(made)
    return Html(made) if is_html and "markdown=" not in made else made


def _filled(typed: str, context: Context) -> str:
    """A name, in which values may stand."""
    if "{{" not in typed:
        return typed
    inside = context.env.from_string(typed)
    buffer = context.get_buffer(None)
    inside.render_with_context(context, buffer, partial=True)
    return buffer.getvalue()


def unknown_tags(environment: Environment, text: str) -> list[tuple[str, int]]:
    """The tags of a text that nobody knows, each with its line."""
    lines = Lines(text)
    return [
        (token.value, lines.of(token.start_index))
        for token in environment.tokenizer()(text)
        if token.kind == TOKEN_TAG and not _is_known(token.value, environment)
    ]


_INNER = frozenset("else elsif elseif when break continue".split())


def _is_known(name: str, environment: Environment) -> bool:
    known = environment.tags
    return name in known or name in _INNER or (name.startswith("end") and name[3:] in known)
