"""Slots spliced into messages, messages to servers, their replies to verdicts."""

from publisher.delivery.letter import Heading, Letter

__all__ = ["Heading", "Letter"]
