"""What renders can die, hang, and eat, and costs a mail or a page and nothing else."""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

import pytest

from publisher.errors import PublisherError, TemplateError
from publisher.isolation import Child, Renderer
from publisher.isolation.child import Lost, end_spare
from publisher.model import Publication

OWN = Publication(title="T", base_url="https://t.example/")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no alarms")


@pytest.fixture(autouse=True)
def _none_before():
    end_spare()


@pytest.fixture
def child():
    child = Child(20, 1024)
    yield child
    child.close()


def _renderer(tmp_path, child, template="", name="own.html"):
    path = tmp_path / "templates/web" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template)
    return Renderer(OWN, tmp_path / "templates", child)


def test_nothing_is_started_before_something_is_rendered(tmp_path, child):
    renderer = _renderer(tmp_path, child, "{{ publication.title }}{{ x }}")
    assert child.pid is None
    assert renderer.page("own.html", "en", x=1) == "T1"
    pid = child.pid
    assert renderer.page("own.html", "en", x=2) == "T2"
    assert (child.pid, child.starts) == (pid, 1)


def test_one_that_is_closed_waits_for_the_next_publication(tmp_path, child):
    renderer = _renderer(tmp_path, child, "{{ publication.title }}{{ x }}")
    renderer.page("own.html", "en", x=1)
    pid = child.pid
    child.close()
    assert child.pid is None
    other = Publication(title="O", base_url="https://o.example/")
    second, third = Child(20, 1024), Child(20, 1024)
    assert Renderer(other, tmp_path / "templates", second).page("own.html", "en", x=1) == "O1"
    assert second.pid == pid
    assert renderer.page("own.html", "en", x=3) == "T3"
    assert child.pid != pid
    second.close()
    assert Renderer(other, None, third).style()
    assert third.pid == pid
    third.close()


def test_one_with_other_limits_is_another_one(tmp_path, child):
    renderer = _renderer(tmp_path, child, "{{ x }}")
    renderer.page("own.html", "en", x=1)
    pid = child.pid
    child.close()
    other = Child(20, 1000)
    assert Renderer(OWN, tmp_path / "templates", other).page("own.html", "en", x=2) == "2"
    assert other.pid != pid
    other.close()


def test_a_fork_has_a_process_of_its_own(tmp_path, child):
    """Two that speak to one would hear each other's answers."""
    renderer = _renderer(tmp_path, child, "{{ x }}")
    renderer.page("own.html", "en", x=1)
    pid = child.pid
    fork = os.fork()
    if not fork:
        is_other = renderer.page("own.html", "en", x=2) == "2" and child.pid != pid
        child.close()
        end_spare()
        os._exit(0 if is_other else 1)
    assert os.waitpid(fork, 0)[1] == 0
    assert renderer.page("own.html", "en", x=3) == "3"
    assert child.pid == pid


def test_one_that_is_killed_between_two_pages_is_started_anew(tmp_path, child):
    renderer = _renderer(tmp_path, child, "{{ x }}")
    for number in range(3):
        assert renderer.page("own.html", "en", x=number) == str(number)
        os.kill(child.pid, signal.SIGKILL)
    assert child.starts == 3


@pytest.mark.slow
def test_one_that_dies_in_the_middle_is_given_a_second_try(tmp_path, child):
    once = tmp_path / "once"
    values = {"x": _Killer(once)}
    assert _renderer(tmp_path, child, "{{ x }}").page("own.html", "en", **values) == "alive"
    assert child.starts == 2


@pytest.mark.slow
def test_one_that_always_dies_names_what_was_rendered(tmp_path, child):
    with pytest.raises(TemplateError) as raised:
        _renderer(tmp_path, child, "{{ x }}").page("own.html", "en", x=_Killer(None))
    assert raised.value.problem.what == "the process that rendered it died"
    assert raised.value.problem.path == "templates/web/own.html"
    assert _renderer(tmp_path, child, "next").page("own.html", "en") == "next"


class _Killer:
    """Kills the process that writes it out: once, or always."""

    def __init__(self, once: Path | None) -> None:
        self.once = once

    def __str__(self) -> str:
        if self.once and self.once.exists():
            return "alive"
        if self.once:
            self.once.mkdir()  # a folder: no file may be written there
        os.kill(os.getpid(), signal.SIGKILL)
        return ""


class _Crash:
    """Ends the process by a segmentation fault, as native code does."""

    def __str__(self) -> str:
        os.kill(os.getpid(), signal.SIGSEGV)
        return ""


def test_a_crash_names_the_line_of_the_template(tmp_path, child):
    renderer = _renderer(tmp_path, child, "one\n{% if true %}\n\n{{ x }}\n{% endif %}\n")
    with pytest.raises(TemplateError) as raised:
        renderer.page("own.html", "en", x=_Crash())
    assert raised.value.problem.headline == (
        "templates/web/own.html:4: rendering it takes too long, or too much memory"
    )


SLOW = {
    "loops": "one\n{% for a in range(99999) %}{% for b in range(99999) %}\n{{ b }}\n{% endfor %}{% endfor %}",
    "a constant": "one\n\n{{ range(99999)|list|map('string')|join|length * 1 }}{% for a in range(99999) %}{{ lipsum(n=50) }}{% endfor %}",
    "a macro": "{% macro m(n) %}{% for a in range(50) %}{{ m(n - 1) if n }}{% endfor %}{% endmacro %}\n{{ m(9) }}",
}


