"""config show · keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import click

from publisher.cli.options import json_option
from publisher.cli.output import emit, fields_of, table
from publisher.cli.reference import reference
from publisher.cli.session import workspace
from publisher.cli.verbs import Verbs
from publisher.model import Settings, span_in_words, without_secrets


@click.group("config", cls=Verbs)
def config_() -> None:
    """Show the configuration."""


@config_.command("show")
@json_option
def show(as_json: bool) -> None:
    """Print every setting in force, defaults included."""
    publication = workspace().publication
    if as_json:
        emit(without_secrets("", _plain(publication)))
        return
    table(_rows(publication, ""))


def _plain(value: Any) -> Any:
    """Settings as tables, at whatever depth."""
    if isinstance(value, Settings):
        return {name: _plain(inner) for name, inner in fields_of(value).items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


def _rows(record: Any, prefix: str) -> list[tuple[str, str]]:
    rows = []
    for field, value in fields_of(record).items():
        name = f"{prefix}{field}"
        if isinstance(value, Settings):
            rows += _rows(value, f"{name}.")
        elif isinstance(value, tuple) and value and isinstance(value[0], Settings):
            for item in value:
                rows += _rows(item, f"{name}.{item.name}.")
        else:
            rows.append((name, _shown(without_secrets(name, value))))
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, timedelta):
        return span_in_words(value) if value else "0"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "-"
    return "-" if value in ("", None) else str(value)


@config_.command("keys")
def keys() -> None:
    """Print every key of publisher.toml with its meaning and default."""
    for section in reference():
        click.secho(section.table, bold=True)
        for key in section.keys:
            click.echo(f"  {key.name} ({key.kind}; default {key.default})")
            click.echo(f"    {key.doc}")
