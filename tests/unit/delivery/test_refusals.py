"""What real servers say when they refuse, and whom: the wordings as servers and their documents have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.delivery.refusals import blame
from publisher.model import Reply

US = [
    # Postfix
    (554, "5.7.1", "<ana@x.example>: Relay access denied", "rcpt"),
    (454, "4.7.1", "<ana@x.example>: Relay access denied", "rcpt"),
    (553, "5.7.1", "<letter@news.example>: Sender address rejected: not owned by user letter", "rcpt"),
    (550, "5.1.8", "<letter@news.example>: Sender address rejected: Domain not found", "rcpt"),
    (450, "4.1.8", "<letter@news.example>: Sender address rejected: Domain not found", "rcpt"),
    (550, "5.1.7", "<letter@news.example>: Sender address rejected: undeliverable address", "rcpt"),
    (554, "5.7.1", "<unknown[192.0.2.7]>: Client host rejected: Access denied", "rcpt"),
    (450, "4.7.1", "Client host rejected: cannot find your hostname, [192.0.2.7]", "rcpt"),
    (450, "4.7.25", "Client host rejected: cannot find your reverse hostname, [192.0.2.7]", "rcpt"),
    (504, "5.5.2", "<localhost>: Helo command rejected: need fully-qualified hostname", "rcpt"),
    (450, "4.7.1", "<gate>: Helo command rejected: Host not found", "rcpt"),
    (530, "5.7.0", "Must issue a STARTTLS command first", "rcpt"),
    (552, "5.3.4", "Message size exceeds fixed limit", "dot"),
    (450, "4.7.1", "Error: too much mail from 192.0.2.7", "rcpt"),
    (554, "5.7.1", "Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; "
     "https://www.spamhaus.org/query/ip/192.0.2.7", "rcpt"),
    (554, "5.7.1", "Service unavailable; Client host [192.0.2.7] blocked using b.barracudacentral.org", "rcpt"),
    (550, "5.7.23", "<ana@x.example>: Recipient address rejected: Message rejected due to: SPF fail - not authorized", "rcpt"),
    (554, "5.7.1", "<ana@x.example>: Recipient address rejected: Policy rejection: quota exceeded", "rcpt"),
    (450, "4.7.1", "<ana@x.example>: Recipient address rejected: sending rate limit exceeded, try later", "rcpt"),
    (550, "", "Mail quota reached for sending domain", "rcpt"),
    (452, "4.2.2", "Daily allowance of this sender is used up", "rcpt"),
    # T-Online
    (554, "", "IP:192.0.2.7 - A problem occurred. (Ask your postmaster for help.)", "rcpt"),
    # Exim, cPanel
    (550, "", "relay not permitted", "rcpt"),
    (550, "", "Sender verify failed", "rcpt"),
    (550, "", "authentication required", "rcpt"),
    (550, "", "Access denied - Invalid HELO name (See RFC2821 4.1.1.1)", "rcpt"),
    (550, "", "JunkMail rejected - mail.news.example [192.0.2.7] is in an RBL", "rcpt"),
    (550, "", "Rejected because 192.0.2.7 is in a black list at zen.spamhaus.org", "rcpt"),
    (550, "", "Domain news.example has exceeded the max emails per hour (150/150 (100%)) allowed. "
     "Message discarded.", "rcpt"),
    (550, "", "Domain news.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed.", "rcpt"),
    (550, "", "SMTP AUTH is required for message submission on port 587", "rcpt"),
    # Sendmail, qmail, MailEnable
    (550, "5.7.1", "<ana@x.example>... Relaying denied. Proper authentication required.", "rcpt"),
    (553, "", "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "rcpt"),
    (503, "", "This mail server requires authentication when attempting to send to a non-local e-mail "
     "address.", "rcpt"),
    # Exchange, Office 365
    (550, "5.7.54", "SMTP; Unable to relay recipient in non-accepted domain", "rcpt"),
    (550, "5.7.60", "SMTP; Client does not have permissions to send as this sender", "dot"),
    (550, "5.7.64", "TenantAttribution; Relay Access Denied", "rcpt"),
    (530, "5.7.57", "SMTP; Client was not authenticated to send anonymous mail during MAIL FROM", "rcpt"),
    (550, "5.7.606", "Access denied, banned sending IP [192.0.2.7]", "rcpt"),
    (550, "5.7.501", "Access denied, spam abuse detected from 192.0.2.7", "rcpt"),
    (550, "5.7.515", "Access denied, sending domain news.example doesn't meet the required authentication "
     "level.", "dot"),
    (550, "5.7.708", "Service unavailable. Access denied, traffic not accepted from this IP.", "rcpt"),
    (550, "5.1.90", "Your message can't be sent because you've reached your daily limit for message "
     "recipients", "dot"),
    (550, "5.1.8", "Access denied, bad outbound sender AS(42004)", "dot"),
    (550, "5.7.705", "Access denied, tenant has exceeded threshold", "dot"),
    (554, "5.2.252", "SendAsDenied; letter@news.example not allowed to send as other@news.example; "
     "STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied", "dot"),
    (432, "4.3.2", "Concurrent connections limit exceeded.", "rcpt"),
    (451, "4.7.500", "Server busy. Please try again later from [192.0.2.7]. (AS77712)", "rcpt"),
    (550, "5.7.750", "Service unavailable. Client blocked from sending from unregistered domains", "rcpt"),
    (550, "5.7.1", "Unfortunately, messages from [192.0.2.7] weren't sent. Please contact your Internet "
     "service provider since part of their network is on our block list (S3140).", "rcpt"),
    # Gmail, Google Workspace's relay
    (550, "5.4.5", "Daily user sending limit exceeded. For more information on Gmail sending limits go to "
     "https://support.google.com/a/answer/166852", "dot"),
    (550, "5.4.5", "Daily user sending quota exceeded.", "rcpt"),
    (550, "5.7.1", "Daily SMTP relay limit exceeded for customer. For more information on SMTP relay "
     "sending limits please contact your administrator.", "dot"),
    (550, "5.7.1", "Invalid credentials for relay [192.0.2.7]. The IP address you've registered in your "
     "Workspace SMTP Relay service doesn't match the domain of the account", "rcpt"),
    (550, "5.7.1", "[192.0.2.7] Our system has detected that this message is likely unsolicited mail. To "
     "reduce the amount of spam sent to Gmail, this message has been blocked.", "dot"),
    (550, "5.7.26", "This mail has been blocked because the sender is unauthenticated. Gmail requires all "
     "senders to authenticate with either SPF or DKIM.", "dot"),
    (421, "4.7.28", "Gmail has detected an unusual rate of unsolicited mail originating from your IP "
     "address.", "rcpt"),
    (530, "5.7.0", "Authentication Required. For more information, go to "
     "https://support.google.com/accounts/troubleshooter/2402620", "rcpt"),
    # Yahoo, AOL
    (554, "", "Message not allowed - [PH01] Email not accepted for policy reasons. Please visit "
     "https://senders.yahooinc.com/error-codes", "dot"),
    (421, "4.7.0", "[TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user "
     "complaints - 4.16.55.1", "rcpt"),
    (553, "5.7.1", "[BL21] Connections will not be accepted from 192.0.2.7, because the ip is in "
     "Spamhaus's list", "rcpt"),
    (554, "5.7.9", "Message not accepted for policy reasons.", "dot"),
    # Amazon SES
    (454, "", "Throttling failure: Maximum sending rate exceeded.", "dot"),
    (454, "", "Throttling failure: Daily message quota exceeded.", "dot"),
    (554, "", "Message rejected: Email address is not verified. The following identities failed the check "
     "in region EU-WEST-1: letter@news.example", "dot"),
    (554, "", "Message rejected: Sending paused for this account.", "dot"),
    (554, "", "Access denied: User `arn:aws:iam::1:user/x' is not authorized to perform "
     "`ses:SendRawEmail' on resource", "dot"),
    # Sendgrid, Mailgun, Postmark, Brevo, Mailjet
    (550, "", "The from address does not match a verified Sender Identity. Mail cannot be sent until this "
     "error is resolved.", "dot"),
    (550, "", "Unauthenticated senders not allowed", "rcpt"),
    (451, "", "Authentication failed: Maximum credits exceeded", "rcpt"),
    (452, "", "Too many recipients received this hour.", "rcpt"),
    (550, "", "Credits exhausted", "dot"),
    (550, "5.7.1", "Relaying denied", "rcpt"),
    (421, "", "Domain sandbox123.mailgun.org is not allowed to send: Free accounts are for test purposes "
     "only. Please upgrade or add the address to your authorized recipients.", "rcpt"),
    (550, "5.7.1", "The 'From' address you supplied (letter@news.example) is not a Sender Signature on "
     "your account.", "dot"),
    (550, "5.7.1", "While your account is pending approval, all recipient addresses must share the same "
     "domain as the 'From' address.", "dot"),
    (525, "5.7.1", "Unauthorized IP address", "rcpt"),
    (550, "5.7.1", "You have run out of credits: monthly limit of 300 emails reached", "rcpt"),
    # Zoho, IONOS, GMX, OVH, GoDaddy and other hosts
    (553, "", "Relaying disallowed as letter@news.example", "dot"),
    (550, "5.7.1", "Sie dürfen nur 500 E-Mails pro Tag versenden", "rcpt"),
    (553, "", "Sender is not allowed to relay emails", "rcpt"),
    (550, "5.4.6", "Unusual sending activity detected. Please try after sometime.", "dot"),
    (554, "5.1.8", "Email Outgoing Blocked.", "dot"),
    (450, "", "Requested mail action not taken: mailbox unavailable Mail send limit exceeded.", "rcpt"),
    (550, "", "Requested action not taken: mailbox unavailable Sender address is not allowed.", "rcpt"),
    (554, "", "Transaction failed Reject due to policy restrictions. For explanation visit "
     "https://postmaster.gmx.net/en/case", "dot"),
    (554, "", "No SMTP service; IP address is block listed. For explanation visit "
     "https://postmaster.web.de", "rcpt"),
    (552, "5.2.2", "Message would take you over your relay quota of 10", "rcpt"),
    (554, "5.7.1", "limit of 10 rcpts per 24 hours for client reached", "data"),
    (550, "5.7.1", "Your account has been blocked: too many emails sent", "rcpt"),
    (421, "", "mwinf5c04 ME Trop de connexions, veuillez verifier votre configuration. Too many "
     "connections, slow down. OFR004_104", "rcpt"),
    (550, "", "Quota d'envoi dépassé pour ce compte", "rcpt"),
    # Yandex, Mail.ru
    (554, "5.7.1", "[2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc", "dot"),
    (553, "5.7.1", "Sender address rejected: not owned by auth user.", "rcpt"),
    (550, "", "spam message rejected. Please visit http://help.mail.ru/notspam-support/", "dot"),
    (451, "", "Ratelimit exceeded for mailbox letter@news.example. Try again later.", "rcpt"),
    (550, "", "Access from ip address 192.0.2.7 blocked. Visit http://help.mail.ru/mail/abuse", "rcpt"),
    (550, "5.7.1", "This message was not accepted due to domain owner DMARC policy", "dot"),
    # QQ, NetEase
    (550, "", "Mail content denied. http://service.mail.qq.com/cgi-bin/help?id=20022", "dot"),
    (550, "", "Domain frequency limited [MQ8]. http://service.mail.qq.com", "rcpt"),
    (550, "", "Ip frequency limited. http://service.mail.qq.com/cgi-bin/help?id=20026", "rcpt"),
    (553, "", "Mail from must equal authorized user", "rcpt"),
    (554, "", "DT:SPM 163 smtp10,D8CowABH0bQx, please see http://mail.163.com/help/help_spam_16.htm", "dot"),
    (550, "", "RP:TRC smtp7, http://mail.163.com/help/help_spam_16.htm", "rcpt"),
    (550, "", "MI:SPB 163 smtp5, http://mail.163.com/help/help_spam_16.htm", "rcpt"),
    # Filters: SpamAssassin, Barracuda, Proofpoint, Mimecast, Cisco, Apple, T-Online
    (554, "5.7.1", "This message scored 7.3 spam points.", "dot"),
    (550, "5.7.1", "identified this message as spam (SpamAssassin, 12.4 points)", "dot"),
    (554, "", "Service unavailable; Blocked by Barracuda Reputation, see "
     "http://www.barracudanetworks.com/reputation/?r=1&ip=192.0.2.7", "rcpt"),
    (554, "", "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.7", "rcpt"),
    (550, "", "Administrative prohibition - envelope blocked - https://community.mimecast.com/docs/DOC-1369", "rcpt"),
    (554, "", "Email rejected due to security policies - https://community.mimecast.com/docs/DOC-1369", "dot"),
    (550, "", "Rejected by header based Anti-Spoofing policy: letter@news.example", "dot"),
    (554, "", "Your access to this mail system has been rejected due to the sending MTA's poor reputation.", "rcpt"),
    (550, "5.7.1", "[CS01] Message rejected due to local policy. Please visit "
     "https://support.apple.com/en-us/HT204137", "dot"),
    (554, "", "IP=192.0.2.7 - A problem occurred. (Ask your postmaster for help or to contact "
     "tosa@rx.t-online.de to clarify.)", "rcpt"),
]  # fmt: skip

THEM = [
    # Postfix, Exim, Sendmail
    (550, "5.1.1", "<ana@x.example>: Recipient address rejected: User unknown in local recipient table", "rcpt"),
    (550, "5.1.1", "<ana@x.example>: Recipient address rejected: User unknown in virtual mailbox table", "rcpt"),
    (450, "4.2.0", "<ana@x.example>: Recipient address rejected: Greylisted, see "
     "http://postgrey.schweikert.ch/help/x.example.html", "rcpt"),
    (451, "4.7.1", "Greylisting in action, please come back later", "rcpt"),
    (554, "5.7.1", "<ana@x.example>: Recipient address rejected: Access denied", "rcpt"),
    (550, "", "Unrouteable address", "rcpt"),
    (550, "", "No Such User Here", "rcpt"),
    (550, "5.1.1", "<ana@x.example>... User unknown", "rcpt"),
    (552, "5.2.2", "<ana@x.example>: Quota exceeded (mailbox for user is full)", "rcpt"),
    (452, "4.2.2", "<ana@x.example>: mailbox full", "rcpt"),
    # Exchange, Office 365
    (550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", "rcpt"),
    (550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup", "rcpt"),
    (550, "5.7.133", "RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery "
     "restriction check failed because the sender was not authenticated when sending to this group", "rcpt"),
    (554, "5.2.2", "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoff"
     "QuotaExceeded", "rcpt"),
    (550, "5.2.122", "The recipient has exceeded their limit for the number of messages they can receive "
     "per hour.", "rcpt"),
    (550, "5.7.1", "You do not have permission to send to this recipient", "rcpt"),
    (550, "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302).", "rcpt"),
    # Gmail
    (550, "5.1.1", "The email account that you tried to reach does not exist. Please try double-checking "
     "the recipient's email address for typos or unnecessary spaces.", "rcpt"),
    (550, "5.2.1", "The email account that you tried to reach is disabled.", "rcpt"),
    (552, "5.2.2", "The email account that you tried to reach is over quota and inactive.", "rcpt"),
    (552, "5.2.2", "The recipient's inbox is out of storage space and inactive.", "rcpt"),
    (450, "4.2.1", "The user you are trying to contact is receiving mail too quickly. Please resend your "
     "message at a later time.", "rcpt"),
    (550, "5.2.1", "The user you are trying to contact is receiving mail at a rate that prevents additional "
     "messages from being delivered.", "rcpt"),
    # Yahoo
    (554, "", "delivery error: dd This user doesn't have a yahoo.com account (ana@yahoo.com) [0]", "dot"),
    (554, "", "delivery error: dd Sorry your message to ana@yahoo.com cannot be delivered. This account "
     "has been disabled or discontinued [#102].", "dot"),
    (552, "", "1 Requested mail action aborted, mailbox not found", "rcpt"),
    # SES, Postmark, Zoho, IONOS, GMX
    (554, "", "Message rejected: Address blacklisted.", "dot"),
    (550, "", "You tried to send to a recipient that has been marked as inactive.", "rcpt"),
    (550, "", "Recipient is on the suppression list for your account", "rcpt"),
    (550, "", "Requested action not taken: mailbox unavailable", "rcpt"),
    (552, "", "Requested mail action aborted: exceeded storage allocation Quota exceeded. The recipient "
     "mailbox is full.", "rcpt"),
    (550, "", "Requested mail action not taken: mailbox unavailable Email address could not be found, or "
     "was misspelled (G8)", "rcpt"),
    # Yandex, Mail.ru, QQ, NetEase
    (550, "5.7.1", "No such user!", "rcpt"),
    (552, "5.2.2", "Mailbox size limit exceeded", "rcpt"),
    (450, "4.2.1", "The recipient has exceeded message rate limit. Try again later.", "rcpt"),
    (550, "", "Message was not accepted -- invalid mailbox. Local mailbox ana@mail.ru is unavailable: user "
     "not found", "rcpt"),
    (550, "", "Message was not accepted -- invalid mailbox. Local mailbox ana@mail.ru is unavailable: "
     "account is disabled", "rcpt"),
    (550, "", "Mailbox unavailable or access denied [MQ1]. http://service.mail.qq.com", "rcpt"),
    (550, "", "User not found: ana@163.com", "rcpt"),
    (550, "", "User suspended", "rcpt"),
    # Mimecast, Proofpoint, Barracuda, Apple, T-Online, others
    (550, "", "Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", "rcpt"),
    (550, "5.1.1", "User Unknown", "rcpt"),
    (550, "", "No such user (ana@x.example) - Barracuda", "rcpt"),
    (552, "5.2.2", "ana@icloud.com: user is over quota", "rcpt"),
    (550, "", "Not our Customer", "rcpt"),
    (550, "5.7.124", "Sender not in allowed-senders list", "rcpt"),  # of a group, Exchange
    (550, "", "ana@x.example has blocked your address", "rcpt"),
    (550, "", "Adresse inexistante", "rcpt"),
    (550, "", "Konto existiert nicht", "rcpt"),
    (550, "", "non esiste questo utente", "rcpt"),
    (550, "", "Dit e-mailadres bestaat niet", "rcpt"),
    (550, "", "Esta conta não existe", "rcpt"),
    (550, "", "Kontot finns inte", "rcpt"),
    (550, "", "Podany adres nie istnieje", "rcpt"),
    (550, "", "Пользователь не существует", "rcpt"),
    (550, "", "收件人不存在", "rcpt"),
    (550, "", "kein solcher Empfänger: Postfach nicht bekannt", "rcpt"),
    (550, "", "Adresse d au moins un destinataire invalide. Invalid recipient. OFR204_416 [416]", "rcpt"),
    (550, "", "La casella di posta del destinatario è piena: mailbox full", "rcpt"),
    (556, "5.1.10", "Recipient address has null MX", "rcpt"),
    (553, "5.6.7", "Non-ASCII addresses not supported", "rcpt"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "status", "text", "stage"), US)
def test_what_is_said_of_us_is_about_us(code, status, text, stage):
    assert blame(Reply(code=code, status=status, text=text, stage=stage)) == "us"


@pytest.mark.parametrize(("code", "status", "text", "stage"), THEM)
def test_what_is_said_of_a_reader_is_about_them(code, status, text, stage):
    assert blame(Reply(code=code, status=status, text=text, stage=stage)) == "them"


@pytest.mark.parametrize(
    ("code", "status", "text"),
    [
        (451, "4.3.0", "Temporary lookup failure"),
        (451, "", "Local error in processing"),
        (550, "", "Rejected"),
        (554, "5.0.0", "No"),
        (450, "4.7.1", "Please try again in five minutes"),  # a greylist of few words
    ],
)
def test_what_says_nothing_is_about_nobody(code, status, text):
    assert blame(Reply(code=code, status=status, text=text, stage="rcpt")) == ""


@pytest.mark.parametrize("stage", ["rcpt", "data", "dot"])
@pytest.mark.parametrize(
    ("status", "who"),
    [("5.4.5", "us"), ("5.7.1", "us"), ("5.7.25", "us"), ("5.3.4", "us"), ("5.1.7", "us"),
     ("5.1.8", "us"), ("5.1.1", "them"), ("5.1.10", "them"), ("5.2.1", "them"), ("5.2.2", "them"),
     ("5.4.4", "them"), ("5.6.7", "them"), ("5.6.0", ""), ("", "")],
)  # fmt: skip
def test_without_words_the_status_decides(stage, status, who):
    assert blame(Reply(code=550, status=status, text="", stage=stage)) == who


def test_the_answer_to_mail_is_about_us_for_no_reader_was_named():
    assert blame(Reply(code=550, status="5.1.1", text="user unknown", stage="mail")) == "us"


@given(st.integers(400, 599), st.text(max_size=300), st.sampled_from(["", "5.7.1", "4.2.0", "x"]))
def test_every_reply_is_judged(code, text, status):
    assert blame(Reply(code=code, status=status, text=text, stage="rcpt")) in ("us", "them", "")
