"""Rules → slots, in local wall-clock time; pure and zone-aware."""

from publisher.schedule.rules import exact, latest, upcoming

__all__ = ["exact", "latest", "upcoming"]
