"""What `[provider]` declares: the provider that sends mails, and tells what comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key

PROVIDERS = ("postmark", "ses", "mailgun", "sendgrid", "brevo", "resend")
"""The providers whose interface we know, as `[delivery] transport` names them."""


class ProviderSettings(Settings, frozen=True, kw_only=True):
    """A mail provider. Its key is in `PUBLISHER_PROVIDER_KEY`, or as Amazon names it."""

    name: Literal["", "postmark", "ses", "mailgun", "sendgrid", "brevo", "resend"] = _key(
        "Whose webhooks are taken at `/hooks/NAME`; that of `delivery.transport` where it is not "
        "given. Name it where mails go to the provider by SMTP.",
        "",
        example="postmark",
    )
    domain: str = _key(
        "Mailgun's sending domain; that of `sender` where it is not given.",
        "",
        example="mg.news.example",
    )
    region: str = _key(
        "Where the account lives: `us` or `eu` (Mailgun, SendGrid; `us` where it is not given), or "
        "a region of Amazon's.",
        "",
        example="eu-central-1",
    )
    stream: str = _key(
        "Postmark's message stream; `broadcast` where it is not given. With Amazon, the "
        "configuration set that publishes events.",
        "",
        example="broadcast",
    )
    topic: str = _key(
        "Amazon's SNS topic (its ARN) whose messages are taken at `/hooks/ses`; no other is.",
        "",
        example="arn:aws:sns:eu-central-1:123456789012:letter",
    )
    timeout: timedelta = _key(
        "How long an answer may take; a whole request three times as long.",
        timedelta(seconds=60),
        example="60s",
    )
    base_url: str = _key(
        "Another address of the provider's interface than its own: `https`, or `http` on this "
        "machine. The key goes there.",
        "",
        example="https://api.eu.provider.example",
    )
