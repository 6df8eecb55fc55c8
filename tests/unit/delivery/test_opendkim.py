"""The second judge of signatures: opendkim, as mail servers run it."""

import os
import re
import shutil
import subprocess

import pytest

from publisher.delivery import record_of
from publisher.model import Rendition, Slotted, SlotText
from tests.dkim_keys import DOMAIN, pair
from tests.unit.delivery.test_dkim import plain, signed
from tests.unit.delivery.test_message import READER

pytestmark = pytest.mark.slow

SUBJECTS = (
    "News", "Ночные автобусы", "夜行バスが戻ってくる、十年ぶりのこと", "عودة حافلات الليل", "रात की बसें",
    "“quoted” 🚆🚌", "=?utf-8?B?fake?= word", "Night buses return " * 20, "x" * 500, "two   spaces ",
)  # fmt: skip
BODIES = ("", "\n", "a\n\n\n", " two  spaces \n\ttab", ".dot\nFrom x\n", "é字🚆" * 60, "w " * 400)
VALUES = ("", "Ana", "  spaced   out  ", "字" * 80, "\t", "=3D=\n", "x" * 300)


def everything():
    """Messages of every subject, body and reader's value."""
    yield from (signed(plain(subject=one)) for one in SUBJECTS)
    for one in BODIES:
        yield signed(plain(html=one or "<p></p>", text=one))
        yield signed(plain(html="", text=one))
    for one in VALUES:
        slots = (SlotText("first_name", "html", "you"), SlotText("first_name", "text", "you"))
        rendition = Rendition(
            subject=Slotted(("Dear ", SlotText("first_name", "header", "you"))),
            preheader=Slotted(()), html=Slotted(("a ", slots[0], " b")), text=Slotted((slots[1],)),
        )  # fmt: skip
        values = {**READER.values, "first_name": one}
        yield signed(rendition, READER._replace(name=one, values=values))
        yield signed(rendition, READER._replace(name=one, values=values), list_id="")
    yield signed(reader=READER._replace(address="用户@x.example", utf8=True))


@pytest.fixture
def opendkim(tmp_path):
    """What opendkim says of the signatures of some messages: pass or fail, from the top."""
    program = shutil.which("opendkim", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        if os.environ.get("PUBLISHER_REQUIRE_OPENDKIM"):
            pytest.fail("CI must have opendkim: .ci/run installs it")
        pytest.skip("opendkim is not installed (Debian: apt-get install opendkim)")
    keys = "".join(f"{k.selector}._domainkey.{DOMAIN} {record_of(k)}\n" for k in pair().keys)
    (tmp_path / "keys").write_text(keys)
    (tmp_path / "conf").write_text(f"Mode v\nTestPublicKeys {tmp_path}/keys\nSyslog no\n")

    def judged(messages):
        found = []
        for number, message in enumerate(messages):
            path = tmp_path / f"{number}.eml"
            path.write_bytes(message)
            words = [program, "-x", tmp_path / "conf", "-v", "-v", "-t", path]
            said = subprocess.run(words, capture_output=True, text=True, timeout=60)
            found.append(re.findall(r"\bdkim=(\w+)", said.stdout))
        return found

    return judged


def test_opendkim_verifies_both_signatures_whatever_a_message_says(opendkim):
    messages = list(everything())
    assert opendkim(messages) == [["pass", "pass"]] * len(messages)


def test_opendkim_refuses_what_was_changed(opendkim):
    message = signed()
    at = message.index(b"\r\nFrom: ") + 2
    changed = [
        message.replace(b"the desk", b"the disk"),
        message[:at] + b"Subject: Another\r\n" + message[at:],
        message[:at] + b"List-Unsubscribe: <https://evil.example/>\r\n" + message[at:],
    ]
    assert "pass" not in [one for several in opendkim(changed) for one in several]
