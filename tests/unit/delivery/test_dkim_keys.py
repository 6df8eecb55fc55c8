"""Private keys and their folder: whole or not there, and for nobody else to read."""

import base64
import os
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from publisher.delivery import key_of, read_pairs, record_of, stamp_of, strings_of, write_pairs
from publisher.delivery.dkim_keys import read_key
from publisher.errors import ConfigError
from tests.dkim_keys import BEGUN, key, pair, pem

FRESH = {"s1": pem("rsa"), "s1-ed": pem("ed25519")}


@pytest.fixture
def folder(tmp_path):
    write_pairs(tmp_path / "dkim", (pair(),), FRESH)
    return tmp_path / "dkim"


def test_what_is_written_is_read(folder):
    (found,) = read_pairs(folder)
    assert (found.name, found.since) == ("s1", BEGUN)
    assert [one.public for one in found.keys] == [one.public for one in pair().keys]
    assert [one.algorithm for one in found.keys] == ["rsa", "ed25519"]


def test_its_owner_alone_can_read_any_of_it_and_git_keeps_none(folder):
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (folder / ".gitignore").read_text() == "*\n"


def test_no_folder_is_no_keys(tmp_path):
    assert read_pairs(tmp_path / "none") == ()
    assert stamp_of(tmp_path / "none") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o700 | 0o001])
def test_a_key_that_others_can_read_is_refused_with_what_to_type(folder, mode):
    path = folder / "s1.pem"
    path.chmod(mode)
    with pytest.raises(ConfigError) as raised:
        read_pairs(folder)
    assert str(raised.value) == (
        f"the DKIM key {path} can be read by others than its owner\n"
        "  Whoever has it can sign mails in your name. It is not used.\n"
        f"  chmod 600 {path}; if others may have read it: publisher keys dkim rotate"
    )


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_key_of_somebody_else_is_refused(folder):
    os.chown(folder / "s1.pem", 12345, 12345)
    with pytest.raises(ConfigError, match="belongs to somebody else"):
        read_pairs(folder)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "it is no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "no private key"),
        (b"\xff\x00" * 50, "no private key"),
    ],
)
def test_what_is_no_key_is_named(folder, data, what):
    (folder / "s1.pem").write_bytes(data)
    with pytest.raises(ConfigError, match=what):
        read_pairs(folder)


def test_a_key_that_is_missing_or_a_pipe_is_named(folder):
    (folder / "s1.pem").unlink()
    with pytest.raises(ConfigError, match="No such file"):
        read_pairs(folder)
    os.mkfifo(folder / "s1.pem", 0o600)
    with pytest.raises(ConfigError, match="named pipe"):
        read_pairs(folder)


def test_a_key_with_a_passphrase_or_of_another_kind_is_named():
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    def written(made, lock):
        return made.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, lock)

    curve = ec.generate_private_key(ec.SECP256R1())
    for data, what in (
        (written(curve, s.BestAvailableEncryption(b"x")), "it is locked with a passphrase"),
        (written(curve, s.NoEncryption()), "it is neither RSA nor Ed25519"),
    ):
        with pytest.raises(ConfigError, match=what):
            key_of(data, "s", "k.pem")
    short = rsa.generate_private_key(65537, 1024)
    assert key_of(written(short, s.NoEncryption()), "s", "k.pem").algorithm == "rsa"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"pairs": 3}', '{"pairs": [{}]}', '{"pairs": [null]}', "[" * 100_000,
     '{"pairs": [{"name": "a", "made": "x", "since": null, "selectors": []}]}',
     '{"pairs": [{"name": "a", "made": "2026-01-01", "since": null, "selectors": []}]}',
     '{"pairs": [{"name": "a", "made": "2026-01-01T00:00+00:00", "since": 3, "selectors": []}]}',
     '{"pairs": [{"name": "a", "made": "2026-01-01T00:00+00:00", "since": null, '
     '"selectors": ["../../etc/key"]}]}',
     '{"pairs": [{"name": "a", "made": "2026-01-01T00:00+00:00", "since": null, '
     '"selectors": [".hidden"]}]}'],
)  # fmt: skip
def test_a_list_of_keys_that_is_damaged_is_named_and_read_nowhere_else(folder, text):
    (folder / "keys.json").write_text(text)
    with pytest.raises(ConfigError, match=r"keys\.json is damaged"):
        read_pairs(folder)


def test_whatever_write_fails_the_keys_before_still_sign(folder, monkeypatch):
    second = pair("s2", 2, datetime(2026, 6, 1, tzinfo=UTC))
    fresh = {"s2": pem("rsa", 2), "s2-ed": pem("ed25519", 2)}
    real, count, failed = os.fsync, 0, 0
    for place in range(20):
        count = 0

        def fails(handle, place=place):
            nonlocal count, failed
            count += 1
            if count == place + 1:
                failed += 1
                raise OSError(28, "No space left on device")
            real(handle)

        monkeypatch.setattr(os, "fsync", fails)
        try:
            write_pairs(folder, (pair(), second), fresh)
        except OSError:
            assert [one.name for one in read_pairs(folder)] in (["s1"], ["s1", "s2"])
        monkeypatch.setattr(os, "fsync", real)
        write_pairs(folder, (pair(),), {})
    assert failed == 8  # a file and its folder: of .gitignore, two keys, the list


def test_keys_of_no_pair_are_taken_away(folder):
    write_pairs(folder, (), {})
    assert read_pairs(folder) == ()
    assert list(folder.glob("*.pem")) == []


def test_a_record_is_one_text_and_in_zone_files_strings_of_255_bytes():
    text = record_of(key("s1", "rsa"))
    assert text.startswith("v=DKIM1; k=rsa; p=MII")
    assert len(strings_of(text)) == 2
    assert max(map(len, strings_of(text))) == 255
    assert "".join(strings_of(text)) == text
    edwards = record_of(key("s1-ed", "ed25519"))
    assert len(base64.b64decode(edwards.partition("p=")[2])) == 32  # RFC 8463: the key alone
    assert strings_of(edwards) == [edwards]


def test_what_changes_when_keys_do_is_seen(folder):
    before = stamp_of(folder)
    write_pairs(folder, (replace(pair(), since=None),), {})
    assert stamp_of(folder) != before


def test_a_link_to_a_key_is_followed_and_judged_by_its_file(folder, tmp_path):
    real = tmp_path / "real.pem"
    real.write_bytes(pem("rsa"))
    real.chmod(0o644)
    (folder / "s1.pem").unlink()
    (folder / "s1.pem").symlink_to(real)
    with pytest.raises(ConfigError, match="can be read by others"):
        read_key(folder / "s1.pem", "s1")


@pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
def test_a_folder_into_which_others_write_is_refused(folder, mode):
    folder.chmod(mode)
    with pytest.raises(ConfigError, match="others than its owner may write into"):
        read_pairs(folder)
    folder.chmod(0o755)  # such as /etc/publisher
    assert len(read_pairs(folder)) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_uses_the_keys_of_whom_the_folder_belongs_to(folder):
    for path in (folder, folder / "s1.pem", folder / "s1-ed.pem"):
        os.chown(path, 12345, 12345)
    assert len(read_pairs(folder)) == 1
