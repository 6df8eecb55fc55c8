"""The diagram is a test: who may know whom, and what a package offers."""

import ast
import importlib
import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest

import publisher

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(m.name for m in pkgutil.walk_packages(publisher.__path__, "publisher."))
pytestmark = pytest.mark.xdist_group("architecture")  # which reads all of the program once

STAGES = [
    "sources",
    "related",
    "editions",
    "rendering",
    "feeds",
    "outbox",
    "schedule",
    "ledger",
    "audience",
    "delivery",
    "model",
]


@cache
def tree(path):
    """The syntax of a module."""
    return ast.parse(path.read_text())


def source_of(name):
    """The file of a module, which can be imported."""
    return Path(importlib.import_module(name).__file__ or "")


@cache
def imports():
    """Every `from … import …` of the program."""
    nodes = [node for path in (ROOT / "publisher").rglob("*.py") for node in ast.walk(tree(path))]
    return [node for node in nodes if isinstance(node, ast.ImportFrom)]


@pytest.mark.parametrize("stage", STAGES)
def test_what_others_import_of_a_stage_is_listed_by_it(stage):
    """`from publisher.STAGE import name` works for listed names alone, and all of them exist."""
    module = importlib.import_module(f"publisher.{stage}")
    assert all(hasattr(module, name) for name in module.__all__)
    imported = {
        alias.name
        for node in imports()
        if node.module == f"publisher.{stage}"
        for alias in node.names
    }
    submodules = {m.name for m in pkgutil.iter_modules(module.__path__)}
    assert imported - submodules <= set(module.__all__)


def test_every_module_and_public_function_says_what_it_is_for():
    silent = []
    for name in MODULES:
        module = tree(source_of(name))
        said = [(name, module)]
        said += [
            (f"{name}.{node.name}", node)
            for node in ast.walk(module)
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        ]
        said += [
            (f"{name}.{node.name}", node)
            for node in module.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        ]
        silent += [what for what, node in said if not ast.get_docstring(node)]
    assert silent == []


def test_the_clock_is_read_at_the_edge_alone():
    """Time is a parameter: only the start of the command line asks what time it is."""
    clock = re.compile(r"datetime\.now\(|\btime\.time\(|time_ns\(|date\.today\(|utcnow\(")
    read = {name: clock.findall(source_of(name).read_text()) for name in MODULES}
    assert {name: clocks for name, clocks in read.items() if clocks} == {
        "publisher.cli": ["datetime.now("],
        "publisher.sources.records": ["time_ns("],  # file stamps are compared with it
        "publisher.pipeline.standstill": ["time_ns("],  # as well
    }


def test_no_folder_is_called_after_nothing():
    folders = {part for name in MODULES for part in name.split(".")}
    assert not folders & {
        "utils",
        "util",
        "helpers",
        "helper",
        "manager",
        "core",
        "misc",
        "common",
    }


def test_the_command_line_asks_use_cases_and_never_the_ledger():
    for path in (ROOT / "publisher/cli").glob("*.py"):
        assert ".ledger." not in path.read_text().replace("publisher.ledger", ""), path.name
