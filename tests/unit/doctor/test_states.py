"""States of a domain, each with the sentence that the doctor has for it: text in, text out."""

from datetime import timedelta
from ipaddress import ip_address

import pytest

from publisher.delivery import Probed
from publisher.doctor import DkimKey, Fetched, Links
from tests.dnsd import DnsServer
from tests.unit.doctor.domain import (
    ED25519,
    LEAVE,
    NOW,
    PKCS1_2048,
    POLICY,
    RSA_768,
    RSA_1024,
    RSA_2048,
    STS,
    diagnose,
)

SPF = "news.example TXT "
DKIM = "s1._domainkey.news.example TXT "
DMARC = "_dmarc.news.example TXT "
FAULT = "its servers answer with a fault (SERVFAIL)"
ELSEWHERE = {"back": "b@bounces.example"}
AROUND = "bounces.example TXT v=spf1 ip4:45.45.45.7 -all\nbounces.example MX 10 mail.news.example"


def chain(count):
    """A record that includes so many others."""
    names = [f"i{number}.example" for number in range(count)]
    lines = [f"{name} TXT v=spf1 ip4:45.46.0.{number} -all" for number, name in enumerate(names)]
    includes = " ".join(f"include:{name}" for name in names)
    return "\n".join([f"{SPF}v=spf1 ip4:45.45.45.7 {includes} -all", *lines])


def policy(**changed):
    """The policy of MTA-STS, changed."""
    lines = dict(line.split(": ") for line in POLICY.splitlines())
    text = "".join(f"{name}: {value}\n" for name, value in {**lines, **changed}.items() if value)
    return {
        STS: Fetched(
            status=200, url=STS, headers={"content-type": "text/plain"}, body=text.encode()
        )
    }


