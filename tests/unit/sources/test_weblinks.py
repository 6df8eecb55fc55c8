"""An address ends where its script ends, in Markdown and in plain text."""

import re

import pytest

from publisher.sources.markup import markdown, sanitised
from publisher.sources.plaintext import parse
from publisher.sources.weblinks import linked

ENDS = [
    ("詳細はhttps://e.example/news/123をご覧ください。", ["https://e.example/news/123"]),
    ("另见 https://e.example/docs（说明）谢谢。", ["https://e.example/docs"]),
    ("https://e.example/a、https://e.example/b。", ["https://e.example/a", "https://e.example/b"]),
    ("访问https://e.example/了解更多", ["https://e.example/"]),
    ("访问 https://e.example/了解更多。", ["https://e.example/"]),
    ("「https://e.example/?q=1」です", ["https://e.example/?q=1"]),
    ("자세한 내용은 https://e.example/123을 보세요", ["https://e.example/123"]),
    ("ดูที่https://e.example/1ครับ", ["https://e.example/1"]),
    ("“https://e.example/a” and ‘https://e.example/b’", ["https://e.example/a", "https://e.example/b"]),
    # What is the address's own
    ("見よ https://ja.wikipedia.example/wiki/東京 を", ["https://ja.wikipedia.example/wiki/東京"]),
    ("보라 https://ko.wikipedia.example/wiki/서울 은", ["https://ko.wikipedia.example/wiki/서울"]),
    ("(https://e.example/wiki/서울_지하철_2호선) https://e.example/?q=제주도&p=2.", ["https://e.example/wiki/서울_지하철_2호선", "https://e.example/?q=제주도&p=2"]),
    ("https://e.example/wiki/서울에서 보세요, https://e.example/wiki/이순신입니다.", ["https://e.example/wiki/서울", "https://e.example/wiki/이순신"]),
    ("https://e.example/에서 보세요. https://e.example/a/로 가세요", ["https://e.example/", "https://e.example/a/"]),
    ("https://e.example/wiki/さくら を", ["https://e.example/wiki/さくら"]),
    ("見よ https://e.example/をご覧 https://e.example/はこちら https://e.example/a/さくらを見る", ["https://e.example/", "https://e.example/", "https://e.example/a/"]),
    ("주소는https://e.example/서울", ["https://e.example/"]),
    ("https://e.example/поиск?q=ёлка здесь", ["https://e.example/поиск?q=ёлка"]),
    ("(https://e.example/A_(b)) and https://e.example/c.", ["https://e.example/A_(b)", "https://e.example/c"]),
    ("https://e.example/?a=1&b=2, so", ["https://e.example/?a=1&b=2"]),
    # Other scripts' punctuation
    ("انظر https://e.example/مقال، ثم", ["https://e.example/مقال"]),
    ("کیا https://e.example/a؟", ["https://e.example/a"]),
    ("देखें https://e.example/a। फिर", ["https://e.example/a"]),
    ("Voir «https://e.example/a».", ["https://e.example/a"]),
]  # fmt: skip


def links(html):
    return [text.replace("&amp;", "&") for text in re.findall(r'<a href="[^"]*">([^<]*)</a>', html)]


@pytest.mark.parametrize(("text", "addresses"), ENDS)
def test_in_plain_text(text, addresses):
    assert links(linked(text)) == addresses
    assert re.sub(r"<[^>]*>", "", linked(text)).replace("&amp;", "&") == text


@pytest.mark.parametrize(("text", "addresses"), ENDS[:7] + ENDS[9:])
def test_in_markdown(text, addresses):
    assert links(markdown(text)) == addresses


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("mailはana@e.example.jpまで", '<p>mailは<a href="mailto:ana@e.example.jp">ana@e.example.jp</a>まで</p>'),
        ("見よwww.e.exampleを", "<p>見よwww.e.exampleを</p>"),
        ("見よ www.e.exampleを", '<p>見よ <a href="http://www.e.example">www.e.example</a>を</p>'),
        ("https://e.example/1を。mailはana@e.example.jpまで", '<p><a href="https://e.example/1">https://e.example/1</a>を。mailは<a href="mailto:ana@e.example.jp">ana@e.example.jp</a>まで</p>'),
    ],
)  # fmt: skip
def test_addresses_of_mail_and_without_scheme(text, html):
    assert markdown(text).strip() == html


