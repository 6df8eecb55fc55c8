"""What `[theme]` declares."""

from __future__ import annotations

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class Social(Settings, frozen=True, kw_only=True):
    """Where the publication can be followed elsewhere: `[theme.social]`."""

    name: str = _key("What readers know the place by.")
    url: str = _key("The address there.")


class ThemeSettings(Settings, frozen=True, kw_only=True):
    """Single values of the theme, for mails and pages alike; the others are the theme's own.

    Colours are six hex digits; `dark_` ones are those of the dark.
    """

    name: str = _key(
        "The theme: `gazette` (a newspaper's front page), `letter` (a warm personal letter), or a "
        'folder of your `templates/themes/`. `theme = "NAME"` under `[publication]` says the same.',
        "gazette",
    )
    character: str = _key("What it is like, in a sentence.", "")
    accent: str = _key("Links, buttons and bars; `accent` of `[publication]` says the same.", "")
    ground: str = _key("Around the paper.", "", example="#f0ebe2")
    paper: str = _key("Behind the text.", "")
    tint: str = _key("Behind what stands apart: related stories, code.", "")
    ink: str = _key("Text.", "")
    quiet: str = _key("Bylines, captions, the footer.", "")
    line: str = _key("Rules and borders.", "")
    dark_ground: str = _key("Around the paper, in the dark.", "")
    dark_paper: str = _key("Behind the text, in the dark.", "")
    dark_tint: str = _key("Behind what stands apart, in the dark.", "")
    dark_ink: str = _key("Text, in the dark.", "")
    dark_quiet: str = _key("Bylines, captions, the footer, in the dark.", "")
    dark_line: str = _key("Rules and borders, in the dark.", "")
    heading: str = _key(
        "Fonts of headlines, those that mail programs have, the last one generic.",
        "",
        example="Georgia, serif",
    )
    text: str = _key("Fonts of the text.", "", example="Georgia, serif")
    label: str = _key("Fonts of dates, section names and buttons.", "", example="Arial, sans-serif")
    radius: int | None = _key("Pixels by which corners are rounded.", None, example="8")
    page: int | None = _key("Pixels that a page is wide at most.", None, example="1080")
    measure: int | None = _key("Pixels that an article's text is wide at most.", None)
    social: tuple[Social, ...] = _key(
        "Where you can be followed elsewhere, as words in the footer of mails and pages: a table "
        "`[theme.social]` of names with their `https:` addresses.",
        (),
        example='{ Mastodon = "https://social.example/@letter" }',
    )
