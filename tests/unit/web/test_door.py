"""Who is let in, and what the others are told."""

import asyncio

import pytest

from publisher.web.clients import Proxies
from publisher.web.door import Door


def entered(door, *peers):
    return [door.enter(peer)[0] for peer in peers]


def test_connections_are_let_in_up_to_a_number_and_again_when_some_have_left():
    door = Door(2)
    (_, leave), _ = door.enter("192.0.2.1"), door.enter("192.0.2.2")
    assert entered(door, "192.0.2.3") == ["all"]
    leave()
    assert entered(door, "192.0.2.3", "192.0.2.4") == [None, "all"]


def test_one_address_gets_so_many_and_others_are_not_held_up():
    refused = []
    door = Door(100, 2, refused=refused.append)
    first, *_ = (door.enter("192.0.2.1") for _ in range(2))
    assert entered(door, "192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1") == ["client", None, "client"]
    assert refused == [429, 429]
    first[1]()
    assert entered(door, "192.0.2.1") == [None]


def test_addresses_of_one_64_are_one():
    door = Door(100, 1)
    assert entered(door, "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1") == [None, "client", None]


def test_connections_of_a_web_server_in_front_are_not_counted_as_one_client():
    door = Door(100, 2, Proxies(["10.0.0.0/8"]))
    assert entered(door, *["127.0.0.1"] * 9, *["10.1.2.3"] * 9) == [None] * 18


def asked(door, *clients, peer="127.0.0.1"):
    """The statuses of requests that are all at hand at the same time."""
    go_on = asyncio.Event()

    async def app(_scope, _receive, send):
        await go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def one(client):
        said = [(b"x-forwarded-for", client.encode())] if client else []
        scope = {"type": "http", "method": "GET", "headers": said, "client": (peer, 1)}
        statuses = []

        async def send(message):
            if "status" in message:
                statuses.append(message["status"])

        async def receive():
            return {"type": "http.disconnect"}

        await door.around(app)(scope, receive, send)
        return statuses[0]

    async def all_of_them():
        tasks = [asyncio.create_task(one(client)) for client in clients]
        await asyncio.sleep(0)
        go_on.set()
        return await asyncio.gather(*tasks)

    return asyncio.run(all_of_them())


def test_through_a_web_server_in_front_the_requests_of_each_client_are_counted():
    door = Door(100, 2)
    assert asked(door, *["192.0.2.1"] * 3, "192.0.2.2") == [200, 200, 429, 200]
    assert asked(door, *["192.0.2.1"] * 2) == [200, 200]  # they have left


def test_who_is_connected_directly_is_counted_by_connection_alone():
    assert asked(Door(100, 1), *["203.0.113.9"] * 3, peer="198.51.100.7") == [200] * 3
    assert asked(Door(100, 1), *[""] * 3) == [200] * 3


def test_nought_is_no_limit_of_one_client():
    assert entered(Door(100), *["192.0.2.1"] * 50) == [None] * 50


@pytest.mark.parametrize("count", [0, 60])
def test_memory_is_given_back_after_many_have_left(count):
    door = Door(100)
    leaving = [door.enter("192.0.2.1")[1] for _ in range(count)]
    assert not door.has_emptied()
    for leave in leaving:
        leave()
    assert [door.has_emptied() for _ in range(5)] == [count > 0] * 3 + [False] * 2
