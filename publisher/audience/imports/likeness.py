"""What a heading that is not known to the letter looks like: one of consent, or of another kind."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from publisher.audience.imports.headings import Role
from publisher.audience.imports.words import folded

_WEAK = frozenset(
    folded(name)
    for name in ("type", "state", "estado", "stato", "stav", "tila", "zustand", "category", "group")
)
"""Headings that may be of a status, and are more often of something else."""

_LIKE: dict[Role, str] = {
    "unsubscribed": """
        unsub optout optedout donotcontact donotmail donotemail dontemail withdraw withdrew revok
        abgemeld abmeld austrag ausgetragen austritt ausgetreten abbestell abbestellt kündig
        gekündigt widerruf gelösch lösch deaktiv désabonn désinscri désactiv résili
        supprimé desuscri debaja fechabaja
        cancelac cancelam disiscri cancellaz cancellat disattiv descadastr desativ excluíd
        uitgeschreven uitschrijf afgemeld afmeld opgezegd verwijder deactive avregistr avprenum
        avslut borttag raderad avmeld frameld slettet peruut poistu poistet wypis rezygn usunię
        dezaktyw odhlás smazán deaktivov leiratkoz töröl ayrıl aboneliktençık
        abonelikiptal silin διαγρα отпис відпис удал видал деактив
        退会 解除 解約 停止 退订 退訂 取消订阅 取消訂閱 注销 削除 删除
        구독취소 수신거부 해지 탈퇴 삭제 إلغاء הוסר
    """,
    "bounced": """
        bounce undeliver unzustellbar rebot rimbalz devolvid studs odbit nedoruč 不達 退信 반송
    """,
    "complained": """
        complain complaint spamreport markedasspam reportedspam reportedasspam abusereport
        beschwerde plainte queja denuncia reclam жалоб скарг 苦情 投诉 投訴
    """,
    "blocked": """
        blacklist blocklist suppress banned gesperrt sperrliste blockiert bloqué bloquead bloccat
        sperre geblokkeerd spärrad zablok заблок ineligible ブロック 黑名单 黑名單 차단
    """,
    "confirmed": """
        confirmed confirmation verified bestätigt confirmé confirmado confermato bevestigd
        bekräft potwierdz potvrz подтвержд
    """,
    "subscribed": """
        subscribed optin optedin consent permission acceptsmarketing einwilligung angemeldet
        abonniert consentement abonné inscrit consentimiento suscrito consenso iscritto
        consentimento inscrito toestemming geabonneerd samtycke prenumer zgoda souhlas согласи
        подписан 同意 購読 订阅 訂閱 동의
    """,
    "status": """
        status statut estatus durum статус κατάσταση ステータス 状態 状态 狀態 상태 حالة סטטוס
        subscriberstate subscriptionstate
    """,
}
_PARTS: dict[Role, tuple[str, ...]] = {
    role: tuple(map(folded, parts.split())) for role, parts in _LIKE.items()
}
"""Parts of headings that look like consent, the first that is met counts."""

_WHOLE: dict[Role, str] = {
    "unsubscribed": """
        churned churn left leave leaving gone stopped stop quit terminated terminate termination
        inactive deactivated deactivation disabled erased erasure forgotten delete deleted deletion
        removed removal resigned departed refused declined cancelled canceled cancellation cancel
        exited exit dnc dne dnm nomail noemail objected objection out
        sortie refus baja saída uscita removido eliminado avgång vertrek
    """,
    "bounced": """
        invalid bad cleaned unreachable dead failed quarantine quarantined ungültig invalide
        inválido nonvalido
    """,
    "complained": "spam abuse fbl junk",
    "blocked": "blocked blocking hold onhold",
}
_STEMS: dict[str, Role] = {
    folded(word): role for role, words in _WHOLE.items() for word in words.split()
}
"""Words that say it only where nothing else is in the heading: Left at, but not Left-handed."""

_ENDED = frozenset(
    "ended end expired lapsed archived archive trashed closed paused suspended".split()
)
"""Words of an end that may be another thing's: of a plan, of a project."""

