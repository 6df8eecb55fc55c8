"""What `[web]` declares."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class WebSettings(Settings, frozen=True, kw_only=True):
    """How `publisher serve`, and `run`, answer readers on the web."""

    host: str = _key(
        "The address to listen on; a web server in front of it does the rest.", "127.0.0.1"
    )
    port: int = _key("The port to listen on.", 8480)
    serve: bool = _key("`run` answers readers, too.", True)
    pages: Literal["all", "editions", "none"] = _key(
        "The pages that `build` makes in the outbox: of articles and editions, of editions alone "
        "(where another site has the articles), or none.",
        "all",
    )
    link_in_mails: bool = _key(
        "Mails name their own page. Set it once the pages are to be found at `base_url`.", False
    )
    static: Path = _key(
        "A folder of pictures and the like that is copied beside the pages as it is.",
        Path("static"),
    )
    packed: bool = _key(
        "Put what web servers send compressed (`.gz`, `.br`) beside each text of feeds and pages. "
        "Without it a build takes less time; for servers that compress by themselves.",
        True,
    )
    news_sitemap: bool = _key(
        "Make `news-sitemap.xml` of what was published in the last 48 hours, for Google News, and "
        "name it in `robots.txt`.",
        False,
    )
    related: int = _key("Related stories under an article's page.", 3)
    related_for: int = _key(
        "So many of the newest articles get related stories on their pages; what a page has it "
        "keeps.",
        2000,
    )
    noindex: bool = _key("Ask search engines to leave all pages out.", False)
    proxies: tuple[str, ...] = _key(
        "Addresses, or networks, of web servers in front whose `X-Forwarded-For` is believed, "
        "besides those on this machine.",
        (),
        example="172.18.0.0/16",
    )
    connections: int = _key("Connections at a time; more are told to come again.", 2000)
    per_client: int = _key(
        "Connections at a time of one address (a /64 of IPv6), or requests of one that a web "
        "server in front names; 0 for no limit.",
        100,
    )
    unconfirmed: timedelta = _key(
        "How long it is kept that somebody asked to be a reader and never confirmed it; then it is "
        "forgotten, and the link in the mail works no longer.",
        timedelta(days=30),
        example="14d",
    )
    health: int = _key(
        "A port for operators, with `/livez`, `/readyz` and `/metrics` (Prometheus); 0 for none.",
        0,
        example="8481",
    )
    health_host: str = _key(
        "The address to listen on for `health`: this machine alone, unless you name another one, "
        "whose network is your own: who reaches it sees how many readers each newsletter has.",
        "127.0.0.1",
        example="10.0.0.5",
    )
    clicks: bool = _key(
        "Lead the links of mails through the service, and count how often each is followed: by "
        "all readers together, never by one; what looks like a mail scanner is set aside.",
        False,
    )
    log: bool = _key(
        "Tell of each answer: what kind of page, how it was asked and answered; never an address.",
        False,
    )
