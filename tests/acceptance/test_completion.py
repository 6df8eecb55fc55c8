"""A shell completes verbs, and what the publication knows: run in bash where there is one."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import CONFIG

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
    from tests.site import Site

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


@pytest.mark.skipif(bash() is None, reason="there is no bash 4.4 here")
@pytest.mark.parametrize(("words", "wanted"), CASES, ids=lambda words: str(words))
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
def test_the_scripts_of_other_shells_ask_the_same(shell, kind):
    site, program = shell
    env = environment(program)
    script = subprocess.run(
        [str(program), "completion", kind], capture_output=True, text=True, env=env
    )
    assert "_publisher_completion" in script.stdout
    assert f"_PUBLISHER_COMPLETE={kind}_complete" in script.stdout
    words = f"publisher -C {site.root} send morning@"
    cword = "morning@" if kind == "fish" else str(len(words.split()) - 1)
    asked = {"COMP_WORDS": words, "COMP_CWORD": cword, "_PUBLISHER_COMPLETE": f"{kind}_complete"}
    done = subprocess.run([str(program)], capture_output=True, text=True, env={**env, **asked})
    assert "morning@2026-11-24T0700" in done.stdout


def test_the_shell_you_are_in_is_meant(site, monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/bin/zsh")
    assert site.run("completion").out.startswith("#compdef publisher")
    monkeypatch.setenv("SHELL", "/bin/sh")
    asked = site.run("completion")
    assert (asked.code, asked.err) == (
        2, "publisher: for which shell?\n  Name it: publisher completion bash, zsh or fish\n",
    )  # fmt: skip


@pytest.mark.parametrize("words", ["xyzzy mor", "schedule xyzzy mor", "schedule help", "import r"])
def test_a_word_that_is_no_verb_is_no_trouble_to_a_shell(shell, words):
    site, program = shell
    line = f"publisher -C {site.root} {words}"
    cword = str(len(line.split()) - 1)
    asked = {"COMP_WORDS": line, "COMP_CWORD": cword, "_PUBLISHER_COMPLETE": "bash_complete"}
    env = {**environment(program), **asked}
    done = subprocess.run([str(program)], capture_output=True, text=True, env=env)
    assert (done.stderr, done.returncode) == ("", 0)


def test_where_there_is_no_publication_nothing_is_completed_and_nothing_is_said(shell, tmp_path):
    _, program = shell
    asked = {
        "COMP_WORDS": f"publisher -C {tmp_path} send mor",
        "COMP_CWORD": "4",
        "_PUBLISHER_COMPLETE": "bash_complete",
    }
    done = subprocess.run(
        [str(program)], capture_output=True, text=True, env={**environment(program), **asked}
    )
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("", "", 0)
    assert list(tmp_path.iterdir()) == []
