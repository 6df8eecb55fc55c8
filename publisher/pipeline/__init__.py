"""The use cases, one function per verb: what the command line and the web call.

Each module is imported when a name of it is first asked for: a build need not wait for SMTP.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from publisher.pipeline.delivering import Delivered, deliver, transport_of, way_out
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
    from publisher.pipeline.reporting import (
        Report,
        audit,
        report,
        resolve,
        standing,
        uncertain,
        why,
    )
    from publisher.pipeline.sending import (
        audience,
        cancel,
        export_eml,
        export_mailbox,
        held,
        hold,
        queued,
        release,
        retry,
        sealed,
        send,
        test,
    )
    from publisher.pipeline.starting import init, new
    from publisher.pipeline.workspace import Workspace

_WHERE = {
    "building": (
        "Built",
        "Edited",
        "build",
        "build_feeds",
        "decided",
        "plan",
        "remove",
        "set_hand",
    ),
    "checking": ("check", "check_feeds", "related", "slot_shown", "status", "verify"),
    "delivering": ("Delivered", "deliver", "transport_of", "way_out"),
    "previewing": ("preview",),
    "readers": (
        "Imported",
        "add",
        "consents",
        "erase",
        "export",
        "import_file",
        "leave",
        "segment_counts",
        "segment_named",
        "subscriber",
        "subscribers",
        "suppress",
        "unsuppress",
    ),
    "reporting": ("Report", "audit", "report", "resolve", "standing", "uncertain", "why"),
    "sending": (
        "audience",
        "cancel",
        "export_eml",
        "export_mailbox",
        "held",
        "hold",
        "queued",
        "release",
        "retry",
        "sealed",
        "send",
        "test",
    ),
    "starting": ("init", "new"),
    "workspace": ("Workspace",),
}
"""Module → the names that it offers here."""


def __getattr__(name: str) -> Any:
    for module, names in _WHERE.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"{__name__} has no {name}")


__all__ = [
    "Built",
    "Delivered",
    "Edited",
    "Imported",
    "Report",
    "Workspace",
    "add",
    "audience",
    "audit",
    "build",
    "build_feeds",
    "cancel",
    "check",
    "check_feeds",
    "consents",
    "decided",
    "deliver",
    "erase",
    "export",
    "export_eml",
    "export_mailbox",
    "held",
    "hold",
    "import_file",
    "init",
    "leave",
    "new",
    "plan",
    "preview",
    "queued",
    "related",
    "release",
    "remove",
    "report",
    "resolve",
    "retry",
    "sealed",
    "segment_counts",
    "segment_named",
    "send",
    "set_hand",
    "slot_shown",
    "standing",
    "status",
    "subscriber",
    "subscribers",
    "suppress",
    "test",
    "transport_of",
    "uncertain",
    "unsuppress",
    "verify",
    "way_out",
    "why",
]
