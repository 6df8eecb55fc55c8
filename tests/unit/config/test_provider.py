"""Where a provider's key may go, and what else `[provider]` may say."""

import typing

import pytest

from publisher.config import parse
from publisher.config.provider import is_safe
from publisher.errors import ConfigError
from publisher.model import PROVIDERS, DeliverySettings, ProviderSettings

HEAD = '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n'


def declared(provider="", transport="postmark"):
    return parse(f'{HEAD}[delivery]\ntransport = "{transport}"\n[provider]\n{provider}\n')


def test_a_provider_is_declared_in_a_table_of_its_own():
    found = declared('stream = "letters"\ntimeout = "30s"')
    assert found.delivery.transport == "postmark"
    assert found.provider.stream == "letters"
    assert found.provider.timeout.total_seconds() == 30


def test_every_provider_can_be_named_as_a_way_out_and_for_its_webhooks():
    ways = typing.get_args(typing.get_type_hints(DeliverySettings)["transport"])
    names = typing.get_args(typing.get_type_hints(ProviderSettings)["name"])
    assert set(names) - {""} == set(PROVIDERS) == set(ways) - {"auto", "maildir", "smtp", "command"}


def test_templates_see_nothing_of_it():
    assert declared('domain = "mg.x.example"', "mailgun").shown.provider == ProviderSettings()


@pytest.mark.parametrize(
    "provider, transport, what",
    [
        ('base_url = "http://api.x.example"', "brevo", "base_url must begin with https://"),
        ('base_url = "ftp://localhost"', "brevo", "base_url must begin with https://"),
        ('base_url = "https://a:b@x.example"', "brevo", "base_url must begin with https://"),
        ("", "ses", "region must be a region of Amazon's"),
        ('region = "eu"', "ses", "region must be a region of Amazon's"),
        ('region = "eu-central-1.evil.example/"', "ses", "region must be a region of Amazon's"),
        ('region = "mars"', "mailgun", "region must be us or eu"),
        ('domain = "x.example/../v1"', "mailgun", "domain must be a domain"),
        ('topic = "letters"', "ses", "region must be"),
        ('region = "eu-west-1"\ntopic = "letters"', "ses", "topic must be the ARN"),
        ('timeout = "0s"', "resend", "timeout must be at least a second"),
        ('name = "sparkpost"', "smtp", "name"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(provider, transport, what):
    with pytest.raises(ConfigError, match=what) as caught:
        declared(provider, transport)
    assert "publisher.toml" in str(caught.value)


@pytest.mark.parametrize(
    "url, is_good",
    [
        ("https://api.x.example", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://127.0.0.1.x.example", False),
        ("http://localhost.x.example", False),
        ("http://10.0.0.1", False),
        ("https://", False),
        ("https://x.example:99999", False),
        ("https://x.example/?a=b", False),
        ("https://[x", False),
    ],
)
def test_a_key_goes_encrypted_or_no_further_than_this_machine(url, is_good):
    assert is_safe(url) is is_good
