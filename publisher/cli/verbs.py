"""A group of verbs: other names for them, what is meant by unknown words, help that is not cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from publisher.cli.completion import completed
from publisher.cli.examples import EXAMPLES
from publisher.cli.words import within


def dressed(command: click.Command, path: str) -> click.Command:
    """Give a command what all have: its examples, and arguments that a shell completes."""
    lines = [f"publisher {example}" for example in EXAMPLES.get(path, ())]
    if lines and not command.epilog:
        command.epilog = "\b\n" + "\n".join(["Examples:", *(f"  {line}" for line in lines)])
    completed(command, path)
    return command


def unknown(word: str, known: Iterable[str], found: Sequence[tuple[str, str]]) -> click.UsageError:
    """What is said of a word that is no verb: those that it may mean, or that are spelt alike."""
    from publisher.errors import suggestion

    if not found:
        more = suggestion(word, known) or "All commands: publisher help"
        return click.UsageError(f"There is no command {word!r}. {more}")
    width = max(len(verb) for verb, _ in found)
    lines = (f"  publisher {verb.ljust(width)}  {about}" for verb, about in found)
    return click.UsageError("\n".join([f"There is no command {word!r}. You may mean:", *lines]))


class Verbs(click.Group):
    """A group whose verbs have other names, and whose help shows each verb's whole first line."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return dressed(command, f"{self.name} {cmd_name}") if command else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if (
            args and args[0] == "help" and not ctx.resilient_parsing
        ):  # `publisher schedule help add`
            if not args[1:]:
                click.echo(ctx.get_help())
                ctx.exit()
            args = [args[1], "--help"]
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            verb = within(args[0], list(self.commands))
            if verb is None and ctx.resilient_parsing:
                return None, None, args
            if verb is None:
                raise unknown(args[0], self.commands, ())
            args = [verb, *args[1:]]
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_line(one)) for name, one in self.commands.items()])


def about(root: click.Context, line: str) -> str:
    """What `send --now` does, by its help: that of its option where it has one."""
    command, option = root.command, ""
    for word in line.split():
        if word.startswith("--"):
            option = word
        elif isinstance(command, click.Group):
            command = command.get_command(root, word) or command
    for param in command.params:
        if isinstance(param, click.Option) and option in param.opts:
            return param.help or ""
    return first_line(command)


def first_line(command: click.Command) -> str:
    """The first paragraph of a command's help, whole."""
    return " ".join((command.help or "").split("\n\n")[0].split())
