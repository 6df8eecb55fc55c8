"""Titles of notes, warnings and the like, in the language of an article."""

from __future__ import annotations

_NAMES = "note tip info important warning caution danger hint attention error seealso".split()
_WORDS = {
    "da": "Bemærk|Tip|Info|Vigtigt|Advarsel|Forsigtig|Fare|Tip|Bemærk|Fejl|Se også",
    "de": "Hinweis|Tipp|Info|Wichtig|Warnung|Vorsicht|Gefahr|Hinweis|Achtung|Fehler|Siehe auch",
    "es": "Nota|Consejo|Información|Importante|Advertencia|Precaución|Peligro|Consejo|Atención"
    "|Error|Véase también",
    "fr": "Note|Astuce|Info|Important|Avertissement|Prudence|Danger|Astuce|Attention|Erreur"
    "|Voir aussi",
    "it": "Nota|Suggerimento|Info|Importante|Avviso|Attenzione|Pericolo|Suggerimento|Attenzione"
    "|Errore|Vedi anche",
    "ja": "メモ|ヒント|情報|重要|警告|注意|危険|ヒント|注意|エラー|関連項目",
    "nl": "Opmerking|Tip|Info|Belangrijk|Waarschuwing|Let op|Gevaar|Tip|Let op|Fout|Zie ook",
    "nb": "Merk|Tips|Info|Viktig|Advarsel|Forsiktig|Fare|Tips|Merk|Feil|Se også",
    "pl": "Uwaga|Wskazówka|Informacja|Ważne|Ostrzeżenie|Uwaga|Niebezpieczeństwo|Wskazówka|Uwaga"
    "|Błąd|Zobacz też",
    "pt": "Nota|Dica|Informação|Importante|Aviso|Cuidado|Perigo|Dica|Atenção|Erro|Ver também",
    "ru": "Примечание|Совет|Информация|Важно|Предупреждение|Осторожно|Опасность|Подсказка|Внимание"
    "|Ошибка|См. также",
    "sv": "Obs|Tips|Info|Viktigt|Varning|Försiktigt|Fara|Tips|Obs|Fel|Se även",
    "zh": "注意|提示|信息|重要|警告|小心|危险|提示|注意|错误|另请参阅",
}
_TITLES = {
    language: dict(zip(_NAMES, words.split("|"), strict=True)) for language, words in _WORDS.items()
}
_TITLES["no"] = _TITLES["nn"] = _TITLES["nb"]
_ENGLISH = {"seealso": "See also", "todo": "To do", "faq": "FAQ"}


def title_of(name: str, language: str) -> str:
    """Return what a note of some name is called, in English where the words are not known.

    >>> title_of("warning", "de-AT"), title_of("tip", "en"), title_of("read-this", "de")
    ('Warnung', 'Tip', 'Read this')
    """
    name = name.lower()
    known = _TITLES.get(language.lower().partition("-")[0], _ENGLISH)
    return known.get(name) or _ENGLISH.get(name) or name.replace("-", " ").capitalize()
