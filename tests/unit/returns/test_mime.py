"""Parts, fields, charsets and words of mails that others wrote."""

import pytest

from publisher.returns.charsets import decoded
from publisher.returns.mime import decoded_words, parsed, words_of_html


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?D=C3=A9j=C3=A0_vu?=", "Déjà vu"),
        ("=?ISO-2022-JP?B?GyRCPCtGMDF+RXobKEI=?=", "自動応答"),
        # a character cut in two by a server
        ("=?utf-8?b?5pel?= =?utf-8?b?5pys?=", "日本"),
        ("=?utf-8?q?=E6=97?= =?utf-8?q?=A5?=", "日"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?x-unknown?q?caf=E9?=", "café"),
        ("=?utf-8?q?open", "=?utf-8?q?open"),
    ],
)
def test_encoded_words_are_read(written, read):
    assert decoded_words(written) == read


@pytest.mark.parametrize(
    ("text", "charset", "said"),
    [
        ("退信", "gb18030", "gb2312"),
        ("退件", "big5", "Big5"),
        ("エラー", "iso2022_jp", "iso-2022-jp"),
        ("エラー", "iso2022_jp", "us-ascii"),
        ("エラー", "cp932", "Shift_JIS"),
        ("반송", "cp949", "ks_c_5601-1987"),
        ("не доставлено", "koi8-r", "KOI8-R"),
        ("не доставлено", "utf-8", "windows-1251"),  # what is UTF-8 is UTF-8
        ("naïve", "latin-1", "no-such-charset"),
    ],
)
def test_charsets_are_known_by_the_names_that_servers_use(text, charset, said):
    assert decoded(text.encode(charset), said) == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("您的邮件被退回，收件人不存在。", "gb18030"),
        ("您的信件無法投遞給下列收件人", "big5"),
        ("お送りいただいたメールは配信できませんでした", "cp932"),
        ("お送りいただいたメールは配信できませんでした", "euc-jp"),
        ("메일이 전송되지 못했습니다", "cp949"),
        ("К сожалению, ваше письмо не доставлено", "koi8-r"),
        ("К сожалению, ваше письмо не доставлено", "cp1251"),
        ("К сожалению, ваше письмо не доставлено", "cp866"),
        ("Die Zustellung ist nicht möglich, das Postfach ist überfüllt", "latin-1"),
        ("Voilà l'été: é", "latin-1"),
        ("Die Größe überschreitet das Maß", "cp1252"),
        ("© 2026", "cp1252"),
    ],
)
@pytest.mark.parametrize("said", ["", "x-unknown", "us-ascii"])
def test_a_charset_that_nobody_names_is_guessed_by_its_letters(text, charset, said):
    assert decoded(text.encode(charset), said) == text


def test_html_is_read_as_its_words():
    html = "<html><head><title>x</title><style>a{}</style></head><p>one &lt;a@x.example&gt;<br>two<td>three"
    assert words_of_html(html).split() == ["one", "<a@x.example>", "two", "three"]


def test_a_mail_without_an_empty_line_after_its_headers_has_a_body():
    mail = parsed(b"From: a@x.example\nHello you there\n")
    assert (mail.get("from"), mail.body) == ("a@x.example", b"Hello you there\n")


def test_a_multipart_cut_off_before_its_end_keeps_its_parts():
    mail = parsed(b'Content-Type: multipart/mixed; boundary="B"\n\n--B\n\none\n--B\n\ntwo')
    assert [part.body for part in mail.parts] == [b"one", b"two"]


def test_a_boundary_that_is_named_wrongly_is_found():
    mail = parsed(
        b'Content-Type: multipart/mixed; boundary="A"\n\n--B\nContent-Type: text/plain\n\none\n--B--\n'
    )
    assert [part.body for part in mail.parts] == [b"one"]
