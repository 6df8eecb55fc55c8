"""Exports of tools that have no fixture: who left is out, or the editor is asked."""

import io
from datetime import UTC, datetime

import pytest

from publisher.audience.imports.passes import readers, surveyed
from publisher.errors import UsageError

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

TAKEN = {
    "Brevo": (
        "EMAIL;FIRSTNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;OPT_IN\n"
        "a@x.example;Ada;;No;Yes;13-02-2024 09:00:00;1\n"
        "b@x.example;Bob;;Yes;No;13-02-2024 09:00:00;1\n",
        ["active", "manual"],
    ),
    "MailerLite": (
        "Subscriber,Name,Status,Sent,Opens,Subscribed,Unsubscribed,Signup IP\n"
        "a@x.example,A,Active,3,2,2024-05-01 10:00:00,,203.0.113.7\n"
        "b@x.example,B,Unsubscribed,3,2,2024-05-01 10:00:00,2025-01-01 10:00:00,\n"
        "c@x.example,C,Bounced,3,2,2024-05-01 10:00:00,,\n"
        "d@x.example,D,Junk,3,2,2024-05-01 10:00:00,,\n"
        "e@x.example,E,Unconfirmed,3,2,,,\n",
        ["active", "unsubscribed", "bounced", "complained", "pending"],
    ),
    "Campaign Monitor": (
        '"Email Address","Name","Subscribed Date","Status","Unsubscribed Date"\n'
        'a@x.example,A,"01 May 2024 10:00:00",Active,\n'
        'b@x.example,B,"01 May 2024 10:00:00",Deleted,\n'
        "c@x.example,C,,Unconfirmed,\n",
        ["active", "unsubscribed", "pending"],
    ),
    "Klaviyo": (
        "Email,Email Marketing Consent,Email Marketing Consent Timestamp,Email Suppressions,"
        "SMS Marketing Consent\n"
        "a@x.example,SUBSCRIBED,2024-05-01T10:00:00+00:00,,UNSUBSCRIBED\n"
        'b@x.example,UNSUBSCRIBED,,"[""USER_SUPPRESSED""]",\n'
        "c@x.example,NEVER_SUBSCRIBED,,,\n"
        'd@x.example,SUBSCRIBED,2024-05-01T10:00:00+00:00,"[""HARD_BOUNCE""]",\n',
        ["active", "manual", "pending", "bounced"],
    ),
    "AWeber": (
        "Email,Name,Message,IP Address,Date Added,Stop Time,Stop Status,Verified,Tags\n"
        'a@x.example,A,1001,203.0.113.7,2024-05-01 10:00:00,,subscribed,yes,"a,b"\n'
        "b@x.example,B,1001,,2024-05-01 10:00:00,2024-06-01 10:00:00,unsubscribed,yes,\n"
        "c@x.example,C,1001,,2024-05-01 10:00:00,,undeliverable,yes,\n"
        "d@x.example,D,,,2024-05-01 10:00:00,,unverified,no,\n",
        ["active", "unsubscribed", "bounced", "pending"],
    ),
    "Mautic": (
        "id,email,doNotContact,dateAdded,dnc_reason\n"
        "1,a@x.example,,2024-05-01 10:00:00,\n2,b@x.example,1,2024-05-01 10:00:00,unsubscribed\n",
        ["active", "unsubscribed"],
    ),
    "CleverReach": (
        "E-Mail;Registriert;Aktiviert;Deaktiviert;Quelle\n"
        "a@x.example;2024-05-01 10:00:00;2024-05-01 10:05:00;;Form\n"
        "b@x.example;2024-05-01 10:00:00;2024-05-01 10:05:00;2024-06-01 10:00:00;Form\n",
        ["active", "unsubscribed"],
    ),
    "rapidmail": (
        "E-Mail;Status;Erstellt am;Bestätigt am;Abgemeldet am\n"
        "a@x.example;aktiv;13.05.2024 10:00;13.05.2024 10:05;\n"
        "b@x.example;abgemeldet;13.05.2024 10:00;13.05.2024 10:05;13.06.2024 10:00\n"
        "c@x.example;Bounce;13.05.2024 10:00;;\n",
        ["active", "unsubscribed", "bounced"],
    ),
    "EmailOctopus": (
        "Email address,Status,Tags,Created at\n"
        "a@x.example,SUBSCRIBED,x,2024-05-01T10:00:00+00:00\n"
        "b@x.example,UNSUBSCRIBED,,2024-05-01T10:00:00+00:00\n"
        "c@x.example,PENDING,,2024-05-01T10:00:00+00:00\n",
        ["active", "unsubscribed", "pending"],
    ),
    "Constant Contact": (
        "Email address,Email status,Email permission status,Confirmed Opt-Out Date,"
        "Confirmed Opt-Out Reason\n"
        "a@x.example,Active,Implicit,,\nb@x.example,Unsubscribed,Explicit,2024-06-01,too many\n"
        "c@x.example,Active,Not set,,\n",
        ["active", "unsubscribed", "active"],
    ),
    "MailPoet in French": (
        '"E-mail","Prénom","Statut de la liste","Statut global"\n'
        "a@x.example,A,Abonné,Abonné\nb@x.example,B,Désabonné,Abonné\n"
        'c@x.example,C,"Non confirmé","Non confirmé"\n',
        ["active", "unsubscribed", "pending"],
    ),
}

ASKED = {
    "beehiiv": (
        "email,status,unsubscribed_at\na@x.example,active,\nb@x.example,needs_attention,\n",
        "--map status:needs_attention=-",
    ),
    "Jetpack": (
        "email_address,subscription_status\na@x.example,Not Sender\nb@x.example,Subscribed\n",
        "--map 'subscription_status:Not Sender=-'",
    ),
    "Mailman": (
        "Email,Delivery Status\na@x.example,enabled\nb@x.example,by_user\n",
        "--map 'Delivery Status:by_user=-'",
    ),
    "ActiveCampaign": (
        "Email,Status,Bounced Hard\na@x.example,Active,0\nb@x.example,Active,3\n",
        "--map 'Bounced Hard:3=-'",
    ),
    "a list of those who left": (
        "email,created\na@x.example,1714557600\n",
        "--all-are unsubscribed",
    ),
}


def said(text, name="list.csv"):
    file = io.StringIO(text, newline="")
    return [one.said.what for one in readers(file, surveyed(file, name, {}, None, NOW))]


@pytest.mark.parametrize("tool", TAKEN)
def test_an_export_of_one_more_tool_is_taken_as_it_is(tool):
    text, wanted = TAKEN[tool]
    assert said(text) == wanted


@pytest.mark.parametrize("tool", ASKED)
def test_what_another_tool_means_is_asked_with_what_to_type(tool):
    text, option = ASKED[tool]
    with pytest.raises(UsageError) as found:
        said(text, "global_unsubscribes.csv" if "left" in tool else "list.csv")
    assert option in found.value.problem.todo
