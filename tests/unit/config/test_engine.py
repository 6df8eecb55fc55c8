"""[engine]: who does what a slot causes, and what workers cannot do without."""

import importlib.machinery
import sys
from datetime import timedelta

import pytest

from publisher import config
from publisher.errors import ConfigError

HEAD = '[publication]\ntitle = "T"\nbase_url = "https://x.example"\n'
SERVER = 'ledger = "postgresql://p@db.example/letter"\n'
WORKERS = '[engine]\nkind = "procrastinate"\n'


@pytest.fixture
def installed(monkeypatch):
    """A package of that name, whatever is installed here."""
    there = importlib.machinery.ModuleSpec("procrastinate", None)
    monkeypatch.setattr("publisher.config.engine.find_spec", lambda name: there)


def test_without_a_word_run_does_all_of_it():
    assert not config.parse(HEAD).engine.has_workers


def test_workers_share_a_ledger_on_postgresql(installed):
    engine = config.parse(HEAD + SERVER + WORKERS).engine
    assert (engine.has_workers, engine.takeover) == (True, timedelta(seconds=30))


def test_the_ledger_may_come_from_the_environment(installed, monkeypatch):
    monkeypatch.setenv("PUBLISHER_LEDGER", "postgresql+psycopg://p:secret@db.example/letter")
    assert config.parse(HEAD + WORKERS).engine.has_workers


def test_workers_are_refused_without_postgresql(installed):
    with pytest.raises(ConfigError) as refused:
        config.parse(HEAD + WORKERS)
    assert str(refused.value) == (
        'publisher.toml:5: engine.kind = "procrastinate" needs a ledger on PostgreSQL\n'
        "  Its jobs are rows beside the ledger's, written in the same transaction.\n"
        '  Name one: [publication] ledger = "postgresql://…"; or leave [engine] out.'
    )


def test_workers_are_refused_without_the_package(monkeypatch):
    monkeypatch.setattr("publisher.config.engine.find_spec", lambda name: None)
    with pytest.raises(ConfigError) as refused:
        config.parse(HEAD + SERVER + WORKERS)
    assert str(refused.value) == (
        'publisher.toml:6: engine.kind = "procrastinate" needs the package procrastinate\n'
        "  It keeps the jobs that workers do.\n"
        "  Install it: pip install '.[scale]' in the checkout; or leave [engine] out."
    )


@pytest.mark.parametrize("wrong", ["1s", "2h"])
def test_a_worker_is_taken_for_dead_in_a_sensible_time(wrong):
    with pytest.raises(ConfigError, match=r"publisher.toml:5: engine.takeover must be 2 seconds"):
        config.parse(f'{HEAD}[engine]\ntakeover = "{wrong}"\n')


def test_looking_for_the_package_does_not_import_it(installed):
    before = set(sys.modules)
    config.parse(HEAD + SERVER + WORKERS)
    assert not any(name.startswith("procrastinate") for name in set(sys.modules) - before)
