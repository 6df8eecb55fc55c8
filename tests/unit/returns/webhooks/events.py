"""Events as providers tell them, and what each is: a row for every kind that they publish."""

from tests.unit.returns.webhooks.calls import (
    AT,
    MARK,
    MESSAGE,
    mailgun,
    resend,
    sendgrid,
    sns,
    with_secret,
)

NO_SUCH = "smtp; 550 5.1.1 The email account that you tried to reach does not exist"
POLICY = "smtp; 550 5.7.1 Message blocked due to spam content"
UNREACHED = "unable to connect to MX servers: connection timed out"
FULL = "smtp; 552 5.2.2 Mailbox full"


def postmark_bounce(kind, details="", **more):
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": kind,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Details": details,
        "Email": "ana@x.example",
        "BouncedAt": "2026-11-24T07:01:02.2735393Z",
        "Metadata": {"message-id": MESSAGE[:20], "message-id-2": MESSAGE[20:]},
        **more,
    }


def ses_event(kind, what, **more):
    return {
        "eventType": kind,
        what: more,
        "mail": {
            "messageId": "0100",
            "destination": ["ana@x.example"],
            "tags": {"publisher-message": [MARK]},
        },
    }


def ses_bounce(kind, subtype, words=""):
    one = {"emailAddress": "ana@x.example", "status": "", "diagnosticCode": words}
    return ses_event("Bounce", "bounce", bounceType=kind, bounceSubType=subtype, bouncedRecipients=[one])  # fmt: skip


def ses_complaint(feedback):
    return ses_event("Complaint", "complaint", complaintFeedbackType=feedback, complainedRecipients=[{"emailAddress": "ana@x.example"}])  # fmt: skip


def mailgun_event(event, severity="", words="", **more):
    return {
        "event": event,
        "severity": severity,
        "recipient": "ana@x.example",
        "timestamp": AT.timestamp() - 60,
        "message": {"headers": {"message-id": MESSAGE}},
        "delivery-status": {"message": words, "code": 550},
        **more,
    }


def sendgrid_event(event, **more):
    return [
        {
            "event": event,
            "email": "ana@x.example",
            "timestamp": int(AT.timestamp()) - 60,
            "sg_event_id": "ZGVsaXZlcmVk",
            "publisher_message": MESSAGE,
            **more,
        }
    ]


def brevo_event(event, reason=""):
    return {
        "event": event,
        "email": "ana@x.example",
        "reason": reason,
        "message-id": "<1@smtp-relay.mailin.fr>",
        "ts_epoch": int(AT.timestamp() * 1000) - 60000,
        "X-Mailin-custom": MESSAGE,
    }


def resend_event(kind, **data):
    return {
        "type": kind,
        "created_at": "2026-11-24T07:01:00.123Z",
        "data": {"to": ["Ana <ana@x.example>"], "tags": {"publisher-message": MARK}, **data},
    }


def resend_bounce(kind, subtype, words=""):
    return resend_event(
        "email.bounced", bounce={"type": kind, "subType": subtype, "message": words}
    )


