"""The running service: it keeps the schedules, delivers, and answers readers on the web.

It decides nothing that a use case does not: whatever it knows, it has from the ledger,
publisher.toml and the articles, and reads anew when one of them changes.
"""

from publisher.service.events import Event
from publisher.service.service import Service

__all__ = ["Event", "Service"]
