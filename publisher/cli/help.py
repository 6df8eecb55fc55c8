"""help: of all, of a verb, or of how times are typed."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from publisher.cli.completion import Text

TIMES = """\
Times, days and lengths of time

  Wherever a time is asked for:   "2026-11-24 07:00"   7:00   7pm   noon   now
                                  tomorrow   "tomorrow 7:00"   "friday 9am"
                                  "in 2h"   "7 days ago"   2026-11-23T22:00Z
  a day:                          2026-11-24   today   tomorrow   monday
  a time of day:                  07:00   7:00   7pm   "7:30 pm"   noon
  a length of time:               10s   5min   36h   7d   2w   "1h 30min"

A time without a zone is the publication's (`zone` in publisher.toml). A time of day alone is
today's, a day alone its first minute; a day of the week is the next one, for --since the last.
What could mean two things, such as 7 or 03.04.2024, is refused. The same is understood in
publisher.toml.

--at: act as if it were another time

  publisher plan morning --at "friday 7:00"    what friday's edition would hold
  publisher build morning --at "tomorrow 7:00" tomorrow's edition, made today
  publisher status --at "7 days ago"           what was due then, by the articles as they are now

It is the clock of that one command: which articles are out, which slot has come, what is late.
The machine's clock goes on as it is, and so do other commands. It is not when a mail leaves: that
is `send --start`. What a command does, it does in earnest: `deliver --at tomorrow` mails today.
"""

TOPICS = {"times": TIMES, "clock": TIMES, "time": TIMES, "--at": TIMES}


class _Words(Text):
    """Verbs, and verbs of a group."""

    name = "verb"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem[str]]:
        """Return the verbs that begin so, after those that were typed."""
        command: click.Command = ctx.find_root().command
        for word in ctx.params.get("verb") or ():
            found = command.get_command(ctx, word) if isinstance(command, click.Group) else None
            if found is None:
                return []
            command = found
        names = command.list_commands(ctx) if isinstance(command, click.Group) else []
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


@click.command("help", context_settings={"ignore_unknown_options": True})
@click.argument("verb", nargs=-1, type=_Words())
def help_(verb: tuple[str, ...]) -> None:
    """Show all verbs, or how VERB is used, with an example; `help times` is about times."""
    if len(verb) == 1 and verb[0] in TOPICS:
        click.echo(TIMES, nl=False)
        return
    context = click.get_current_context().find_root()
    command, words = context.command, list(verb)
    while words and isinstance(command, click.Group):
        name, found, words = command.resolve_command(context, words)
        assert found
        command, context = found, click.Context(found, info_name=name, parent=context)
    click.echo(command.get_help(context))
