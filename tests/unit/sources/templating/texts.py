"""A text in, and what readers see of it out."""

from publisher.sources import markup
from publisher.sources.templating import Page, Site
from publisher.sources.templating.expanding import expand


def seen(text, site, page=None):
    """The HTML that a text becomes, and what was told of it."""
    page = page or Page(path="a.md")
    made = expand(text, site, page)
    html = made.text if page.is_html else markup.markdown(made.text)
    return made.filled(html).strip(), [one.headline for one in made.problems]


def html(text, generator, *, values=None, path="a.md", shortcodes=None, settings=None, **site):
    """The HTML of a text of which nothing is wrong."""
    known = Site(
        generator=generator, shortcodes=shortcodes or {}, values=lambda: settings or {}, **site
    )
    made, told = seen(text, known, Page(path=path, values=values or {}, language="en"))
    assert told == []
    return made


def told(text, generator, *, shortcodes=None, **site):
    """What is wrong with a text."""
    return seen(text, Site(generator=generator, shortcodes=shortcodes or {}, **site))[1]
