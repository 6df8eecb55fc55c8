"""Links: whether what mails lead to answers, by https, and one click takes readers out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from publisher.doctor.answers import Fetch, Fetched, shortened
from publisher.doctor.finding import Finding, Kind, Kinds, Looked

KINDS = Kinds("Links", {
    "links-http": Kind(
        "error", "An address of ours that is not https.",
        "Browsers warn of it, and no header of one click may lead there (RFC 8058 §3.1).",
        "Write https:// in publisher.toml, and have the web server speak it."),
    "links-unanswered": Kind(
        "error", "An address of ours where nobody answers, or whose certificate does not hold.",
        "Readers cannot leave, and mail with links that are dead is taken for spam.",
        "Start the web server, or mend its certificate or its name in DNS."),
    "links-fault": Kind(
        "error", "An address of ours that answers with a fault of the server (5xx).",
        "Readers cannot leave, and mail with links that are dead is taken for spam.",
        "Look into the web server's log: `publisher serve` may not be running behind it."),
    "links-not-found": Kind(
        "warning", "A site that is not there (404, 410).",
        "Mails lead to it.",
        "Publish the pages, or mend base_url."),
    "links-to-http": Kind(
        "error", "An https address that leads on to http.",
        "Whoever sits in between can read and change it.",
        "Have the web server lead to https, never back."),
    "links-elsewhere": Kind(
        "note", "A site that leads on to another host.",
        "Mails with links of many hosts look like spam.",
        "Write the address where it ends into publisher.toml."),
})  # fmt: skip

ONE_CLICK = Kinds("One-click", {
    "one-click-broken": Kind(
        "error", "Mails whose header of one click leads to an address that does not work.",
        "Gmail, Yahoo and Microsoft show their button by it, and it must take readers out "
        "(RFC 8058); who cannot leave complains.",
        "Make delivery.links, or base_url, an https address at which `publisher serve` answers."),
    "one-click-server": Kind(
        "warning", "A web server that answers, but not with the pages by which readers leave.",
        "A click on the button of Gmail or Yahoo then ends nowhere (RFC 8058).",
        "Have it pass /unsubscribe/ on to `publisher serve`: docs/how-to/web.md."),
})  # fmt: skip


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """The addresses that mails lead to: the site's, and where readers leave."""

    site: str
    leave: str


def links(fetch: Fetch, addresses: Links) -> Looked:
    """Ask for the site, and for the page by which readers leave."""
    findings: list[Finding] = []
    for url in dict.fromkeys((addresses.site, addresses.leave)):
        findings += _of_address(url, fetch(url), is_site=url == addresses.site)
    hosts = dict.fromkeys(_host(one) for one in (addresses.site, addresses.leave))
    return Looked(subject="Links", shown=shortened(", ".join(hosts)), findings=tuple(findings))


def one_click(fetch: Fetch, addresses: Links) -> Looked:
    """Tell whether the header of one click leads to pages of ours.

    A GET of a link that is none is asked for: it changes nothing.
    """
    url = addresses.leave
    fetched = fetch(url)
    findings: list[Finding] = []
    if broken := _broken(url, fetched):
        findings.append(
            ONE_CLICK.found("one-click-broken", f"one click cannot work by {url}: {broken}")
        )
    elif fetched.status != 404 or fetched.headers.get("referrer-policy") != "no-referrer":
        what = f"{url} is answered, and not by publisher: the server says {fetched.status}"
        findings.append(ONE_CLICK.found("one-click-server", what))
    return Looked(
        subject="One-click",
        shown="List-Unsubscribe and List-Unsubscribe-Post in each mail",
        findings=tuple(findings),
    )


def _broken(url: str, fetched: Fetched) -> str:
    """Why a mail program that posts to an address does not get through, "" if it does."""
    if not url.startswith("https://"):
        return "it is not https"
    if fetched.why:
        return shortened(fetched.why, 120)
    if fetched.status >= 500:
        return f"the server says {fetched.status}"
    if fetched.url and fetched.url != url:
        return f"it leads on to {shortened(fetched.url)}, and nobody follows (RFC 8058 §3.1)"
    return ""


def _of_address(url: str, fetched: Fetched, *, is_site: bool) -> Iterator[Finding]:
    if not url.startswith("https://"):
        yield KINDS.found("links-http", f"{url} is not https")
    if fetched.why:
        yield KINDS.found("links-unanswered", f"{url}: {shortened(fetched.why, 120)}")
    elif fetched.status >= 500:
        yield KINDS.found("links-fault", f"{url}: the server says {fetched.status}")
    elif is_site and fetched.status in (404, 410):
        yield KINDS.found("links-not-found", f"{url}: the server says {fetched.status}")
    if fetched.url.startswith("http://") and url.startswith("https://"):
        yield KINDS.found("links-to-http", f"{url} leads to {shortened(fetched.url)}")
    elif fetched.url and _host(fetched.url) != _host(url) and is_site:
        yield KINDS.found("links-elsewhere", f"{url} leads to {shortened(fetched.url)}")


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
