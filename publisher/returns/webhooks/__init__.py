"""Providers' webhooks: a call → verified, or refused → what it tells of deliveries that failed."""

from __future__ import annotations

from publisher.errors import ConfigError
from publisher.fetching import Fetcher, Unanswered
from publisher.model import ProviderSettings
from publisher.returns.webhooks.brevo import BrevoHook
from publisher.returns.webhooks.call import MOST, Call, Forged, Hook, Unable, Unreadable
from publisher.returns.webhooks.mailgun import MailgunHook
from publisher.returns.webhooks.postmark import PostmarkHook
from publisher.returns.webhooks.resend import ResendHook, signing_key
from publisher.returns.webhooks.sendgrid import SendGridHook, public_key
from publisher.returns.webhooks.ses import SesHook
from publisher.returns.webhooks.sns import Fetch, Sns

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

_SHORTEST = 16  # letters of a secret that comes with each call


def hook_of(name: str, settings: ProviderSettings, secret: str, fetch: Fetch) -> Hook | None:
    """Return what reads a provider's calls; None where none is named, or its secret is missing.

    Amazon's needs no secret but a topic. Raises ConfigError for a secret that cannot be one.
    """
    if name == "ses":
        return SesHook(sns=Sns(settings.topic, fetch)) if settings.topic else None
    if not name or not secret:
        return None
    try:
        if name == "sendgrid":
            return SendGridHook(key=public_key(secret))
        if name == "resend":
            return ResendHook(key=signing_key(secret))
    except ValueError:
        raise _no_secret(name) from None
    if len(secret) < _SHORTEST:
        raise _no_secret(name)
    if name == "mailgun":
        return MailgunHook(key=secret)
    return PostmarkHook(secret=secret) if name == "postmark" else BrevoHook(secret=secret)


def _no_secret(name: str) -> ConfigError:
    what = {
        "sendgrid": "the verification key of its event webhook",
        "resend": "the signing secret of its webhook, whsec_…",
        "mailgun": "the HTTP webhook signing key of its account",
    }.get(name, f"a secret of {_SHORTEST} letters or more")
    return ConfigError(f"{SECRET} does not hold {what}", todo="Webhooks are taken with it alone.")


def amazon(agent: str) -> Fetch:
    """Return what asks Amazon, and takes no answer that came from elsewhere."""
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
