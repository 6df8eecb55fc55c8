"""outbox list · show · export · remove · verify."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from publisher.cli.options import at_option, json_option
from publisher.cli.output import counted, emit, heading, table, talk, typed
from publisher.cli.session import workspace
from publisher.cli.subject_tests import as_data, show_test
from publisher.cli.verbs import Verbs
from publisher.errors import OutboxError, UsageError
from publisher.model import Fit
from publisher.outbox import Outbox
from publisher.pipeline.choice import built_or_newest, to_remove
from publisher.pipeline.editions import seal
from publisher.pipeline.editions.build import build_web
from publisher.pipeline.reports.verify import changed_files, verify_bundles
from publisher.pipeline.sealed import edition_in_outbox, rebuild
from publisher.pipeline.sends.export import export_eml, export_mailbox
from publisher.pipeline.sends.subject_tests import tested


@click.group("outbox", cls=Verbs)
def outbox_() -> None:
    """Look at what goes out."""


@outbox_.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the editions in the outbox."""
    outbox = workspace().outbox
    rows = [_row(outbox, edition) for edition in outbox.ids()]
    if as_json:
        emit(rows)
        return
    table(
        (
            r["edition"],
            counted(r["stories"], "story", "stories"),
            f"{r['bytes'] / 1000:.0f} KB",
            r["subject"],
        )
        for r in rows
    )
    talk(f"Look at one: {typed('outbox show EDITION')}" if rows else f"Next: {typed('build')}")


def _row(outbox: Outbox, edition: str) -> dict[str, Any]:
    row: dict[str, Any] = {"edition": edition, "path": str(outbox.lies(edition))}
    try:
        bundle = outbox.read(edition)
        return {
            **row,
            "stories": len(bundle.manifest["stories"]),
            "bytes": sum(map(len, bundle.files.values())),
            "subject": bundle.rendition().subject.filled(),
        }
    except OutboxError as error:  # the others can still be listed
        return {**row, "stories": 0, "bytes": 0, "subject": f"damaged: {error.problem.what}"}


@outbox_.command("show")
@click.argument("edition", required=False)
@click.option("--part", type=click.Choice(["html", "text"]), help="Print this part of the mail.")
@json_option
def show(edition: str | None, part: str | None, as_json: bool) -> None:
    """Show the EDITION's subject, stories and files; a part of its id is enough.

    The newest one by default.
    """
    space = workspace()
    outbox = space.outbox
    bundle = outbox.read(edition_in_outbox(space, built_or_newest(space, edition)))
    rendition = bundle.rendition()
    stands = tested(space, bundle.id)
    if as_json:
        emit({**bundle.manifest, **({"test": as_data(stands)} if stands else {})})
        return
    if part:
        click.echo((rendition.html if part == "html" else rendition.text).filled(), nl=False)
        return
    heading(bundle.id)
    table([("subject", rendition.subject.filled()), ("preheader", rendition.preheader.filled())])
    if stands:
        show_test(stands)
    heading("stories")
    table(_story_row(story) for story in bundle.manifest["stories"])
    if fit := Fit.of(bundle.manifest):
        click.echo(f"  {fit.words}")
    heading("files")
    table(
        (outbox.lies(bundle.id) / name, f"{len(data):,} bytes")
        for name, data in bundle.files.items()
    )


def _story_row(story: Mapping[str, Any]) -> tuple[str, str, str]:
    related = counted(len(story["related"]), "related story", "related stories")
    shown = f"shown shorter: {story['show']}" if "show" in story else related
    return story["section"], story["title"], shown


@outbox_.command("export")
@click.argument("edition", required=False)
@click.option(
    "--eml",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="One .eml file a reader in this folder.",
)
@click.option(
    "--mbox",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="All messages in this mbox file.",
)
@click.option(
    "--maildir",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="All messages in this Maildir.",
)
@at_option
def export(
    edition: str | None, eml: Path | None, mbox: Path | None, maildir: Path | None, at: str | None
) -> None:
    """Write the message of every reader of EDITION as a file; nothing counts as sent.

    EDITION is the newest one by default.
    """
    given = [path for path in (eml, mbox, maildir) if path]
    if len(given) != 1:
        raise UsageError("where to?", todo="Name one of --eml DIR, --mbox FILE, --maildir DIR")
    if mbox and mbox.exists():
        raise UsageError(f"{mbox} is there already", todo="Name another file.")
    space = workspace(at, writing=True)
    edition = built_or_newest(space, edition)
    before = os.umask(0o077)  # addresses, and links that work
    try:
        if eml:
            count = export_eml(space, edition, eml)
        else:
            box = mailbox.mbox(mbox) if mbox else mailbox.Maildir(str(maildir))
            count = export_mailbox(space, edition, box)
    finally:
        os.umask(before)
    click.echo(f"{counted(count, 'message')} in {given[0]}")


@outbox_.command("remove")
@click.argument("edition", required=False)
@at_option
def remove(edition: str | None, at: str | None) -> None:
    """Take EDITION out of the outbox and forget it: its stories are free again."""
    space = workspace(at, writing=True)
    click.echo(f"{seal.remove(space, to_remove(space, edition))}: removed")


@outbox_.command("verify")
@click.argument("edition", required=False)
@at_option
@json_option
def verify(edition: str | None, at: str | None, as_json: bool) -> int:
    """Compare what lies there with what was made; exits with 1 if something was changed.

    Bundles are compared with their manifests and the ledger. Feeds and pages that somebody changed
    are made anew, as by a build.
    """
    space = workspace(at)
    found = verify_bundles(space, edition)
    count, bad = len(found), [name for name, faults in found.items() if faults]
    files = [] if edition else changed_files(space)
    if files:
        build_web(workspace(at, writing=True), distrust=True)
    for path in files:
        name = path.relative_to(space.outbox.folder).as_posix()
        found[name] = ["it was changed or lost, and is made anew"]
    if as_json:
        emit(found)
    else:
        for name, faults in found.items():
            table((name, fault) for fault in faults or ["as it was sealed"])
        talk(f"{counted(count, 'edition')}, {len(bad)} with faults.")
        if bad:
            talk(f"Build it again: {typed(rebuild(space, bad[0]))}")
    return int(any(found.values()))
