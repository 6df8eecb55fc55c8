"""What is due and has no job gets one: rows of the ledger decide, and jobs are only their servants.

Whoever decides that something is due writes its job with that (`ledger/mailing.py`). This finds it
again whatever became of the job: lost with a database that was restored, ended by a person, or
never written, for the clock alone made it due (a lease that ends, an edition that is too late).
"""

from __future__ import annotations

from publisher.ledger.due import DueSend, Facts
from publisher.model.job import (
    PART,
    Job,
    delivering,
    mailing_signups,
    making_pages,
    making_part,
    parts,
    reading_returns,
)

AT_ONCE = 16
"""Jobs of one edition that the reconciler keeps up; its freezing wrote one for each part."""

MOST = AT_ONCE * PART
"""Deliveries of an edition that are worth counting."""


def decide(facts: Facts) -> list[Job]:
    """Return the jobs that what is due lacks."""
    jobs = [job for send in facts.sends for job in _lacking(send, facts)]
    if facts.is_other_due and not jobs and ("deliver", "") not in facts.live:
        jobs.append(delivering(""))
    if facts.are_signups_due and ("sign-ups", "") not in facts.live:
        jobs.append(mailing_signups())
    jobs += [making_part(one) for one in facts.parts if ("part", one) not in facts.live]
    if facts.are_parts_done and ("pages", "") not in facts.live:
        jobs.append(making_pages())
    if facts.has_mailbox and ("returns", "") not in facts.live:
        jobs.append(reading_returns())
    return jobs


def _lacking(send: DueSend, facts: Facts) -> list[Job]:
    live = facts.live.get(("deliver", send.edition), 0)
    wanted = min(parts(send.due), AT_ONCE)
    return [delivering(send.edition, breaking=send.is_breaking)] * max(wanted - live, 0)
