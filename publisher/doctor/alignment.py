"""Alignment: whether SPF or DKIM speak for the domain that readers see (RFC 9989 §4.4)."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.doctor.dkim import DkimKey
from publisher.doctor.dmarc_walk import Walk
from publisher.doctor.finding import Finding, Kind, Kinds, Looked
from publisher.model import is_aligned

KINDS = Kinds("Alignment", {
    "unaligned": Kind(
        "error", "Neither a return path nor a signature of the sender's domain that holds.",
        "DMARC asks for one of them: without, every mail fails it, and bulk mail is refused.",
        "Set delivery.return_path to an address of the sender's domain, or let mails be signed "
        "for it (DKIM)."),
    "unaligned-return-path": Kind(
        "note", "A return path of another organisation than the sender's.",
        "SPF then speaks for that one alone: DMARC hangs on the signature (DKIM).",
        "It is right where a provider takes bounces. Else set delivery.return_path to an address "
        "of the sender's domain."),
    "unaligned-signature": Kind(
        "warning", "A signature (`d=`) of another organisation than the sender's.",
        "DMARC then hangs on SPF, which fails wherever mail is passed on.",
        "Sign for the sender's domain."),
    "alignment-unseen": Kind(
        "note", "SPF does not speak for the sender's domain, and nobody knows who signs.",
        "If your server signs for the sender's domain all is well; it cannot be seen from here.",
        "Look into a mail that arrived: `d=` of its DKIM-Signature must be the sender's domain, "
        "`s=` is the selector. Then: publisher doctor --selector NAME"),
})  # fmt: skip


def _is_aligned(author: Walk, other: Walk, *, strict: bool) -> bool:
    organisations = {one.start: one.organisation for one in (other, author)}
    return is_aligned(author.start, other.start, organisations.__getitem__, strict=strict)


def alignment(
    author: Walk,
    back: Walk,
    signing: Sequence[tuple[DkimKey, Walk]],
    spf: Looked,
    dkim: Looked,
) -> Looked:
    """Compare the sender's domain with the return path's and with those that sign.

    `spf` and `dkim` are what came of those: what does not hold does not speak for anybody, and what
    was not seen may.
    """
    record = author.in_force
    is_near = _is_aligned(author, back, strict=record is not None and record.is_strict("aspf"))
    strict = record is not None and record.is_strict("adkim")
    aligned = [key for key, one in signing if _is_aligned(author, one, strict=strict)]
    by_path = is_near and _holds(spf)
    by_key = bool(aligned) and _holds(dkim)
    where = f"the return path is at {back.start}, the sender at {author.start}"
    signs = f"mails from {author.start} are signed for {_domains(signing)}"
    no_path = spf.state == "bad" or (spf.seen and not is_near)
    no_key = bool(signing) and (dkim.state == "bad" or not aligned)
    findings: list[Finding] = []
    if no_path and no_key:
        what = f"neither SPF of {back.start} nor a signature speaks for {author.start}"
        findings.append(KINDS.found("unaligned", what))
    elif not by_path and not by_key:
        path = where if not is_near else f"SPF of {back.start} {_standing(spf)}"
        key = signs if signing and not aligned else f"the signature {_standing(dkim)}"
        key = key if signing else "who signs is not known"
        findings.append(KINDS.found("alignment-unseen", f"{path}, and {key}"))
    elif not is_near:
        findings.append(KINDS.found("unaligned-return-path", where))
    elif signing and not aligned:
        findings.append(KINDS.found("unaligned-signature", signs))
    ways = ["the return path"] * by_path + ["the signature"] * by_key
    shown = f"by {' and '.join(ways)}" if ways else "by nothing that is known"
    is_seen = bool(ways) or (no_path and no_key)
    return Looked(subject="Alignment", shown=shown, findings=tuple(findings), seen=is_seen)


def _holds(looked: Looked) -> bool:
    return looked.seen and looked.state != "bad"


def _standing(looked: Looked) -> str:
    return "does not hold" if looked.state == "bad" else "cannot be seen"


def _domains(signing: Sequence[tuple[DkimKey, Walk]]) -> str:
    return ", ".join(dict.fromkeys(key.domain for key, _ in signing))
