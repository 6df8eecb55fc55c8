"""README and tutorial are run as they stand: a reader types them in this order."""

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.site import Site, command

ROOT = Path(__file__).resolve().parents[2]


def typed(document: str) -> list[list[str]]:
    """The command lines of a document's code blocks, in order."""
    blocks = re.findall(r"^```\n(.*?)^```", (ROOT / document).read_text(), re.MULTILINE | re.DOTALL)
    lines = (line for block in blocks for line in block.splitlines())
    return [
        shlex.split(line, comments=True) for line in lines if re.match(r"(publisher|cd) ", line)
    ]


@pytest.mark.parametrize("document", ["README.md", "docs/tutorial.md"])
@pytest.mark.slow
def test_a_reader_who_types_what_stands_there_gets_an_edition(tmp_path, monkeypatch, document):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    lines = typed(document)
    assert len(lines) >= 4
    for words in lines:
        if words[0] == "cd":
            os.chdir(Path(words[1]).expanduser())
            if Path("publisher.toml").exists():  # "put in a street and town"
                config = Path("publisher.toml").read_text()
                Path("publisher.toml").write_text(
                    config.replace('city = ""', 'city = "Harbour Town"')
                )
            continue
        result = command(*words[1:])
        assert result.code == 0, (words, result.err)
        if words[1] == "build":
            assert "made  1 story: Our first story" in result.out
            assert "Nothing changed" in command(*words[1:]).out
    if document == "docs/tutorial.md":
        assert command("report", "morning", "--json").json["counts"] == {"filed": 1}


@pytest.mark.slow
def test_the_example_lines_of_an_editors_day_work_on_the_example(tmp_path):
    example = Site.copy_of(ROOT / "examples/bayside", tmp_path / "bayside")
    example.build("2026-11-24 07:00")
    day = re.findall(r"^\| `publisher ([^`]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(day) == 14
    for line in day:
        words = line.split()
        at = (
            ["--at", "2026-11-24 07:00"]
            if words[0]
            in ("status", "check", "plan", "pin", "preview", "build", "related", "send", "deliver")
            or words[:2] == ["feeds", "check"]
            else []
        )
        if words[0] == "pin":
            words = [*words, "--undo"]
        if words == ["run"]:
            words = ["run", "--once"]  # the other one goes on for ever
        result = example.run(*words, *at)
        assert result.code == 0, (line, result.err)
