"""JavaScript that is data: what is written out is known, what is computed is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.sources.scripts import Object, exported


def plain(value):
    """Values by name; of what is computed the names alone, `...` where there may be others."""
    if isinstance(value, Object):
        rest = dict.fromkeys(value.computed, "computed") | ({"...": 0} if value.is_open else {})
        return {name: plain(one) for name, one in value.values.items()} | rest
    return [plain(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("export default {title: 'A', n: 1.5};", {"title": "A", "n": 1.5}),
        ("module.exports = {\n 'a-b': true, // no\n c: null,\n}", {"a-b": True, "c": None}),
        ("const x = {no: 1}; module.exports = {a: {b: {c: `d`}}};", {"a": {"b": {"c": "d"}}}),
        ("export default {list: ['a', {b: 2}]}", {"list": ["a", {"b": 2}]}),
        ("export default {list: [1, f()]}", {"list": "computed"}),
        ("export default {now: new Date(), a: 1}", {"a": 1, "now": "computed"}),
        ("export default {a: 'b' + c, d: 1 + 2}", {"a": "computed", "d": "computed"}),
        ("export default {e: `f${g}`}", {"e": "computed"}),
        ("export default {f() { return {a: 1} }, c: 3, h}", {"c": 3, "...": 0}),
        ("export default {g: () => ({b: 2}), c: 3}", {"c": 3, "g": "computed"}),
        ("export default {...other, d: 2}", {"d": 2, "...": 0}),
        ("export default {a: [1].map(x => ({y: 1})), d: 2}", {"a": "computed", "d": 2}),
        ("export default {b: {c: 1}.c, d: 2}", {"b": "computed", "d": 2}),
        ("export default {a: 1, a: f()}", {"a": "computed"}),
        ("export default {a: /}'/, b: 1}", {"a": "computed", "b": 1}),
        ("module.exports = async function () { return {a: 1} }", None),
        ("export default () => ({a: 1})", None),
        ("exports.a = 1", None),
        ("export default {", {}),
        ("export default {a: [1, 2", {"a": [1, 2]}),
        ("export default {]}}", {"...": 0}),
        ("", None),
    ],
)
def test_what_a_script_exports(text, values):
    assert plain(exported(text)) == values


def test_objects_without_end_are_not_known():
    found = exported("export default " + "{a: " * 5000 + "1" + "}" * 5000)
    assert "computed" in str(plain(found))


@pytest.mark.parametrize("code", ["\\`", '\\"', "\\'", "/[", "/[a]", "`\\`", '"a\n', "/*"])
def test_what_is_never_closed_is_looked_for_once(code):
    read = exported(f"export default {{a: 1, b: {code * 10_000}")
    assert read and read.values["a"] == 1


@given(st.text(alphabet="{}[](),:.=;/'\"`$ax1 \n"))
def test_whatever_is_written_reading_it_ends(text):
    assert isinstance(exported(f"export default {{{text}"), Object)
