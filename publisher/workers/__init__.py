"""Processes that do much of the same work side by side: slices of it go out, answers come in order.

What they do changes nothing but what they return; whoever asked writes it. What one could not do is
told of, and whoever asked does it as if there were none.
"""

from publisher.workers.pool import Trouble, Work, Workers

__all__ = ["Trouble", "Work", "Workers"]
