"""What a language asks of text."""

import pytest
from babel import Locale, localedata

from publisher.model.languages import direction, is_known, is_written


def test_directions_are_those_of_cldr():
    known = [Locale.parse(name) for name in localedata.locale_identifiers()]
    known = [one for one in known if one.text_direction != "ttb"]
    assert [one for one in known if direction(str(one)) != one.text_direction] == []


@pytest.mark.parametrize(
    ("tag", "found"),
    [("ar-EG", "rtl"), ("az-Arab", "rtl"), ("pa_Arab", "rtl"), ("uz-Latn", "ltr"), ("EN", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_script_goes_before_a_language(tag, found):
    assert direction(tag) == found


def test_what_is_written_is_known():
    assert is_written("pt-BR")
    assert is_known("pt-BR")
    assert not is_written("js")
    assert not is_known("js")
