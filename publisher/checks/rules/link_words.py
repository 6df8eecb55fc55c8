"""Links whose words do not say where they lead."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_EMPTY = frozenset(
    """click|click here|click me|click this link|here|this|this link|link|this page|this article|
    read more|more|learn more|see more|find out more|more info|more information|details|go|
    tap here|press here|url|page|
    hier|hier klicken|klicken sie hier|klick hier|mehr|weiterlesen|mehr lesen|mehr erfahren|link|
    ici|cliquez ici|cliquer ici|lire la suite|en savoir plus|plus|
    aquí|haga clic aquí|haz clic aquí|pulse aquí|leer más|más|ver más|
    qui|clicca qui|leggi tutto|aqui|clique aqui|leia mais|saiba mais|
    こちら|ここ|ここをクリック|こちらをクリック|詳しくはこちら|続きを読む|
    点击这里|这里|更多|여기|여기를 클릭|더 보기|اضغط هنا|انقر هنا|هنا|المزيد|здесь|тут|подробнее|
    klik hier|lees meer|klicka här|läs mer|kliknij tutaj|czytaj więcej|buraya tıklayın""".replace(
        "\n", ""
    ).split("|")
)


def _look(mail: Mail) -> Iterator[Found]:
    for link in mail.links:
        words = " ".join(link.words.casefold().split()).strip(" .…→←›»>:!·")
        if not words and link.url:
            yield Found(f"the link {link.url[:80]} has no words", *mail.place(link.url))
        elif words in {one.strip() for one in _EMPTY}:
            yield Found(
                f"a link is called “{link.words}”", *mail.place(f"[{link.words}]", link.url)
            )


RULE = Rule(
    name="link-words",
    finds="Links without words, or with words such as “click here”.",
    why="Who hears the mail, or looks through its links, does not learn where it leads.",
    todo="Let the link be the words that name what it opens.",
    look=_look,
    bad=(
        {"html": '<a href="https://letter.example/bay/">click here</a>'},
        {"html": '<a href="https://letter.example/bay/">Hier</a>'},
        {
            "html": '<a href="https://letter.example/bay/"><img src="https://letter.example/b.png" '
            'alt=""></a>'
        },
    ),
    clean=(
        {"html": '<a href="https://letter.example/bay/">The bay at dawn</a>'},
        {
            "html": '<a href="https://letter.example/bay/"><img src="https://letter.example/b.png" '
            'alt="The bay"></a>'
        },
    ),
)
