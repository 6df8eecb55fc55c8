"""Fuzzers: whatever comes in, it is read, or refused in our own words.

In CI each looks at some hundred examples; `make fuzz` looks at a hundred times as many.
"""