_NEUTRAL = frozenset(
    folded(word)
    for word in (
        "at on since date datetime dates day days time times timestamp ts is was has been flag the "
        "of from for by to who which when e email emails mail mails address adresse newsletter "
        "newsletters list subscription subscriptions subscriber subscribers member members contact "
        "contacts user users reader readers customer recipient account status state gdpr reason "
        "reasons type soft hard permanently delivery all marketing yes no am vom datum zeitpunkt "
        "uhrzeit grund le la de du d date heure courriel raison fecha del el motivo correo hora "
        "data di da il em do motivo op reden dato den dne dag tarihi дата "
        "日 日時 时间 時間 日期 일 날짜"
    ).split()
)
"""Words that change nothing of what stands beside them."""

_OF_OTHERS = frozenset(
    "created updated modified changed edited imported exported added opened clicked sent delivered "
    "engaged visited viewed purchased ordered paid registered joined signed subscribed confirmed "
    "verified opted contacted assigned synced generated invited upgraded started completed founded "
    "activated logged processed queued enriched scored tagged referred accepted approved attended "
    "donated renewed graduated hired married translated enrolled converted planned scheduled "
    "published seen received requested submitted replied responded mailed emailed posted checked "
    "used loaded installed downloaded saved charged billed refunded shipped booked voted played "
    "consented agreed granted introduced reached fed bed red led need seed breed speed feed".split()
)
"""What is done to readers without ending anything, and other words in -ed."""

_OF_MAIL = frozenset(
    folded(word)
    for word in (
        "newsletter newsletters mailing mailings emailing email emails mail mails newsmail "
        "rundbrief rundmail infobrief infolettre boletín bollettino nieuwsbrief "
        "nyhetsbrev uutiskirje biuletyn рассылка メルマガ ニュースレター 뉴스레터"
    ).split()
)
_FIT_FOR_MAIL = frozenset(
    folded(word)
    for word in (
        "mailable emailable contactable reachable deliverable erreichbar zustellbar joignable "
        "contactable bereikbaar nåbar raggiungibile"
    ).split()
)
_GRANTS = frozenset(
    folded(word)
    for word in (
        "can may allow allows allowed receive receives receiving get gets getting want wants ok "
        "okay accept accepts send sends wish wishes permitted good active enabled on "
        "darf dürfen erhält erhalten bekommt möchte will erlaubt gewünscht ok versand senden "
        "schicken reçoit recevoir accepte souhaite recibe recibir acepta desea riceve ricevere "
        "accetta recebe receber aceita ontvangt ontvangen mag vill får ønsker saa chce получает"
    ).split()
)
_NEGATIONS = frozenset(
    "no not never dont without kein keine keinen nicht nie ohne pas sans sin senza sem geen niet "
    "inte ikke ei nie bez не без".split()
)

_HUMPS = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
_AFFIXES = re.compile(r"^(?:is|has|was|date|email)?(.+?)(?:at|on|date|time|timestamp|ts)?$")

_OTHER_CHANNELS = frozenset(
    "sms mms whatsapp phone phones telephone tel telefon mobile cell call calls push fax postal "
    "post viber telegram messenger web browser device line twitter facebook".split()
)
_MAIL = frozenset("email emails mail mails e newsletter newsletters".split())
_COUNTS = frozenset("count counts number num rate score total percent percentage times".split())
_KEYS = frozenset("url link href uri token hash key code uuid guid".split())
_ABOUT = frozenset(
    "reason reasons comment comments note notes feedback campaign title message description class "
    "category diagnostic error details detail source subtype kind id by".split()
)
_ELSEWHERE = frozenset(
    folded(name)
    for name in (
        "active subscription", "digest enabled", "lead status", "lifecycle stage", "deal status",
        "payment status", "order status", "marital status", "account status", "conversion status",
        "did this user manually confirm", "did this subscriber manually confirm",
    )
)  # fmt: skip
"""Headings of known exports that look like consent and are about something else."""


