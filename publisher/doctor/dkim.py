"""DKIM: the public key in DNS, beside the one that signs (RFC 6376 §3.6.1, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from publisher.doctor.answers import Answer, Ask, shortened
from publisher.doctor.finding import DnsLine, Finding, Kind, Kinds, Looked
from publisher.doctor.tags import Tags, tags_of
from publisher.model import DkimAlgorithm

KINDS = Kinds("DKIM", {
    "dkim-unseen": Kind(
        "note", "Nobody signs here, and no selector is named.",
        "Your server may sign, but which key it takes cannot be seen from here.",
        "Look into a mail that arrived: `s=` of its DKIM-Signature is the selector. Then: "
        "publisher doctor --selector NAME"),
    "dkim-waiting": Kind(
        "warning", "Keys that wait, and none that signs.",
        "Mails leave unsigned, unless your server signs them; Gmail, Yahoo and Microsoft refuse "
        "bulk mail without a signature.",
        "Activate the keys once their records are in DNS."),
    "dkim-missing": Kind(
        "error", "No key at the name where readers' servers look for it.",
        "Without it no signature can be verified: Gmail, Yahoo and Microsoft refuse bulk mail.",
        "Type the record into the domain's DNS, whole, on one line."),
    "dkim-other-key": Kind(
        "error", "Another key in DNS than the one that signs.",
        "Every signature fails: servers take the mails for forged.",
        "Put the record of the key that signs into DNS."),
    "dkim-revoked": Kind(
        "error", "A key that was revoked: `p=` is empty.",
        "An empty key says that this selector signs nothing any more (RFC 6376 §3.6.1).",
        "Put the record of the key that signs into DNS, or sign with another selector."),
    "dkim-several": Kind(
        "error", "Several keys at one selector.",
        "Which of them a server takes is chance (RFC 6376 §3.6.2.2).",
        "Keep the record of the key that signs."),
    "dkim-syntax": Kind(
        "error", "A record that cannot be read as a key.",
        "Servers skip it, and no signature can be verified.",
        "Type the record anew. Longer values may have to be cut into strings of 255 characters: "
        "the strings are joined without a space."),
    "dkim-short": Kind(
        "error", "An RSA key of fewer than 1,024 bits.",
        "It can be broken, and servers take no signature by it (RFC 8301 §3.2).",
        "Make a key of 2,048 bits."),
    "dkim-1024": Kind(
        "warning", "An RSA key of fewer than 2,048 bits.",
        "RFC 8301 §3.2 and Gmail ask for 2,048 bits.",
        "Make a key of 2,048 bits, and put both into DNS while you change over."),
    "dkim-testing": Kind(
        "warning", "A key that says it is being tried: `t=y`.",
        "Servers may treat the mail as if it had no signature (RFC 6376 §3.6.1).",
        "Take `t=y` out once signatures pass."),
    "dkim-algorithm": Kind(
        "error", "A key for another algorithm, or hash, than the signature's.",
        "Servers then skip the signature.",
        "Put the record of the key that signs into DNS."),
    "dkim-not-mail": Kind(
        "error", "A key that is not for mail: `s=` names another service.",
        "Servers then skip the signature (RFC 6376 §3.6.1).",
        "Take `s=` out, or write `s=email`."),
    "dkim-unanswered": Kind(
        "warning", "DNS servers that did not answer when the key was asked for.",
        "Servers that get no answer put mail off, or take it as unsigned.",
        "Ask again later; if it stays, tell whoever keeps the DNS of that name."),
})  # fmt: skip


class DkimKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs: `public` is `p=` of its record, in base64; "" where only its place is
    known, because somebody else's server signs. One that does not sign yet (`signs`) waits for its
    record, and what is wrong with it is a warning.
    """

    selector: str
    domain: str
    algorithm: DkimAlgorithm = "rsa"
    public: str = ""
    signs: bool = True

    @property
    def name(self) -> str:
        """Where its record stands."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def line(self) -> DnsLine:
        """The record to type."""
        return DnsLine(
            name=self.name, type="TXT", value=f"v=DKIM1; k={self.algorithm}; p={self.public}"
        )


def dkim(ask: Ask, keys: Sequence[DkimKey]) -> Looked:
    """Look at the records of the keys that sign."""
    if not keys:
        found = KINDS.found("dkim-unseen", "no key of ours signs, and no selector is named")
        return Looked(subject="DKIM", shown="who signs is not known", findings=(found,), seen=False)
    findings: list[Finding] = []
    answered = True
    for key in keys:
        answer = ask(key.name, "TXT")
        answered = answered and answer.outcome != "failed"
        findings += (
            _of_key(key, answer) if key.signs else map(_before_it_signs, _of_key(key, answer))
        )
    is_signed = any(key.signs for key in keys)
    if not is_signed:
        names = ", ".join(key.selector for key in keys)
        findings.append(KINDS.found("dkim-waiting", f"no key signs yet: {names}"))
    return Looked(
        subject="DKIM",
        shown=shortened(", ".join(key.name for key in keys)),
        findings=tuple(findings),
        seen=answered and is_signed,
    )


def _before_it_signs(found: Finding) -> Finding:
    if found.severity != "error":
        return found
    why = "Once the key signs, no signature could be verified. It does not sign yet."
    return replace(found, severity="warning", why=why)


def _of_key(key: DkimKey, answer: Answer) -> Iterator[Finding]:
    lines = (key.line,) if key.public else ()
    if answer.outcome == "failed":
        yield KINDS.found(
            "dkim-unanswered", f"DNS does not tell the key at {key.name}: {answer.why}"
        )
        return
    if answer.is_void:
        where = f" ({key.name} leads to {answer.canonical})" if answer.canonical else ""
        todo = "" if lines else "Ask your provider for the record, and type it into DNS."
        yield KINDS.found(
            "dkim-missing", f"there is no key at {key.name}{where}", *lines, todo=todo
        )
        return
    records = [one for one in answer.values if "p=" in one.replace(" ", "")]
    if len(records) > 1:
        yield KINDS.found("dkim-several", f"there are {len(records)} keys at {key.name}", *lines)
        return
    if not records:
        yield KINDS.found(
            "dkim-syntax",
            f"the text at {key.name} is no key: “{shortened(answer.values[0], 60)}”",
            *lines,
        )
        return
    yield from _of_record(key, tags_of(records[0]), lines)


def _of_record(key: DkimKey, tags: Tags, lines: tuple[DnsLine, ...]) -> Iterator[Finding]:
    faults = list(tags.faults[:3])
    if "v" in tags.values and (tags.get("v") != "DKIM1" or next(iter(tags.values)) != "v"):
        faults.append("v=DKIM1 must stand first")
    public = "".join(tags.get("p").split())
    if "p" not in tags.values:
        faults.append("it has no p=")
    data = _decoded(public)
    if data is None:
        faults.append("p= is no base64")
    for fault in faults:
        yield KINDS.found("dkim-syntax", f"the key at {key.name} cannot be read: {fault}", *lines)
    if data is None or "p" not in tags.values:
        return
    if not public:
        yield KINDS.found("dkim-revoked", f"the key at {key.name} was revoked: p= is empty", *lines)
        return
    yield from _of_flags(key, tags, lines)
    algorithm = tags.get("k", "rsa").lower()
    if key.public and public.rstrip("=") != "".join(key.public.split()).rstrip("="):
        yield KINDS.found(
            "dkim-other-key", f"the key at {key.name} is not the one that signs", *lines
        )
    elif key.public and algorithm != key.algorithm:
        yield KINDS.found(
            "dkim-algorithm",
            f"the key at {key.name} says k={shortened(algorithm, 20)}, and {key.algorithm} signs",
            *lines,
        )
    else:
        yield from _of_strength(key, algorithm, data, lines)


def _of_flags(key: DkimKey, tags: Tags, lines: tuple[DnsLine, ...]) -> Iterator[Finding]:
    flags = {one.strip().lower() for one in tags.get("t").split(":")}
    hashes = {one.strip().lower() for one in tags.get("h", "sha256").split(":")}
    services = {one.strip().lower() for one in tags.get("s", "*").split(":")}
    if "y" in flags:
        yield KINDS.found("dkim-testing", f"the key at {key.name} says that it is being tried: t=y")
    if "sha256" not in hashes:
        yield KINDS.found(
            "dkim-algorithm",
            f"the key at {key.name} does not allow SHA-256: h={shortened(tags.get('h'), 30)}",
            *lines,
        )
    if not services & {"*", "email"}:
        yield KINDS.found(
            "dkim-not-mail",
            f"the key at {key.name} is for another service: s={shortened(tags.get('s'), 30)}",
            *lines,
        )


def _of_strength(
    key: DkimKey, algorithm: str, data: bytes, lines: tuple[DnsLine, ...]
) -> Iterator[Finding]:
    if algorithm == "ed25519":
        if len(data) != 32:  # RFC 8463 §4
            yield KINDS.found(
                "dkim-syntax",
                f"the key at {key.name} has {len(data)} bytes; one of Ed25519 has 32",
                *lines,
            )
        return
    bits = rsa_bits(data)
    if algorithm != "rsa" or bits is None:
        yield KINDS.found(
            "dkim-syntax",
            f"the key at {key.name} cannot be read: p= is no key of {shortened(algorithm, 20)}",
            *lines,
        )
    elif bits < 1024:
        yield KINDS.found("dkim-short", f"the key at {key.name} has {bits} bits", *lines)
    elif bits < 2048:
        yield KINDS.found("dkim-1024", f"the key at {key.name} has {bits:,} bits")


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def rsa_bits(data: bytes) -> int | None:
    """Return the bits of an RSA key in DER; None where it is none.

    A SubjectPublicKeyInfo (RFC 5280 §4.1), as DKIM has it in practice, or an RSAPublicKey
    (RFC 8017 §A.1.1), as RFC 6376 has it by its letter.
    """
    try:
        inner = _element(data, 0x30)[0]
        if inner[:1] == b"\x30":
            bits = _element(_element(inner, 0x30)[1], 0x03)[0]
            inner = _element(bits[1:], 0x30)[0]
        modulus, rest = _element(inner, 0x02)
        _element(rest, 0x02)
    except (IndexError, ValueError):
        return None
    return int.from_bytes(modulus, "big").bit_length()


def _element(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of a DER element, and what follows it."""
    if data[0] != tag:
        raise ValueError(tag)
    length, start = data[1], 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(data[2:start], "big")
    if start > 6 or start + length > len(data):
        raise ValueError(tag)
    return data[start : start + length], data[start + length :]
