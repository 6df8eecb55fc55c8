"""What a word says of a reader's consent, in the words of other tools and other languages.

A word that stands in no table here says nothing: whoever reads it must ask.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from publisher.audience.imports.dates import is_zero
from publisher.model import Out

Word = Literal["nothing", "yes", "no", "active", "pending"] | Out
"""What a word means; "pending" never confirmed."""

LEFT: tuple[Out, ...] = ("complained", "manual", "bounced", "unsubscribed")
"""Who is out, the strictest first."""


def folded(text: str) -> str:
    """Letters and digits of a text alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


_NOTHING = """
    null none nil nan nat pd.nat invaliddate nodate na n/a #n/a undefined notset empty blank
    notapplicable
"""

_MEANINGS: dict[Word, str] = {
    "yes": """
        yes y true on ja oui si sim sì да так tak ano igen evet kyllä ναι نعم כן はい 是 예 yep
        wahr vrai verdadero verdadeiro vero waar sant prawda истина 真 x
    """,
    "no": """
        no n never false off nein non não nao nee nej nei ei нет ні nie ne nem hayır όχι لا לא
        いいえ 否 아니요 아니오 falsch faux falso onwaar falskt fałsz ложь 偽 假
    """,
    "active": """
        active activated subscribed subscriber enabled regular premium free paid comped
        complimentary gift gifted explicit trial trialed trialing confirmed verified optedin optin
        doubleoptin singleoptin implicit express current ok valid deliverable cold
        marketingcontact subscribe pastdue churning granted aktiv aktiviert angemeldet abonniert
        bestätigt eingetragen abonnent actif active actifs abonné abonnée inscrit inscrite
        confirmé activo activa suscrito suscrita confirmado suscriptor attivo attiva iscritto
        iscritta confermato ativo ativa inscrito inscrita assinante confirmada actief geabonneerd
        ingeschreven aangemeld bevestigd aktiv prenumererar prenumerant bekräftad tilmeldt
        bekræftet påmeldt bekreftet tilaaja aktiivinen aktywny aktywna subskrybuje zapisany
        zapisana potwierdzony aktivní přihlášen přihlášený potvrzený aktívny prihlásený aktív
        feliratkozott aktif abone aboneolundu onaylandı ενεργός εγγεγραμμένος активен активный
        активна подписан подписана подтверждён подтвержден активний підписаний 有効 購読中
        登録済み 配信中 已订阅 訂閱 订阅 已訂閱 有效 활성 구독 구독중 مشترك نشط פעיל רשום
    """,
    "pending": """
        pendingconfirmation confirmationpending awaiting temporaryhold temphold
        pending unconfirmed unactivated unverified notconfirmed notverified awaitingconfirmation
        waiting invited requiresverification doubleoptinpending optinpending validating
        notsubscribed nonsubscribed neversubscribed nonmarketingcontact noconsent notoptedin
        transactional unbestätigt ausstehend nichtbestätigt enattente nonconfirmé nonconfirmée
        pendiente noconfirmado sinconfirmar inattesa nonconfermato pendente nãoconfirmado
        wachtend onbevestigd väntar obekräftad afventer ventende odottaa oczekujący
        niepotwierdzony čekající nepotvrzený függőben megerősítetlen beklemede onaysız
        неподтверждён неподтвержден ожидает непідтверджений 未確認 仮登録 未确认 待确认 미확인
        대기
    """,
    "unsubscribed": """
        unsubscribed unsubscribe unsub unsubbed optedout optout inactive disabled deactivated
        removed deleted archived paused churned cancelled canceled cancelledsubscription left
        gone expired exmember former formersubscriber donotcontact donotemail donotmail dnc
        stopped ended unsubscribedfromallemail denied abgemeldet abbestellt ausgetragen
        inaktiv deaktiviert gelöscht gekündigt widerrufen beendet désabonné désabonnée désinscrit
        désinscrite inactif inactive supprimé supprimée résilié debaja baja dadodebaja desuscrito
        desuscrita cancelado cancelada inactivo inactiva eliminado disiscritto disiscritta
        cancellato cancellata inattivo inattiva disattivato descadastrado descadastrada
        desinscrito desinscrita inativo inativa removido excluído uitgeschreven afgemeld inactief
        opgezegd verwijderd avregistrerad avprenumererad avslutad inaktiv avmeldt frameldt
        afmeldt avmeldt peruutettu poistunut epäaktiivinen wypisany wypisana nieaktywny
        nieaktywna rezygnacja usunięty odhlášen odhlášený odhlásený neaktivní neaktívny
        leiratkozott inaktív ayrıldı aboneliktençıktı abonelikiptal pasif διαγραμμένος ανενεργός
        отписан отписана отписался отписалась неактивен неактивный удалён удален відписаний
        відписався неактивний 退会 退会済み 解除 購読解除 配信停止 停止 無効 退订 已退订 取消订阅
        退訂 已退訂 无效 구독취소 수신거부 해지 비활성 ملغى غيرمشترك הוסר לאפעיל
    """,
    "bounced": """
        bounced bounce hardbounce hardbounced softbounced softbounce cleaned undeliverable
        malformed invalid invalidemail unreachable undelivered notdeliverable dead failed dropped
        quarantined unzustellbar zurückgewiesen ungültig rejeté rejetée invalide nondélivrable
        rebotado rebotada rebote inválido inválida respinto nonvalido devolvido retornado
        onbestelbaar geweigerd ongeldig studsad ogiltig afvist ugyldig palautunut odbity odbita
        nieprawidłowy nedoručitelný neplatný visszapattant érvénytelen geridöndü geçersiz
        недоставлен недоставляемый недействителен недоставлений エラー 不達 无法送达 退信 反송
        반송
    """,
    "complained": """
        complained complaint complaints spam spammy markedasspam spamcomplaint spamreport
        spamreported reportedspam reportedasspam abuse abusive abusecomplaint junk beschwerde
        beschwert spambeschwerde plainte spamgemeldet queja reclamación reclamo denuncia
        segnalato klacht klagomål skarga zgłoszony stížnost панас жалоба скарга 苦情 迷惑メール
        投诉 投訴 신고
    """,
    "manual": """
        blocklisted blacklisted blocked manual suppressed banned blocklist blacklist
        usersuppressed excluded suppression onhold gesperrt blockiert bloqué bloquée listenoire
        bloqueado bloqueada bloccato bloccata geblokkeerd blockerad blokeret blokkert estetty
        zablokowany zablokovaný letiltva engellendi αποκλεισμένος заблокирован заблокирована
        заблокований ブロック 黑名单 黑名單 已屏蔽 차단 محظور חסום
    """,
}

