"""A shell completes verbs, and what the publication knows: run in bash where there is one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import CONFIG, Site, command

ROOT = Path(__file__).resolve().parents[2]


def bash():
    """A bash that completes, or None."""
    path = shutil.which("bash")
    said = (
        subprocess.run([path, "--version"], capture_output=True, text=True).stdout if path else ""
    )
    found = re.search(r"version (\d+)\.(\d+)", said)
    return path if found and (int(found[1]), int(found[2])) >= (4, 4) else None


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """A folder with a publication, and a `publisher` for PATH that has the clock of tests."""
    folder = tmp_path_factory.mktemp("shell")
    site = Site(folder / "site")
    site.config(
        CONFIG
        + '\n[newsletters.weekly]\ntitle = "The week"\n\n[segments.paying]\ntags = ["paying"]\n'
    )
    site.story("night-buses")
    site.story("ferry")
    site.build()
    site.run("schedule", "add", "weekly", "--every", "day", "--name", "friday")
    program = folder / "bin/publisher"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from tests.site import now\nfrom publisher.cli import run\nsys.argv[0] = 'publisher'\nrun(now)\n"
    )
    program.chmod(0o755)
    return site, program


def environment(program):
    return {**os.environ, "PATH": f"{program.parent}:{os.environ['PATH']}"}


CASES = [
    (("sen",), "send"),
    (("schedule", "exp"), "explain"),
    (("send", "mor"), "morning"),
    (("send", "morning@"), "morning@2026-11-24T0700"),
    (("report", "morning@2026"), "morning@2026-11-24T0700"),
    (("cancel", "morning@2026-11-25"), "morning@2026-11-25T0700"),
    (("plan", "week"), "weekly"),
    (("subscribers", "list", "--newsletter", "wee"), "weekly"),
    (("pin", "morning", "night"), "night-buses"),
    (("related", "fer"), "ferry"),
    (("schedule", "pause", "weekly."), "weekly.friday"),
    (("segments", "count", "pay"), "paying"),
    (("templates", "eject", "web/"), "web/"),
    (("help", "schedule", "ed"), "edit"),
    (("send", "--resend"), "--resend-filed"),
    (("uncertain", "resolve", "--as", "re"), "resend"),
]


@pytest.fixture
def ask(monkeypatch):
    """What a shell is answered at the end of a line, in this process: `ask(kind, line, word)`."""

    # Click takes the program's name from here, if it was started as a module.
    monkeypatch.setattr(sys.modules["__main__"], "__package__", None)

    def asked(kind, line, word=None):
        monkeypatch.setenv("_PUBLISHER_COMPLETE", f"{kind}_complete")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", word or str(len(line.split()) - 1))
        return command()

    return asked


@pytest.mark.parametrize(("words", "wanted"), CASES, ids=lambda words: str(words))
def test_what_is_there_is_completed(shell, ask, words, wanted):
    site, _ = shell
    answer = ask("bash", f"publisher -C {site.root} {' '.join(words)}")
    found = [line.partition(",")[2] for line in answer.out.splitlines()]
    assert any(one.startswith(wanted) for one in found)
    assert all(one.startswith(words[-1]) for one in found)
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.slow
@pytest.mark.skipif(bash() is None, reason="there is no bash 4.4 here")
@pytest.mark.parametrize(("words", "wanted"), CASES[2:4], ids=lambda words: str(words))
def test_bash_completes(shell, words, wanted):
    site, program = shell
    line = ["publisher", "-C", str(site.root), *words]
    script = (
        "source <(publisher completion bash)\n"
        "complete -p publisher\n"
        'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))\n'
        '_publisher_completion publisher; printf "%s\\n" "${COMPREPLY[@]}"\n'
        'printf "%s" "$COMP_WORDBREAKS" | grep -c @\n'
    )
    done = subprocess.run(
        [bash(), "-c", script, "bash", *line],
        capture_output=True,
        text=True,
        env=environment(program),
    )
    first, *found, breaks = done.stdout.splitlines()
    assert "_publisher_completion publisher" in first
    assert any(one.startswith(wanted) for one in found)
    assert all(one.startswith(words[-1]) for one in found)
    assert (breaks, done.stderr) == ("0", "")


@pytest.mark.parametrize("kind", ["zsh", "fish"])
def test_the_scripts_of_other_shells_ask_the_same(shell, ask, kind):
    site, _ = shell
    script = site.run("completion", kind).out
    assert "_publisher_completion" in script
    assert f"_PUBLISHER_COMPLETE={kind}_complete" in script
    line = f"publisher -C {site.root} send morning@"
    answer = ask(kind, line, "morning@" if kind == "fish" else None)
    assert "morning@2026-11-24T0700" in answer.out


def test_the_shell_you_are_in_is_meant(site, monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert site.run("completion").out.startswith("#compdef publisher")
    monkeypatch.setenv("SHELL", "/bin/sh")
    asked = site.run("completion")
    assert (asked.code, asked.err) == (
        2, "publisher: for which shell?\n  Name it: publisher completion bash, zsh or fish\n",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["xyzzy mor", "schedule xyzzy mor", "schedule help", "import r"])
def test_a_word_that_is_no_verb_is_no_trouble_to_a_shell(shell, ask, words):
    site, _ = shell
    answer = ask("bash", f"publisher -C {site.root} {words}")
    assert (answer.code, answer.err) == (0, "")


def test_where_there_is_no_publication_nothing_is_completed_and_nothing_is_said(ask, tmp_path):
    answer = ask("bash", f"publisher -C {tmp_path} send mor")
    assert (answer.out.strip(), answer.err, answer.code) == ("", "", 0)
    assert list(tmp_path.iterdir()) == []
