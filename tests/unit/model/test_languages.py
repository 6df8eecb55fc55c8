"""Languages are written one way and compared by ranges, and ask something of text."""

import pytest
from babel import Locale, localedata

from publisher.model import in_range, language_tag
from publisher.model.languages import direction, is_known, is_written


@pytest.mark.slow
def test_directions_are_those_of_cldr():
    """Of three letters CLDR learns more languages each year: ours must be right, not all."""
    known = [Locale.parse(name) for name in localedata.locale_identifiers()]
    known = [one for one in known if one.text_direction != "ttb"]
    wrong = [one for one in known if direction(str(one)) != one.text_direction]
    assert [one for one in wrong if len(one.language) == 2 or direction(str(one)) == "rtl"] == []


@pytest.mark.parametrize(
    ("tag", "found"),
    [("ar-EG", "rtl"), ("az-Arab", "rtl"), ("pa_Arab", "rtl"), ("uz-Latn", "ltr"), ("pa-PK", "rtl"),
     ("uz_AF", "rtl"), ("sd-IN", "ltr"), ("pa-IN", "ltr"), ("uz-Latn-AF", "ltr"), ("EN", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_script_goes_before_a_language(tag, found):
    assert direction(tag) == found


def test_every_language_of_two_letters_that_cldr_names_is_known():
    named = {name.partition("_")[0] for name in Locale("en").languages}
    assert [name for name in sorted(named) if len(name) == 2 and not is_known(name)] == []
    assert is_written("he-IL")  # `post.he.md` is in Hebrew


def test_what_is_written_is_known():
    assert is_written("pt-BR")
    assert is_known("pt-BR")
    assert not is_written("js")
    assert not is_known("js")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("DE", "de"),
        ("pt_br", "pt-BR"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("EN-ca-X-CA", "en-CA-x-ca"),
        ("de-ch-1996", "de-CH-1996"),
        ("", ""),
    ],
)
def test_a_tag_is_written_as_rfc_5646_recommends(text, wanted):
    assert language_tag(text) == wanted


@pytest.mark.parametrize(
    ("tag", "ranges", "wanted"),
    [
        ("DE", ["de"], True),
        ("de-AT", ["DE"], True),
        ("de", ["de-AT"], False),
        ("den", ["de"], False),
        ("de-Latn-AT", ["de-AT"], False),  # basic filtering, not extended
        ("fr", ["de", "FR"], True),
        ("ja", ["*"], True),
        ("", ["*"], False),
        ("", ["de"], False),
        ("de", [], False),
    ],
)
def test_a_range_holds_what_rfc_4647_says(tag, ranges, wanted):
    assert in_range(tag, *ranges) is wanted
