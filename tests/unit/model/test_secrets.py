"""No secret of an address comes out, wherever in it it is and whatever it is made of."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.model import concealed, ledger_place, without_secrets

_MARK = "s3krItXq"
_PLACES = [
    "postgresql://u:{}@db.example/letter",
    "postgresql://db.example/letter?password={}",
    "postgresql://db.example:5432/letter?password={}",
    "postgresql://db.example/letter?passwrd={}",
    "postgresql://db.example/letter?pass%77ord={}",
    "postgresql://db.example/letter;password={}",
    "postgresql://db.example/letter%3Bpassword%3D{}",
    "postgresql://u:p@db.example/letter?sslpassword={}&sslmode=require",
    "host=db.example password={} dbname=letter",
    "host=db.example password = '{}'",
]
_AROUND = st.text(st.characters(codec="utf-8", exclude_characters="@", exclude_categories=["Cs"]))


@given(st.sampled_from(_PLACES), _AROUND, _AROUND, st.sampled_from(["", "@", "a@"]))
def test_a_ledgers_address_shows_no_secret(place, before, after, at):
    secret = f"{before}{at}{_MARK}{after}"
    address = place.format(secret)
    assert _MARK not in ledger_place(address)
    assert _MARK not in without_secrets("ledger", address)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://acc.example/c?sv=1&sig=s3k&se=2", "https://acc.example/c?sv=1&sig=***&se=2"),
        ("https://s3.example/x?X-Amz-Signature=s3k", "https://s3.example/x?X-Amz-Signature=***"),
        ("https://reader.example/feed?key=s3k", "https://reader.example/feed?key=***"),
        ("https://reader.example/feed?auth=s3k is", "https://reader.example/feed?auth=*** is"),
        ("https://reader.example/?token=a,(s3k", "https://reader.example/?token=***"),
        ("postgresql://db.example/?password=a's3k", "postgresql://db.example/?password=***"),
        ("https://reader.example/feed?page=2", "https://reader.example/feed?page=2"),
    ],
)
def test_a_parameter_that_tells_is_hidden_whole(text, shown):
    assert concealed(text) == shown


_SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="&;,\"'()#?<>@/:"),
    min_size=8,
    max_size=40,
)
_ANYWHERE = [
    "postgresql://u:{}@db.example/letter",
    "postgresql://db.example/letter?password={}",
    "postgresql://db.example/letter?sslmode=require&sslpassword={}",
    "postgresql://db.example/letter;password={}",
    "postgresql://db.example/letter%3Bpassword%3D{}",
    "postgresql://db.example/letter?options=-c+password%3D{}",
    "host=db.example password={} dbname=letter",
    "s3://bucket/x?access_key_id=a&secret_access_key={}",
    "az://container/x?sv=1&sig={}",
    "https://store.example/x?X-Amz-Signature={}&n=1",
    "https://reader:{}@feeds.example/x.xml",
    "https://feeds.example/x.xml?token={}",
    "https://feeds.example/x.xml?key={}",
]


@given(st.sampled_from(_ANYWHERE), _SECRETS, st.sampled_from(["", "cannot reach ", "(", "<"]))
def test_a_secret_of_an_address_is_shown_nowhere(place, secret, before):
    told = f"{before}{place.format(quote(secret, safe='=+~!$*'))} does not answer"
    assert quote(secret, safe="=+~!$*") not in concealed(told)
    address = place.format(quote(secret, safe="=+~!$*"))
    for key in ("ledger", "outbox", "url"):
        assert quote(secret, safe="=+~!$*") not in without_secrets(key, address)


def test_what_is_no_secret_stays():
    told = "https://news.example/monkey?keyword=sea&signal=2 and the author: Ann"
    assert concealed(told) == told


_QUOTED = [
    "the server says: Authorization: Bearer {} is refused",
    "authorization: Basic {}==",
    '{{"Authorization": "Bearer {}", "error": "bad"}}',
    '{{\\"Authorization\\": \\"Bearer {}\\"}}',
    'Proxy-Authorization: Digest username="a", response="{}"',
    "Authorization: AWS4-HMAC-SHA256 Credential=AK/x, Signature={}",
    "Set-Cookie: theme=dark; session={}",
    'Cookie: theme="dark"; sid={}',
    'Authorization: OAuth oauth_consumer_key="xvz", oauth_signature="{}"',
    "no such bearer: Bearer {}",
    "535 5.7.8 AUTH PLAIN {} is refused",
    "535 5.7.8 AUTH PLAIN {}xy",
    "AUTH LOGIN dXNlcg== {}",
    "C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5hMQ==\nS: 334 UGFzc3dvcmQ6\nC: {}",
    "send: 'AUTH LOGIN\\r\\n'\nreply: b'334 UGFzc3dvcmQ6\\r\\n'\nsend: '{}\\r\\n'",
    "sendmail --password {} ana@x.example",
    "sendmail --smtp-password '{}' ana@x.example",
    "call --api-key {}",
    "Passwort: {}",
    "kennwort={}",
    "mot de passe\u202f: {}",
    "contraseña: {}",
    "contrasen\u0303a: {}",
    "senha: {}",
    "Пароль: {}",
    "密码：{}",
    "パスワード: {}",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey={}==;EndpointSuffix=x",
    "Endpoint=sb://x/;SharedAccessKey={}=",
    "password: ({})",
    "pwd: {{{}}}",
    "password: ab,{}",
    """password="it's{}\"""",
    "of its bearer {}",
    "password: {}",
    "password:{}",
    "  password : {}",
    "smtp.password: {}",
    "password => {}",
    "{{'api_key': '{}'}}",
    '"client_secret": "a\\"{}"',
    "X-Api-Key: {}",
    "X-Server-Token: {}",
    "aws_secret_access_key = {}",
    "<password>{}</password>",
    "-----BEGIN RSA PRIVATE KEY-----\\nMII{}\\n-----END RSA PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nMII\n{}\n-----END OPENSSH PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY----- cut off {}",
]


@pytest.mark.parametrize("text", _QUOTED)
def test_a_secret_that_others_quote_is_hidden(text):
    shown = concealed(text.format("s3krItXq9ZpwLm2T"))
    assert ("s3krItXq9ZpwLm2T" in shown, "***" in shown) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "unexpected token: end of file",
        "FATAL: password authentication failed",
        "Basic authentication is refused",
        "Authorization required",
        "publisher.toml:4: smtp.password must be a text",
        "auth.toml:3: no such key",
        "tokens.csv:12: not UTF-8",
        "Bearer of news: the harbour",
        "250-AUTH LOGIN PLAIN XOAUTH2 CRAM-MD5 SCRAM-SHA-256",
        "AUTH PLAIN is not supported",
        "AUTH LOGIN Failed 5.7.8",
        "warning: 334 articles/2026/bay.md",
        "unknown option --password",
        "use --password to give one, or --token-file",
        "resenha: um livro",
        "The secret: how ferries run",
        "publisher keys: https://news.example/",
    ],
)
def test_what_only_speaks_of_secrets_stays(text):
    assert concealed(text) == text
