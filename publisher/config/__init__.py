"""publisher.toml → the frozen `Publication`: a module for each table that is more than its types.

The settings in `model/` are the schema: a key they do not have is an error with a suggestion, a
value of another type an error with its line. What else a table may say is in the module of its
name: `checked(publication, reader)` returns its settings in their one form, or raises ConfigError.
"""

from publisher.config.lines import toml_lines
from publisher.config.loading import find, load, parse
from publisher.config.reader import FILE
from publisher.config.returns import lmtp_place
from publisher.config.rules import NO_ADDRESS, rule_fault, rule_of
from publisher.config.theme import parse_theme

__all__ = [
    "FILE",
    "NO_ADDRESS",
    "find",
    "lmtp_place",
    "load",
    "parse",
    "parse_theme",
    "rule_fault",
    "rule_of",
    "toml_lines",
]
