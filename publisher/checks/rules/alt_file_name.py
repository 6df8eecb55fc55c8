"""Alt texts that a camera wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.checks.mail import Mail
from publisher.checks.rule import Found, Rule

_FILE = re.compile(
    r"\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic|tiff?|bmp)|"
    r"(?:img|dsc[nf]?|pxl|screen ?shot|image|photo|picture|untitled)[-_ ]?[\d_-]*(?:\(\d+\))?|"
    r"(?:img|vid|pxl|dsc[nf]?|mvimg)[-_ ]?\d{2,}\S*|"  # IMG-20261101-WA0003
    r"(?:screen ?shot|bildschirmfoto|capture d['’]écran|captura de pantalla|whatsapp image)\b"
    r".*\d.*|alt(?:ernative)?[ -]?text|placeholder|"
    r"bild|foto|imagen?|imagem|immagine|afbeelding|obraz|kuva|billede|bilde|изображение|фото|картинка|画像|写真|图片|圖片|사진|이미지|"
    r"https?://\S+|[0-9a-f]{16,}",
    re.IGNORECASE,
)


def _look(mail: Mail) -> Iterator[Found]:
    for picture in mail.pictures:
        alt = " ".join(str(picture.get("alt") or "").split())
        if alt and _FILE.fullmatch(alt):
            yield Found(f"the alt text of a picture is “{alt}”", *mail.place(alt))


RULE = Rule(
    name="alt-file-name",
    finds="Alt texts that are a file's name, or a word such as “image”.",
    why="A picture that is not shown, or is read aloud, says that name and nothing else.",
    todo='Write what it shows; alt="" for one that only decorates.',
    look=_look,
    bad=(
        {"html": '<img src="https://letter.example/a.png" alt="IMG_1234.jpg">'},
        {"html": '<img src="https://letter.example/a.png" alt="DSC_0042">'},
        {"html": '<img src="https://letter.example/a.png" alt="image">'},
        {"html": '<img src="https://letter.example/a.png" alt="Foto">'},
        {"html": '<img src="https://letter.example/a.png" alt="IMG-20261101-WA0003">'},
        {"html": '<img src="https://letter.example/a.png" alt="Screenshot 2026-11-01 at 10.00">'},
    ),
    clean=(
        {"html": '<img src="https://letter.example/a.png" alt="Image of a ferry">'},
        {"html": '<img src="https://letter.example/a.png" alt="Node.js">'},
        {"html": '<img src="https://letter.example/a.png" alt="Foto der Fähre">'},
        {"html": '<img src="https://letter.example/a.png" alt="Screenshot of the map">'},
    ),
)
