"""Readers: who they are, what they asked for, and how they leave."""
