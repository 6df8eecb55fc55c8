"""Which themes there are: a folder of `templates/themes/` each, ours or the publication's own."""

from __future__ import annotations

from pathlib import Path

from publisher import config, files
from publisher.errors import ConfigError, suggestion
from publisher.model import ThemeSettings

FOLDER = "themes/"
VALUES = "theme.toml"

_MOST = 1_000_000  # bytes of a theme.toml


def names_of(roots: list[Path]) -> list[str]:
    """Return the names of the themes below some folders of templates."""
    found = (path.parent.name for root in roots for path in root.glob(f"{FOLDER}*/{VALUES}"))
    return sorted(set(found))


def theme_folders(roots: list[Path], name: str) -> list[Path]:
    """Return where the templates of a theme are looked for: what is the publication's own comes
    before what is the theme's, and that before what all themes share.
    """
    found: list[Path] = []
    for root in roots:
        theme = root / FOLDER / name
        found += [root, theme] if root is not roots[-1] else [theme, root]
    return [folder for folder in found if folder.is_dir()]


def theme_settings(roots: list[Path], name: str) -> list[ThemeSettings]:
    """Return what each theme.toml of a theme says, the publication's own first.

    Raises ConfigError where there is no theme of that name, or for a mistake in its file.
    """
    paths = [root / FOLDER / name / VALUES for root in roots]
    found = [_read(path, name) for path in paths if path.is_file()]
    if not found:
        known = names_of(roots)
        raise ConfigError(
            f"theme: there is no theme {name!r}",
            path=config.FILE,
            why=suggestion(name, known),
            todo="List them: publisher themes list",
        )
    return found


def _read(path: Path, name: str) -> ThemeSettings:
    shown = f"templates/{FOLDER}{name}/{VALUES}"
    try:
        text = files.read(path, _MOST).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot be read: {error}", path=shown) from None
    return config.parse_theme(text, shown)
