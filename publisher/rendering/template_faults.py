"""What went wrong in a template, in an editor's words, and where."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

from publisher.errors import OutOfTime


def said(error: Exception) -> str:
    """An error in an editor's words: no class names of ours, the type only where it helps."""
    if isinstance(error, OutOfTime):
        return f"it takes too long: {error}"
    if out_of_memory(error):
        return "it needs too much memory"
    if isinstance(error, RecursionError):
        return "it includes or calls itself without end, or is nested too deeply"
    text = re.sub(r"'publisher\.[\w.]+\.(\w+) object'", lambda m: m[1].lower(), str(error))
    plain = isinstance(error, jinja2.UndefinedError | LookupError)
    return text if plain else f"{type(error).__name__}: {text}"


def out_of_memory(error: BaseException | None) -> bool:
    """Whether memory was what failed, whatever was said of it on the way."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


def template_of(error: BaseException) -> str | None:
    """Return the innermost template in which an error was raised, None where it was in none."""
    frame = _last_template_frame(error)
    return frame[0] if frame else None


def line_of(error: BaseException) -> int | None:
    """Return the line of that template."""
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
