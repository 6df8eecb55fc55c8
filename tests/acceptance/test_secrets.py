"""What is for nobody's eyes is printed, logged and written nowhere; files reach what they may."""

import os
from pathlib import Path

import pytest

from publisher.model import concealed, filled
from tests.site import AT, CONFIG

SECRET = "s3cr3t-swordfish"

REACHES = [
    "{x.__class__.__init__.__globals__}",
    "{x.__html__.__globals__[functools].namedtuple.__globals__[_sys].modules[os].environ}",
    "{x.ledger} {x.smtp} {x.delivery.command}",
    "{x[0]}",
    "{0}",
    "{x!r}",
    "{x:>9999999999}",
    "{" + SECRET + "}",
]


@pytest.mark.parametrize("pattern", REACHES)
def test_a_pattern_reaches_nothing_but_the_values_it_is_given(pattern):
    with pytest.raises(LookupError):
        filled(pattern, {"x": "value"})


def test_a_pattern_has_names_and_braces():
    assert filled("{{a}} {b} }}", {"b": "{c}"}) == "{a} {c} }"


def _planted(site, monkeypatch):
    """A publication with a secret in every place that can hold one."""
    for name in ("SMTP_PASSWORD", "PROVIDER_KEY", "WEBHOOK_SECRET"):
        monkeypatch.setenv(f"PUBLISHER_{name}", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    (site.root / "templates/words").mkdir(parents=True)
    (site.root / "templates/mail").mkdir()
    (site.root / "templates/mail/body.css").write_text("p { color: red }")
    site.config(
        CONFIG.replace('sender = "letter@test.example"', 'sender = "letter@test.example"', 1)
        + f'\n[delivery]\ncommand = ["sendmail", "--password", "{SECRET}", "--token={SECRET}", '
        '"--", "{recipient}"]\n' + '\n[segments."{x.__class__}"]\ntags = ["{x.__globals__}"]\n'
    )
    site.article(
        "a.md",
        f"---\ntitle: A {{x.__class__}} %(x)s\ndate: 2026-11-23\npassword: {SECRET}\n"
        f"params: {{api_key: {SECRET}}}\ndescription: '{{publication.ledger}} %s'\n---\n\n"
        "{x.__class__} %(x)s {0.__class__}\n",
    )


def _assert_nowhere(site, *results):
    for result in results:
        assert SECRET not in result.out + result.err
    for path in site.root.rglob("*"):
        if path.is_file() and path.name not in ("publisher.toml", "a.md"):
            assert SECRET.encode() not in path.read_bytes(), path


COMMANDS = [
    ["check"], ["check", "--json"], ["status"], ["status", "--json"], ["config", "show"],
    ["config", "show", "--json"], ["build"], ["plan", "morning"], ["preview", "morning"],
    ["outbox", "list"], ["outbox", "verify"], ["report"], ["audit"],
]  # fmt: skip


def test_a_secret_is_printed_and_written_nowhere(site, monkeypatch):
    _planted(site, monkeypatch)
    clocked = {"check", "status", "build", "plan", "preview"}
    results = [
        site.run(*words, *(["--at", AT] if words[0] in clocked else [])) for words in COMMANDS
    ]
    assert results[6].code == 0, results[6].err
    assert '"--password",\n      "***"' in results[5].out
    _assert_nowhere(site, *results)


TEMPLATES = [
    "{{ say('leak', x=publication) }}",
    "{{ say('leak', x=say) }}",
    "{{ '{x.__class__.__init__.__globals__}'.format(x=publication) }}",
    "{{ '{x.__class__}'|format(x=publication) }}",
    "{{ ('{x.__func__.__globals__}'|safe).format(x=slot) }}",
    "{{ publication }} {{ publication.smtp }} {{ publication.delivery }}",
    "{{ slot.__globals__ }}",
    "{{ body.__self__.__dict__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ '%(x)s'|format(x=publication) }}",
    "{{ (publication|attr('__class__')) }}",
    "{{ [publication]|map(attribute='__class__.__init__.__globals__')|list }}",
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_theme_reaches_neither_the_environment_nor_the_ledger(site, monkeypatch, template):
    _planted(site, monkeypatch)
    monkeypatch.setattr("publisher.ledger.Ledger", _local)
    url = f"postgresql://u:{SECRET}@127.0.0.1:1/x"
    config = (site.root / "publisher.toml").read_text()
    config = config.replace("[postal]", f'ledger = "{url}"\n\n[postal]', 1)
    config = config.replace('every = "day"', 'every = "day"\ntemplate = "own"', 1)
    site.config(config)
    words = 'leak = "{x.__class__.__init__.__globals__} {x.ledger}"\n'
    (site.root / "templates/words/en.toml").write_text(words)
    (site.root / "templates/mail/own.txt").write_text(template + "\n{{ slot('unsubscribe_url') }}")
    _assert_nowhere(site, site.run("build", "--at", AT), site.run("check", "--at", AT))


def _local(where, readonly=False, workers=False, on_empty=None):
    from publisher.ledger.ledger import Ledger

    return Ledger(None if readonly else Path(os.environ["PUBLISHER_TESTS_LEDGER"]))


@pytest.fixture(autouse=True)
def _ledger(tmp_path, monkeypatch):
    monkeypatch.setenv("PUBLISHER_TESTS_LEDGER", str(tmp_path / "elsewhere.db"))


PATTERNS = [
    "{{ lead.__class__ }}",
    "{{ '{x.__class__.__init__.__globals__}'.format(x=publication) }}",
    "{x.__class__} %(x)s {{ publication.ledger }}{{ lead.extra }}",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("key", ["subject", "preheader"])
def test_a_pattern_of_publisher_toml_reaches_no_secret(site, monkeypatch, key, pattern):
    _planted(site, monkeypatch)
    config = (site.root / "publisher.toml").read_text()
    site.config(config.replace('every = "day"', f'every = "day"\n{key} = """{pattern}"""', 1))
    _assert_nowhere(site, site.run("build", "--at", AT), site.run("check", "--at", AT))


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://u:{SECRET}@127.0.0.1:1/letter",
        f"postgresql://127.0.0.1:1/letter?user=u&password={SECRET}",
        f"postgresql://127.0.0.1:1/letter?sslpassword={SECRET}&sslmode=disable",
        f"postgresql://127.0.0.1:1/letter?passfile=/home/{SECRET}",
        f"postgresql://u:a@{SECRET}/word@127.0.0.1:1/letter",
        f"mysql://u:{SECRET}@127.0.0.1/letter",
        f"u:{SECRET}@127.0.0.1/letter?password={SECRET}",
    ],
)
@pytest.mark.parametrize("place", ["environment", "publisher.toml"])
@pytest.mark.parametrize("words", [["status"], ["build"], ["config", "show"], ["audit"]])
def test_the_password_of_a_ledger_is_printed_nowhere(site, monkeypatch, url, place, words):
    site.story("b")
    if place == "environment":
        monkeypatch.setenv("PUBLISHER_LEDGER", url)
    else:
        config = (site.root / "publisher.toml").read_text()
        site.config(config.replace("[postal]", f'ledger = "{url}"\n\n[postal]', 1))
    _assert_nowhere(site, site.run(*words))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@h/d", "postgresql://u:***@h/d"),
        ("password='a b' user=u", "password='***' user=u"),
        ('{"password": "a b", "user": "u"}', '{"password": "***", "user": "u"}'),
        ("Set smtp.user, and the password in X", "Set smtp.user, and the password in X"),
        ("--api-key=abc --author=me", "--api-key=*** --author=me"),
        ("https://x.example/confirm/token/abc", "https://x.example/confirm/token/abc"),
    ],
)
def test_a_message_conceals(text, shown):
    assert concealed(text) == shown


