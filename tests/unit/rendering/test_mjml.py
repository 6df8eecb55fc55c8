"""MJML is checked before it is compiled, and what is wrong is named by the template's line."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from publisher.errors import TemplateError
from publisher.rendering import Theme
from publisher.rendering.mjml import compiled
from publisher.rendering.mjml_check import mistakes
from publisher.rendering.mjml_spec import ELEMENTS
from publisher.rendering.mjml_values import NAMED_COLOURS, fault

BODY = "<mjml><mj-body>{}</mj-body></mjml>"
COLUMN = BODY.format("<mj-section><mj-column>{}</mj-column></mj-section>")
HEAD = COLUMN.format("<mj-text>x</mj-text>").replace("<mj-body>", "<mj-head>{}</mj-head><mj-body>")

# A document of MJML, and what is said of it.
WRONG = [
    (COLUMN.format('<mj-text font-size="12">x</mj-text>'),
     'font-size="12" of <mj-text>: it is a length such as 12px'),
    (COLUMN.format('<mj-text font-size="12pz">x</mj-text>'),
     'font-size="12pz" of <mj-text>: it is a length such as 12px'),
    (COLUMN.format('<mj-text padding="1px 2px 3px 4px 5px">x</mj-text>'),
     'padding="1px 2px 3px 4px 5px" of <mj-text>: it is up to four lengths, each such as 12px or 50%'),
    (COLUMN.format('<mj-text padding="-3px">x</mj-text>'),
     'padding="-3px" of <mj-text>: it is up to four lengths, each such as 12px or 50%'),
    (COLUMN.format('<mj-text padding="0 12px">x</mj-text>'),
     'padding="0 12px" of <mj-text>: the compiler misreads one that begins with a bare 0: write 0px'),
    (BODY.format('<mj-section><mj-column width="75%"/><mj-column width="75%"/></mj-section>'),
     "the columns of an <mj-section> are 150% wide together"),
    (COLUMN.format('<mj-text align="middle">x</mj-text>'),
     'align="middle" of <mj-text>: it is one of left, right, center, justify'),
    (COLUMN.format('<mj-text color="#12345">x</mj-text>'),
     'color="#12345" of <mj-text>: it is a colour of six digits such as #0b5c6b, or its name'),
    (COLUMN.format('<mj-text color="gren">x</mj-text>'),
     'color="gren" of <mj-text>: it is a colour of six digits such as #0b5c6b, or its name'),
    (COLUMN.format('<mj-text color="#abc">x</mj-text>'),
     'color="#abc" of <mj-text>: Outlook does not know colours of three digits: #aabbcc'),
    (COLUMN.format('<mj-text colour="#aabbcc">x</mj-text>'), "<mj-text> has no attribute colour"),
    (COLUMN.format('<mj-text src="a.png">x</mj-text>'), "<mj-text> has no attribute src"),
    (COLUMN.format('<mj-text mj-class="big">x</mj-text>'), "no mj-class is called 'big'"),
    (COLUMN.format('<mj-image alt="a" />'), "<mj-image> has no src"),
    (COLUMN.format('<mj-image src="" alt="a" />'), "<mj-image> has no src"),
    (COLUMN.format('<mj-image src="https://x.example/a.png" fluid-on-mobile="yes" />'),
     'fluid-on-mobile="yes" of <mj-image>: it is true or false'),
    (COLUMN.format('<mj-table cellpadding="1px"><tr><td>x</td></tr></mj-table>'),
     'cellpadding="1px" of <mj-table>: it is a whole number'),
    (COLUMN.format("<mj-button>Go</mj-button>"), "<mj-button> has no href"),
    (COLUMN.format("<mj-section><mj-column /></mj-section>"), "<mj-section> stands in <mj-column>"),
    (COLUMN.format("<mj-text><mj-image src='a' /></mj-text>"), "<mj-image> stands in <mj-text>"),
    (COLUMN.format("<div>x</div>"), "unknown MJML element <div>"),
    (COLUMN.format("loose words"), "words stand in <mj-column>: loose words"),
    (COLUMN.format("<mj-spacer />loose words"), "words stand in <mj-column>: loose words"),
    (BODY.format("<mj-text>x</mj-text>"), "<mj-text> stands in <mj-body>"),
    (BODY.format("<mj-column><mj-text>x</mj-text></mj-column>"), "<mj-column> stands in <mj-body>"),
    (BODY.format("<mj-section><mj-wrapper></mj-wrapper></mj-section>"),
     "<mj-wrapper> stands in <mj-section>"),
    (BODY.format("<mj-section><mj-text>x</mj-text></mj-section>"),
     "<mj-text> stands in <mj-section>"),
    (BODY.format("") .replace("</mjml>", "<mj-body></mj-body></mjml>"),
     "there is a second <mj-body>"),
    (HEAD.format("<mj-attributes><mj-text colr='red' /></mj-attributes>"),
     "<mj-text> has no attribute colr"),
    (HEAD.format("<mj-attributes><mj-all font-size='12' /></mj-attributes>"),
     'font-size="12" of <mj-all>: it is a length such as 12px'),
    (HEAD.format("<mj-style inline='inline'>p { margin: 0; }</mj-style>"),
     "<mj-style inline> is not compiled"),
]  # fmt: skip

# What no mail can be made of.
FATAL = [
    ("<mjml></mjml>", "there is no <mj-body>"),
    ("<mj-body></mj-body>", "it begins with <mj-body>"),
    (COLUMN.format("<mj-txt>x</mj-txt>"), "unknown MJML element <mj-txt>"),
    (COLUMN.format("<mjtext>x</mjtext>"), "unknown MJML element <mjtext>"),
    (COLUMN.format("<mj-text><mj-txt>x</mj-txt></mj-text>"), "unknown MJML element <mj-txt>"),
    (HEAD.format("<mj-text>x</mj-text>"), "<mj-text> stands in <mj-head>"),
    (
        HEAD.format("<mj-attributes><mj-class color='red' /></mj-attributes>"),
        "<mj-class> has no name",
    ),
    (HEAD.format("<mj-html-attributes />"), "<mj-html-attributes> is not compiled"),
    (COLUMN.format("<mj-divider>x</mj-divider>"), "words stand in <mj-divider>: x"),
]

RIGHT = [
    COLUMN.format('<mj-text padding="0px 12px" line-height="1.5" letter-spacing="-1px">x</mj-text>'),
    COLUMN.format('<mj-text padding="0" color="rebeccapurple"><p>HTML <b>here</b></p></mj-text>'),
    COLUMN.format('<mj-image src="a" height="auto" width="100px" css-class="b" />'),
    COLUMN.format('<mj-divider border-color="rgba(0, 0, 0, 0.5)" border-width=".5px" />'),
    BODY.format("<mj-wrapper><mj-section><mj-group><mj-column /></mj-group></mj-section></mj-wrapper>"),
    BODY.format("<mj-raw><div>x</div></mj-raw><!-- a comment --><mj-hero><mj-text>x</mj-text></mj-hero>"),
    HEAD.format('<mj-attributes><mj-class name="a b" color="red" /><mj-all color="red" />'
                "</mj-attributes>").replace("<mj-text>", '<mj-text mj-class="b a">'),
]  # fmt: skip


@pytest.mark.parametrize(("source", "what"), WRONG, ids=[what for _, what in WRONG])
def test_a_mistake_is_named_and_the_mail_is_made(source, what):
    html, problems = compiled(source, Theme())
    assert html.startswith("<!doctype html>")
    assert [one.what for one in problems] == [what]
    assert all(one.rule == "mjml" and one.severity == "warning" for one in problems)


@pytest.mark.parametrize(("source", "what"), FATAL, ids=[what for _, what in FATAL])
def test_what_no_mail_can_be_made_of_is_refused_by_name(source, what):
    with pytest.raises(TemplateError, match=f"^[^ ]+: {re.escape(what)}"):
        compiled(source, Theme())


@pytest.mark.parametrize("source", RIGHT)
def test_what_is_right_passes(source):
    assert compiled(source, Theme())[1] == ()


def test_words_have_the_line_on_which_they_stand():
    inner = "\n<mj-text>\nx\n</mj-text>\n  Loose words\n"
    assert [one.line for one in mistakes(etree.fromstring(COLUMN.format(inner)))] == [5]
    assert [one.line for one in mistakes(etree.fromstring(COLUMN.format("\n\nLoose words")))] == [3]


def test_a_mistake_has_the_line_of_its_template(tmp_path):
    own = tmp_path / "blocks/footer.mjml"
    own.parent.mkdir()
    own.write_text('<mj-section>\n<mj-column>\n<mj-text font-size="12">small</mj-text>\n')
    source = COLUMN.format('\n\n<mj-text font-size="12">small</mj-text>\n')
    (problem,) = compiled(source, Theme(tmp_path))[1]
    assert (problem.path, problem.line) == ("templates/blocks/footer.mjml", 3)


def test_a_mistake_that_every_story_repeats_is_told_once():
    stories = "\n".join(f'<mj-text font-size="12">Story {n}</mj-text>' for n in range(300))
    assert len(compiled(COLUMN.format(stories), Theme())[1]) == 1


@pytest.mark.parametrize("name", sorted(NAMED_COLOURS)[::20])
def test_a_colour_has_a_name(name):
    assert fault("colour", name) == ""


def test_every_kind_of_value_is_one_that_is_understood():
    for element in ELEMENTS.values():
        for kind in element.attributes.values():
            assert "it is" in fault(kind, "?!") or kind == "text"


MODULES = os.environ.get("PUBLISHER_NODE_MODULES", "")
"""A folder `node_modules` with npm's mjml 5."""

