"""The one table of what the doctor can find: the reference is made of it."""

from __future__ import annotations

from publisher.doctor import (
    alignment,
    bimi,
    dkim,
    dmarc,
    exchangers,
    links,
    mta_sts,
    reverse,
    sending,
    server,
    spf_kinds,
    tls_rpt,
)
from publisher.doctor.finding import Kinds

TABLE: tuple[Kinds, ...] = (
    spf_kinds.KINDS,
    dkim.KINDS,
    dmarc.KINDS,
    alignment.KINDS,
    sending.KINDS,
    exchangers.KINDS,
    reverse.KINDS,
    server.KINDS,
    mta_sts.KINDS,
    tls_rpt.KINDS,
    bimi.KINDS,
    links.KINDS,
    links.ONE_CLICK,
)