def test_a_secret_that_is_known_is_concealed_wherever_it_stands():
    assert concealed("it said swordfish", "swordfish") == "it said ***"


@pytest.mark.parametrize("name", ["mail/digest.txt", "mail/own.txt", "words/en.toml", "web/home.html", "mail/body.css"])  # fmt: skip
def test_a_template_that_leads_out_of_the_theme_is_refused(site, name):
    outside = site.root.parent / "outside"
    outside.write_text(SECRET)
    path = site.root / "templates" / name
    path.parent.mkdir(parents=True)
    path.symlink_to(outside)
    site.story("a")
    result = site.run("build", "--at", AT)
    assert result.code == 1
    assert f"templates/{name}: it leads out of the theme's folder" in result.err
    _assert_not_in(site.root / "outbox")


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "mail/../../outside"])
def test_no_template_is_taken_from_elsewhere(site, name):
    (site.root / "outside").write_text(SECRET)
    (site.root / "templates/mail").mkdir(parents=True)
    (site.root / "templates/mail/digest.txt").write_text(f"{{% include '{name}' %}}")
    site.story("a")
    result = site.run("build", "--at", AT)
    assert result.code == 1
    assert f"templates/mail/digest.txt:1: there is no template '{name}'" in result.err
    _assert_not_in(site.root / "outbox")


def _assert_not_in(folder):
    for path in folder.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes()
