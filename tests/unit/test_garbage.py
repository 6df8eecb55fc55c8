"""The search for garbage waits, and goes on afterwards."""

import gc

import pytest

from publisher import garbage


def test_it_waits_and_goes_on_whatever_happens():
    with garbage.kept_waiting():
        assert not gc.isenabled()
        with garbage.kept_waiting():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="wrong"), garbage.kept_waiting():
        raise ValueError("wrong")
    assert gc.isenabled()


def test_what_there_is_is_left_out_for_a_while():
    with garbage.not_among_what_there_is():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0
