"""Parse, call one use case, print. Each command's module is imported when it runs."""

from __future__ import annotations

import difflib
import importlib
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import click

from publisher import __version__
from publisher.cli.examples import EXAMPLES
from publisher.cli.verbs import Verbs, about, dressed, unknown
from publisher.cli.words import WORDS, aliased, meaning

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("scaffold", "Start a publication in this folder."),
    "adopt": ("adoption", "Start a publication of the articles of a site."),
    "new": ("scaffold", "Write an article's first lines."),
    "import": ("imports", "Bring articles from WordPress, Ghost, Substack, Medium or Blogger."),
    "check": ("checks", "Tell all that is wrong, and all that was decided for you."),
    "doctor": ("doctor", "Whether the domain's DNS and servers let mails arrive; what to type."),
    "status": ("reports", "Where the publication stands: articles, editions, coming sends."),
    "plan": ("editions", "What goes into the next edition, what is left out and why."),
    "preview": ("editions", "Show the next edition as readers will see it."),
    "build": ("editions", "Build the editions that are due, all feeds and pages."),
    "test": ("sends", "Send a real mail of an edition to one address."),
    "send": ("sends", "Put an edition into the queue, for each reader once."),
    "approve": ("slots", "Let a draft go out, as it is now."),
    "hold": ("slots", "Start nothing more of an edition until it is released."),
    "release": ("slots", "Go on with a held edition."),
    "cancel": ("slots", "Send no more of an edition, for good."),
    "breaking": ("breaking", "Send one article now, past the schedule."),
    "deliver": ("delivering", "Send all that is due."),
    "schedule": ("schedules", "When newsletters go out: add, list, explain, pause."),
    "run": ("service", "Keep the schedules: build, send and deliver what is due, all the time."),
    "worker": ("worker", "Do what `run` asks for, on any number of hosts."),
    "serve": ("web", "Answer readers who leave, or choose what they get, on the web."),
    "watch": ("watch", "Show how an edition goes out."),
    "report": ("reports", "What became of an edition."),
    "why": ("reports", "Why a reader did or did not get an edition."),
    "audit": ("reports", "Check that every slot, story, edition and reader is accounted for."),
    "replay": ("editions", "Make a past edition again, byte for byte."),
    "bounces": ("bounces", "What came back: bounces, complaints, mails that ask to leave."),
    "uncertain": ("uncertain", "Messages that a server may have accepted, and nobody knows."),
    "pin": ("pins", "Put an article first in its section of a newsletter's next edition."),
    "exclude": ("pins", "Keep an article out of a newsletter."),
    "related": ("related", "The related stories of an article, with the reasons."),
    "subscribers": ("readers", "Who reads: add, import, look at, export, take out."),
    "segments": ("segments", "Saved filters of readers."),
    "feeds": ("feeds", "Build and check the feeds, and ask for those that are sources."),
    "outbox": ("outbox", "Look at what goes out."),
    "keys": ("keys", "The keys that sign links and mails."),
    "ledger": ("ledger", "The database of record: its schema, and bringing it up."),
    "templates": ("templates", "List the theme's templates, and make one your own."),
    "themes": ("themes", "How mails and pages look: the themes there are."),
    "config": ("configuration", "Show the configuration."),
    "completion": ("completion", "Let your shell complete verbs, newsletters, editions and so on."),
    "help": ("help", "How a verb is used, with an example; `help times` is about times."),
}
"""Command → (module of it, help line). Listed here so that --help imports none of them."""


GROUPS = {
    "Write and look": (
        "init",
        "adopt",
        "new",
        "import",
        "check",
        "doctor",
        "status",
        "plan",
        "preview",
        "related",
    ),
    "Build": ("build", "pin", "exclude", "feeds", "outbox", "themes", "templates"),
    "Readers": ("subscribers", "segments", "keys", "serve"),
    "Schedule": ("schedule", "run", "worker", "approve"),
    "Send": ("test", "send", "breaking", "deliver", "watch", "hold", "release", "cancel"),
    "Afterwards": ("report", "why", "bounces", "audit", "replay", "uncertain"),
    "Settings and help": ("config", "ledger", "completion", "help"),
}
"""How --help groups the commands."""

