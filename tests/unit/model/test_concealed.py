"""What is for nobody's eyes is in nothing that is shown, wherever an address has it."""

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from publisher.model import concealed, without_secrets

SECRETS = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="&;,\"'()#?<>@/:"),
    min_size=8,
    max_size=40,
)
PLACES = [
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


@given(st.sampled_from(PLACES), SECRETS, st.sampled_from(["", "cannot reach ", "(", "<"]))
def test_a_secret_of_an_address_is_shown_nowhere(place, secret, before):
    told = f"{before}{place.format(quote(secret, safe='=+~!$*'))} does not answer"
    assert quote(secret, safe="=+~!$*") not in concealed(told)
    address = place.format(quote(secret, safe="=+~!$*"))
    for key in ("ledger", "outbox", "url"):
        assert quote(secret, safe="=+~!$*") not in without_secrets(key, address)


def test_what_is_no_secret_stays():
    told = "https://news.example/monkey?keyword=sea&signal=2 and the author: Ann"
    assert concealed(told) == told
