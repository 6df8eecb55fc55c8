"""A folder of many folders stands as it does for one process alone, whatever becomes of the other."""

import os
import sys

import pytest

from publisher.stamps import Stand, stand
from publisher.workers import looking
from publisher.workers.looking import stand_of_many

NEVER = 1 << 62


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("web")
    for number in range(12):
        (below := made / f"{number}" / "page").mkdir(parents=True)
        (below / "index.html").write_text("x" * number)
    (made / "top.html").write_text("top")
    (made / "3" / "leads").symlink_to(made / "4")
    (made / "b\udcffd").mkdir()
    (made / "b\udcffd" / "n\udcffme.html").write_text("no UTF-8")
    return made


def alone(folder, since=NEVER):
    files = {}
    return stand(folder, since, see=files.__setitem__), files


def together(folder, since=NEVER, jobs=2):
    files = {}
    return stand_of_many(folder, since, files.__setitem__, jobs=jobs, many=4), files


def test_two_processes_see_what_one_does(folder):
    assert together(folder)[1] == alone(folder)[1]
    assert together(folder)[0].digest == alone(folder)[0].digest


def test_they_tell_what_changed_and_where_links_lead(folder):
    found, _ = together(folder, since=0)
    known, files = alone(folder, since=0)
    assert found.recent == known.recent == files | found.recent
    assert sorted(found.linked) == sorted(known.linked)
    assert sorted(found.links) == sorted(known.links)


def test_a_file_that_is_touched_is_another_for_either_of_them(folder):
    before = together(folder)[0].digest
    seen = {before}
    for number in range(12):
        os.utime(folder / f"{number}" / "page" / "index.html", ns=(number, number))
        seen.add(together(folder)[0].digest)
    assert len(seen) == 13


@pytest.mark.parametrize("jobs", [1, 2])
def test_few_folders_are_looked_at_by_us_alone(folder, jobs, monkeypatch):
    monkeypatch.setattr(looking, "_Other", None)  # it would fail
    many = looking.MANY if jobs == 2 else 4
    assert stand_of_many(folder, NEVER, jobs=jobs, many=many).digest == alone(folder)[0].digest


def test_where_there_can_be_no_other_process_we_look_ourselves(folder, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert together(folder)[1] == alone(folder)[1]


def test_where_the_other_dies_we_look_ourselves(folder, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    found, files = together(folder)
    assert files == alone(folder)[1]
    assert found.digest == alone(folder)[0].digest


def test_a_folder_that_is_not_there_is_none(tmp_path):
    assert isinstance(stand_of_many(tmp_path / "none", NEVER, jobs=2), Stand)
    assert (
        stand_of_many(tmp_path / "none", NEVER, jobs=2).digest
        == stand(tmp_path / "none", NEVER).digest
    )
