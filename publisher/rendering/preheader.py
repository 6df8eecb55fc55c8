"""The line that in-boxes show after the subject, and that nobody sees in the mail."""

from __future__ import annotations

from publisher.rendering.values import ThemeValues

_WHITE_ON_WHITE = "display:none;font-size:1px;color:#ffffff;"
"""How MJML begins its style."""


def unseen(html: str, theme: ThemeValues) -> str:
    """Return a mail whose preheader hides in the colour of its text: white on white is spam's."""
    hidden = f"display:none;font-size:1px;color:{theme.light.ink};mso-hide:all;"
    return html.replace(_WHITE_ON_WHITE, hidden, 1)
