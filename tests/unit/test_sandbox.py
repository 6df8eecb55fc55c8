"""Our short ways through Jinja's sandbox lead where Jinja's own do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jinja2
import pytest
from jinja2.sandbox import SandboxedEnvironment, unsafe

from publisher.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class Noun:
    """Has what a template may read, and what it may not."""

    title: str = "A {0}"
    mapping: dict[str, int] = field(default_factory=lambda: {"one": 1})
    shout: Callable[..., str] = "{0.__class__}".format
    _secret: str = "hidden"

    @property
    def doubled(self) -> str:
        """No field."""
        return self.title * 2


def plain(*args: object, **named: object) -> str:
    """A function about which nothing is said."""
    return f"{args} {sorted(named)}"


@unsafe
def forbidden() -> str:
    """A function that no template may call."""
    return "called"


@jinja2.pass_context
def told(context: jinja2.runtime.Context, name: str) -> object:
    """A function that asks for the context."""
    return context[name]


def ended() -> str:
    """Raises what ends a loop."""
    raise StopIteration


def _said(environment: SandboxedEnvironment, template: str) -> str:
    values: dict[str, Any] = {
        "noun": Noun(), "kind": Noun, "plain": plain, "bound": partial(plain, 1),
        "forbidden": forbidden, "told": told, "ended": ended, "words": ["a"], "table": {"pop": 1},
    }  # fmt: skip
    try:
        return environment.from_string(template).render(values)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize(
    "expression",
    [
        "noun.title", "noun.mapping.one", "noun.doubled", "noun.lacking", "noun._secret",
        "noun.__class__", "noun.shout(noun)", "noun.title.format(noun)", "noun['_secret']",
        "noun.doubled.__init__", "kind.title", "kind.mro()", "kind._secret",
        "plain(1, two=2)", "plain.__globals__", "plain.__code__", "bound(2)", "bound.func",
        "bound.func.__globals__", "forbidden()", "told('words')", "ended()", "ended() is defined",
        "words.index('a')", "words.append('b')", "table.pop('pop')", "table.items() | list",
        "'{0.__class__}'.format(noun)", "('{0._secret}'.format_map)({'0': noun})",
        "[noun] | map(attribute='_secret') | list", "[noun] | map(attribute='title') | list",
    ],
)  # fmt: skip
def test_it_says_of_each_what_jinja_says(expression: str) -> None:
    template = f"{{% for one in [1, 2] %}}{{{{ {expression} }}}}{{% endfor %}}"
    strict = jinja2.StrictUndefined
    ours, theirs = Sandbox(undefined=strict), SandboxedEnvironment(undefined=strict)
    assert _said(ours, template) == _said(theirs, template)


def test_what_is_private_stays_so_after_what_is_public_was_read() -> None:
    sandbox = Sandbox(undefined=jinja2.StrictUndefined)
    assert _said(sandbox, "{{ noun.title }}") == "A {0}"
    assert _said(sandbox, "{{ noun._secret }}").startswith("SecurityError")
