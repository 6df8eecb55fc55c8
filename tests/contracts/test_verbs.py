"""Every verb has an example that can be typed, help that is not cut, and other names that lead to it."""

import shlex

import click
import pytest

from publisher.cli import COMMANDS, NOUNS, main
from publisher.cli.examples import EXAMPLES
from publisher.cli.words import _MEANT_BY, ALIASES, GROUPS, HINTS, WITHIN, WORDS
from tests.site import command, now

ROOT = click.Context(main, info_name="publisher")


def verbs():
    """Every verb that can be typed, by its path."""
    for name in COMMANDS:
        yield from within(name, main.get_command(ROOT, name))


def within(path, found):
    if isinstance(found, click.Group):
        for name in found.list_commands(ROOT):
            yield from within(f"{path} {name}", found.get_command(ROOT, name))
    else:
        yield path, found


VERBS = dict(verbs())
LINES = [line for lines in EXAMPLES.values() for line in lines]


def parsed(line):
    """The verb that a line means, by its path, with its arguments read; click's errors are raised."""
    context = main.make_context("publisher", shlex.split(line), obj=now)
    while isinstance(context.command, click.Group):
        name, found, rest = context.command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        context = found.make_context(name, rest, parent=context)
    return " ".join(context.command_path.split()[1:])


def test_every_verb_has_an_example_and_there_is_no_other():
    assert sorted(EXAMPLES) == sorted(VERBS)


@pytest.mark.parametrize("line", LINES)
def test_every_example_can_be_typed(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "readers.csv").write_text("email\n")
    (path,) = [path for path, lines in EXAMPLES.items() if line in lines]
    assert parsed(line) == path


def test_an_example_that_cannot_be_typed_is_found():
    for line in ("send morning --nwo", "schedule add morning --evry day", "why", "subscribers add"):
        with pytest.raises(click.UsageError):
            parsed(line)


@pytest.mark.parametrize("path", VERBS)
def test_help_shows_the_examples_and_is_not_cut(path):
    shown = command("help", *path.split())
    assert (shown.code, shown.err) == (0, "")
    words = " ".join(shown.out.split())
    assert " ".join(VERBS[path].help.split()).replace("\b ", "") in words
    assert "…" not in shown.out
    assert "..." not in shown.out.split("\n\n", 1)[1]
    for line in EXAMPLES[path]:
        assert f"  publisher {line}\n" in shown.out
    assert command(*path.split(), "--help").out == shown.out


@pytest.mark.parametrize("group", [*NOUNS, "keys dkim"])
def test_the_help_of_a_group_shows_the_whole_first_line_of_each_verb(group):
    words = " ".join(command("help", *group.split()).out.split())
    for path, verb in VERBS.items():
        if path.rpartition(" ")[0] == group:
            assert " ".join(verb.help.split("\n\n")[0].split()) in words


def test_the_groups_of_verbs_are_known():
    assert [
        name for name in COMMANDS if isinstance(main.get_command(ROOT, name), click.Group)
    ] == sorted(NOUNS, key=list(COMMANDS).index)


def test_what_other_words_lead_to_is_there():
    for line in [*ALIASES.values(), *(line for lines in HINTS.values() for line in lines)]:
        words, _, option = line.partition(" --")
        if words and not words.startswith("help"):
            found = (
                VERBS[words.removeprefix("--version") or "help"] if words != "--version" else main
            )
            assert not option or f"--{option}" in [name for p in found.params for name in p.opts], (
                line
            )
    assert set(GROUPS.values()) <= set(NOUNS)
    assert {verb for verbs in WITHIN.values() for verb in verbs} <= {
        path.split()[-1] for path in VERBS
    }
    assert set(_MEANT_BY) <= set(HINTS)


def test_no_other_word_is_a_verb_or_means_two_things():
    assert not set(WORDS) & set(COMMANDS)
    assert len(WORDS) == len(set(WORDS))
