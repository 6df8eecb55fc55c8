"""The words of an article, in any script. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from publisher.model import nfkc

_ASCII = str.maketrans(
    {letter: letter.lower() if letter.isalnum() else " " for letter in map(chr, range(128))}
)
"""Letters and digits as words have them, all else as what parts them."""
# Letters and digits with their combining marks, which `\w` leaves out in some scripts.
_WORD = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])*"
)
_PLAIN = re.compile(r"[^\W_]{2,}")
_MARK = re.compile(
    r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0900-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_UNSPACED = re.compile(
    r"[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff]+"  # Han: character pairs
    r"|[\u30a0-\u30ff]+"  # a run of katakana is a word
    r"|[\u3040-\u309f]+"  # hiragana is grammar: dropped
    r"|[\u0e00-\u0e7f]+"  # Thai: character pairs
    r"|[^\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f]+"
)
_NUMBER = re.compile(r"\d+[a-z]{0,2}\d*|(?:v|rc)\d+")
_UNSPACED_ANY = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_POSSESSIVE = re.compile(r"[’']s\b")


_JOINING = {
    "en": "about according after again against all already also although always am among an and "
    "another any are around as at away back be because been before being below between both "
    "but by came can come comes could did do does done down during each eight either else "
    "even ever every few first five for four from get gets give given go goes going got had "
    "has have having he her here hers him himself his how however if in instead into is it "
    "its itself just keep last later least less let like long made make makes making many may "
    "me might more most much must my near need never new next nine no nor not nothing now of "
    "off often on once one only onto or other others our out over own part per perhaps put "
    "rather said same say says second see seen set seven several she should since six so some "
    "something soon still such take takes taken ten than that the their them themselves then "
    "there these they thing things third this those though three through time to today "
    "together told too took toward towards two under until up upon us use used uses using "
    "very was way we well went were what when where whether which while who whole whose why "
    "will with within without would year years yes yet you your",
    "de": "ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei "
    "beide beim bereits bin bis bisher da dabei dafür damit dann daran darauf das dass davon "
    "dazu dem den denn der deren des dessen die dies diese diesem diesen dieser dieses doch "
    "dort drei du durch eigentlich ein eine einem einen einer eines einfach er erst erste "
    "ersten es etwa etwas euch für ganz gegen geht gibt ging haben habe hat hatte hatten "
    "heute hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist "
    "ja jede jedem jeden jeder jedes jetzt kann kein keine keinen könne können konnte kommen "
    "kommt lang lange machen macht man mehr mein mich mir mit muss müssen nach nachdem neben "
    "nein neu neue neuen nicht nichts noch nun nur ob oder ohne schon sehr sei sein seine "
    "seinem seinen seiner seit selbst sich sie sieht sind so soll sollen sollte sondern sonst "
    "später statt über um und uns unser unter viel viele vier vom von vor wann war waren "
    "warum was weil weiter welche wenn wer werde werden wie wieder will wir wird wo wohl "
    "wollen worden wurde wurden zu zum zur zwar zwei zwischen",
    "fr": "alors ainsi après au aucun aussi autre autres aux avait avant avec avoir bien car ce "
    "cela celle celui ces cet cette ceux chaque chez comme comment contre dans de depuis "
    "dernier des deux dit doit donc dont du elle elles en encore enfin entre est et étaient "
    "était été être eu fait faire faut font il ils jamais je jour jusque la là le les leur "
    "leurs lors lui ma mais me même mes moins mon moi ne ni non nos notre nous on ont ou où "
    "par parce pas pendant peu peut plus plusieurs pour pourquoi premier première près quand "
    "que quel quelle quelques qui quoi sa sans se selon sera ses si soit son sont sous sur ta "
    "tandis te tous tout toute toutes très trois tu un une va vers voir vos votre vous",
    "es": "a ahora al algo algunos allí ante antes años aquí así aún aunque bajo bien cada casi "
    "como con contra cual cuando de debe del desde después dice dijo donde dos durante e el "
    "él ella ellas ellos en entonces entre era eran es esa ese eso esta está están estas este "
    "esto estos fue fueron gran ha había hace hacer hacia han hasta hay hoy la las le les lo "
    "los luego más mayor me mejor menos mi mientras mis mismo mucho muchos muy nada ni no nos "
    "nosotros nuestra nuestro o otra otras otro otros para parte pero poco podría porque "
    "primer primera puede pueden pues que qué quien sea según ser será si sí sido sin sino "
    "sobre solo sólo son su sus también tan tanto tener tiene tienen toda todas todo todos "
    "tras tres tu un una uno unos y ya yo",
}
"""Words that join others. In a large archive their frequency gives them away; in one of twenty
articles only a list can tell "has" from "treaty"."""

JOINING = {language: frozenset(listed.split()) for language, listed in _JOINING.items()}


def words(text: str) -> list[str]:
    """Return the words of a text in order: NFKC, case folded, scripts without spaces cut up.

    >>> words("Japan’s 東京都 Café")
    ['japan', '東京', '京都', 'café']
    """
    if text.isascii() and "'" not in text:  # nearly all of English
        return _of_ascii(text)
    plain = nfkc(text).casefold()
    if "'s" in plain or "’s" in plain:
        plain = _POSSESSIVE.sub("", plain)
    if plain.isascii():
        return _of_ascii(plain)
    if not _UNSPACED_ANY.search(plain):
        if not _MARK.search(plain):
            return _PLAIN.findall(plain)
        return [word for word in _WORD.findall(plain) if len(word) > 1]
    found = _WORD.findall(plain)
    return [part for word in found for run in _UNSPACED.findall(word) for part in _parts(run)]


def _of_ascii(text: str) -> list[str]:
    return [word for word in text.translate(_ASCII).split() if len(word) > 1]


def language_of(tag: str) -> str:
    """Return the language of a BCP 47 tag without script and region: "en" of "en-GB"."""
    return tag.partition("-")[0].lower()


def is_part(word: str) -> bool:
    """Tell whether a word is two characters cut from a script without spaces."""
    return (
        len(word) <= 2 and bool(_UNSPACED_ANY.match(word)) and not "\u30a0" <= word[0] <= "\u30ff"
    )


def is_number(word: str) -> bool:
    """Tell whether a word is a number, with its unit perhaps, or a piece of a version.

    >>> [is_number(word) for word in ("184", "20ms", "19th", "v15", "g7", "covid19")]
    [True, True, True, True, False, False]
    """
    return (word[-1].isdigit() or word[0].isdigit()) and bool(_NUMBER.fullmatch(word))


def phrase(*together: str) -> str:
    """Return neighbouring words as people write them.

    >>> phrase("security", "treaty"), phrase("安全", "全保", "保障")
    ('security treaty', '安全保障')
    """
    text = ""
    for word in together:
        if text and not (is_part(word) and is_part(text[-2:])):
            text += " "
        elif text[-1:] == word[:1]:
            word = word[1:]
        text += word
    return text


def _parts(run: str) -> Iterable[str]:
    first = run[0]
    if "\u3040" <= first <= "\u309f":
        return ()
    is_pairs = "\u3400" <= first <= "\u9fff" or "\u0e00" <= first <= "\u0e7f" or first >= "\uf900"
    if is_pairs and _UNSPACED_ANY.match(first):
        return [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
    return (run,) if len(run) > 1 else ()
