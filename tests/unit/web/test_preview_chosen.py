"""What the editor chooses stands in the address."""

from urllib.parse import parse_qsl

from publisher.web.preview_chosen import Chosen, chosen_of


def test_what_is_chosen_comes_back_from_its_own_query():
    first = Chosen(name="morning", reader="ana@x.example")
    for one in (
        first,
        Chosen(name="a&b", scheme="inverted", images=False, template="plain", path="x/ä.html"),
    ):
        assert chosen_of(dict(parse_qsl(one.query, keep_blank_values=True)), first) == one
    assert chosen_of({}, first) == first
    assert chosen_of({"scheme": "<script>"}, first).scheme == "light"
