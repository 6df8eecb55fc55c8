"""serve: the readers' side on the web."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from urllib.parse import urlsplit

import click

from publisher.cli.options import at_option
from publisher.cli.output import talk, tell
from publisher.cli.session import clock, ends_on_signals, workspace
from publisher.errors import ConfigError, Locked, StoreUnavailable
from publisher.pipeline.workspace import Workspace


@click.command("serve")
@click.option("--host", help="The address to listen on; that of publisher.toml by default.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 for any that is free.")
@at_option
def serve_(host: str | None, port: int | None, at: str | None) -> None:
    """Answer readers: the site and its feeds, the form to sign up, and the links in mails.

    What `build` made is shown; `run` answers in the same way and keeps it up to date besides. A
    web server in front of it has the name and the certificate. Of an outbox in an object store
    what any host built is shown, half a minute later at most.
    """
    from publisher.delivery import Stop
    from publisher.web import listening, serve

    space = workspace(at, writing=True)
    _take_shown(space)
    now = clock(space)
    web, base = space.publication.web, urlsplit(space.publication.base_url).path.rstrip("/")
    stop = Stop()
    ends_on_signals(stop, "Ending after the answers at hand … (once more ends it at once)")
    with ExitStack() as sockets:
        readers = sockets.enter_context(
            listening(host or web.host, web.port if port is None else port)
        )
        operator = (
            sockets.enter_context(listening(web.health_host, web.health)) if web.health else None
        )
        talk(f"http://{host or web.host}:{readers.getsockname()[1]}{base}/  (Ctrl-C ends it)")
        serve(
            space,
            now,
            stop.event.is_set,
            readers=readers,
            operator=operator,
            complain=_complain,
            told=_tell,
            chore=lambda: _take_shown(space),
        )


def _take_shown(space: Workspace) -> None:
    """Take feeds and pages from an object store; readers who leave are answered in any case."""
    from publisher.pipeline.pages.publishing import take_shown

    try:
        take_shown(space)
    except Locked:  # by a build, which makes them anew
        pass
    except StoreUnavailable as error:
        tell([error.problem])


def _tell(answer: Mapping[str, object]) -> None:
    click.echo(json.dumps(answer))
    sys.stdout.flush()


def _complain(error: Exception) -> None:
    if isinstance(error, ConfigError):  # of what the operator wrote, and no reader
        tell([error.problem])
    else:
        talk(f"error: {type(error).__name__}")  # its text may hold an address
