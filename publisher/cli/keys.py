"""keys list · rotate · dkim."""

from __future__ import annotations

import click

from publisher.cli.dkim import dkim_
from publisher.cli.options import at_option, json_option
from publisher.cli.output import emit, table
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.pipeline import keys
from publisher.pipeline.keys import made


@click.group("keys", cls=Verbs)
def keys_() -> None:
    """The keys that sign unsubscribe and preference links; `keys dkim`: those that sign mails."""


keys_.add_command(dkim_, "dkim")


@keys_.command("list")
@json_option
def keys_list(as_json: bool) -> None:
    """List the keys by number and age; the newest signs, all are honoured for ever."""
    found = made(workspace())
    if as_json:
        emit(found)
    else:
        table((number, f"{when:%Y-%m-%d %H:%M} UTC") for number, when in found.items())


@keys_.command("rotate")
@at_option
def rotate(at: str | None) -> None:
    """Make a new key, which signs from now on; links of the old ones go on working."""
    space = workspace(at, writing=True)
    click.echo(f"key {keys.rotate(space)} signs from now on")
