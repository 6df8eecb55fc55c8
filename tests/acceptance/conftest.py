"""A real mail server, for those tests that mail through one."""

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
    real.require(("postfix", "postfix"))
    with real.folder_of_servers() as folder:
        (folder / "box").mkdir()
        shutil.chown(folder / "box", real.NOBODY, real.NOBODY)
        port = free_port()
        with real.running(folder, port, _SETTINGS):
            yield port, folder / "box/new"
