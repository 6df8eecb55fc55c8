"""Findings as SARIF 2.1.0, which code hosts and editors show beside the lines that are meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from publisher import __version__
from publisher.checks.table import OTHERS, all_rules
from publisher.errors import Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "note": "note"}


def sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return a log of one run (SARIF 2.1.0 §3.13); paths are from publisher.toml on."""
    told = _rules()
    index = {rule["id"]: number for number, rule in enumerate(told)}
    driver = {"name": "publisher", "semanticVersion": __version__, "rules": told}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(problem, index) for problem in problems],
            }
        ],
    }


def _rules() -> list[dict[str, Any]]:
    own = [
        {
            "id": rule.name,
            "shortDescription": {"text": _plain(rule.finds)},
            "fullDescription": {"text": _plain(rule.why)},
            "help": {"text": _plain(rule.todo)},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for rule in all_rules()
    ]
    return own + [{"id": name, "shortDescription": {"text": text}} for name, text in OTHERS.items()]


def _plain(text: str) -> str:
    return text.replace("`", "")


def _result(problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "level": _LEVELS[problem.severity],
        "message": {"text": "\n".join(filter(None, (problem.what, problem.why, problem.todo)))},
    }
    if problem.rule:
        found["ruleId"] = problem.rule
        if problem.rule in index:
            found["ruleIndex"] = index[problem.rule]
    if problem.path:
        found["locations"] = [_location(problem)]
    return found


def _location(problem: Problem) -> dict[str, Any]:
    """A file and its line; an edition has no file, and is named (§3.33)."""
    path = problem.path or ""
    if "@" in path and "/" not in path:
        return {"logicalLocations": [{"name": path, "kind": "resource"}]}
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(path, safe="/:")}}
    if problem.line:
        place["region"] = {"startLine": problem.line}
    return {"physicalLocation": place}
