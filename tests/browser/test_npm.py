"""Our mails and pages as npm's mjml and html-validate see them: a second opinion, where they are."""

import tomllib
from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from publisher.isolation.renderer import Renderer
from publisher.rendering import Theme, notices, render
from publisher.rendering import mail as rendering
from tests.browser.looks import language_of
from tests.conftest import ROOT
from tests.npm import answers, wants
from tests.site import Site, tree
from tests.specimens import LANGUAGES, NOTICES, TEMPLATES, THEMES, mail, picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVERY = (*TEMPLATES, *NOTICES)

MJML = """
const found = require('mjml'), compiled = found.default || found, out = {};
for (const [name, source] of Object.entries(given)) {
  const made = await compiled(source, {validationLevel: 'soft', keepComments: false, fonts: {}});
  out[name] = [made.html, made.errors.map(one => one.formattedMessage)];
}
answer(out);
"""


def rendered_twice(make, names):
    """Each mail as we compile it, and as npm does; and what npm's validator says, by name."""
    ours, sources, ready = {}, {}, {}
    real = rendering.compiled

    def compiled(source, *rest, **more):
        if name in ready:
            return ready[name], ()
        sources[name] = source
        return real(source, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rendering, "compiled", compiled)
        patch.setattr(notices, "compiled", compiled)
        for name in names:
            ours[name] = make(name).html.filled()
        found = answers(MJML, sources)
        ready.update((name, html) for name, (html, _) in found.items())
        theirs = {}
        for name in names:  # `compiled` reads the name as well
            theirs[name] = make(name).html.filled()
    return ours, theirs, {name: said for name, (_, said) in found.items()}


def specimens():
    """Every template of every theme in every language."""
    names = [(theme, kind, tag) for theme in THEMES for kind in EVERY for tag in LANGUAGES]
    return rendered_twice(lambda name: mail(*name.split()), [" ".join(one) for one in names])


def examples(folder):
    """The example publication's editions, in both themes."""
    asked = {}
    for theme in THEMES:
        site = Site.copy_of(ROOT / "examples/bayside", folder / theme)
        site.config(f'{(site.root / "publisher.toml").read_text()}\n[theme]\nname = "{theme}"\n')
        with pytest.MonkeyPatch.context() as patch:

            def kept(self, edition, bodies, *, page_url="", theme=theme, **_logos):
                words = {one.article.id: bodies(one.article) for one in edition.stories}
                asked[f"{theme} {edition.id}"] = (self.publication, edition, words, page_url)
                return render(
                    edition, self.publication, bodies, Theme(None, theme), page_url=page_url
                )

            patch.setattr(Renderer, "mail", kept)
            site.build("2026-11-24 07:00")
            flash = site.run("build", "flash", "--at", "2026-11-24 07:00")
            assert flash.code == 0, flash.err

    def made(name):
        own, edition, words, page_url = asked[name]
        theme = Theme(None, name.split()[0])
        return render(edition, own, lambda article: words[article.id], theme, page_url=page_url)

    return rendered_twice(made, list(asked))


@pytest.fixture(scope="module")
def mails(tmp_path_factory):
    found = zip(specimens(), examples(tmp_path_factory.mktemp("examples")), strict=True)
    ours, theirs, said = ({**first, **second} for first, second in found)
    assert len(ours) == len(THEMES) * (len(EVERY) * len(LANGUAGES) + 4)
    return ours, theirs, said


class Window:
    """One in which mails are seen in full, whatever their pictures show."""

    def __init__(self, browser):
        self.page = browser.new_page()
        self.page.route(
            "**/*", lambda route: route.fulfill(body=picture(), content_type="image/png")
        )
        self._chromium = self.page.context.new_cdp_session(self.page)

    def seen(self, html, width):
        """All of a mail as a picture; those that Chromium makes are large, and made fast."""
        self.page.set_content(html)
        height = self.page.evaluate("document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        how = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True}
        shot = self._chromium.send("Page.captureScreenshot", {**how, "clip": clip})
        return shot["data"]


def apart_by(one, other):
    """The share of pixels in which two pictures are not the same."""
    if one == other:  # byte by byte, as most of them are
        return 0.0
    first, second = (Image.open(BytesIO(b64decode(data))).convert("RGB") for data in (one, other))
    if first.size != second.size:
        return 1.0
    same = ImageChops.difference(first, second).convert("L").histogram()[0]
    return 1 - same / (first.width * first.height)


@pytest.fixture(scope="module")
def window(browser):
    made = Window(browser)
    yield made
    made.page.close()


@wants("mjml")
def test_npms_validator_says_nothing_of_our_templates(mails):
    _, _, said = mails
    assert {name: errors for name, errors in said.items() if errors} == {}


def is_drawn(name, width):
    """Each template is drawn in every language once: in a theme, at a width; all that is built is."""
    theme, kind, *language = name.split()
    return not language or language == [language_of(theme, kind, width)]


@wants("mjml")
@pytest.mark.parametrize("width", [600, 375])
def test_what_we_compile_looks_like_what_npm_compiles(mails, window, width, capsys):
    ours, theirs, _ = mails
    apart = {}
    window.page.set_viewport_size({"width": width, "height": 800})
    for name in (one for one in ours if is_drawn(one, width)):
        apart[name] = apart_by(*(window.seen(html[name], width) for html in (ours, theirs)))
    with capsys.disabled():
        print(f"\n{len(apart)} mails at {width} px: at most {max(apart.values()):.3%} pixels apart")
    assert {name: share for name, share in apart.items() if share > 0.001} == {}


CHECKED = """
const {HtmlValidate} = require('html-validate'), out = {};
const validator = new HtmlValidate({root: true, extends: ['html-validate:recommended']});
for (const [name, html] of Object.entries(given)) {
  const {results} = await validator.validateString(html);
  out[name] = results.flatMap(one => one.messages).map(one => `${one.ruleId} ${one.message}`);
}
answer(out);
"""


@wants("html-validate")
@pytest.mark.parametrize("kind", ["mails", "pages"])
def test_html_validate_finds_what_is_on_purpose_and_nothing_else(kind, request):
    if kind == "mails":
        html, _, _ = request.getfixturevalue("mails")
    else:
        made = tree(request.getfixturevalue("example").root / "outbox/web")
        html = {name: data.decode() for name, data in made.items() if name.endswith(".html")}
    listed = tomllib.loads((ROOT / "tests/html-validate.toml").read_text())
    reasons = {**listed["both"], **listed[kind]}
    found = {}
    for name, messages in answers(CHECKED, html).items():
        for message in messages:
            found.setdefault(message, name)
    assert {message: name for message, name in found.items() if message not in reasons} == {}
    assert sorted(reasons.keys() - found.keys()) == []
