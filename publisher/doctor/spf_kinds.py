"""What is found of SPF, by name (RFC 7208)."""

from __future__ import annotations

from publisher.doctor.finding import Kind, Kinds

KINDS = Kinds("SPF", {
    "spf-unseen": Kind(
        "note", "Mails that leave by a provider's interface, with a return path of its own.",
        "SPF then speaks for the provider, or for a name below your domain that leads to it.",
        "Type what the provider's panel asks for; `Return-Path` of a mail that arrived tells which "
        "domain it is."),
    "spf-missing": Kind(
        "error", "A domain of the return path without an SPF record.",
        "SPF says which servers may send for a domain. Gmail, Yahoo and Microsoft refuse bulk mail "
        "without it.",
        "Type this record into the domain's DNS; what it allows is what your provider names."),
    "spf-nearly": Kind(
        "error", "A text that is nearly an SPF record, and so is none.",
        "A record begins with exactly `v=spf1` and a space (RFC 7208 §4.5); servers see no other.",
        "Mend its beginning."),
    "spf-several": Kind(
        "error", "More than one SPF record at one name.",
        "With two records neither counts (RFC 7208 §4.5), and SPF fails for every mail.",
        "Keep one record and put what the others allow into it."),
    "spf-syntax": Kind(
        "error", "An SPF record, or one that it includes, that cannot be read.",
        "One word that cannot be read makes the whole record void (RFC 7208 §4.6).",
        "Mend the word, or take it out."),
    "spf-lookups": Kind(
        "error", "A record that costs more than 10 look-ups, with all that it includes.",
        "After 10 look-ups a server gives up, and SPF fails for every mail (RFC 7208 §4.6.4).",
        "Take out what no longer sends for you; put providers that you have left out first."),
    "spf-near-limit": Kind(
        "note", "A record that costs 9 or 10 look-ups: one more of somebody else's, and it fails.",
        "What a provider includes may grow any day; after 10 look-ups a server gives up.",
        "Take out what no longer sends for you."),
    "spf-voids": Kind(
        "error", "A record that asks for more than 2 names that lead to nothing.",
        "After 2 look-ups without an answer a server gives up (RFC 7208 §4.6.4).",
        "Take out the names that are gone."),
    "spf-void": Kind(
        "note", "A record that asks for a name that leads to nothing.",
        "It allows nobody, and whoever registers the name may send for you.",
        "Take the name out."),
    "spf-loop": Kind(
        "error", "A record that includes itself.",
        "It has no end: servers give up, and SPF fails for every mail.",
        "Take the include out."),
    "spf-include-missing": Kind(
        "error", "An include, or a redirect, of a domain that has no SPF record.",
        "It makes the whole record void (RFC 7208 §5.2).",
        "Take it out, or mend its name."),
    "spf-all-pass": Kind(
        "error", "A record that lets everybody send: `+all`, or addresses of half the internet.",
        "Whoever likes may send in your name, and servers trust such a domain less than none.",
        "End the record with `~all` or `-all`."),
    "spf-all-missing": Kind(
        "warning", "A record without an end, or with `?all`: it says nothing of anybody else.",
        "Other servers may send in your name, and nobody is told that they should not.",
        "End the record with `~all`, and with `-all` once all of your mail passes."),
    "spf-after-all": Kind(
        "warning", "Words after `all`, which nobody reads.",
        "`all` ends a record (RFC 7208 §5.1): what comes after it allows nobody.",
        "Put `all` last."),
    "spf-ptr": Kind(
        "warning", "A record with `ptr`.",
        "It is slow and unreliable, and should not be used (RFC 7208 §5.5); some servers skip it.",
        "Name the addresses: ip4:, ip6: or a:."),
    "spf-uncovered": Kind(
        "error", "A record that does not allow the address that mails leave from.",
        "Servers then say that this mail is not from you.",
        "Put the address into the record."),
    "spf-long": Kind(
        "note", "A record of more than 450 characters.",
        "It may not fit into an answer of DNS beside the other texts of the name "
        "(RFC 7208 §3.4).",
        "Take out what no longer sends for you."),
    "spf-unanswered": Kind(
        "warning", "DNS servers that did not answer when the record, or one of its names, was "
        "asked for.",
        "Servers that get no answer put mail off, or take it without SPF.",
        "Ask again later; if it stays, tell whoever keeps the DNS of that name."),
})  # fmt: skip
