"""What `[engine]` may say."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib.util import find_spec

from publisher.config.reader import Reader
from publisher.model import EngineSettings, Publication

_TAKEOVER = timedelta(seconds=2), timedelta(hours=1)


def checked(publication: Publication, reader: Reader) -> EngineSettings:
    """Return who does the work; raise ConfigError where workers could not."""
    engine = publication.engine
    least, most = _TAKEOVER
    if not least <= engine.takeover <= most:
        raise reader.wrong("engine.takeover", "must be 2 seconds to an hour")
    if engine.part_pages < 1:
        raise reader.wrong("engine.part_pages", "must be 1 or more")
    if not engine.has_workers:
        return engine
    ledger = os.environ.get("PUBLISHER_LEDGER") or publication.ledger
    if not ledger.startswith("postgres"):
        raise reader.wrong(
            "engine.kind",
            '= "procrastinate" needs a ledger on PostgreSQL',
            why="Its jobs are rows beside the ledger's, written in the same transaction.",
            todo='Name one: [publication] ledger = "postgresql://…"; or leave [engine] out.',
        )
    if find_spec("procrastinate") is None:  # looked for, and not imported
        raise reader.wrong(
            "engine.kind",
            '= "procrastinate" needs the package procrastinate',
            why="It keeps the jobs that workers do.",
            todo="Install it: pip install '.[scale]' in the checkout; or leave [engine] out.",
        )
    return engine
