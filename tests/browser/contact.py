"""All templates in all themes, wide and narrow, light and dark: one picture for the docs."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image

from tests import specimens
from tests.specimens import TEMPLATES, THEMES

_WIDTHS = (600, 375)
_HEIGHT = 2200
_SCALE = 0.3
_LANGUAGES = {"digest": "en", "single": "de", "breaking": "ar", "plain": "ja"}

_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px; width: max-content; background: #dfe1e4; font: 15px/1.4 Helvetica, Arial, sans-serif; color: #26282b; }}
div {{ display: grid; grid-template-columns: repeat(8, max-content); gap: 14px; align-items: end; }}
b {{ grid-column: span 8; padding-top: 16px; font-size: 18px; }} b:first-child {{ padding: 0; }}
img {{ display: block; height: {height}px; box-shadow: 0 1px 4px #0004; }} img:nth-of-type(even) {{ margin-right: 16px; }}
</style><div>{cells}</div>"""


def contact_sheet(browser: Any, path: Path) -> None:
    """Draw it, as WebP; Japanese wants a font of the machine's."""
    cells = []
    window = browser.new_page(device_scale_factor=_SCALE * 2)
    window.route(
        "**/*.png",
        lambda route: route.fulfill(
            body=specimens.of_address(route.request.url), content_type="image/png"
        ),
    )
    for theme, scheme in product(THEMES, ("light", "dark")):
        about = f"{theme}, {scheme}: " + " · ".join(f"{one} at 600 and 375" for one in TEMPLATES)
        cells.append(f"<b>{escape(about)}</b>")
        window.emulate_media(color_scheme=scheme)
        for template, width in product(TEMPLATES, _WIDTHS):
            mail = specimens.mail(theme, template, _LANGUAGES[template])
            window.set_viewport_size({"width": width, "height": _HEIGHT})
            window.set_content(mail.html.filled())
            shot = b64encode(window.screenshot()).decode()
            cells.append(f'<img src="data:image/png;base64,{shot}" width="{width * _SCALE:.0f}">')
    window.close()
    _drawn(browser, _PAGE.format(cells="".join(cells), height=int(_HEIGHT * _SCALE)), path)


def _drawn(browser: Any, html: str, path: Path) -> None:
    window = browser.new_page(viewport={"width": 2400, "height": 800})
    window.set_content(html)
    whole = window.locator("body").screenshot()
    window.close()
    Image.open(BytesIO(whole)).convert("RGB").save(path, "WEBP", quality=60, method=6)
