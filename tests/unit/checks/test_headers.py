"""Whatever a message holds, its faults are told and nothing breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.checks.headers import header_faults
from publisher.checks.rules.headers import RULE

MESSAGES = [one["message"] for one in (*RULE.bad, *RULE.clean) if "message" in one]


def test_what_no_parser_takes_apart_is_told_as_well():
    data = RULE.clean[1]["message"]
    assert list(header_faults(data[:18] + b"\r" + data[18:])) != []


@pytest.mark.slow
@given(st.sampled_from(MESSAGES), st.integers(0, 400), st.integers(0, 40), st.binary(max_size=30))
def test_any_message_is_looked_at(message, at, length, noise):
    spoilt = message[:at] + noise + message[at + length :]
    assert all(isinstance(fault, str) for fault in header_faults(spoilt))
