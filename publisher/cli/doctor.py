"""doctor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_address

import click

from publisher.cli.options import json_option
from publisher.cli.output import counted, emit, heading, safe, table, talk, tell, typed
from publisher.cli.session import workspace
from publisher.doctor import SOURCES, Diagnosis, Finding, Line
from publisher.errors import Problem, UsageError
from publisher.hosts import ascii_host
from publisher.pipeline.reports.doctor import doctor

_MARKS = {"good": "✓", "noted": "!", "bad": "✗", "unseen": "?"}
_STANDING = {"met": "✓", "not met": "✗", "unseen": "?"}


@click.command("doctor")
@click.option(
    "--resolver",
    "resolvers",
    metavar="ADDRESS[:PORT]",
    multiple=True,
    help="Ask this DNS server rather than the machine's own. May be given again.",
)
@click.option(
    "--ip",
    "addresses",
    metavar="ADDRESS",
    multiple=True,
    help="An address that mails leave from, where your provider's or server's is known. May be "
    "given again.",
)
@click.option(
    "--selector",
    "selectors",
    metavar="NAME[@DOMAIN]",
    multiple=True,
    help="A DKIM key by which your server signs: `s=` of a mail that arrived, and its `d=` if it "
    "is not the sender's domain. May be given again.",
)
@json_option
def doctor_(
    resolvers: Sequence[str], addresses: Sequence[str], selectors: Sequence[str], as_json: bool
) -> int:
    """Whether the domain's DNS and servers let mails arrive; what to type into DNS.

    Looks at SPF, DKIM, DMARC, MX, PTR, TLS and links of this publication, and at what Gmail,
    Yahoo and Microsoft require of who sends in bulk; it logs in nowhere and changes nothing.
    Exits with 1 if a requirement is not met, with 75 without a network.
    docs/reference/doctor.md lists all that it finds.
    """
    servers = [_server(one) for one in resolvers]
    sources = [_address(one) for one in addresses]
    keys = [_selector(one) for one in selectors]
    space = workspace()
    from publisher.doctor.network import Network  # and dnspython with it

    found = doctor(space, Network(servers), addresses=sources, selectors=keys)
    if as_json:
        emit(
            {
                "domain": found.domain,
                "healthy": found.is_healthy,
                "subjects": found.subjects,
                "requirements": found.requirements,
                "sources": SOURCES,
                "dns": found.lines,
            }
        )
    else:
        _show(found)
    return int(not found.is_healthy)


def _show(found: Diagnosis) -> None:
    heading(found.domain)
    table((_MARKS[one.state], one.subject, one.shown) for one in found.subjects)
    shown = [one for one in found.findings if one.severity != "note"]
    if shown:
        click.echo()
        tell(map(_problem, shown), err=False)
    if notes := [one for one in found.findings if one.severity == "note"]:
        click.echo()
        tell(map(_problem, notes), err=False)
    for source in SOURCES:
        click.echo()
        heading(f"{source.provider} requires of who sends in bulk ({source.title})")
        table(_rows(found.requirements, source.provider))
    if found.lines:
        click.echo()
        heading("Type into DNS")
        for line in found.lines:
            click.echo(f"  {safe(str(line))}")
    _talk(found)


def _rows(lines: Sequence[Line], provider: str) -> Iterator[tuple[str, str, str]]:
    for line in lines:
        if line.provider == provider:
            yield _STANDING[line.standing], line.requirement, line.why


def _talk(found: Diagnosis) -> None:
    broken = sum(line.standing == "not met" for line in found.requirements)
    unseen = sum(line.standing == "unseen" for line in found.requirements)
    met = len(found.requirements) - broken - unseen
    said = f"{counted(met, 'requirement')} met, {broken} not met, {unseen} cannot be seen from here"
    talk(f"{said}.")
    if not found.is_healthy:
        talk(f"DNS takes minutes, at times a day, to tell everybody. Then: {typed('doctor')}")


def _problem(one: Finding) -> Problem:
    todo = "\n  ".join([one.todo, *map(str, one.lines)])
    return Problem(what=one.what, why=one.why, todo=todo, severity=one.severity, rule=one.name)


def _server(text: str) -> tuple[str, int]:
    """An address and perhaps a port: 192.0.2.53, 127.0.0.1:5353, [2001:db8::1]:53."""
    host, port = text, "53"
    if text.startswith("[") or text.count(":") == 1:
        host, _, port = text.rpartition(":") if not text.endswith("]") else (text, "", "53")
    try:
        number = int(port)
        plain = str(ip_address(host.strip("[]")))
    except ValueError:
        number, plain = 0, ""
    if not plain or not 0 < number < 65536:
        raise UsageError(
            f"--resolver {text!r} is no address of a DNS server",
            todo="Write it as 192.0.2.53, 127.0.0.1:5353 or [2001:db8::53]:5353.",
        )
    return plain, number


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip("[]")))
    except ValueError:
        raise UsageError(
            f"--ip {text!r} is no IP address", todo="Write it as 203.0.113.7 or 2001:db8::7."
        ) from None


def _selector(text: str) -> tuple[str, str]:
    name, at, domain = text.partition("@")
    try:
        return ascii_host(name), ascii_host(domain) if at else ""
    except ValueError:
        raise UsageError(
            f"--selector {text!r} is no name of a key",
            todo="It is `s=` of the DKIM-Signature in a mail that arrived, such as s1.",
        ) from None
