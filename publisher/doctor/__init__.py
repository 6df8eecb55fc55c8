"""Whether a domain's DNS and servers let its mail arrive: a module a subject, and what it means.

The modules are pure but for `network`: they take answers, and say what they mean.
"""

from publisher.doctor.answers import Answer, Ask, Fetch, Fetched
from publisher.doctor.diagnosis import Diagnosis, concluded, examinations
from publisher.doctor.dkim import DkimKey
from publisher.doctor.finding import DnsLine, Finding, Kinds, Looked
from publisher.doctor.links import Links
from publisher.doctor.requirements import REQUIREMENTS, SOURCES, Line
from publisher.doctor.sending import Sending

__all__ = [
    "REQUIREMENTS",
    "SOURCES",
    "Answer",
    "Ask",
    "Diagnosis",
    "DkimKey",
    "DnsLine",
    "Fetch",
    "Fetched",
    "Finding",
    "Kinds",
    "Line",
    "Links",
    "Looked",
    "Sending",
    "concluded",
    "examinations",
]
