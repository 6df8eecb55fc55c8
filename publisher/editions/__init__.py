"""Newsletter + articles + slot → `Plan` → `Edition`, and why each left-out story was left out."""

from publisher.editions.planning import Hand, edition, longest, plan

__all__ = ["Hand", "edition", "longest", "plan"]
