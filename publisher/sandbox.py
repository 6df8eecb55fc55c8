"""Jinja's sandbox with bounds to what a template can make, and its templates as compiled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import partial
from types import BuiltinMethodType, CodeType, FunctionType, MethodType
from typing import Any

import jinja2
import msgspec
from jinja2 import nodes
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

_LONGEST = 10_000_000  # characters or items that a template may make by repeating
_DIGITS = 100_000  # bits, of a number that it may reckon with


class _Compiled(jinja2.BytecodeCache):
    """Templates as compiled, kept in memory: a service opens its theme anew at every change.

    Of one text at one path: its checksum is part of the key, and every theme compiles alike.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if len(self._codes) >= _KEPT:
            self._codes.clear()  # somebody edits templates all day
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_KEPT = 1000
COMPILED = _Compiled()


class Sandbox(SandboxedEnvironment):
    """Jinja's sandbox, which stops escape, with bounds to what one operator can make.

    An operator is one step of the interpreter, which no alarm can interrupt.
    """

    intercepted_binops = frozenset(("*", "**"))

    def __init__(self, **options: Any) -> None:
        """With Jinja's own options."""
        super().__init__(**options)
        self._public: dict[type, frozenset[str]] = {}  # fields of nouns, by their type

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute; a short way to the fields of our nouns, whose names are plain."""
        kind = type(obj)
        public = self._public.get(kind)
        if public is None:
            public = self._public[kind] = _public_fields(kind)
        if attribute in public:
            value = getattr(obj, attribute)
            if type(value) not in _METHODS:  # of which Jinja wraps some
                return value
        return super().getattr(obj, attribute)

    # The names are Jinja's: those of a template's own arguments must not be among them.
    def call(
        __self,
        __context: Context,
        __obj: Callable[..., Any],
        *args: Any,
        **kwargs: Any,
    ) -> Any:
        """Call what a template calls; a short way to plain functions, about which nothing is said.

        What Jinja asks of one (whether it is unsafe, whether it wants the context) are attributes.
        """
        kind = type(__obj)
        if kind is not BuiltinMethodType and (kind not in _PLAIN or __obj.__dict__):
            return super().call(__context, __obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        try:
            return __obj(*args, **kwargs)
        except StopIteration:
            said = "value was undefined because a callable raised a StopIteration exception"
            return __self.undefined(said)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply or raise to a power, within measure."""
        numbers = isinstance(left, int) and isinstance(right, int)
        if operator == "*":
            if numbers:
                is_large = left.bit_length() + right.bit_length() > _DIGITS
            else:
                is_large = _length(left) * _length(right) > _LONGEST
        else:
            is_large = numbers and left.bit_length() * abs(right) > _DIGITS
        if is_large:
            raise OverflowError("it would be beyond measure")
        return super().call_binop(context, operator, left, right)


_METHODS = frozenset((MethodType, BuiltinMethodType))
_PLAIN = frozenset((FunctionType, partial))


def _public_fields(kind: type) -> frozenset[str]:
    """The fields of a noun that a template may read; none of what is neither dataclass nor struct.

    Of these Jinja forbids what begins with an underscore, and nothing else.
    """
    names = [one.name for one in fields(kind)] if is_dataclass(kind) else []
    if issubclass(kind, msgspec.Struct):
        names += kind.__struct_fields__
    return frozenset(name for name in names if not name.startswith("_"))


def fault_of(template: str, filters: Iterable[str] = ()) -> str:
    """Return why a short template of an owner's cannot be used, "" where it can.

    It stands for one shortcode: whatever repeats its repetitions would take longer than a build.
    `filters` are the names of those that it may use besides Jinja's.
    """
    try:
        sandbox = Sandbox()
        sandbox.filters |= dict.fromkeys(filters, str)
        tree = sandbox.parse(template)
        sandbox.compile(template)  # which looks for filters that nobody has
    except jinja2.TemplateSyntaxError as error:
        return str(error.message)
    except RecursionError:
        return "it is nested too deeply"
    for loop in tree.find_all(nodes.For):
        inner = [*loop.body, *loop.else_]
        if loop.recursive or any(
            isinstance(one, nodes.For) or one.find(nodes.For) for one in inner
        ):
            return "a loop within a loop"
    for banned in (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro):
        if tree.find(banned):
            return "it may neither include other templates nor define macros"
    return ""


def _length(value: Any) -> int:
    """How long a sequence is, or how often one is to be repeated."""
    if isinstance(value, int):
        return max(value, 0)
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0
