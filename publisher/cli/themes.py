"""themes list · show."""

from __future__ import annotations

import click

from publisher.cli.options import json_option
from publisher.cli.output import emit, fields_of, heading, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline.editions.themes import show_theme, themes


@click.group("themes", cls=Verbs)
def themes_() -> None:
    """How mails and pages look: the themes there are, and what each is made of."""


@themes_.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List every theme, with its character; your own stand in templates/themes/."""
    found = themes(workspace())
    if as_json:
        emit(found)
        return
    table((one.name, "in use" if one.used else "", one.character) for one in found)
    talk(f"Look at one: {typed('themes show NAME')}")


@themes_.command("show")
@click.argument("name", default="")
@json_option
def show(name: str, as_json: bool) -> None:
    """Show the values and files of the theme NAME (the one in use), and an edition in it."""
    found = show_theme(workspace(), name)
    values = fields_of(found.values)
    if as_json:
        emit({**values, "overridden": found.overridden, "files": found.files,
              "preview": str(found.preview or "")})  # fmt: skip
        return
    heading(f"{values.pop('name')}: {values.pop('character')}")
    values["social"] = ", ".join(one.name for one in values["social"]) or "-"
    light, dark = fields_of(values.pop("light")), fields_of(values.pop("dark"))
    table([("", "light", "dark"), *((key, light[key], dark[key]) for key in light)])
    table(((key, value) for key, value in values.items()))
    if found.overridden:
        talk(f"Yours, of publisher.toml: {', '.join(found.overridden)}")
    heading("Its own files; all others are shared")
    table((name,) for name in found.files)
    if found.preview:
        talk("An edition in it:")
        click.echo(found.preview)
    talk(f'Use it: theme = "{found.values.name}" under [publication]')
