"""Bodies go out in parts, and no more of them than a reader takes."""

import asyncio

import pytest

from publisher.web.parts import PART, Parts


def sent(body, method="GET", status=200):
    messages = []

    async def send(message):
        messages.append(message)

    async def receive():
        return {"type": "http.disconnect"}

    asyncio.run(Parts(body, status)({"type": "http", "method": method}, receive, send))
    return messages


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 10 * PART, 10 * PART + 7])
def test_a_body_arrives_whole_in_parts_of_a_bounded_size(size):
    body = bytes(n % 251 for n in range(size))
    start, *parts = sent(body)
    assert dict(start["headers"])[b"content-length"] == str(size).encode()
    assert b"".join(part["body"] for part in parts) == body
    assert max(len(part["body"]) for part in parts) <= PART
    assert [part["more_body"] for part in parts] == [True] * (len(parts) - 1) + [False]


def test_head_has_the_length_and_no_body():
    start, part = sent(b"x" * 100_000, "HEAD")
    assert dict(start["headers"])[b"content-length"] == b"100000"
    assert (part["body"], part["more_body"]) == (b"", False)


def test_a_part_of_a_body_is_shared_and_not_copied():
    body = memoryview(b"0123456789" * 10_000)[5:60_005]
    response = Parts(body, 206)
    assert response.body.obj is body.obj
    assert b"".join(one["body"] for one in sent(body, status=206)[1:]) == bytes(body)
