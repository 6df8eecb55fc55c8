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
from publisher.pipeline.readers import (
    Imported,
    add,
    consents,
    erase,
    export,
    import_file,
    leave,
    segment_counts,
    segment_named,
    subscriber,
    subscribers,
    suppress,
    unsuppress,
)
from publisher.pipeline.starting import init, new
from publisher.pipeline.workspace import Workspace

__all__ = [
    "Built",
    "Edited",
    "Imported",
    "Workspace",
    "add",
    "build",
    "build_feeds",
    "check",
    "check_feeds",
    "consents",
    "decided",
    "erase",
    "export",
    "import_file",
    "init",
    "leave",
    "new",
    "plan",
    "preview",
    "related",
    "remove",
    "segment_counts",
    "segment_named",
    "set_hand",
    "slot_shown",
    "status",
    "subscriber",
    "subscribers",
    "suppress",
    "unsuppress",
    "verify",
]
