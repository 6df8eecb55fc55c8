"""Newsletter + articles + slot → `Plan` → `Edition`, and why each left-out story was left out."""

from publisher.editions.planning import Pins, edition, longest, plan

__all__ = ["Pins", "edition", "longest", "plan"]
