"""serve: the readers' side on the web."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from publisher import pipeline
from publisher.cli.common import at_option, ends_on_signals, talk, workspace


@click.command("serve")
@click.option("--host", help="The address to listen on; that of publisher.toml by default.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 for any that is free.")
@at_option
def serve_(host: str | None, port: int | None, at: str | None) -> None:
    """Answer readers: the site and its feeds, the form to sign up, and the links in mails.

    `run` does so as well. A web server in front of it has the name and the certificate.
    """
    from publisher.delivery import Stop
    from publisher.web import Server, application, listening

    space = workspace(at, writing=True)
    begun, start = datetime.now(UTC), space.now
    web, root = space.publication.web, pipeline.links_root(space.publication)
    app = application(space, lambda: start + (datetime.now(UTC) - begun), root, _complain)
    stop = Stop()
    ends_on_signals(stop, "Ending after the answers at hand … (once more ends it at once)")
    with listening(host or web.host, web.port if port is None else port) as where:
        server = Server(app, where)
        talk(f"http://{host or web.host}:{server.port}{root}/subscribe")
        server.run(stop.event.is_set)


def _complain(error: Exception) -> None:
    talk(f"error: {type(error).__name__}")  # its text may hold an address
