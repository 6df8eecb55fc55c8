"""A domain without a fault, whose DNS a test changes in a line or two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from msgspec.structs import replace

from publisher.delivery import Probed
from publisher.doctor import DkimKey, Fetched, Links, Sending, concluded, examinations
from publisher.doctor.network import Network
from publisher.doctor.server import ServerAsked
from tests.dnsd import DnsServer, zone

RSA_768 = "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhANF6CiK3ShijxMH8G26wBStclX3zCxInOi7Gromu2ExRef1Wiccmo2IQA71nutck+EZ31GYx8r9jupwhlK7M2nOvh2HCtVkumbDwOoI4xqU2/DBvJFtKgJxYv2UHvmma6wIDAQAB"
RSA_1024 = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCoFlR6M2gLH+GckoPDrgmmblo0Q696C4KM993GvQz5UdpNM0fCdLQX6Rl5trlYat+Nk7KCfIol+Dfn8MMxribtvL+XOhZpkHG37Q71nhJUXqBfCiEZXLslhmWtLbwCCuqoCvSRcOWDinO/rDAEYUDwS6uf9yviEs+6Zsr3Y+sWNwIDAQAB"
RSA_2048 = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx2nzUt2vvDkEBxwHp/VQKc0gfyavglxY3/y/vVQCsCowlVsKGm8/Gr/5/EXfse0vdoG0cQX3abiA/0B96ePbUSdZv45CSYVOwMMM2eNlpq/2ye0z7jVFpgpSeepmWLBMHQhNumKSBXnThUvobn7vdU2MQ4V7wit202+wpfcBUMpjMxogxkY8rG2gRrI6MXQ7KPpWRyzilfYSkWfkQvl+0xFlzfj2j6H/u1EDlVHp0SiZjl5I8yFpVb/irDf0onQm0MGo2+/Xyu/qZCqALDPnWbc7dmMa+N8sfcCF8KoDNDAFNzwrEUv7romkSwsN9cP7KF8qG8SE0/NkEo1W9M+bqwIDAQAB"
PKCS1_2048 = "MIIBCgKCAQEA5ISfh+2p73YBX+va6oSIkIOjiiih5OF612t3H1Gef+IGZ8qBqFs2hd9KW9ZFY68JydrhShzcL0wn+ciI80WsEXt2qIuSWH+Lsh2Rws1mYiTqaY0YAcDdeGT8lgtPtly0r3pdDbdcS871eiF4S5MEHbXfHmi3r3Mqnb4n2iAV+QDy0Uhsb+ea6K3Ke2acv8jFDCM+HJdyPgUBb1f/EY/z9KuOwMXYoOMMr/NwpWU8gYz83cwTajDS7dCoC98AcpvvymBXBdQI4OnTwqx4YJiQ/9/JhdZE3/bi631Zdm4NMBu51eg1xc6UIPin+PelO0ZBXONGuKywybB8saBaGtP2BwIDAQAB"
ED25519 = "ELKz3z6RBk7QQYt3enNAtuE7lpdVvZsSgaEna4y5s8A="

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

ZONE = f"""
news.example TXT v=spf1 ip4:45.45.45.7 include:host.example -all
news.example TXT some-site-verification=1
news.example MX 10 mail.news.example
news.example A 45.45.45.8
mail.news.example A 45.45.45.7
host.example TXT v=spf1 ip4:45.46.0.0/16 -all
7.45.45.45.in-addr.arpa PTR mail.news.example
s1._domainkey.news.example TXT v=DKIM1; k=rsa; p={RSA_2048}
_dmarc.news.example TXT v=DMARC1; p=reject; rua=mailto:reports@news.example
_mta-sts.news.example TXT v=STSv1; id=20261101
_smtp._tls.news.example TXT v=TLSRPTv1; rua=mailto:reports@news.example
default._bimi.news.example TXT v=BIMI1; l=https://news.example/logo.svg; a=https://news.example/logo.pem
"""

SENDING = Sending(
    sender="letter@news.example",
    back="bounces@news.example",
    replies=("letter@news.example",),
    links=Links(site="https://news.example/", leave="https://mail.news.example/unsubscribe/doctor"),
    host="smtp.host.example",
    ehlo="mail.news.example",
    is_direct=True,
    addresses=(ip_address("45.45.45.7"),),
    keys=(DkimKey(selector="s1", domain="news.example", public=RSA_2048),),
)

POLICY = "version: STSv1\nmode: enforce\nmx: mail.news.example\nmax_age: 604800\n"
STS = "https://mta-sts.news.example/.well-known/mta-sts.txt"
LEAVE = SENDING.links.leave
PAGES = {
    "https://news.example/": Fetched(status=200, url="https://news.example/"),
    LEAVE: Fetched(status=404, url=LEAVE, headers={"referrer-policy": "no-referrer"}),
    STS: Fetched(status=200, url=STS, headers={"content-type": "text/plain"}, body=POLICY.encode()),
}
PROBED = Probed(outcome="open", version="TLSv1.3", until=NOW + timedelta(days=60))


def diagnose(
    server: DnsServer, changes="", gone=(), pages=None, probed=PROBED, patience=20, **sending
):
    """What the doctor says of the domain with some lines of its zone in the place of others.

    `gone` are names, or `NAME TYPE`, that are taken away before; the server is `server`.
    """
    server.zone = {
        (name, kind): values
        for (name, kind), values in zone(ZONE).items()
        if name not in gone and f"{name} {kind}" not in gone
    } | zone(changes)
    network = Network([("127.0.0.1", server.port)], patience=patience)
    own = replace(SENDING, **sending)
    found = {**PAGES, **(pages or {})}
    asked = ServerAsked(
        host=own.host if probed else "", port=587, security="starttls", probed=probed
    )
    work = examinations(own, network.ask, found.__getitem__, lambda: asked, NOW)
    return concluded(own, network.ask, [one() for one in work.values()])