def likely_role(heading: str, beside: Collection[str]) -> Role | None:
    """Return what a heading that is no field to the letter looks like, None for nothing of ours.

    `beside` are all headings of the file.
    """
    bare = folded(heading)
    words = set(_words(heading))
    if bare == "canceldate" and "Stripe plan" in beside:  # Substack: of what is paid
        return None
    if bare in _ELSEWHERE or words & (_COUNTS | _KEYS) or is_of_another_channel(heading):
        return None
    found = _by_part(bare)
    return (_wholly(heading, bare) or found) if found in (None, "status") else found


def _by_part(bare: str) -> Role | None:
    return next(
        (role for role, parts in _PARTS.items() if any(part in bare for part in parts)), None
    )


def _wholly(heading: str, bare: str) -> Role | None:
    """The role of a heading that is made of one of `_STEMS` and of `_NEUTRAL` words alone."""
    words = [folded(word) for word in _words(heading) if not word.isdigit()]
    stems = [_STEMS[word] for word in words if word in _STEMS]
    if stems and all(word in _STEMS or word in _NEUTRAL for word in words):
        return stems[0]
    core = _AFFIXES.fullmatch(bare)
    return _STEMS.get(core[1]) if core else None


def may_end(heading: str) -> bool:
    """Whether a heading may tell when a reader left, and may as well be of another thing."""
    words = [folded(word) for word in _words(heading)]
    if not words or is_of_another_channel(heading):
        return False
    if any(word in _ENDED for word in words):
        return all(word in _ENDED or word in _NEUTRAL for word in words)
    return _is_participle(words)


def may_part(heading: str) -> Literal["takers", "refusers"] | None:
    """Whether a yes in a column may tell who takes mails, or who wants none; None for neither.

    `Receives emails`, `Newsletter` and `Reachable` are of the first kind, `Kein Newsletter` of the
    second. Each may as well be of something else.
    """
    words = [word for word in map(folded, _words(heading)) if not word.isdigit()]
    if not (_OF_MAIL.union(_FIT_FOR_MAIL) & set(words)) or is_of_another_channel(heading):
        return None
    if not all(any(word in known for known in _KINDS) for word in words):
        return None
    return "refusers" if _NEGATIONS & set(words) else "takers"


_KINDS = (_OF_MAIL, _FIT_FOR_MAIL, _GRANTS, _NEGATIONS, _NEUTRAL)


def is_consent_elsewhere(heading: str) -> bool:
    """Whether a column says of itself that it is of consent to calls and the like."""
    return is_of_another_channel(heading) and _by_part(folded(heading)) is not None


def _is_participle(words: list[str]) -> bool:
    """Whether a heading is as `rescued_at`: something was done to a reader, nobody knows what."""
    dated = {"at", "on", "date", "time", "since", "timestamp"} & {words[0], words[-1]}
    rest = [word for word in words if word not in _NEUTRAL]
    return bool(dated) and len(rest) == 1 and rest[0][-2:] == "ed" and rest[0] not in _OF_OTHERS


def is_weak(heading: str) -> bool:
    """Whether a heading may be of a status, and is more often of something else."""
    return folded(heading.rpartition(".")[2]) in _WEAK


def is_about(heading: str) -> bool:
    """Whether a column tells something about a leaving, whatever it says: a reason, a campaign."""
    return bool(set(_words(heading)) & _ABOUT)


def is_of_another_channel(heading: str) -> bool:
    """Whether a column is of calls and the like, and not of mail."""
    words = set(_words(heading))
    return bool(words & _OTHER_CHANNELS) and not words & _MAIL


def _words(heading: str) -> list[str]:
    """The words of `emailBlacklisted`, `SMS_STATUS`, `Opted out of email: News`."""
    return [word.lower() for word in re.findall(r"[^\W\d_]+|\d+", _HUMPS.sub(" ", heading))]