_ORACLE = """
const found = require('mjml-preset-core'), preset = found.default || found;
const out = {};
for (const one of Object.values(preset.components)) {
  const component = one.default || one, name = component.componentName;
  const attributes = Object.keys(component.allowedAttributes || {});
  out[name] = [attributes, (preset.dependencies[name] || []).map(String)];
}
console.log(JSON.stringify(out));
"""


@pytest.mark.skipif(
    not shutil.which("node") or not (Path(MODULES) / "mjml-core").is_dir() or not MODULES,
    reason="wants node, and PUBLISHER_NODE_MODULES with npm's mjml 5",
)
def test_the_table_is_the_one_of_the_reference_implementation():
    run = subprocess.run(
        ["node", "-e", _ORACLE],
        cwd=Path(MODULES).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(run.stdout)
    assert len(theirs) > 25
    for name, (attributes, children) in theirs.items():
        assert sorted(ELEMENTS[name].attributes) == sorted(attributes), name
        if name != "mj-attributes":  # theirs holds anything
            assert sorted(ELEMENTS[name].children) == sorted(children), name


def test_mistakes_come_in_the_order_of_lines_and_know_them():
    root = etree.fromstring(
        '<mjml>\n<mj-body>\n<mj-text a="1" />\n<mj-section b="2" />\n</mj-body></mjml>'
    )
    assert [one.line for one in mistakes(root)] == [3, 3, 4]
