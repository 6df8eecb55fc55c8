"""Providers' webhooks: a call → verified, or refused → what it tells of deliveries that failed."""

from __future__ import annotations

from collections.abc import Callable

from publisher.errors import ConfigError
from publisher.model import ProviderSettings
from publisher.returns.webhooks.call import MOST, Call, Forged, Hook, Unable, Unreadable

__all__ = [
    "MOST",
    "SECRET",
    "Call",
    "Fetch",
    "Forged",
    "Hook",
    "Unable",
    "Unreadable",
    "amazon",
    "hook_of",
]

SECRET = "PUBLISHER_WEBHOOK_SECRET"  # noqa: S105 the variable's name
"""The variable that holds what a provider signs with, or what it brings along."""

Fetch = Callable[[str], bytes]
"""Returns what stands at an address of Amazon's; raises Unable."""

_SHORTEST = 16  # letters of a secret that comes with each call


def hook_of(name: str, settings: ProviderSettings, secret: str, fetch: Fetch) -> Hook | None:
    """Return what reads a provider's calls; None where none is named, or its secret is missing.

    Amazon's needs no secret but a topic. Raises ConfigError for a secret that cannot be one.
    """
    if name == "ses":
        return _of_amazon(settings.topic, fetch) if settings.topic else None
    if not name or not secret:
        return None
    try:
        return _hook(name, secret)
    except ValueError:
        raise _no_secret(name) from None


def _of_amazon(topic: str, fetch: Fetch) -> Hook:
    from publisher.returns.webhooks.ses import SesHook
    from publisher.returns.webhooks.sns import Sns

    return SesHook(sns=Sns(topic, fetch))


def _hook(name: str, secret: str) -> Hook:
    """One provider's, and nobody else's modules; raises ValueError for a secret that is none."""
    if name == "sendgrid":
        from publisher.returns.webhooks.sendgrid import SendGridHook, public_key

        return SendGridHook(key=public_key(secret))
    if name == "resend":
        from publisher.returns.webhooks.resend import ResendHook, signing_key

        return ResendHook(key=signing_key(secret))
    if len(secret) < _SHORTEST:
        raise ValueError("it is too short")
    if name == "mailgun":
        from publisher.returns.webhooks.mailgun import MailgunHook

        return MailgunHook(key=secret)
    if name == "postmark":
        from publisher.returns.webhooks.postmark import PostmarkHook

        return PostmarkHook(secret=secret)
    from publisher.returns.webhooks.brevo import BrevoHook

    return BrevoHook(secret=secret)


def _no_secret(name: str) -> ConfigError:
    what = {
        "sendgrid": "the verification key of its event webhook",
        "resend": "the signing secret of its webhook, whsec_…",
        "mailgun": "the HTTP webhook signing key of its account",
    }.get(name, f"a secret of {_SHORTEST} letters or more")
    return ConfigError(f"{SECRET} does not hold {what}", todo="Webhooks are taken with it alone.")


def amazon(agent: str) -> Fetch:
    """Return what asks Amazon, and takes no answer that came from elsewhere."""
    from publisher.fetching import Fetcher, Unanswered

    fetcher = Fetcher(agent, most=64 * 1024)

    def fetch(url: str) -> bytes:
        try:
            answer = fetcher.ask(url, "GET")
        except Unanswered as error:
            raise Unable(f"Amazon does not answer: {error}") from None
        if answer.status != 200 or answer.url != url:
            raise Unable(f"Amazon answers {answer.status}")
        return answer.body

    return fetch
