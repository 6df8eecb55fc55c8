"""Messages that come back, in the manner of servers, for tests."""

from __future__ import annotations


def bounce(
    recipient: str = "ana@reader.example",
    *,
    status: str = "5.1.1",
    words: str = "550 5.1.1 no such user",
    action: str = "failed",
    ours: str = "",
    serial: int = 1,
    to: str = "bounces@test.example",
) -> bytes:
    """A delivery status notification (RFC 3464) with the headers of our message, if it has any."""
    original = f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{ours}>\n" if ours else ""
    text = f"""\
From: MAILER-DAEMON@mx.reader.example
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <{serial}@mx.reader.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.reader.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.reader.example
Diagnostic-Code: smtp; {words}

{original}--b--
"""
    return text.replace("\n", "\r\n").encode()


PERSONAL = b"""\
From: Ana <ana@reader.example>
To: letter@test.example
Subject: Re: Morning
Message-ID: <42@reader.example>

Thank you for the story about the ferries.
"""
