import ssl

import pytest

from publisher.trust import trusted


def test_the_systems_authorities_are_read_once():
    assert trusted() is trusted()
    assert trusted().check_hostname and trusted().verify_mode == ssl.CERT_REQUIRED


def test_others_are_read_where_the_environment_names_them(monkeypatch, tmp_path):
    before = trusted()
    (tmp_path / "ca.pem").write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert trusted() is not before


def test_a_file_is_read_each_time_for_it_may_be_mended_meanwhile(tmp_path):
    path = tmp_path / "ca.pem"
    with pytest.raises(FileNotFoundError):
        trusted(str(path))
    path.write_text("no certificate\n")
    with pytest.raises(ssl.SSLError):
        trusted(str(path))
