"""What people type first: other names are run, and say so; words of other tools name the nearest verb."""

import pytest

from tests.site import command


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("import", "readers.csv"), "subscribers import"),
        (("delete", "ana@x.example"), "subscribers remove"),
        (("add", "ana@x.example"), "subscribers add"),
        (("add", "reader", "ana@x.example"), "subscribers add"),
        (("unsubscribe", "ana@x.example"), "subscribers remove"),
        (("list", "subscribers"), "subscribers list"),
        (("ls", "editions"), "outbox list"),
        (("list", "schedules"), "schedule list"),
        (("list", "articles"), "check --list"),
        (("ls", "stories"), "check --list"),
        (("readers", "list"), "subscribers list"),
        (("editions", "ls"), "outbox list"),
        (("upcoming",), "schedule list"),
        (("validate",), "check"),
        (("stats",), "subscribers stats"),
    ],
)
def test_another_name_is_run_and_says_what_it_stands_for(site, words, verb):
    (site.root / "readers.csv").write_text("email\nbob@x.example\n")
    site.run("subscribers", "add", "ana@x.example")
    words = [str(site.root / word) if word.endswith(".csv") else word for word in words]
    result = site.run(*words)
    said, _, meant = result.err.splitlines()[0].removeprefix("publisher: ").partition(" is ")
    assert (" ".join(words).startswith(said), meant) == (True, verb)
    assert result.code == 0


def test_an_editions_id_is_no_address(site):
    site.story("a")
    site.build()
    assert site.run("delete", "morning@2026-11-24T0700").out == "morning@2026-11-24T0700: removed\n"


@pytest.mark.parametrize(
    ("words", "verb"),
    [
        (("schedule", "ls"), "schedule list"),
        (("subscribers", "delete", "ana@x.example"), "subscribers remove"),
        (("subscribers", "create", "eva@x.example"), "subscribers add"),
        (("outbox", "ls"), "outbox list"),
        (("templates", "show"), "templates list"),
        (("feeds", "generate"), "feeds build"),
        (("config", "get"), "config show"),
    ],
)
def test_a_group_knows_other_names_of_its_verbs(site, words, verb):
    site.run("subscribers", "add", "ana@x.example")
    assert site.run(*words).code == site.run(*verb.split(), *words[2:]).code == 0


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("publish", "send"), ("deploy", "build"), ("post", "new"), ("mail", "send"), ("broadcast", "send"),
        ("undo", "cancel"), ("rollback", "cancel"), ("pause", "hold"), ("resume", "release"), ("stop", "hold"), ("quit", "hold"),
        ("web", "serve"), ("website", "serve"),
        ("start", "run"), ("server", "preview"), ("generate", "build"), ("list", "outbox list"),
        ("delete", "subscribers remove"), ("send-now", "send --now"), ("resend", "release --failed"),
        ("version", "--version"), ("clock", "help times"), ("brodcast", "send"),
        ("unsubscrib", "subscribers remove"), ("migrate", "import wordpress"),
    ],
)  # fmt: skip
def test_a_word_of_another_tool_names_the_nearest_verb_by_meaning(word, first):
    result = command(word)
    lines = result.err.splitlines()
    assert (result.code, lines[0]) == (2, f"Error: There is no command {word!r}. You may mean:")
    assert lines[1].split("  ")[1] == f"publisher {first}"


def test_a_word_that_nobody_knows_names_the_help():
    assert (
        command("xyzzy").err == "Error: There is no command 'xyzzy'. All commands: publisher help\n"
    )


def test_a_word_that_a_group_does_not_know_names_its_verbs():
    assert "There is no command 'lsit'. Did you mean list?" in command("subscribers", "lsit").err


def test_help_of_everything_of_a_verb_and_of_times():
    assert command("help").out == command("--help").out
    assert "publisher schedule add" in command("help", "schedule", "add").out
    assert command("help", "stats").out == command("subscribers", "stats", "--help").out
    times = command("help", "times").out
    assert "act as if it were another time" in times
    assert command("help", "deploy").code == 2
    assert command("schedule", "help").out == command("help", "schedule").out
    assert command("schedule", "help", "add").out == command("help", "schedule", "add").out


def test_what_is_missing_is_said_with_an_example():
    assert command("why").err.endswith(
        "Error: Missing argument 'ADDRESS'.\nExample: publisher why ana@reader.example morning\n"
    )


def test_a_clock_is_not_a_start(site):
    assert "Act as if it were TIME" in " ".join(command("help", "send").out.split())


@pytest.mark.parametrize(
    "verb", [("plan",), ("schedule", "explain"), ("schedule", "add", "--every", "day")]
)
def test_the_only_newsletter_is_meant(site, verb):
    assert site.run(*verb).code == 0


def test_the_only_edition_is_meant_and_the_newest_where_nothing_is_changed(site):
    site.story("a")
    site.build()
    site.run("subscribers", "add", "ana@x.example")
    edition = "morning@2026-11-24T0700"
    assert site.run("outbox", "show").out.startswith(edition)
    assert site.run("test", "--to", "ed@x.example").out.startswith(edition)
    assert site.run("send", "--yes").out.startswith(edition)
    assert site.run("hold").out == f"{edition}: held\n"
    assert site.run("release").out == f"{edition}: in the queue\n"
    site.run("deliver")
    for verb in (("report",), ("why", "ana@x.example")):
        assert edition in site.run(*verb).out
    site.story("b", date="2026-11-24 12:00")
    site.build("2026-11-25 07:00")
    assert site.run("outbox", "show").out.startswith("morning@2026-11-25T0700")
    assert site.run("report").out.startswith(edition)


def test_where_there_is_a_choice_it_is_asked_for(site):
    from tests.site import CONFIG

    second = '\n[newsletters.weekly]\ntitle = "The week"\nevery = "day"\nat = "08:00"\n'
    site.config(CONFIG + second)
    site.story("a")
    site.build("2026-11-24 09:00")
    asked = site.run("plan")
    assert (asked.code, asked.err) == (
        2,
        "publisher: which newsletter?\n  Name one of these: morning, weekly\n",
    )
    asked = site.run("send", "--yes")
    assert asked.err == (
        "publisher: which edition?\n  Name one of these: morning@2026-11-24T0700, weekly@2026-11-24T0800\n"
    )
    assert site.run("outbox", "remove").code == 2
    assert site.run("release").err == "publisher: nothing is held\n"


def test_pin_takes_the_article_alone(site):
    site.story("a")
    assert site.run("pin", "a").out == "A: pinned in morning\n"
    assert site.run("exclude", "a").out == "A: excluded from morning\n"
    assert (
        site.run("pin").err
        == "publisher: which article?\n  Name it by its id, slug, title or path.\n"
    )


def test_breaking_news_goes_to_the_only_newsletter_there_is(site):
    site.story("a")
    site.run("subscribers", "add", "ana@x.example")
    assert site.run("breaking", "a", "-n").out == "1 reader of morning would get “A”\n"