def test_an_ampersand_may_be_written_as_html_has_it():
    whole = '<a href="https://e.example/?a=1&amp;b=2">https://e.example/?a=1&amp;b=2</a>'
    assert markdown("https://e.example/?a=1&amp;b=2") == f"<p>{whole}</p>\n"
    assert markdown("https://e.example/?a=1&b=2") == f"<p>{whole}</p>\n"


@pytest.mark.parametrize(
    "text", ["<https://e.example/1を見る>", "[https://e.example/1を](https://e.example/1を)"]
)
def test_a_link_that_is_marked_as_one_stays(text):
    assert links(markdown(text)) == [text.strip("<[").partition("](")[0].rstrip(">")]


def test_code_is_left_alone():
    assert (
        markdown("`https://e.example/1を見る`") == "<p><code>https://e.example/1を見る</code></p>\n"
    )


def test_many_addresses_and_none_take_no_longer_than_they_must():
    assert re.sub("<[^>]*>", "", linked("https://" * 20_000)) == "https://" * 20_000
    assert links(linked("見るhttps://e.example/1を" * 3000)) == ["https://e.example/1"] * 3000
    assert linked("a" * 200_000 + "://") == "a" * 200_000 + "://"


WRAPPED = """\
日本語の見出し

これは手で改行された長い段落です。一行に三十五文字で折り返さ
れたメールの本文のように、途中の単語の真ん中で行が切れていま
す。そのため、読み手には一つの段落に見えるはずです。

次の段落です。
"""


def test_a_japanese_text_that_was_wrapped_by_hand_has_paragraphs():
    article = parse(WRAPPED)
    assert article.title == "日本語の見出し"
    assert article.body == (
        "<p>これは手で改行された長い段落です。一行に三十五文字で折り返されたメールの本文のように、"
        "途中の単語の真ん中で行が切れています。そのため、読み手には一つの段落に見えるはずです。</p>\n"
        "<p>次の段落です。</p>"
    )


def test_so_has_a_chinese_one_with_narrow_lines_and_indented_paragraphs():
    article = parse(
        "标题\n\n　　这是一个用手工换行的长段落它一直写到了这里还没有写\n完所以下一行继续写下去。\n"
        "　　第二段从这里开始写到这一行的末尾也还没有结束所以\n还要继续。\n"
    )
    assert article.body.count("<p>") == 2
    assert "还没有写完所以" in article.body


def test_lines_of_korean_are_joined_with_a_space():
    line = "이것은 손으로 줄을 바꾼 긴 문단이며 한 줄에 서른다섯 글자쯤 들어가는 글입니다만 아직도"
    article = parse(f"제목\n\n{line}\n끝나지 않았습니다.\n")
    assert article.body == f"<p>{line} 끝나지 않았습니다.</p>"


def test_a_paragraph_a_line_stays_one():
    article = parse("見出し\n小さな見出し\nこれは一つの段落です。\n次の段落です。\n")
    assert (
        article.body
        == "<h2>小さな見出し</h2>\n<p>これは一つの段落です。</p>\n<p>次の段落です。</p>"
    )


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("[x](https://bücher.example/größe)", "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe"),
        ("<https://пример.рф/путь>", "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C"),
        ("[x](https://b%C3%BCcher.example/%C3%A4)", "https://xn--bcher-kva.example/%C3%A4"),
        ("[x](https://u%20s@ex.example/a%20b)", "https://u%20s@ex.example/a%20b"),
    ],
)
def test_a_host_is_encoded_as_dns_has_it_and_a_path_as_addresses_have_it(written, href):
    assert f'="{href}"' in sanitised(markdown(written), "https://x.example/")
