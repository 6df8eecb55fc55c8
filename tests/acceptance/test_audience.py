"""Subscribers and segments, as an editor uses them."""

import json
import stat

import pytest

from tests.site import CONFIG, Site

SEGMENTS = CONFIG + '\n[segments.paying]\nattributes = ["plan=paid"]\n'


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path, SEGMENTS)


def file(site, text, name="list.csv"):
    path = site.root / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_import_tells_row_by_row_what_became_of_it(site):
    site.run("subscribers", "add", "left@x.example")
    site.run("subscribers", "remove", "left@x.example")
    path = file(
        site,
        "email,name,plan\nana@x.example,Ana,paid\nbad,,\nleft@x.example,,\nana@x.example,Ana,paid\n",
    )
    result = site.run("subscribers", "import", path, "--map", "plan=attributes.plan")
    assert result.code == 1
    assert result.out == (
        "list.csv: 4 rows, 2 readers: 1 added; 1 left as they are. 1 row more of the same readers. "
        "1 row refused.\n"
    )
    assert (
        "error: list.csv:3: 'bad' is no address: an email address must have an @-sign\n"
        in result.err
    )
    assert "note: list.csv:4: left@x.example is left as it is: left morning on 20" in result.err
    assert site.run("segments", "count", "--json").json == {"paying": 1}
    assert (
        site.run("subscribers", "import", path, "-n").out
        == "list.csv: 4 rows, 2 readers: 2 can be added. 1 row more of the same readers. "
        "1 row refused.\n"
    )


def test_a_file_in_another_encoding_is_read_as_it_was_meant(site):
    path = site.root / "old.csv"
    path.write_bytes("email,name\na@x.example,Zoë\n".encode("cp1252"))
    assert site.run("subscribers", "import", str(path)).code == 0
    path.write_bytes("email,name\nb@x.example,Zoë\n".encode("utf-16"))
    assert site.run("subscribers", "import", str(path)).code == 0
    rows = site.run("subscribers", "list", "--json").json
    assert [(row["address"], row["name"]) for row in rows] == [
        ("a@x.example", "Zoë"),
        ("b@x.example", "Zoë"),
    ]


def test_an_export_is_its_owners_alone_and_comes_back_whole(site, tmp_path_factory):
    site.run(
        "subscribers",
        "add",
        "ana@x.example",
        "--name",
        "=HYPERLINK(1)",
        "--tag",
        "a, b",
        "--set",
        "city=Oslo",
        "--zone",
        "Asia/Tokyo",
        "--language",
        "nb",
    )
    site.run("subscribers", "add", "bob@x.example")
    site.run("subscribers", "remove", "bob@x.example")
    path = site.root / "out.csv"
    assert site.run("subscribers", "export", str(path)).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "'=HYPERLINK(1)" in path.read_text()
    other = Site(tmp_path_factory.mktemp("other"), SEGMENTS)
    assert other.run("subscribers", "import", str(path)).code == 0
    keys = ("address", "name", "language", "zone", "tags", "attributes", "subscriptions")
    rows = [
        [{k: r[k] for k in keys} for r in s.run("subscribers", "list", "--json").json]
        for s in (site, other)
    ]
    assert rows[0] == rows[1]