NOUNS = ("import", "schedule", "subscribers", "segments", "feeds", "outbox", "keys", "ledger",
         "themes", "templates", "config", "bounces", "uncertain")  # fmt: skip
"""The commands that are groups of verbs."""


class _Commands(Verbs):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"publisher.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_")
        return dressed(command, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            found = self._meant(ctx, args)
            if found is None:
                return None, None, args
            args = found
        return click.Group.resolve_command(self, ctx, args)

    def _meant(self, ctx: click.Context, args: list[str]) -> list[str] | None:
        """What was typed in our own words; UsageError where that is not clear, None to a shell."""
        groups = {name: self._verbs(ctx, name) for name in NOUNS}
        found = aliased(args, groups)
        if found is None and ctx.resilient_parsing:
            return None
        if found is None:
            known = (*COMMANDS, *WORDS)
            near = difflib.get_close_matches(args[0], known, n=1, cutoff=0.75)
            means = meaning(args[0]) or (meaning(near[0]) if near else ())
            raise unknown(args[0], COMMANDS, [(verb, about(ctx, verb)) for verb in means])
        verb, rest = found
        if not ctx.resilient_parsing:
            said = " ".join(args[: len(args) - len(rest)])
            click.echo(f"publisher: {said} is {' '.join(verb)}", err=True)
        return [*verb, *rest]

    def _verbs(self, ctx: click.Context, name: str) -> list[str]:
        command = self.get_command(ctx, name)
        return command.list_commands(ctx) if isinstance(command, click.Group) else []

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", metavar="DIR", default=".", help="Run as if started in DIR.")
@click.version_option(__version__, prog_name="publisher")
@click.pass_context
def main(context: click.Context, folder: str) -> None:
    """A folder of articles becomes e-mail editions, RSS, Atom and JSON feeds, and a web site."""
    from publisher.cli.invocation import Invocation

    context.obj = Invocation(folder=folder, now=context.obj)


def _machine() -> datetime:
    return datetime.now(UTC)


def run(now: Callable[[], datetime] = _machine) -> None:
    """Run the command line and leave with its exit code; a user's mistake shows no traceback.

    `now` is the machine's clock, aware UTC: the one place where the program gets it from.
    """
    import gc

    from publisher.errors import PublisherError

    # A command is over before its garbage matters; collecting it costs a tenth of a large build.
    gc.set_threshold(200_000, 20, 20)
    try:
        code: Any = main(standalone_mode=False, obj=now)
        sys.exit(code if isinstance(code, int) else 0)
    except PublisherError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("publisher: stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        _show_example(error)
        sys.exit(error.exit_code)
    except UnicodeEncodeError:
        click.echo("publisher: an argument is not UTF-8 text", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # Whoever read our output has enough of it (`publisher status | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:  # a file that may not be written, a disk that is full
        from publisher.cli.output import of_files

        _say(of_files(error))
        sys.exit(1)
    except Exception:
        sys.excepthook = _traced  # a fault of ours is traced, and its text may hold a password
        raise


def _show_example(error: click.ClickException) -> None:
    """After a line that cannot be read, how such a line looks."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is None or context.parent is None or isinstance(context.command, click.Group):
        return
    names = []
    while context.parent is not None:
        names.append(context.command.name or "")
        context = context.parent
    for example in EXAMPLES.get(" ".join(reversed(names)), ())[:1]:
        click.echo(f"Example: publisher {example}", err=True)


def _say(text: str) -> None:
    from publisher.cli.output import talk

    talk(f"publisher: {text}")


def _traced(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    import traceback

    from publisher.cli.output import talk

    talk("".join(traceback.format_exception(kind, error, trace)).rstrip())
