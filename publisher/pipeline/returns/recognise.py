"""Whom a message that came back is about: by what only a message of ours can have told its writer.

Anybody can write "no such user" of anybody. What counts is the signed return path of a delivery,
an unsubscribe token, or a Message-ID that is ours to that very reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from publisher.audience import (
    RETURNING,
    Keys,
    address,
    is_returning,
    message_reader,
    reader_of,
    returning_reader,
)
from publisher.errors import AddressError
from publisher.ledger import Ledger
from publisher.model import EditionId, Proof, Returned, Subscriber
from publisher.pipeline.sends.messages import stem_of

_TOKEN = re.compile(rf"(?<![a-z2-7])([a-z2-7]{{{RETURNING}}})@", re.IGNORECASE)
_OURS = re.compile(r"([a-z0-9-]{1,200})\.([A-Za-z0-9_-]{22})(?:@|$)")
_TOKENS = 20  # of one message that are looked at
_PAGE, _LONGEST = 10_000, 100_000  # readers among whom one is looked for by a signature alone


class Recognised(msgspec.Struct, frozen=True, kw_only=True):
    """Whom it is about: a reader, who may be erased by now, by a proof; "" and None by nothing.

    `newsletter` is the one that a mail to unsubscribe is about.
    """

    proof: Proof = ""
    number: int | None = None
    reader: Subscriber | None = None
    edition: str = ""
    newsletter: str = ""


class Recogniser:
    """Recognises what one message says, by the ledger and the keys that sign."""

    def __init__(self, ledger: Ledger, keys: Keys, addressed: Iterable[str]) -> None:
        """`addressed` are texts that hold where the message was sent to: envelope and headers."""
        self._ledger, self._keys = ledger, keys
        self._paths = list(self._returning(addressed))

    def recognise(self, returned: Returned) -> Recognised:
        """Return whom it is about."""
        by_token = self._by_token(returned)
        if by_token and returned.what == "unsubscribe":  # the token names a newsletter as well
            return by_token
        for number, edition in self._paths:
            return self._found("return path", number, edition, EditionId(edition).newsletter)
        return by_token or self._by_message(returned) or Recognised()

    def _found(self, proof: Proof, number: int, edition: str, newsletter: str) -> Recognised:
        return Recognised(
            proof=proof,
            number=number,
            reader=self._ledger.readers.get(number),
            edition=edition,
            newsletter=newsletter,
        )

    def _returning(self, addressed: Iterable[str]) -> Iterator[tuple[int, str]]:
        """The deliveries whose signed return paths stand in some texts."""
        tokens = dict.fromkeys(token for text in addressed for token in _TOKEN.findall(text))
        for token in list(tokens)[:_TOKENS]:
            number = returning_reader(token)
            for edition, _ in self._ledger.sends.editions_of(number) if number is not None else ():
                if is_returning(self._keys, token, edition, number or 0):
                    yield number or 0, edition

    def _by_token(self, returned: Returned) -> Recognised | None:
        found = reader_of(self._keys, "unsubscribe", returned.token) if returned.token else None
        if found is None:
            return None
        number, newsletter = found
        edition = self._edition(number, *_signed(returned.message_id))
        return self._found("token", number, edition, newsletter)

    def _by_message(self, returned: Returned) -> Recognised | None:
        stem, signature = _signed(returned.message_id)
        if not signature:
            return None
        known = self._named(returned.recipient)
        if known is not None and (edition := self._edition(known, stem, signature)):
            return self._found("message-id", known, edition, EditionId(edition).newsletter)
        # Another address than the reader's: that of who gets it forwarded, or none at all.
        for send in self._ledger.sends.all():
            if stem_of(send.edition) == stem:
                number = self._search(send.edition, signature)
                if number is not None:
                    return self._found("message-id", number, send.edition, send.newsletter)
        return None

    def _named(self, recipient: str) -> int | None:
        try:
            found = self._ledger.readers.find(address(recipient).key)
        except AddressError:
            return None
        return found.id if found else None

    def _edition(self, number: int, stem: str, signature: str) -> str:
        """The edition among a reader's that a Message-ID is of, "" for none."""
        for edition, _ in self._ledger.sends.editions_of(number) if signature else ():
            if stem_of(edition) == stem and self._is_signed(signature, edition, [number]):
                return edition
        return ""

    def _is_signed(self, signature: str, edition: str, readers: Sequence[int]) -> bool:
        return message_reader(self._keys, signature, edition, readers) is not None

    def _search(self, edition: str, signature: str) -> int | None:
        """The reader of an edition whose Message-ID has a signature; bounded, for it is dear."""
        last = -1
        for _ in range(0, _LONGEST, _PAGE):
            page = self._ledger.returns.readers_of(edition, last, _PAGE)
            found = message_reader(self._keys, signature, edition, page)
            if found is not None:
                return found
            if len(page) < _PAGE:
                return None
            last = page[-1]
        return None


def _signed(message_id: str) -> tuple[str, str]:
    """The beginning and the signature of a Message-ID of ours, ("", "") for what is none."""
    found = _OURS.match(message_id.strip("<> "))
    return (found[1], found[2]) if found else ("", "")