_WORDS: dict[str, Word] = {
    word: meaning for meaning, words in _MEANINGS.items() for word in words.split()
}
_KNOWN: dict[str, Word] = {folded(word): meaning for word, meaning in _WORDS.items()}

_PARTS: dict[Word, str] = {
    "complained": "complain markedasspam spamreport abuse beschwerde жалоб",
    "manual": "blacklist blocklist suppress",
    "bounced": "bounce undeliver unzustellbar",
    "unsubscribed": """
        unsub optout optedout donotcontact donotemail abgemeld abbestell ausgetragen désabonn
        désinscri desuscri debaja disiscri descadastr uitgeschreven afgemeld avregistr avprenumer
        avmeld frameld wypisan odhlás leiratkoz отпис відпис 購読解除 配信停止 退会 退订 退訂
        取消订阅 구독취소 수신거부
    """,
}
_STEMS: dict[Word, tuple[str, ...]] = {
    word: tuple(map(folded, stems.split())) for word, stems in _PARTS.items()
}
"""Parts of longer texts: "Unsubscribed from all email"."""

_NEGATED = re.compile(
    r"^(?:not?|never|non|nicht|keine?|pas|não|nao|niet|inte|ikke|ei|nie|ne|не)\b|"
    r"\b(?:not|never|nicht|pas)\b",
    re.IGNORECASE,
)
_NULLS = frozenset(folded(word) for word in _NOTHING.split())
_TICKS: dict[str, Word] = {**dict.fromkeys("✓✔☑", "yes"), **dict.fromkeys("✗✘☒", "no")}
_LONGEST = 100  # characters: what is longer is prose


def is_nothing(text: str) -> bool:
    """Whether a text is what a database or a spreadsheet writes for no value, or no date."""
    plain = text.strip().strip("'\"")
    if not plain or plain in (r"\N", r"\\N"):
        return True
    if len(plain) > _LONGEST:
        return False
    bare = folded(plain)
    return bare in _NULLS or is_zero(plain) or not (bare or plain in _TICKS)


def meaning(text: str) -> Word | None:
    """Return what a cell means; None for what nobody knows.

    1 is yes and 0 is no; another number is a count, and known to nobody.
    """
    return _meaning(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _meaning(text: str) -> Word | None:
    plain = text.strip()
    if plain in _TICKS:
        return _TICKS[plain]
    if is_nothing(plain):
        return "nothing"
    if re.fullmatch(r"[01](\.0+)?", plain):
        return "yes" if plain.startswith("1") else "no"
    bare = folded(plain)
    if bare in _KNOWN:
        return _KNOWN[bare]
    return None if _NEGATED.search(plain) else _part(bare)


def _part(bare: str) -> Word | None:
    return next(
        (word for word, stems in _STEMS.items() if any(stem in bare for stem in stems)), None
    )


_BETWEEN = str.maketrans("", "", " -_.'\"")
_PLAINLY = frozenset(
    shape
    for word, found in _WORDS.items()
    if found in LEFT and _part(folded(word)) is not None
    for shape in (word, folded(word))
)


_REFUSED = re.compile(r"5\d\d[ -]\W{0,2}5\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
_WHO = frozenset(
    "contact contacts subscribers members users readers people emails addresses".split()
)


def is_plainly_left(text: str) -> bool:
    """Whether a cell can mean nothing but that a reader is out, whatever its column is called.

    >>> [is_plainly_left(text) for text in ("Unsubscribed contacts", "550 5.1.1 no such user", "A")]
    [True, True, False]
    """
    if text[:1] == "5" and _REFUSED.match(text):
        return True
    if len(text) > _LONGEST:
        return False
    lower = text.lower()
    what, _, who = lower.rstrip().rpartition(" ")
    return (what if who in _WHO else lower).translate(_BETWEEN) in _PLAINLY