def test_erasing_asks_first_and_keeps_the_address_out(site):
    site.run("subscribers", "add", "ana@x.example")
    asked = site.run("subscribers", "erase", "ana@x.example")
    assert (asked.code, asked.err) == (
        2,
        "publisher: Erase ana@x.example for good?\n  There is nobody to ask.\n  Answer it with --yes.\n",
    )
    assert (
        site.run("subscribers", "erase", "ana@x.example", "--yes").out == "ana@x.example: erased\n"
    )
    again = site.run("subscribers", "add", "ana@x.example", "--again")
    assert again.code == 1
    assert again.out.startswith("ana@x.example: left as it is: asked to be forgotten on ")
    assert b"ana@x" not in (site.root / ".publisher/ledger.db").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("subscribers", "show", "a@x.example"),
            "there is no subscriber 'a@x.example'\n  List them: ",
        ),
        (
            ("subscribers", "add", "nobody"),
            "'nobody' is no address: an email address must have an @-sign\n",
        ),
        (
            ("subscribers", "add", "a@x.example", "--newsletter", "mornin"),
            "there is no newsletter 'mornin'\n  Did you mean morning?",
        ),
        (("subscribers", "add", "a@x.example", "--set", "x"), "--set 'x' is not NAME=VALUE\n"),
        (("segments", "count", "payin"), "there is no segment 'payin'\n  Did you mean paying?"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(site, words, message):
    result = site.run(*words)
    assert result.code in (1, 2)
    assert result.err.startswith(f"publisher: {message}")


def test_which_newsletter_is_asked_where_there_are_several(tmp_path):
    site = Site(tmp_path, CONFIG + '\n[newsletters.weekly]\ntitle = "W"\n')
    result = site.run("subscribers", "add", "a@x.example")
    assert result.err == (
        "publisher: which newsletter is meant?\n  There are: morning, weekly.\n  Name it: --newsletter NAME\n"
    )


def test_all_that_is_known_of_a_reader_is_shown(site):
    site.run("subscribers", "add", "ana@x.example", "--name", "Ana", "--at", "2026-11-24 07:00")
    shown = site.run("subscribers", "show", "ana@x.example")
    assert shown.out == (
        "ana@x.example\n  name    Ana\n  joined  2026-11-24 06:00 UTC\nconsent\n"
        "  2026-11-24 06:00  subscribed  morning  asked an editor  by hand\n"
    )
    assert (
        json.loads(site.run("subscribers", "show", "ana@x.example", "--json").out)["subscriber"][
            "name"
        ]
        == "Ana"
    )


@pytest.mark.parametrize(
    ("heading", "left", "active", "codec", "shown"),
    [
        ("email;имя;статус", "Анна;отписан", "Борис;активен", "cp1251", "Windows-1251"),
        ("email;имя;статус", "Анна;отписан", "Борис;активен", "koi8-r", "KOI8-R"),
        ("メールアドレス;名前;状態", "山田;退会", "田中;有効", "cp932", "Shift JIS"),
        ("邮箱;姓名;状态", "王;退订", "李;已订阅", "gb18030", "GB 18030"),
        ("電子郵件;姓名;狀態", "王;退訂", "李;已訂閱", "big5", "Big5"),
        ("email;Όνομα;Κατάσταση", "Α;διαγραμμένος", "Β;ενεργός", "cp1253", "Windows-1253"),
        ("email;שם;סטטוס", "א;הוסר", "ב;פעיל", "cp1255", "Windows-1255"),
        ("email;الاسم;الحالة", "ا;ملغى", "ب;نشط", "cp1256", "Windows-1256"),
        ("이메일;이름;상태", "김;수신거부", "이;구독중", "cp949", "EUC-KR"),
        ("E-Mail;Größe;Status", "Größte;gelöscht", "ößö;bestätigt", "cp1252", "Windows-1252"),
    ],
)
def test_who_left_has_left_in_the_encoding_of_another_script(
    site, heading, left, active, codec, shown
):
    path = site.root / "old.csv"
    path.write_bytes(f"{heading}\nana@x.example;{left}\nbo@x.example;{active}\n".encode(codec))
    result = site.run("subscribers", "import", str(path))
    assert result.out == "old.csv: 2 rows, 2 readers: 1 added; 1 left there, and kept out.\n"
    assert f"warning: old.csv: it is not UTF-8, and was read as {shown}\n" in result.err


def test_a_heading_in_an_encoding_that_nobody_knows_stops_an_import(site):
    path = site.root / "old.csv"
    path.write_bytes(b"email;\xc1\xca\xb6\xc3\nana@x.example;\xc7\xb7\n")
    result = site.run("subscribers", "import", str(path))
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "publisher: old.csv is not UTF-8, and its heading '좽뗐' is known to nobody\n"
        "  It may tell who left.\n"
        "  Save it as CSV (UTF-8), and import that.\n"
    )
