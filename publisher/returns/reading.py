"""What a mail that came back says: read by one module a format, the strictest first.

Reports go before auto-replies, for servers write "Auto-Submitted: auto-replied" into them; what a
program wrote goes before what a person may have written.
"""

from __future__ import annotations

from collections.abc import Callable

from publisher.model import Returned
from publisher.returns.arf import read_complaint
from publisher.returns.auto_replies import read_auto_reply, read_challenge
from publisher.returns.dsn import read_dsn
from publisher.returns.leaving import read_token, read_wish
from publisher.returns.making import make
from publisher.returns.mime import Part, parsed
from publisher.returns.ours import Ours, address, answered, returned_in
from publisher.returns.persons import read_person
from publisher.returns.servers import read_failure

_READERS: tuple[Callable[[Part], tuple[Returned, ...]], ...] = (
    read_complaint, read_dsn, read_token, read_failure, read_challenge, read_auto_reply,
    read_wish, read_person,
)  # fmt: skip


def read(message: bytes) -> tuple[Returned, ...]:
    """Return what a mail says, one for each recipient that it is about, at least one.

    Never raises, whatever the bytes are, and takes a bounded time: of a large mail the beginning
    and the end are looked at (`mime`). What nobody can tell is "unknown".
    """
    try:
        return read_strictly(message)
    except Exception as error:  # a stranger's mail must not stop those behind it
        return (make("unknown", words=f"could not be read: {type(error).__name__}"),)


def read_strictly(message: bytes) -> tuple[Returned, ...]:
    """The same without the last safeguard: what the tests call, for it should never be needed."""
    mail = parsed(message)
    for reader in _READERS:
        found = reader(mail)
        if found:
            return found
    return (_unknown(mail),)


def _unknown(mail: Part) -> Returned:
    ours = returned_in(mail)
    ours = Ours(message_id=ours.message_id or answered(mail), token=ours.token, to=ours.to)
    words = f"{mail.get('subject')} {mail.words[:1000]}"
    return make("unknown", recipient=ours.to or address(mail.get("from")), ours=ours, words=words)
