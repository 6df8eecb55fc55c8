"""A real mail server, for those tests that mail through one."""

import contextlib
import shutil

import pytest

from tests import postfix as real

_SETTINGS = """\
virtual_mailbox_domains = x.example
virtual_mailbox_base = {folder}
virtual_mailbox_maps = static:box/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
"""


@pytest.fixture
def postfix(free_port):
    """A real Postfix: its port, and the folder in which all that it took lies."""
    with _receiving(free_port(), _SETTINGS) as folder:
        yield folder


@pytest.fixture
def impatient_postfix(free_port):
    """The same, but it waits a second for a command, and no more."""
    with _receiving(free_port(), f"{_SETTINGS}smtpd_timeout = 1s\n") as folder:
        yield folder


@contextlib.contextmanager
def _receiving(port, settings):
    real.require(("postfix", "postfix"))
    with real.folder_of_servers() as folder:
        (folder / "box").mkdir()
        shutil.chown(folder / "box", real.NOBODY, real.NOBODY)
        with real.running(folder, port, settings):
            yield port, folder / "box/new"