@pytest.mark.parametrize("kind", SLOW)
def test_a_template_that_is_too_slow_is_named_with_its_line(tmp_path, kind):
    child = Child(1, 1024)
    renderer = _renderer(tmp_path, child, SLOW[kind])
    with pytest.raises(TemplateError) as raised:
        renderer.page("own.html", "en")
    problem = raised.value.problem
    assert (problem.path, problem.what) == (
        "templates/web/own.html",
        "it takes too long: more than 1 seconds",
    )
    assert problem.line
    assert _renderer(tmp_path, child, "next").page("own.html", "en") == "next"
    assert child.starts == 1
    child.close()


LARGE = {
    "repeated": "one\n{{ [0] * 200000000 }}",
    "repeated text": "one\n{{ 'a' * 200000000 }}",
    "raised": "one\n{{ 9 ** (9 ** 9) }}",
    "padded": "one\n{{ 'a'|center(2000000000) }}",
    "joined": "one\n{% set ns = namespace(x='aaaaaaaaaa') %}\n{% for a in range(40) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "collected": "one\n{% set found = [] %}{% for a in range(9999) %}{% set _ = found.append(range(99999)|list) %}{% endfor %}",
    "multiplied": "one\n{% set ns = namespace(x=10) %}{% for a in range(60) %}{% set ns.x = ns.x * ns.x %}{% endfor %}",
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", LARGE)
def test_a_template_that_is_too_large_is_named_with_its_line(tmp_path, kind):
    child = Child(60, 300)
    with pytest.raises(TemplateError) as raised:
        _renderer(tmp_path, child, LARGE[kind]).page("own.html", "en")
    assert raised.value.problem.path == "templates/web/own.html"
    assert raised.value.problem.line in (2, 3)
    assert raised.value.problem.what in (
        "it needs too much memory",
        "OverflowError: it would be beyond measure",
    )
    # What is left of its memory is in pieces: another process makes the next page.
    assert _renderer(tmp_path, child, "next").page("own.html", "en") == "next"
    assert child.starts == (1 if "measure" in raised.value.problem.what else 2)
    child.close()


def test_recursion_without_end_is_named_with_its_line(tmp_path, child):
    template = "one\n{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}"
    with pytest.raises(TemplateError) as raised:
        _renderer(tmp_path, child, template).page("own.html", "en")
    assert raised.value.problem.headline.startswith(
        "templates/web/own.html:2: it includes or calls itself"
    )


def test_one_that_hangs_where_no_alarm_reaches_it_is_ended(tmp_path):
    child = Child(1, 1024)
    child.patience = 2.0
    child.call("style", (OWN, None), (), {}, str)
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(Lost):
        child.call("style", (OWN, None), (), {}, str)
    assert child.pid is None
    child.close()


def test_signals_of_the_terminal_are_the_parents(tmp_path, child):
    renderer = _renderer(tmp_path, child, "x")
    renderer.page("own.html", "en")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(child.pid, number)
    assert renderer.page("own.html", "en") == "x"
    assert child.starts == 1


def test_no_password_is_in_the_environment_of_the_child(tmp_path, child, monkeypatch):
    monkeypatch.setenv("PUBLISHER_SMTP_PASSWORD", "s3cr3t")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
    _renderer(tmp_path, child, "x").page("own.html", "en")
    assert b"s3cr3t" not in Path(f"/proc/{child.pid}/environ").read_bytes()


def test_nothing_in_the_folder_that_we_stand_in_is_a_module(tmp_path, child, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("jinja2.py", "pickle.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('taken over')")
    assert _renderer(tmp_path, child, "x").page("own.html", "en") == "x"


def test_an_error_is_what_it_would_be_without_a_child(tmp_path, child):
    from publisher.rendering import Theme, page

    renderer = _renderer(tmp_path, child, "one\n{{ nothing }}")
    said = []
    for render in (
        lambda: renderer.page("own.html", "en"),
        lambda: page("own.html", OWN, "en", Theme(tmp_path / "templates")),
        lambda: renderer.page("none.html", "en"),
        lambda: page("none.html", OWN, "en", Theme(tmp_path / "templates")),
    ):
        with pytest.raises(PublisherError) as raised:
            render()
        said.append((type(raised.value), raised.value.problem, str(raised.value)))
    assert said[0] == said[1]
    assert said[2] == said[3]


def test_the_bytes_are_those_of_rendering_without_a_child(tmp_path, child):
    from publisher.rendering import Theme, notice, page, style

    theme, renderer = Theme(None), Renderer(OWN, None, child)
    values = {"done": False, "reads": True, "newsletter": {"title": "M"}}
    assert renderer.style() == style(OWN, theme)
    assert renderer.page("unsubscribe", "de", **values) == page(
        "unsubscribe", OWN, "de", theme, **values
    )
    mail = {"titles": ["ä 雪 🧑‍🧒"], "link": "https://t.example/x"}
    assert renderer.notice("confirmation", "ja", **mail) == notice(
        "confirmation", OWN, "ja", theme, **mail
    )


def test_a_page_of_the_site_names_no_host(tmp_path, child):
    renderer = _renderer(tmp_path, child, "{{ link('https://t.example/a/') }} {{ day(x) }}")
    found = renderer.page(
        "own.html", "en", of_site=True, x=datetime.fromisoformat("2026-11-24T07:00Z")
    )
    assert found == "/a/ 24 November 2026"
