"""The use cases, one function per verb: what the command line and the web call.

Each module is imported when a name of it is first asked for: a build need not wait for SMTP.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from publisher.pipeline.building import (
        build,
        build_feeds,
        build_web,
        decided,
        plan,
        remove,
        set_hand,
    )
    from publisher.pipeline.built import Built, Edited
    from publisher.pipeline.checking import (
        RelatedShown,
        check,
        check_feeds,
        related,
        slot_shown,
        status,
        verify,
        why_related,
    )
    from publisher.pipeline.choosing import (
        Choice,
        choice,
        choose,
        leave_by_link,
        newsletter_of,
    )
    from publisher.pipeline.counted import (
        Health,
        Statistics,
        health,
        keep_counts,
        statistics,
    )
    from publisher.pipeline.delivering import Delivered, deliver, transport_of, way_out
    from publisher.pipeline.firing import approve, cancel, hold, release
    from publisher.pipeline.following import links_in
    from publisher.pipeline.letters import ascii_url, links_origin, links_root, site_root
    from publisher.pipeline.news import announced, breaking, target_of
    from publisher.pipeline.previewing import Look, look, preview, shown
    from publisher.pipeline.publishing import show_begun
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
    from publisher.pipeline.replaying import Replay, replay
    from publisher.pipeline.reporting import (
        Report,
        audit,
        report,
        resolve,
        standing,
        uncertain,
        why,
    )
    from publisher.pipeline.running import Event, Service
    from publisher.pipeline.scheduling import (
        Coming,
        Fire,
        add_schedule,
        calendar,
        coming,
        edit_schedule,
        explain,
        pause_schedule,
        remove_schedule,
        resume_schedule,
        rewind,
        slot_log,
        try_schedule,
    )
    from publisher.pipeline.sending import (
        audience,
        export_eml,
        export_mailbox,
        held,
        queued,
        readers_of,
        retry,
        sealed,
        send,
        test,
    )
    from publisher.pipeline.signing_up import ask, asked, confirm, mail_signups, offered
    from publisher.pipeline.starting import init, new
    from publisher.pipeline.timetable import keeper
    from publisher.pipeline.workspace import Workspace

_WHERE = {
    "news": ("announced", "breaking", "target_of"),
    "building": (
        "build",
        "build_feeds",
        "build_web",
        "decided",
        "plan",
        "remove",
        "set_hand",
    ),
    "built": ("Built", "Edited"),
    "checking": (
        "RelatedShown",
        "check",
        "check_feeds",
        "related",
        "slot_shown",
        "status",
        "verify",
        "why_related",
    ),
    "choosing": ("Choice", "choice", "choose", "leave_by_link", "newsletter_of"),
    "following": ("links_in",),
    "letters": ("ascii_url", "links_origin", "links_root", "site_root"),
    "delivering": ("Delivered", "deliver", "transport_of", "way_out"),
    "firing": ("approve", "cancel", "hold", "release"),
    "previewing": ("Look", "look", "preview", "shown"),
    "publishing": ("show_begun",),
    "readers": (
        "Imported",
        "add",
        "consents",
        "erase",
        "export",
        "import_file",
        "leave",
        "leave_by_link",
        "links_root",
        "segment_counts",
        "segment_named",
        "subscriber",
        "subscribers",
        "suppress",
        "unsuppress",
    ),
    "replaying": ("Replay", "replay"),
    "reporting": ("Report", "audit", "report", "resolve", "standing", "uncertain", "why"),
    "running": ("Event", "Service"),
    "scheduling": (
        "Coming",
        "Fire",
        "add_schedule",
        "calendar",
        "coming",
        "edit_schedule",
        "explain",
        "pause_schedule",
        "remove_schedule",
        "resume_schedule",
        "rewind",
        "slot_log",
        "try_schedule",
    ),
    "sending": (
        "audience",
        "export_eml",
        "export_mailbox",
        "held",
        "queued",
        "readers_of",
        "retry",
        "sealed",
        "send",
        "test",
    ),
    "signing_up": ("ask", "asked", "confirm", "mail_signups", "offered"),
    "starting": ("init", "new"),
    "counted": ("Health", "Statistics", "health", "keep_counts", "statistics"),
    "timetable": ("keeper",),
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
    "Choice",
    "Coming",
    "Delivered",
    "Edited",
    "Event",
    "Fire",
    "Health",
    "Imported",
    "Look",
    "RelatedShown",
    "Replay",
    "Report",
    "Service",
    "Statistics",
    "Workspace",
    "add",
    "add_schedule",
    "announced",
    "approve",
    "ascii_url",
    "ask",
    "asked",
    "audience",
    "audit",
    "breaking",
    "build",
    "build_feeds",
    "build_web",
    "calendar",
    "cancel",
    "check",
    "check_feeds",
    "choice",
    "choose",
    "coming",
    "confirm",
    "consents",
    "decided",
    "deliver",
    "edit_schedule",
    "erase",
    "explain",
    "export",
    "export_eml",
    "export_mailbox",
    "health",
    "held",
    "hold",
    "import_file",
    "init",
    "keep_counts",
    "keeper",
    "leave",
    "leave_by_link",
    "links_in",
    "links_origin",
    "links_root",
    "look",
    "mail_signups",
    "new",
    "newsletter_of",
    "offered",
    "pause_schedule",
    "plan",
    "preview",
    "queued",
    "readers_of",
    "related",
    "release",
    "remove",
    "remove_schedule",
    "replay",
    "report",
    "resolve",
    "resume_schedule",
    "retry",
    "rewind",
    "sealed",
    "segment_counts",
    "segment_named",
    "send",
    "set_hand",
    "show_begun",
    "shown",
    "site_root",
    "slot_log",
    "slot_shown",
    "standing",
    "statistics",
    "status",
    "subscriber",
    "subscribers",
    "suppress",
    "target_of",
    "test",
    "transport_of",
    "try_schedule",
    "uncertain",
    "unsuppress",
    "verify",
    "way_out",
    "why",
    "why_related",
]
