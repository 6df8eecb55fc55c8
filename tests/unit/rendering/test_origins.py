"""A mistake in an editor's own template has its file and line, whatever stands on that line."""

import pytest

from publisher.errors import TemplateError
from publisher.model import Story
from publisher.rendering import Theme, render
from tests.unit.rendering.test_mail import PUBLICATION, edition, story

FOOTER = """{# Ours, in short. #}
<mj-section>
  <mj-column>
    <mj-text font-size="13px" padding="18px">{% include 'blocks/imprint.mjml' %}</mj-text>
  </mj-column>
</mj-section>
"""
PLACE = "templates/blocks/footer.mjml"

# What is written instead of what, the line, and what is said to do.
MISTAKES = [
    ("</mj-text>", "", 4, "Write </mj-text> before it, or take </mj-column> out."),
    ("</mj-text>", "</mj-txt>", 4, "Write </mj-text> before it, or take </mj-txt> out."),
    ("</mj-section>", "", 2, "Write </mj-section> before it, or take </mj-body> out."),
    ("</mj-section>", "</mj-section></mj-section>", 6, "or take </mj-section> out."),
    ('"13px"', "13px", 4, "Write quotation marks around each value"),
    ('"13px"', '"13px', 4, "Close the quotation marks of each value"),
    ('"13px"', '"13px" font-size="14px"', 4, "Write each attribute once."),
    ('"13px"', '"13px" css-class="a & b"', 4, "Write &amp; for an &"),
    ("<mj-text", "<!-- <mj-text", 4, "Write --> where the comment ends"),
    ("<mj-text", "<mj-text>&nbsp;</mj-text><mj-text", 4, "or its number such as &#160;"),
    ("<mj-text", "<mj-raw><b></mj-raw><mj-text", 4, "Write </b> before it"),
    ("<mj-text", "<mj-txt></mj-txt><mj-text", 4, "Did you mean mj-text"),
    ("{% include", "{% incldue", 4, "Mend it there"),
    ("{% include", "{% if lead %}{% include", 4, "Mend it there"),
    ("blocks/imprint.mjml", "blocks/footer.mjml", 4, "it includes or calls itself"),
    ("Ours", b"\xdcber", 1, "Save the file as UTF-8."),
]


def with_footer(folder, before, after):
    own = folder / "blocks/footer.mjml"
    own.parent.mkdir()
    written = after if isinstance(after, bytes) else after.encode()
    own.write_bytes(FOOTER.encode().replace(before.encode(), written))
    made = edition(Story(article=story("a")))
    return render(made, PUBLICATION, lambda _: "<p>Body.</p>", Theme(folder))


@pytest.mark.parametrize(("before", "after", "line", "todo"), MISTAKES)
def test_what_no_mail_can_be_made_of_has_its_line_and_what_to_do(
    tmp_path, before, after, line, todo
):
    with pytest.raises(TemplateError) as told:
        with_footer(tmp_path, before, after)
    assert str(told.value).startswith(f"{PLACE}:{line}: ")
    assert todo in str(told.value)


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("font-size", "fontsize", "<mj-text> has no attribute fontsize"),
        ('"13px"', '"13px" color="bluu"', 'color="bluu" of <mj-text>: it is a colour'),
        ("<mj-text", "<mj-column /><mj-text", "<mj-column> stands in <mj-column>"),
    ],
)
def test_what_is_wrong_all_the_same_has_its_line(tmp_path, before, after, what):
    (problem,) = with_footer(tmp_path, before, after).problems
    assert (problem.path, problem.line) == (PLACE, 4)
    assert problem.what.startswith(what)


def test_the_mark_that_some_editors_put_before_a_file_is_no_word_of_it(tmp_path):
    assert with_footer(tmp_path, "{#", "\ufeff{#").problems == ()
