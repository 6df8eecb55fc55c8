"""The use cases, one function per verb: what the command line and the web call."""

from publisher.pipeline.building import (
    Built,
    Edited,
    build,
    build_feeds,
    decided,
    plan,
    remove,
    set_hand,
)
from publisher.pipeline.checking import check, check_feeds, related, slot_shown, status, verify
from publisher.pipeline.previewing import preview
from publisher.pipeline.starting import init, new
from publisher.pipeline.workspace import Workspace

__all__ = [
    "Built",
    "Edited",
    "Workspace",
    "build",
    "build_feeds",
    "check",
    "check_feeds",
    "decided",
    "init",
    "new",
    "plan",
    "preview",
    "related",
    "remove",
    "set_hand",
    "slot_shown",
    "status",
    "verify",
]