EVENTS = [
    ("postmark", with_secret(postmark_bounce("HardBounce", NO_SUCH)), "dead"),
    ("postmark", with_secret(postmark_bounce("HardBounce")), "dead"),
    ("postmark", with_secret(postmark_bounce("HardBounce", POLICY)), "refused"),
    ("postmark", with_secret(postmark_bounce("SoftBounce", FULL)), "full"),
    ("postmark", with_secret(postmark_bounce("SoftBounce", "try later")), "transient"),
    ("postmark", with_secret(postmark_bounce("Transient")), "transient"),
    ("postmark", with_secret(postmark_bounce("DnsError")), "transient"),
    ("postmark", with_secret(postmark_bounce("AutoResponder")), "auto-reply"),
    ("postmark", with_secret(postmark_bounce("AddressChange")), "personal"),
    ("postmark", with_secret(postmark_bounce("ChallengeVerification")), "personal"),
    ("postmark", with_secret(postmark_bounce("SpamNotification")), "refused"),
    ("postmark", with_secret(postmark_bounce("Blocked")), "refused"),
    ("postmark", with_secret(postmark_bounce("BadEmailAddress")), "dead"),
    ("postmark", with_secret(postmark_bounce("Unsubscribe")), "unsubscribe"),
    ("postmark", with_secret(postmark_bounce("SpamComplaint", RecordType="SpamComplaint")), "complaint"),
    ("postmark", with_secret(postmark_bounce("Martian")), "unknown"),
    ("postmark", with_secret(postmark_bounce("Subscribe")), None),
    ("postmark", with_secret({"RecordType": "Delivery", "Recipient": "ana@x.example"}), None),
    ("postmark", with_secret({"RecordType": "SubscriptionChange", "Recipient": "ana@x.example",
      "SuppressSending": True, "SuppressionReason": "ManualSuppression",
      "Metadata": {"message-id": MESSAGE}, "ChangedAt": "2026-11-24T07:01:00Z"}), "unsubscribe"),
    ("postmark", with_secret({"RecordType": "SubscriptionChange", "Recipient": "ana@x.example",
      "SuppressSending": True, "SuppressionReason": "HardBounce"}), None),
    ("ses", sns(ses_bounce("Permanent", "General", NO_SUCH)), "dead"),
    ("ses", sns(ses_bounce("Permanent", "General", POLICY)), "refused"),
    ("ses", sns(ses_bounce("Permanent", "NoEmail")), "dead"),
    ("ses", sns(ses_bounce("Permanent", "OnAccountSuppressionList")), "dead"),
    ("ses", sns(ses_bounce("Permanent", "UnsubscribedRecipient")), "unsubscribe"),
    ("ses", sns(ses_bounce("Transient", "MailboxFull")), "full"),
    ("ses", sns(ses_bounce("Transient", "ContentRejected")), "refused"),
    ("ses", sns(ses_bounce("Transient", "General")), "transient"),
    ("ses", sns(ses_bounce("Undetermined", "Undetermined")), "unknown"),
    ("ses", sns(ses_complaint("abuse"), version="1"), "complaint"),
    ("ses", sns(ses_complaint("not-spam")), None),
    ("ses", sns(ses_event("Reject", "reject", reason="Bad content")), "refused"),
    ("ses", sns(ses_event("DeliveryDelay", "deliveryDelay", delayType="MailboxFull",
      delayedRecipients=[{"emailAddress": "ana@x.example"}])), "full"),
    ("ses", sns(ses_event("Delivery", "delivery")), None),
    ("ses", sns("Successfully validated SNS topic for Amazon SES event publishing."), None),
    ("mailgun", mailgun(mailgun_event("failed", "permanent", NO_SUCH)), "dead"),
    ("mailgun", mailgun(mailgun_event("failed", "permanent", POLICY)), "refused"),
    ("mailgun", mailgun(mailgun_event("failed", "permanent", reason="suppress-complaint")), "complaint"),
    ("mailgun", mailgun(mailgun_event("failed", "permanent", reason="suppress-unsubscribe")), "unsubscribe"),
    ("mailgun", mailgun(mailgun_event("failed", "permanent", reason="suppress-bounce")), "dead"),
    ("mailgun", mailgun(mailgun_event("failed", "temporary", "4.2.2 over quota")), "full"),
    ("mailgun", mailgun(mailgun_event("failed", "temporary", "busy")), "transient"),
    ("mailgun", mailgun(mailgun_event("complained")), "complaint"),
    ("mailgun", mailgun(mailgun_event("unsubscribed")), "unsubscribe"),
    ("mailgun", mailgun(mailgun_event("rejected")), "refused"),
    ("mailgun", mailgun(mailgun_event("delivered")), None),
    ("sendgrid", sendgrid(sendgrid_event("bounce", type="bounce", reason=NO_SUCH, status="5.1.1")), "dead"),
    ("sendgrid", sendgrid(sendgrid_event("bounce", type="blocked", reason="busy")), "transient"),
    ("sendgrid", sendgrid(sendgrid_event("bounce", type="bounce", bounce_classification="Reputation")), "refused"),
    ("sendgrid", sendgrid(sendgrid_event("dropped", reason="Bounced Address")), "dead"),
    ("sendgrid", sendgrid(sendgrid_event("dropped", reason="Spam Reporting Address")), "complaint"),
    ("sendgrid", sendgrid(sendgrid_event("dropped", reason="Unsubscribed Address")), "unsubscribe"),
    ("sendgrid", sendgrid(sendgrid_event("dropped", reason="Recipient List over Package Quota")), "unknown"),
    ("sendgrid", sendgrid(sendgrid_event("spamreport")), "complaint"),
    ("sendgrid", sendgrid(sendgrid_event("group_unsubscribe")), "unsubscribe"),
    ("sendgrid", sendgrid(sendgrid_event("deferred")), "transient"),
    ("sendgrid", sendgrid(sendgrid_event("open")), None),
    ("brevo", with_secret(brevo_event("hard_bounce", NO_SUCH)), "dead"),
    ("brevo", with_secret(brevo_event("hard_bounce", POLICY)), "refused"),
    ("brevo", with_secret(brevo_event("soft_bounce", FULL)), "full"),
    ("brevo", with_secret(brevo_event("hard_bounce", UNREACHED)), "transient"),
    ("brevo", with_secret([brevo_event("blocked")]), "refused"),
    ("brevo", with_secret(brevo_event("invalid_email")), "dead"),
    ("brevo", with_secret(brevo_event("spam"), scheme="Bearer"), "complaint"),
    ("brevo", with_secret(brevo_event("unsubscribed")), "unsubscribe"),
    ("brevo", with_secret(brevo_event("request")), None),
    ("resend", resend(resend_bounce("Permanent", "General", "a hard bounce")), "dead"),
    ("resend", resend(resend_bounce("Transient", "MailboxFull")), "full"),
    ("resend", resend(resend_event("email.complained")), "complaint"),
    ("resend", resend(resend_event("email.delivery_delayed")), "transient"),
    ("resend", resend(resend_event("email.suppressed", suppressed={"message": "…"})), "dead"),
    ("resend", resend(resend_event("email.failed", failed={"reason": "reached_daily_quota"})), "unknown"),
    ("resend", resend(resend_event("email.delivered")), None),
]  # fmt: skip