STATES = {
    "nothing is wrong": ({}, []),
    # SPF
    "there is no SPF record": (
        {"gone": ["news.example TXT"]},
        [("spf-missing", "news.example has no SPF record")]),
    "there are two SPF records": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 -all\n{SPF}v=spf1 mx ~all"},
        [("spf-several", "news.example has 2 SPF records")]),
    "the SPF record has another beginning": (
        {"changes": f"{SPF}v=spf1; ip4:45.45.45.7 -all"},
        [("spf-nearly", "the text of news.example is no SPF record: “v=spf1; ip4:45.45.45.7 -all”")]),
    "a word of the SPF record is none": (
        {"changes": f"{SPF}v=spf1 ipv4:45.45.45.7 -all"},
        [("spf-syntax", "the SPF record of news.example: “ipv4:45.45.45.7” is no mechanism; ip4 is meant?")]),
    "an include is written like a modifier": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 include=host.example -all"},
        [("spf-syntax", "the SPF record of news.example: “include=host.example” is written with a colon: "
          "include:host.example")]),
    "an address of the SPF record is none": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.777 -all"},
        [("spf-syntax", "the SPF record of news.example: “ip4:45.45.45.777” holds no IPv4 address")]),
    "the SPF record costs too many look-ups": (
        {"changes": chain(11)},
        [("spf-lookups", "the SPF record of news.example costs 11 look-ups, and 10 are allowed: "
          "i0.example 1, i1.example 1, i2.example 1")]),
    "the SPF record costs nearly too many look-ups": (
        {"changes": chain(9)},
        [("spf-near-limit", "the SPF record of news.example costs 9 look-ups of 10")]),
    "the includes of the SPF record have no end": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 include:n0.example -all\n" + "\n".join(
            f"n{n}.example TXT v=spf1 include:n{n + 1}.example -all" for n in range(70))},
        [("spf-lookups", "the SPF record of news.example costs 40 and more look-ups, and 10 are allowed: "
          "n0.example 40")]),
    "the SPF record includes itself": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 include:host.example -all\n"
                    "host.example TXT v=spf1 include:news.example -all"},
        [("spf-loop", "the SPF record of news.example comes back to news.example")]),
    "an include has no SPF record": (
        {"gone": ["host.example"]},
        [("spf-include-missing", "news.example includes host.example, which has no SPF record")]),
    "an include has two SPF records": (
        {"changes": "host.example TXT v=spf1 -all\nhost.example TXT v=spf1 ~all"},
        [("spf-several", "host.example, which news.example includes, has more than one SPF record")]),
    "an include cannot be read": (
        {"changes": "host.example TXT v=spf1 ip4:x -all"},
        [("spf-syntax", "the SPF record of host.example, which news.example includes: “ip4:x” holds no "
          "IPv4 address")]),
    "three names of the SPF record are gone": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 a:a.gone.example a:b.gone.example mx:c.gone.example -all"},
        [("spf-voids", "3 names in the SPF record of news.example lead to nothing: "
          "a.gone.example, b.gone.example, c.gone.example")]),
    "a name of the SPF record is gone": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 a:gone.example -all"},
        [("spf-void", "the SPF record of news.example names what leads to nothing: gone.example")]),
    "the SPF record lets everybody send": (
        {"changes": f"{SPF}v=spf1 +all"},
        [("spf-all-pass", "the SPF record of news.example lets everybody send")]),
    "the SPF record lets the whole internet send, by its addresses": (
        {"changes": f"{SPF}v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"},
        [("spf-all-pass", "the SPF record of news.example lets everybody send")]),
    "an include lets everybody send": (
        {"changes": "host.example TXT v=spf1 all"},
        [("spf-all-pass", "the SPF record of news.example lets everybody send")]),
    "the SPF record has no end": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7"},
        [("spf-all-missing", "the SPF record of news.example has no all")]),
    "the SPF record ends in a question": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 ?all"},
        [("spf-all-missing", "the SPF record of news.example has ?all")]),
    "the SPF record goes on after its end": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 -all include:host.example"},
        [("spf-after-all", "the SPF record of news.example goes on after -all: include:host.example")]),
    "the SPF record asks for names of addresses": (
        {"changes": f"{SPF}v=spf1 ptr -all"},
        [("spf-ptr", "the SPF record of news.example uses ptr")]),
    "the SPF record leads to another": (
        {"changes": f"{SPF}v=spf1 redirect=spf.news.example\n"
                    "spf.news.example TXT v=spf1 a:mail.news.example -all"},
        []),
    "the SPF record has macros": (
        {"changes": f"{SPF}v=spf1 exists:%{{ir}}.%{{v}}.ok.%{{d}} -all\n"
                    "7.45.45.45.in-addr.ok.news.example A 127.0.0.2"},
        []),
    "the address is not in the SPF record": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.9 -all"},
        [("spf-uncovered", "SPF of news.example says fail to 45.45.45.7, which mails leave from")]),
    "the server's address is not in the SPF record, and others may send": (
        {"addresses": (), "is_direct": False, "changes": "smtp.host.example A 45.99.0.1\n"
         "1.0.99.45.in-addr.arpa PTR smtp.host.example"},
        [("spf-uncovered", "SPF of news.example says fail to 45.99.0.1, an address of smtp.host.example")]),
    "the servers of the domain answer with a fault": (
        {"changes": "host.example FAIL"},
        [("spf-unanswered", "DNS does not tell host.example, which news.example uses: its servers answer "
          "with a fault (SERVFAIL)")]),
    "an MX of the SPF record names too many hosts": (
        {"changes": f"{SPF}v=spf1 ip4:45.45.45.7 mx:many.example -all\n" + "\n".join(
            f"many.example MX {n} h{n}.example" for n in range(12))},
        [("spf-lookups", "the SPF record of news.example asks for too much: its MX names 12 hosts")]),
    "the SPF record itself is not told": (
        {"changes": "news.example FAIL"},
        [("spf-unanswered", f"DNS does not tell the texts of news.example: {FAULT}"),
         ("mx-unanswered", f"DNS does not tell who takes mail of news.example: {FAULT}")]),
    "the SPF record is long": (
        {"changes": f"{SPF}v=spf1 " + " ".join(f"ip4:45.45.45.{n}" for n in range(35)) + " -all"},
        [("spf-long", "the SPF record of news.example has 561 characters")]),
    # DKIM
    "there is no key": (
        {"gone": ["s1._domainkey.news.example"]},
        [("dkim-missing", "there is no key at s1._domainkey.news.example")]),
    "another key stands there": (
        {"changes": f"{DKIM}v=DKIM1; k=rsa; p={PKCS1_2048}"},
        [("dkim-other-key", "the key at s1._domainkey.news.example is not the one that signs")]),
    "the key was revoked": (
        {"changes": f"{DKIM}v=DKIM1; p="},
        [("dkim-revoked", "the key at s1._domainkey.news.example was revoked: p= is empty")]),
    "there are two keys": (
        {"changes": f"{DKIM}v=DKIM1; p={RSA_2048}\n{DKIM}v=DKIM1; p={RSA_1024}"},
        [("dkim-several", "there are 2 keys at s1._domainkey.news.example")]),
    "the key is too short": (
        {"changes": f"{DKIM}v=DKIM1; p={RSA_768}", "keys": (DkimKey(selector="s1", domain="news.example"),)},
        [("dkim-short", "the key at s1._domainkey.news.example has 768 bits")]),
    "the key is short": (
        {"changes": f"{DKIM}p={RSA_1024}", "keys": (DkimKey(selector="s1", domain="news.example"),)},
        [("dkim-1024", "the key at s1._domainkey.news.example has 1,024 bits")]),
    "the key is written by the letter of the RFC": (
        {"changes": f"{DKIM}p={PKCS1_2048}", "keys": (DkimKey(selector="s1", domain="news.example"),)},
        []),
    "the key is one of Ed25519": (
        {"changes": f"{DKIM}v=DKIM1; k=ed25519; p={ED25519}",
         "keys": (DkimKey(selector="s1", domain="news.example", algorithm="ed25519", public=ED25519),)},
        []),
    "the key says another algorithm": (
        {"changes": f"{DKIM}v=DKIM1; k=ed25519; p={RSA_2048}"},
        [("dkim-algorithm", "the key at s1._domainkey.news.example says k=ed25519, and rsa signs")]),
    "the key allows SHA-1 alone": (
        {"changes": f"{DKIM}v=DKIM1; h=sha1; p={RSA_2048}"},
        [("dkim-algorithm", "the key at s1._domainkey.news.example does not allow SHA-256: h=sha1")]),
    "the key is being tried": (
        {"changes": f"{DKIM}v=DKIM1; t=y:s; p={RSA_2048}"},
        [("dkim-testing", "the key at s1._domainkey.news.example says that it is being tried: t=y")]),
    "the key is not for mail": (
        {"changes": f"{DKIM}v=DKIM1; s=tls; p={RSA_2048}"},
        [("dkim-not-mail", "the key at s1._domainkey.news.example is for another service: s=tls")]),
    "the key is broken": (
        {"changes": f"{DKIM}v=DKIM1; p=…"},
        [("dkim-syntax", "the key at s1._domainkey.news.example cannot be read: it has characters that "
          "are not ASCII"),
         ("dkim-syntax", "the key at s1._domainkey.news.example cannot be read: p= is no base64")]),
    "the text of the key is another": (
        {"changes": f"{DKIM}some-site-verification"},
        [("dkim-syntax", "the text at s1._domainkey.news.example is no key: “some-site-verification”")]),
    "the key was typed with its quotation marks": (
        {"changes": f'{DKIM}"v=DKIM1; p={RSA_2048}"'},
        [("dkim-syntax", "the key at s1._domainkey.news.example cannot be read: it has quotation marks, "
          'which were typed as a part of it: "'),
         ("dkim-syntax", "the key at s1._domainkey.news.example cannot be read: p= is no base64")]),
    "the key leads to nothing": (
        {"gone": ["s1._domainkey.news.example"],
         "changes": "s1._domainkey.news.example CNAME s1.gone.example"},
        [("dkim-missing", "there is no key at s1._domainkey.news.example")]),
    "no key signs yet": (
        {"keys": (DkimKey(selector="s1", domain="news.example", public=RSA_2048, signs=False),)},
        [("dkim-waiting", "no key signs yet: s1")]),
    "a key that does not sign yet has no record": (
        {"keys": (DkimKey(selector="s1", domain="news.example", public=RSA_2048),
                  DkimKey(selector="s2", domain="news.example", public=RSA_2048, signs=False))},
        [("dkim-missing", "there is no key at s2._domainkey.news.example")]),
    "who signs is not known": (
        {"keys": ()},
        [("dkim-unseen", "no key of ours signs, and no selector is named")]),
    "the key is not told": (
        {"changes": "s1._domainkey.news.example FAIL"},
        [("dkim-unanswered", f"DNS does not tell the key at s1._domainkey.news.example: {FAULT}")]),
    # DMARC
    "there is no DMARC record": (
        {"gone": ["_dmarc.news.example"]},
        [("dmarc-missing", "news.example has no DMARC record"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for nothing")]),
    "there are two DMARC records": (
        {"changes": f"{DMARC}v=DMARC1; p=none\n{DMARC}v=DMARC1; p=reject"},
        [("dmarc-several", "_dmarc.news.example has more than one DMARC record"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for nothing")]),
    "the DMARC record has another beginning": (
        {"changes": f"{DMARC}v=dmarc1; p=reject"},
        [("dmarc-nearly", "the text of _dmarc.news.example is no DMARC record: “v=dmarc1; p=reject”"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for nothing")]),
    "the policy is none": (
        {"changes": f"{DMARC}v=DMARC1; p=none; rua=mailto:r@news.example"},
        [("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for none"),
         ("dmarc-none", "the DMARC record of news.example says p=none")]),
    "the policy is none that there is": (
        {"changes": f"{DMARC}v=DMARC1; p=block; rua=mailto:r@news.example"},
        [("dmarc-policy", "the DMARC record of news.example has p=block"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for none")]),
    "the DMARC record has no policy": (
        {"changes": f"{DMARC}v=DMARC1; rua=mailto:r@news.example"},
        [("dmarc-policy", "the DMARC record of news.example has no p="),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for none")]),
    "the policy for names below is none that there is": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; sp=quarantin; rua=mailto:r@news.example"},
        [("dmarc-policy", "the DMARC record of news.example has sp=quarantin"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for none")]),
    "the policy is being tried": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; t=y; rua=mailto:r@news.example"},
        [("dmarc-testing", "the DMARC record of news.example says t=y")]),
    "names below are not guarded": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; np=none; rua=mailto:r@news.example"},
        [("dmarc-weaker-below", "the DMARC record of news.example says p=reject, and np=none")]),
    "nobody gets reports": (
        {"changes": f"{DMARC}v=DMARC1; p=reject"},
        [("dmarc-no-reports", "the DMARC record of news.example has no rua")]),
    "reports go to who did not ask": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; rua=mailto:r@reports.example"},
        [("dmarc-reports-refused", "reports on news.example go to reports.example, which does not say "
          "that it takes them")]),
    "reports go to who takes them": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; rua=mailto:r@reports.example!10m\n"
                    "news.example._report._dmarc.reports.example TXT v=DMARC1"},
        []),
    "the address of reports is none": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; rua=r@news.example"},
        [("dmarc-syntax", "the DMARC record of news.example: rua=r@news.example is no address; it is "
          "written rua=mailto:NAME@DOMAIN")]),
    "the DMARC record has tags that are no more": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; pct=100; ri=3600; rua=mailto:r@news.example"},
        [("dmarc-removed", "the DMARC record of news.example has pct=, ri=")]),
    "a tag has a value that there is not": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; adkim=strict; rua=mailto:r@news.example"},
        [("dmarc-syntax", "the DMARC record of news.example: adkim=strict is none of r, s")]),
    "a tag stands twice": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; p=none; rua=mailto:r@news.example"},
        [("dmarc-syntax", "the DMARC record of news.example: the tag p= stands in it twice")]),
    "the record of the organisation counts": (
        {"gone": ["_dmarc.news.example"], "changes": "_dmarc.example TXT v=DMARC1; p=quarantine; "
         "rua=mailto:r@example"},
        []),
    "the domain above is one below which others register": (
        {"gone": ["_dmarc.news.example"], "changes": "_dmarc.example TXT v=DMARC1; p=reject; psd=y; "
         "rua=mailto:r@example"},
        [("dmarc-psd", "the DMARC record of example says psd=y")]),
    "the servers of the policy do not answer": (
        {"gone": ["_dmarc.news.example"], "changes": "_dmarc.news.example FAIL"},
        [("dmarc-unanswered", "DNS does not tell _dmarc.news.example: its servers answer with a fault "
          "(SERVFAIL)")]),
    "names below may be forged, and there is a logo": (
        {"changes": f"{DMARC}v=DMARC1; p=reject; sp=none; rua=mailto:r@news.example"},
        [("dmarc-weaker-below", "the DMARC record of news.example says p=reject, and sp=none"),
         ("bimi-policy", "default._bimi.news.example names a logo, and DMARC asks for sp=none below")]),
    # alignment
    "the return path is elsewhere, and a key of ours signs": (
        {**ELSEWHERE, "changes": AROUND},
        [("unaligned-return-path", "the return path is at bounces.example, the sender at news.example")]),
    "the return path is elsewhere, and nobody signs": (
        {**ELSEWHERE, "changes": AROUND, "gone": ["s1._domainkey.news.example"]},
        [("dkim-missing", "there is no key at s1._domainkey.news.example"),
         ("unaligned", "neither SPF of bounces.example nor a signature speaks for news.example")]),
    "the return path is elsewhere, and who signs is not known": (
        {**ELSEWHERE, "changes": AROUND, "keys": ()},
        [("dkim-unseen", "no key of ours signs, and no selector is named"),
         ("alignment-unseen", "the return path is at bounces.example, the sender at news.example, and who "
          "signs is not known")]),
    "another organisation signs": (
        {"keys": (DkimKey(selector="s1", domain="other.example", public=RSA_2048),),
         "changes": f"s1._domainkey.other.example TXT v=DKIM1; p={RSA_2048}"},
        [("unaligned-signature", "mails from news.example are signed for other.example")]),
    "the return path is below, and strictness is asked for": (
        {"back": "b@bounces.news.example", "keys": (),
         "changes": f"{DMARC}v=DMARC1; p=reject; aspf=s; rua=mailto:r@news.example\n"
                    "bounces.news.example TXT v=spf1 ip4:45.45.45.7 -all\n"
                    "bounces.news.example MX 10 mail.news.example"},
        [("dkim-unseen", "no key of ours signs, and no selector is named"),
         ("alignment-unseen", "the return path is at bounces.news.example, the sender at news.example, and "
          "who signs is not known")]),
    "the return path is below, and that is enough": (
        {"back": "b@bounces.news.example",
         "changes": "bounces.news.example TXT v=spf1 ip4:45.45.45.7 -all\n"
                    "bounces.news.example MX 10 mail.news.example"},
        []),
    "a provider's interface takes the mails, and signs with our key": (
        {"provider": "postmark", "gone": ["news.example TXT"]},
        [("spf-unseen", "mails leave by postmark, with a return path of its own")]),
    "a provider's interface takes the mails, and who signs is not known": (
        {"provider": "postmark", "keys": ()},
        [("spf-unseen", "mails leave by postmark, with a return path of its own"),
         ("dkim-unseen", "no key of ours signs, and no selector is named"),
         ("alignment-unseen", "SPF of news.example cannot be seen, and who signs is not known")]),
    "a provider's interface takes the mails, and another organisation signs": (
        {"provider": "postmark", "keys": (DkimKey(selector="s1", domain="other.example", public=RSA_2048),),
         "changes": f"s1._domainkey.other.example TXT v=DKIM1; p={RSA_2048}"},
        [("spf-unseen", "mails leave by postmark, with a return path of its own"),
         ("alignment-unseen", "SPF of news.example cannot be seen, and mails from news.example are signed for "
          "other.example")]),
    "the return path is elsewhere, and the key is not told": (
        {**ELSEWHERE, "changes": f"{AROUND}\ns1._domainkey.news.example FAIL"},
        [("dkim-unanswered", f"DNS does not tell the key at s1._domainkey.news.example: {FAULT}"),
         ("alignment-unseen", "the return path is at bounces.example, the sender at news.example, and the "
          "signature cannot be seen")]),
    "the SPF record is missing, and who signs is not known": (
        {"gone": ["news.example TXT"], "keys": ()},
        [("spf-missing", "news.example has no SPF record"),
         ("dkim-unseen", "no key of ours signs, and no selector is named"),
         ("alignment-unseen", "SPF of news.example does not hold, and who signs is not known")]),
    # MX
    "nobody takes replies": (
        {"gone": ["news.example MX", "news.example A"]},
        [("mx-missing", "news.example, where replies and bounces go, takes no mail: it has neither MX nor "
          "address")]),
    "the domain itself takes replies": (
        {"gone": ["news.example MX"]},
        [("mx-none", "news.example, where replies and bounces go, has no MX")]),
    "the domain says that it gets no mail": (
        {"changes": "news.example MX 0 ."},
        [("mx-null", "news.example, where replies and bounces go, says that it gets no mail (null MX)")]),
    "a null MX stands beside others": (
        {"changes": "news.example MX 0 .\nnews.example MX 10 mail.news.example"},
        [("mx-null-among-others", "news.example has a null MX beside others")]),
    "the MX names a host that is not there": (
        {"changes": "news.example MX 10 mx.gone.example", "pages": policy(mx="mx.gone.example")},
        [("mx-no-such-host", "the MX of news.example names mx.gone.example, which has no address")]),
    "the MX names an address": (
        {"changes": "news.example MX 10 45.45.45.7", "pages": policy(mx="45.45.45.7")},
        [("mx-address", "the MX of news.example is an address: 45.45.45.7")]),
    "the MX names an alias": (
        {"changes": "news.example MX 10 mx.news.example\nmx.news.example CNAME mail.news.example",
         "pages": policy(mx="*.news.example")},
        [("mx-alias", "the MX of news.example names mx.news.example, an alias of mail.news.example")]),
    "the MX is in a private network": (
        {"changes": "mx.news.example A 10.0.0.7\nnews.example MX 10 mx.news.example",
         "pages": policy(mx="mx.news.example")},
        [("mx-private", "the MX of news.example names mx.news.example, whose address is private: 10.0.0.7")]),
    "where the MX is is not told": (
        {"changes": "news.example MX 10 mx.news.example\nmx.news.example FAIL",
         "pages": policy(mx="mx.news.example")},
        [("mx-unanswered", "DNS does not tell where mx.news.example is, which takes mail of news.example: "
          f"{FAULT}")]),
    # PTR and EHLO
    "the address has no name": (
        {"gone": ["7.45.45.45.in-addr.arpa"]},
        [("ptr-missing", "45.45.45.7 has no name (PTR)")]),
    "the name does not lead back": (
        {"changes": "7.45.45.45.in-addr.arpa PTR other.news.example\nother.news.example A 45.45.45.8"},
        [("ptr-unconfirmed", "45.45.45.7 is called other.news.example, which does not lead back to it")]),
    "the name is that of a home computer": (
        {"changes": "7.45.45.45.in-addr.arpa PTR 45-45-45-7.pool.isp.example\n"
                    "45-45-45-7.pool.isp.example A 45.45.45.7"},
        [("ptr-generic", "45.45.45.7 is called 45-45-45-7.pool.isp.example, as home computers are")]),
    "an address of version 6 has no name": (
        {"addresses": (ip_address("2a01:4f8::7"),), "changes": f"{SPF}v=spf1 ip6:2a01:4f8::/32 -all\n"
         "mail.news.example AAAA 2a01:4f8::7"},
        [("ptr-missing", "2a01:4f8::7 has no name (PTR)")]),
    "our own name is not there": (
        {"ehlo": "mx9.news.example"},
        [("ehlo-no-such-host", "mx9.news.example, our name in smtp.ehlo, has no address")]),
    "our own name is elsewhere": (
        {"ehlo": "news.example"},
        [("ehlo-elsewhere", "news.example, our name in smtp.ehlo, is at 45.45.45.8, and mails leave from "
          "45.45.45.7")]),
    "nothing is known of the address": (
        {"addresses": (), "ehlo": ""},
        [("ptr-unseen", "which address mails leave from is not known")]),
    "the name of the address is not told": (
        {"changes": "7.45.45.45.in-addr.arpa FAIL"},
        [("ptr-unanswered", f"DNS does not tell the name of 45.45.45.7: {FAULT}")]),
    # the server that takes mails
    "the server does not answer": (
        {"probed": Probed(outcome="unreachable", why="timed out")},
        [("server-unreachable", "smtp.host.example:587 does not answer: timed out")]),
    "the server is not known": (
        {"probed": Probed(outcome="unknown", why="the name has no address")},
        [("server-unknown", "DNS does not know smtp.host.example: the name has no address")]),
    "the certificate of the server is another's": (
        {"probed": Probed(outcome="untrusted", why="certificate has expired")},
        [("tls-untrusted", "the certificate of smtp.host.example:587 is not to be trusted: certificate has "
          "expired")]),
    "the server has no TLS": (
        {"probed": Probed(outcome="no-tls")},
        [("tls-missing", "smtp.host.example:587 offers no STARTTLS")]),
    "TLS is switched off": (
        {"probed": Probed(outcome="open")},
        [("tls-off", 'mails go to smtp.host.example:587 in clear text: smtp.security is "none"')]),
    "the server speaks an old TLS": (
        {"probed": Probed(outcome="open", version="TLSv1.1")},
        [("tls-old", "smtp.host.example:587 speaks TLSv1.1")]),
    "TLS of the server is none that is known": (
        {"probed": Probed(outcome="tls-failed", why="WRONG_VERSION_NUMBER")},
        [("tls-failed", "smtp.host.example:587 speaks no TLS that we know: WRONG_VERSION_NUMBER")]),
    "the certificate of the server ends soon": (
        {"probed": Probed(outcome="open", version="TLSv1.3", until=NOW + timedelta(days=3))},
        [("tls-ends-soon", "the certificate of smtp.host.example:587 ends on 2026-11-26")]),
    "the server will not talk": (
        {"probed": Probed(outcome="refused", why="554 no")},
        [("server-refused", "smtp.host.example:587 will not talk to us: 554 no")]),
    "mails become files": (
        {"probed": None},
        [("tls-unseen", "no SMTP server takes the mails")]),
    # MTA-STS, TLS-RPT, BIMI
    "there is no MTA-STS": (
        {"gone": ["_mta-sts.news.example"]},
        [("mta-sts-missing", "news.example has no MTA-STS")]),
    "the record of MTA-STS has no id": (
        {"changes": "_mta-sts.news.example TXT v=STSv1; id=a-b"},
        [("mta-sts-record", "the record of _mta-sts.news.example: id= is missing, or no letters and digits")]),
    "the policy is not there": (
        {"pages": {STS: Fetched(status=404, url=STS)}},
        [("mta-sts-policy", f"{STS}: the server says 404")]),
    "the policy leads elsewhere": (
        {"pages": {STS: Fetched(status=200, url="https://news.example/sts.txt")}},
        [("mta-sts-policy", f"{STS}: it leads elsewhere, and nobody follows (RFC 8461 §3.3)")]),
    "the policy does not name the MX": (
        {"pages": policy(mx="mx.other.example")},
        [("mta-sts-hosts", "the policy of news.example does not name mail.news.example")]),
    "the policy is no policy": (
        {"pages": policy(mode="strict", max_age="")},
        [("mta-sts-policy", f"{STS}: it has no mode: enforce, testing or none"),
         ("mta-sts-policy", f"{STS}: it has no max_age: of seconds")]),
    "the policy is tested": (
        {"pages": policy(mode="testing")},
        [("mta-sts-testing", "the policy of news.example says mode: testing")]),
    "there is no TLS-RPT": (
        {"gone": ["_smtp._tls.news.example"]},
        [("tls-rpt-missing", "news.example has no TLS-RPT")]),
    "TLS-RPT names nobody": (
        {"changes": "_smtp._tls.news.example TXT v=TLSRPTv1;"},
        [("tls-rpt-record", "the record of _smtp._tls.news.example: rua= names nobody by mailto: or https:")]),
    "there is no BIMI": (
        {"gone": ["default._bimi.news.example"]},
        [("bimi-missing", "news.example has no BIMI")]),
    "the logo is no SVG": (
        {"changes": "default._bimi.news.example TXT v=BIMI1; l=http://news.example/logo.png; "
                    "a=https://news.example/logo.pem"},
        [("bimi-record", "the record of default._bimi.news.example: l= is no https address of a file .svg: "
          "http://news.example/logo.png")]),
    "the logo has no certificate": (
        {"changes": "default._bimi.news.example TXT v=BIMI1; l=https://news.example/logo.svg"},
        [("bimi-no-certificate", "default._bimi.news.example has no certificate (a=)")]),
    "nothing of what nobody requires is told": (
        {"changes": "_mta-sts.news.example FAIL\n_smtp._tls.news.example FAIL\ndefault._bimi.news.example FAIL"},
        [("mta-sts-unanswered", f"DNS does not tell _mta-sts.news.example: {FAULT}"),
         ("tls-rpt-unanswered", f"DNS does not tell _smtp._tls.news.example: {FAULT}"),
         ("bimi-unanswered", f"DNS does not tell default._bimi.news.example: {FAULT}")]),
    # links
    "links are not https": (
        {"links": Links(site="https://news.example/", leave="http://news.example/unsubscribe/doctor"),
         "pages": {"http://news.example/unsubscribe/doctor": Fetched(status=404)}},
        [("links-http", "http://news.example/unsubscribe/doctor is not https"),
         ("one-click-broken", "one click cannot work by http://news.example/unsubscribe/doctor: it is not "
          "https")]),
    "nobody answers at the links": (
        {"pages": {LEAVE: Fetched(why="nobody listens there")}},
        [("links-unanswered", f"{LEAVE}: nobody listens there"),
         ("one-click-broken", f"one click cannot work by {LEAVE}: nobody listens there")]),
    "the service is not running behind the web server": (
        {"pages": {LEAVE: Fetched(status=502, url=LEAVE)}},
        [("links-fault", f"{LEAVE}: the server says 502"),
         ("one-click-broken", f"one click cannot work by {LEAVE}: the server says 502")]),
    "one click is led away": (
        {"pages": {LEAVE: Fetched(status=200, url="https://www.news.example/")}},
        [("one-click-broken", f"one click cannot work by {LEAVE}: it leads on to https://www.news.example/, "
          "and nobody follows (RFC 8058 §3.1)")]),
    "the web server does not know the service": (
        {"pages": {LEAVE: Fetched(status=404, url=LEAVE)}},
        [("one-click-server", f"{LEAVE} is answered, and not by publisher: the server says 404")]),
    "the site is not there": (
        {"pages": {"https://news.example/": Fetched(status=404, url="https://news.example/")}},
        [("links-not-found", "https://news.example/: the server says 404")]),
    "the site leads to http": (
        {"pages": {"https://news.example/": Fetched(status=200, url="http://news.example/")}},
        [("links-to-http", "https://news.example/ leads to http://news.example/")]),
    "the site is elsewhere": (
        {"pages": {"https://news.example/": Fetched(status=200, url="https://www.news.example/")}},
        [("links-elsewhere", "https://news.example/ leads to https://www.news.example/")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def server():
    with DnsServer() as running:
        yield running


@pytest.mark.parametrize("state", STATES)
def test_a_state_of_a_domain_has_its_sentence(server, state):
    changes, expected = STATES[state]
    assert [(one.name, one.what) for one in diagnose(server, **changes).findings] == expected
