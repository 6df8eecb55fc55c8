"""templates list · eject."""

from __future__ import annotations

import click

from publisher.cli.options import json_option
from publisher.cli.output import emit, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.errors import UsageError


@click.group("templates", cls=Verbs)
def templates_() -> None:
    """List the theme's templates, and make one your own."""


@templates_.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List every template; your own stand in your templates/ folder."""
    files = workspace().theme.files()
    if as_json:
        emit([{"name": file.name, "own": file.own} for file in files])
        return
    table((file.name, "yours" if file.own else "") for file in files)
    talk(f"Make one your own: {typed('templates eject NAME')}")


@templates_.command("eject")
@click.argument("name")
def eject(name: str) -> None:
    """Copy the template NAME into your templates/ folder, to edit it there."""
    space = workspace()
    text = space.theme.source(name)
    target = space.root / "templates" / name
    if target.exists():
        raise UsageError(f"templates/{name} is yours already", todo="Edit it there.")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    click.echo(target)
    talk(f"Edit it, then: {typed('preview')}")
