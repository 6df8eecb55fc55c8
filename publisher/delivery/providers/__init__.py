"""Providers' interfaces as ways out beside SMTP: a module each, over one connection over HTTPS."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.delivery.providers.api import Api, ApiSession, Pause
from publisher.delivery.providers.asking import Answer, Ask, Kind, Provider
from publisher.delivery.providers.brevo import Brevo
from publisher.delivery.providers.mailgun import Mailgun
from publisher.delivery.providers.postmark import Postmark
from publisher.delivery.providers.promises import PROMISES, Promises, promise_rows
from publisher.delivery.providers.resend import Resend
from publisher.delivery.providers.sendgrid import SendGrid
from publisher.delivery.providers.ses import Ses
from publisher.delivery.providers.sigv4 import Credentials
from publisher.model import ProviderSettings

__all__ = [
    "AMAZON",
    "KEY",
    "PROMISES",
    "Answer",
    "Api",
    "ApiSession",
    "Ask",
    "Brevo",
    "Credentials",
    "Kind",
    "Mailgun",
    "Pause",
    "Postmark",
    "Promises",
    "Provider",
    "Resend",
    "SendGrid",
    "Ses",
    "api_of",
    "promise_rows",
]

KEY = "PUBLISHER_PROVIDER_KEY"
"""The variable that holds a provider's key."""

AMAZON = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
"""The variables in which Amazon's own tools have theirs; the last one may be missing."""

_HOSTS = {
    "postmark": "https://api.postmarkapp.com",
    "mailgun": "https://api.mailgun.net",
    "sendgrid": "https://api.sendgrid.com",
    "brevo": "https://api.brevo.com",
    "resend": "https://api.resend.com",
}
_EUROPE = {"mailgun": "https://api.eu.mailgun.net", "sendgrid": "https://api.eu.sendgrid.com"}


def api_of(
    name: str, settings: ProviderSettings, domain: str, environment: Mapping[str, str]
) -> Api:
    """Return a provider's interface. `domain` is that of our address; keys are in `environment`.

    A key that is missing is told when a session is opened.
    """
    key = environment.get(KEY, "").strip()
    timeout = settings.timeout.total_seconds()
    if name == "ses":
        access, secret, token = (environment.get(one, "").strip() for one in AMAZON)
        return Api(
            provider=Ses(
                credentials=Credentials(access=access, secret=secret, token=token),
                region=settings.region,
                configuration_set=settings.stream,
                base_url=settings.base_url or f"https://email.{settings.region}.amazonaws.com",
            ),
            key=secret if access else "",
            wants=" and ".join(AMAZON[:2]),
            timeout=timeout,
        )
    return Api(provider=_provider(name, settings, domain, key), key=key, wants=KEY, timeout=timeout)


def _provider(name: str, settings: ProviderSettings, domain: str, key: str) -> Provider:
    europe = _EUROPE.get(name, "") if settings.region == "eu" else ""
    where = settings.base_url or europe or _HOSTS[name]
    if name == "postmark":
        return Postmark(key=key, stream=settings.stream or "broadcast", base_url=where)
    if name == "mailgun":
        return Mailgun(key=key, domain=settings.domain or domain, base_url=where)
    plain: dict[str, type[SendGrid] | type[Brevo] | type[Resend]] = {
        "sendgrid": SendGrid,
        "brevo": Brevo,
        "resend": Resend,
    }
    return plain[name](key=key, base_url=where)
