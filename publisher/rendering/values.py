"""A theme's values for its templates: theme.toml, and above it what publisher.toml says."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from publisher.model import Publication, Social, ThemeSettings
from publisher.rendering.colours import LEAST, contrast, readable

_WHITE, _BLACK = "#ffffff", "#000000"


class Palette(msgspec.Struct, frozen=True, kw_only=True):
    """Colours of the light or of the dark; text in any of them can be read on any ground."""

    ground: str
    paper: str
    tint: str
    ink: str
    quiet: str
    line: str
    accent: str
    link: str
    on_accent: str


class ThemeValues(msgspec.Struct, frozen=True, kw_only=True):
    """What templates know as `theme`; fonts are stacks as in CSS, lengths are pixels."""

    name: str
    character: str
    light: Palette
    dark: Palette
    heading: str
    text: str
    label: str
    radius: int
    page: int
    measure: int
    social: tuple[Social, ...] = ()


def merged(*settings: ThemeSettings) -> ThemeSettings:
    """Return the values of the first that has each."""
    first, *others = settings
    found = first
    for other in others:
        missing = {
            name: getattr(other, name)
            for name in found.__struct_fields__
            if getattr(found, name) in ("", None, ())
        }
        found = msgspec.structs.replace(found, **missing)
    return found


def settings_of(publication: Publication) -> ThemeSettings:
    """Return what publisher.toml says of the theme, its older key for the accent included."""
    return merged(publication.theme, ThemeSettings(accent=publication.accent))


def values_of(settings: ThemeSettings) -> ThemeValues:
    """Return the values that templates use, of settings in which none is missing."""
    return ThemeValues(
        name=settings.name,
        character=settings.character,
        light=_palette(settings, "", _BLACK),
        dark=_palette(settings, "dark_", _WHITE),
        heading=settings.heading,
        text=settings.text,
        label=settings.label,
        radius=settings.radius or 0,
        page=settings.page or 0,
        measure=settings.measure or 0,
        social=settings.social,
    )


def colours(values: ThemeValues) -> Mapping[str, str]:
    """Return the colours by the names that templates had for them before there were themes."""
    return {
        "accent": values.light.accent,
        "link": values.light.link,
        "link_dark": values.dark.link,
        "on_accent": values.light.on_accent,
    }


def _palette(settings: ThemeSettings, prefix: str, toward: str) -> Palette:
    def value(name: str) -> str:
        return str(getattr(settings, prefix + name)).lower()

    grounds = [value(name) for name in ("ground", "paper", "tint")]
    accent = settings.accent.lower()
    button = accent if not prefix else readable(accent, grounds, toward)
    return Palette(
        ground=grounds[0],
        paper=grounds[1],
        tint=grounds[2],
        ink=readable(value("ink"), grounds, toward),
        quiet=readable(value("quiet"), grounds, toward),
        line=value("line"),
        accent=button,
        link=readable(accent, grounds, toward),
        on_accent=_WHITE if contrast(_WHITE, button) >= LEAST else _BLACK,
    )
