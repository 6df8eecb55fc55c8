"""Texts → addresses."""

from __future__ import annotations

from publisher.errors import AddressError
from publisher.hosts import ascii_host
from publisher.model import Address

_LONGEST = 254  # RFC 5321 §4.5.3.1.3, without the angle brackets


_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
"""RFC 5321 §2.4: a local part is for its own host to read. No mail system of today tells Bob from
bob; beyond ASCII hosts differ, and what only looks alike (ß and ss, ſ and s) is two mailboxes."""


def address(text: str) -> Address:
    """Return the address that a text is; raise AddressError with the reason.

    The domain is named as `hosts` names it; what stands before the @ is kept as it is written.
    Quoted local parts and address literals are refused: bulk mail has no use for them, and
    injections do.
    """
    from email_validator import EmailNotValidError, validate_email  # it compiles much

    plain = text.strip(" \t\u00a0\u200b\ufeff")
    try:
        valid = validate_email(
            plain, check_deliverability=False, strict=True, test_environment=True
        )
        domain = ascii_host(plain.rpartition("@")[2])
    except (EmailNotValidError, ValueError) as error:
        raise AddressError(f"{plain[:80]!r} is no address: {_reason(str(error))}") from None
    whole = f"{valid.local_part}@{domain}"
    if len(whole.encode()) > _LONGEST:
        raise AddressError(f"{plain[:80]!r} is no address: longer than {_LONGEST} bytes")
    return Address(
        text=whole,
        key=whole.translate(_LOWER),
        domain=domain,
        utf8=valid.smtputf8,
    )


def whole_domain(text: str) -> Address | None:
    """Return what stands for all addresses of a domain, `*@corp.example`; None for another text.

    Its key is `@` and the domain. Raises AddressError where that is none.
    """
    if not text.startswith("*@"):
        return None
    domain = address(f"postmaster@{text[2:]}").domain
    return Address(text=f"*@{domain}", key=f"@{domain}", domain=domain, utf8=False)


def mailbox(one: Address) -> str:
    """Return what the spellings of an address that arrive in one mailbox have in common.

    `ana+news@…` is Ana's as `ana@…` is; Gmail knows no dots. For counting alone: mail goes to the
    address as it was given.
    """
    local, _, domain = one.key.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _reason(text: str) -> str:
    plain = text.rstrip(".")
    return plain[0].lower() + plain[1:]
