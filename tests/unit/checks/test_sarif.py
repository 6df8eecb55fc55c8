"""Findings as SARIF 2.1.0."""

import json

from publisher.checks import OTHERS, all_rules, sarif
from publisher.errors import Problem


def test_a_finding_has_its_rule_its_place_and_its_reasons():
    problem = Problem(
        what="a link is called “here”",
        why="Why.",
        todo="Do.",
        path="articles/a b.md",
        line=7,
        severity="warning",
        rule="link-words",
    )
    (run,) = sarif([problem])["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "link-words"
    assert result == {
        "level": "warning",
        "message": {"text": "a link is called “here”\nWhy.\nDo."},
        "ruleId": "link-words",
        "ruleIndex": result["ruleIndex"],
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "articles/a%20b.md"},
                    "region": {"startLine": 7},
                }
            }
        ],
    }


def test_an_edition_is_no_file():
    (run,) = sarif([Problem(what="it", path="n@2026-11-24T0700", rule="size")])["runs"]
    (location,) = run["results"][0]["locations"]
    assert location == {"logicalLocations": [{"name": "n@2026-11-24T0700", "kind": "resource"}]}


def test_a_log_is_whole_and_knows_every_rule():
    log = json.loads(json.dumps(sarif([Problem(what="it")])))
    assert log["version"] == "2.1.0"
    ids = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    assert ids == [*(rule.name for rule in all_rules()), *OTHERS]
    assert len(ids) == len(set(ids))
    assert log["runs"][0]["results"] == [{"level": "error", "message": {"text": "it"}}]
