"""What a column is for, by a heading that is known to the letter."""

from __future__ import annotations

from typing import Literal

from publisher.audience.imports.words import folded

Role = Literal[
    "status", "subscribed", "confirmed", "unsubscribed", "bounced", "complained", "blocked"
]
"""What a column of consent says: a word of many, yes or no (or since when) to something good, or to
something that keeps a reader out."""

ROLES: tuple[Role, ...] = (
    "status", "subscribed", "confirmed", "unsubscribed", "bounced", "complained", "blocked",
)  # fmt: skip

OUT_ROLES: tuple[Role, ...] = ("unsubscribed", "bounced", "complained", "blocked")
"""Those that keep a reader out."""

_HEADINGS = {
    "address": """
        email address; email; address; e-mail; subscriber email; contact email; mail;
        e-mail-adresse; adresse e-mail; courriel; correo electrónico; correo; emailadres;
        indirizzo e-mail; endereço de e-mail; e-postadress; adres e-mail; sähköposti; e-posta;
        адрес электронной почты; эл. почта; メールアドレス; 电子邮件; 邮箱; 電子郵件; 이메일;
        subscriber
    """,
    "name": "name; full name; display name; subscriber name",
    "first_name": "first name; fname; given name; vorname; prénom; nombre; nome; voornaam",
    "last_name": """
        last name; lname; surname; family name; nachname; nom; apellidos; cognome; sobrenome;
        achternaam
    """,
    "language": "language; locale; lang; sprache; langue; idioma; lingua; taal",
    "zone": "timezone; time zone; zone; tz",
    "tags": "tags; labels; tag",
    "attributes": "attributes; metadata; attribs; fields; data; custom fields; merge fields",
    "newsletters": "newsletters",
    "left": "newsletters left",
    "since": "standing since",
    "joined": """
        optin_time; optin date; optin timestamp; confirm_time; confirmed_at; confirmed on;
        confirmation date; confirmation time; double opt-in at; consent timestamp; consent date;
        email marketing consent timestamp; subscribed_at; subscribed on; subscribed date;
        subscribe date; subscription date; date subscribed; signup date; signup timestamp;
        signed up; sign-up time; joined; joined_at; join date; date joined; confirmed opt-in date;
        angemeldet am; anmeldedatum; eingetragen am; bestätigt am; bestätigungsdatum; aktiviert;
        aktiviert am; inscrit le; date d'inscription; date d'abonnement; confirmé le;
        date de confirmation; fecha de suscripción; suscrito el; fecha de alta; confirmado el;
        fecha de confirmación; iscritto il; data di iscrizione; data iscrizione; confermato il;
        data di conferma; data de inscrição; inscrito em; confirmado em; data de confirmação;
        inschrijfdatum; ingeschreven op; aangemeld op; bevestigd op; tilmeldt; prenumererar sedan;
        data zapisu; дата подписки; 登録日; 購読開始日; 订阅时间; 訂閱時間; 구독일
    """,
    "created": """
        created_at; creation_date; created; created on; create date; date created; date added;
        added_at; added on; added; added time; add date; add time; entered; registered;
        registered on; registration date; erstellt; erstellt am; hinzugefügt am; registriert;
        registriert am; créé le; date de création; ajouté le; creado el; fecha de creación;
        creato il; data di creazione; criado em; data de criação; aangemaakt op; aanmaakdatum;
        skapad; oprettet; opprettet; utworzono; vytvořeno; создан; дата создания; 作成日; 创建时间
    """,
    "origin": """
        confirm_ip; confirmed ip; optin_ip; signup ip; subscribed ip; subscription ip;
        ip_address; ip
    """,
    "status": """
        status; subscriber_type; subscriber status; subscriber state; subscription_status;
        subscription state; standing; email status; contact status; member status; list status;
        global status; status formatted; marketing status; marketing state;
        email permission status; marketing contact status; email marketing consent;
        email marketing state; newsletter status
    """,
    "subscribed": """
        subscribed; subscribed_to_emails; is subscribed; active; is active; enabled; aktiv; actif;
        activo; attivo; ativo; actief; opt-in;
        opted in; accepts marketing; accepts email marketing; email permission; consent;
        marketing consent; newsletter consent; is this user subscribed
    """,
    "confirmed": """
        confirmed; is confirmed; verified; is verified; email verified; email confirmed;
        valid; is valid; email valid; email is valid; deliverable; is deliverable;
        activated; activated_at; is activated;
        is this user confirmed; is this subscriber confirmed; is the subscriber confirmed;
        marketing email confirmation status; confirmation status
    """,
    "unsubscribed": """
        unsub_time; unsubscribed_at; unsubscribe_date; unsubscribed date; unsubscribed on;
        unsubscribe time; unsubscription date; date unsubscribed; email_disabled; unsubscribed;
        unsubscribe; is unsubscribed; unsubscribed from all email; portal unsubscribe;
        hs_email_optout; opt-out; opted out; opted out at; opt-out date; opt-out time;
        confirmed opt-out date; email opt out; has opted out of email; opted out of email;
        deleted_at; deleted; is deleted; removed; removed_at; disabled; is this account disabled;
        left; left_at; cancelled_at; canceled_at; deactivated; deactivated_at; stop time;
        do not contact; dnc; do not email
    """,
    "bounced": """
        bounced; bounced_at; bounce date; is bounced; clean_time; cleaned; cleaned_at;
        undeliverable; undelivery date; hard bounce; hard bounced; hard bounced at;
        portal bounce; global bounce; invalid email address; unreachable
    """,
    "complained": """
        complained; complained_at; complaint; complaint date; marked as spam; spam; is spam;
        spam report; portal spam report; spam complaint
    """,
    "blocked": """
        blacklisted; blacklisted_at; blocklisted; blocklisted_at; blocked; blocked_at;
        email blacklisted; email blocklisted; suppressed; suppressed_at; is suppressed;
        email suppressions; banned; is this user blacklisted; is this subscriber blacklisted;
        is excluded from campaigns; is globally ineligible
    """,
}
COLUMNS: dict[str, tuple[str, ...]] = {
    field: tuple(" ".join(name.split()) for name in names.split(";"))
    for field, names in _HEADINGS.items()
}
"""Field → headings, in the order in which they are taken. Case and punctuation do not matter."""

_BY_HEADING: dict[str, str] = {
    folded(name): field for field, names in reversed(COLUMNS.items()) for name in names
}


def plain_field(heading: str) -> str | None:
    """Return the field of `COLUMNS` that a heading names to the letter."""
    bare = folded(heading)
    whole = _BY_HEADING.get(bare)
    if whole or "." not in heading:
        return whole
    inner = _BY_HEADING.get(folded(heading.rpartition(".")[2]))
    return inner if inner in ROLES else None
