"""What looks like consent and is not understood stops an import, with what to type."""

import io
import shlex
from datetime import UTC, datetime

import pytest

from publisher.audience.imports.headings import COLUMNS, ROLES, plain_field
from publisher.audience.imports.likeness import likely_role
from publisher.audience.imports.passes import readers, surveyed
from publisher.audience.imports.words import folded, is_nothing, is_plainly_left, meaning
from publisher.errors import Problem, UsageError
from publisher.model import Candidate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def read(text, mapped=None, order=None, name="x.csv", everyone=""):
    file = io.StringIO(text, newline="")
    known = surveyed(file, name, mapped or {}, order, NOW, everyone=everyone)
    return [one.said.what for one in readers(file, known)]


def stopped(text, **keys):
    with pytest.raises(UsageError) as found:
        read(text, **keys)
    return found.value.problem


def pairs(todo):
    """The `--map` options that a message has ready."""
    words = shlex.split(todo.replace(". ", " ").rstrip("."))
    found = [words[at + 1] for at, word in enumerate(words) if word == "--map"]
    return [one.rpartition("=")[::2] for one in found]


def test_a_word_of_a_status_that_nobody_knows_stops_the_import():
    text = "email,Status\na@x.example,gold\nb@x.example,unsubscribed\nc@x.example,Probation x\n"
    found = stopped(text)
    assert str(UsageError(found.what, why=found.why, todo=found.todo)) == (
        "the column 'Status' looks like one of consent, and nobody knows what it means by "
        "'gold' (line 2), 'Probation x' (line 4)\n"
        "  Whoever left must stay out, so that nothing was taken.\n"
        "  Leave such rows out: --map Status:gold=- --map 'Status:Probation x=-'. Or say for - what "
        "it means: active, unsubscribed, bounced, complained, blocked, pending."
    )
    assert read(text, dict(pairs(found.todo))) == ["pending", "unsubscribed", "pending"]
    assert read(text, {"Status:gold": "active", "Status:*": "bounced"}) == [
        "active",
        "bounced",
        "bounced",
    ]


def test_a_status_of_something_else_is_an_attribute_where_nobody_left_by_it():
    text = "email,Status\na@x.example,gold\nb@x.example,silver\n"
    ready = dict(pairs(stopped(text).todo))
    assert ready.pop("Status") == "attributes.status"
    assert read(text, ready) == ["pending", "pending"]
    assert read(text, {"Status": "attributes.status"}) == ["active", "active"]
    assert read(text, {"Status": "-"}) == ["active", "active"]


@pytest.mark.parametrize(
    "mapped",
    [
        {"Status": "-"},
        {"Segment": "-"},
        {"unsubscribed_at": "-"},
        {"type": "-"},
        {"Abgemeldet": "-"},
    ],
)
def test_a_column_that_says_who_left_cannot_be_left_out(mapped):
    (column,) = mapped
    word = {"unsubscribed_at": "2024-05-01", "type": "inactive", "Abgemeldet": "ja"}
    text = f"email,{column}\na@x.example,{word.get(column, 'unsubscribed')}\nb@x.example,\n"
    found = stopped(text, mapped=mapped)
    assert found.what.startswith(f"the column {column!r} says who left: ")
    (ready,) = pairs(found.todo)
    assert read(text, dict([ready])) == ["active", "active"]


def test_who_left_by_a_known_column_has_left_though_it_is_an_attribute_too():
    text = "email,status\na@x.example,unsubscribed\n"
    assert read(text, {"status": "attributes.status"}) == ["unsubscribed"]


def test_a_column_of_any_name_that_says_unsubscribed_is_asked_about():
    text = "email,Notes\na@x.example,likes tea\nb@x.example,Unsubscribed\n"
    found = stopped(text)
    assert found.what == "the column 'Notes' says 'Unsubscribed' (line 3), and nobody knows of what"
    assert found.todo == (
        "If it is about these mails: --map Notes=status. If not: --map Notes=attributes.notes"
    )
    assert read(text, {"Notes": "attributes.notes"}) == ["active", "active"]
    assert stopped(text, mapped={"Notes": "status"}).what.endswith("'likes tea' (line 2)")


def test_an_ambiguous_date_asks_once_for_the_order():
    text = "email,confirm_time\na@x.example,03.04.2024\nb@x.example,13.04.2024\n"
    found = stopped(text)
    assert (found.what, found.why, found.todo) == (
        "the column 'confirm_time' has dates that may be two: '03.04.2024' (line 2)",
        "It is evidence, so that it is not guessed. '13.04.2024' (line 3) can be read in one way "
        "alone.",
        "Say what stands first: --dates dmy for the day, --dates mdy for the month.",
    )
    assert read(text, order="dmy") == ["active", "active"]
    assert "unsubscribed_at" in stopped("email,unsubscribed_at\na@x.example,3/4/2024\n").what
    assert read("email,birthday\na@x.example,3/4/2024\n") == ["active"]


def test_a_list_whose_name_says_that_they_left_asks_what_they_are():
    text = "email\na@x.example\n"
    for name in ("unsubscribed_members_export_1.csv", "nonsubscribed.csv", "suppression-list.csv"):
        assert stopped(text, name=name).what == (
            f"the name of {name} speaks of those who left, and no column of it does"
        )
    assert read(text, name="cleaned_members.csv", everyone="bounced") == ["bounced"]
    assert read(text, name="subscribed_members.csv") == ["active"]
    assert read("email,UNSUB_TIME\na@x.example,2024-01-01\n", name="unsubscribed.csv") == [
        "unsubscribed"
    ]


@pytest.mark.parametrize(
    "name",
    [
        "cleaned_email_audience_export_1a2b3c.csv",
        "Bounced (3).csv",
        "brevo-blocked-contacts-2026.csv",
        "removed_list.csv",
    ],
)
def test_words_of_files_beside_it_do_not_hide_that_a_list_is_of_who_left(name):
    assert "speaks of those who left" in stopped("email\na@x.example\n", name=name).what


@pytest.mark.parametrize("name", ["audience_export.csv", "left-handed-guitars.csv", "list.csv"])
def test_a_list_whose_name_says_nothing_of_who_left_asks_nothing(name):
    assert read("email\na@x.example\n", name=name) == ["active"]


def test_a_row_that_says_nothing_in_a_list_of_who_left_is_asked_about():
    text = "email,UNSUB_TIME\na@x.example,2024-01-01\nb@x.example,\n"
    name = "unsubscribed_members_export_1.csv"
    found = stopped(text, name=name)
    assert found.what == (
        f"the name of {name} speaks of those who left, and some rows do not say whether they did"
    )
    assert found.todo.startswith("Say what they all are, where a row does not say it: --all-are")
    assert read(text, name=name, everyone="unsubscribed") == ["unsubscribed", "unsubscribed"]
    said = "email,status\na@x.example,unsubscribed\nb@x.example,active\n"
    assert read(said, name=name) == ["unsubscribed", "active"]


def test_what_all_are_is_said_of_those_alone_of_whom_no_column_says_it():
    text = "email,bounced_at,confirmed\na@x.example,,\nb@x.example,2024-01-01,\nc@x.example,,no\n"
    assert read(text, everyone="unsubscribed") == ["unsubscribed", "bounced", "pending"]


@pytest.mark.parametrize(
    ("mapped", "message"),
    [
        ({"Status:x": "activ"}, "'activ' is no meaning of a word"),
        ({"Stauts:x": "active"}, "there is no column 'Stauts'"),
        ({"Status": "stauts"}, "'stauts' is no field"),
    ],
)
def test_a_map_that_cannot_be_meant_is_refused(mapped, message):
    assert stopped("email,Status\na@x.example,active\n", mapped=mapped).what == message


def test_a_column_and_a_word_may_hold_a_colon():
    text = 'email,"Opted out: News"\na@x.example,at: noon\n'
    assert read(text, {"Opted out: News:at: noon": "active"}) == ["active"]


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Unsubscribed from all email", "unsubscribed"),
        ("Opted out of email: One to One", "unsubscribed"),
        ("emailBlacklisted", "blocked"),
        ("smsBlacklisted", None),
        ("SMS Marketing Consent", None),
        ("Abmeldedatum", "unsubscribed"),
        ("Date de désinscription", "unsubscribed"),
        ("Fecha de baja", "unsubscribed"),
        ("Дата отписки", "unsubscribed"),
        ("配信停止日", "unsubscribed"),
        ("Hard bounce reason", "bounced"),
        ("Bounce count", None),
        ("unsubscribe_link", None),
        ("Newsletter Status", "status"),
        ("購読ステータス", "subscribed"),
        ("Einwilligung", "subscribed"),
        ("Lead Status", None),
        ("Favourite colour", None),
        ("churned_at", "unsubscribed"),
        ("Left on", "unsubscribed"),
        ("Left-handed", None),
        ("is_inactive", "unsubscribed"),
        ("deletedDate", "unsubscribed"),
        ("Removed items", None),
        ("consent_withdrawn", "unsubscribed"),
        ("Deaktiviert", "unsubscribed"),
        ("Date de sortie", "unsubscribed"),
        ("Poistettu", "unsubscribed"),
        ("退会日", "unsubscribed"),
        ("invalid_email", "bounced"),
        ("email_blocked", "blocked"),
        ("Subscription end date", None),
    ],
)
def test_a_heading_looks_like_consent_in_many_languages(heading, role):
    plain = plain_field(heading)
    assert (plain if plain in ROLES else likely_role(heading, ())) == role


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("rescued_at", ["2024-05-01", ""]),
        ("Date lapsed", ["", "01 May 2024"]),
        ("Subscription end date", ["2024-05-01", ""]),
        ("archived", ["true", "false"]),
    ],
)
def test_a_column_of_something_that_ended_for_some_is_asked_about(heading, cells):
    text = f"email,{heading}\n" + "".join(f"r{n}@x.example,{c}\n" for n, c in enumerate(cells))
    found = stopped(text)
    assert found.what.startswith(f"the column {heading!r} says ")
    assert found.what.endswith(" of some readers, and nobody knows whether they left")
    left, other = (dict([pair]) for pair in pairs(found.todo))
    assert sorted(read(text, left)) == ["active", "unsubscribed"]
    assert read(text, other) == read(text, {heading: "-"}) == ["active", "active"]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("rescued_at", ["2024-05-01", "2024-05-02"]),  # of all, so that it is no leaving
        ("Last opened", ["2024-05-01", ""]),
        ("updated_at", ["2024-05-01", ""]),
        ("Event end date", ["2024-05-01", ""]),
        ("birthday", ["2024-05-01", ""]),
        ("SMS Marketing Consent", ["UNSUBSCRIBED", ""]),
        ("archived", ["false", "no"]),
    ],
)
def test_a_column_of_something_else_is_not_asked_about(heading, cells):
    text = f"email,{heading}\n" + "".join(f"r{n}@x.example,{c}\n" for n, c in enumerate(cells))
    assert read(text) == ["active", "active"]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("active Abonniert inscrit SUSCRITO подписан 購読中 已订阅 구독중", "active"),
        ("Unsubscribed opted-out abgemeldet DÉSABONNÉ desuscrito disiscritto descadastrado", "unsubscribed"),
        ("uitgeschreven avregistrerad wypisany odhlášen leiratkozott отписан 退会 退订 구독취소", "unsubscribed"),
        ("cleaned hard_bounced undeliverable rebotado unzustellbar 退信", "bounced"),
        ("complained spam Beschwerde plainte жалоба", "complained"),
        ("BLOCKLISTED banned gesperrt bloqué заблокирован", "manual"),
        ("unconfirmed pending unbestätigt enattente neversubscribed", "pending"),
        ("0 no nein non нет いいえ FALSE", "no"),
        ("1 yes ja oui да はい TRUE ✓", "yes"),
        (r"NULL \N (null) NaT nil N/A - — <null> 0000-00-00 null", "nothing"),
    ],
)  # fmt: skip
def test_a_word_means_the_same_in_many_languages(words, wanted):
    assert {word: meaning(word) for word in words.split()} == dict.fromkeys(words.split(), wanted)


def test_what_nobody_knows_means_nothing_that_is_known():
    for word in ("gold", "not unsubscribed", "unknown", "2", "x" * 500, "2024-05-01"):
        assert meaning(word) is None
        assert not is_plainly_left(word)
    assert is_nothing("")


def test_every_heading_of_ours_names_one_field():
    shapes = [folded(name) for names in COLUMNS.values() for name in names]
    twice = {shape for shape in shapes if shapes.count(shape) > 1}
    for shape in twice:  # spelt in two ways, for the reader of the table
        fields = {field for field, names in COLUMNS.items() if shape in map(folded, names)}
        assert len(fields) == 1, shape


@pytest.mark.parametrize(
    ("heading", "fine", "out"),
    [
        ("Receives emails", "true", "false"),
        ("can_email", "1", "0"),
        ("Newsletter?", "ja", "nein"),
        ("Marketing emails", "on", "off"),
        ("email_ok", "1", "0"),
        ("Mailable", "yes", "no"),
        ("Email reachable", "true", "false"),
        ("allowMailing", "1", "0"),
        ("No mailing", "", "x"),
        ("Kein Newsletter", "nein", "ja"),
    ],
)
def test_a_column_that_may_tell_who_gets_mails_is_asked_about(heading, fine, out):
    text = f"email,{heading}\nr0@x.example,{fine}\nr1@x.example,{out}\n"
    found = stopped(text)
    assert found.what.endswith(" of some readers, and nobody knows whether they want these mails")
    ours, other = (dict([pair]) for pair in pairs(found.todo))
    assert read(text, ours) == ["active", "unsubscribed"]
    assert read(text, other) == ["active", "active"]
    assert read(f"email,{heading}\nr0@x.example,{fine}\n") == ["active"]


@pytest.mark.parametrize(
    ("heading", "out", "wanted"),
    [
        ("On Hold", "On Hold Bounce", "bounced"),  # CiviCRM
        ("On Hold", "On Hold Opt Out", "unsubscribed"),
        ("on_hold", "1", "manual"),
        ("email1_is_bad", "true", "bounced"),  # NationBuilder
        ("Bad email", "yes", "bounced"),
        ("Quarantine", "1", "bounced"),
        ("Werbesperre", "ja", "manual"),
        ("Aktiv", "Nein", "unsubscribed"),
        ("Austritt", "31.12.2024", "unsubscribed"),
    ],
)
def test_a_heading_of_a_club_or_a_party_is_one_of_consent_too(heading, out, wanted):
    assert read(f"email,{heading}\nr0@x.example,\nr1@x.example,{out}\n") == ["active", wanted]


@pytest.mark.parametrize(
    "heading", ["Order on hold", "Bad debts", "Send HTML emails", "Mailing Street"]
)
def test_a_heading_of_something_else_is_none_of_consent(heading):
    assert read(f"email,{heading}\nr0@x.example,yes\nr1@x.example,no\n") == ["active", "active"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("email,subscribed\na@x.example,yes\nb@x.example,\nc@x.example,NULL\n", "app"),
        ("email,status\na@x.example,active\nb@x.example,\nc@x.example,unsubscribed\n", "apu"),
        ("email,email_verified_at\na@x.example,2024-01-02\nb@x.example,\n", "ap"),
        ("email,created_at,confirmed_at\na@x.example,2024-01-02,2024-01-03\n"
         "b@x.example,2024-01-02,0000-00-00 00:00:00\n", "ap"),
        ("email;registered;activated\na@x.example;1673604000;1673604600\n"
         "b@x.example;1673604000;0\n", "ap"),
        # What another column says counts, and so does an empty cell where nobody is granted a thing.
        ("email,status,confirmed_at\na@x.example,active,\nb@x.example,active,2024-01-03\n", "aa"),
        ("email,confirmed,subscribed\na@x.example,yes,\nb@x.example,,yes\n", "aa"),
        ("email,active\na@x.example,\nb@x.example,no\n", "au"),
        ("email,confirmed_at\na@x.example,\nb@x.example,\n", "aa"),
        ("email,optin_time\na@x.example,\nb@x.example,2024-01-02\n", "aa"),
    ],
)  # fmt: skip
def test_who_confirmed_nothing_is_not_taken_for_an_empty_cell(text, wanted):
    meant = {"a": "active", "p": "pending", "u": "unsubscribed"}
    file = io.StringIO(text, newline="")
    found = list(readers(file, surveyed(file, "x.csv", {}, None, NOW)))
    said = [one.said.what for one in found if isinstance(one, Candidate)]
    assert said == [meant[letter] for letter in wanted]


def test_an_empty_cell_of_consent_is_named_with_what_to_type():
    text = "email,subscribed\na@x.example,yes\nb@x.example,\n"
    file = io.StringIO(text, newline="")
    found = list(readers(file, surveyed(file, "x.csv", {}, None, NOW)))
    assert [one.headline for one in found if isinstance(one, Problem)] == [
        "x.csv:3: b@x.example: nothing of them stands in subscribed, and something of others; "
        "this row is not taken. If they want mail: --all-are active"
    ]
    assert read(text, everyone="active") == ["active", "active"]


def test_the_column_email_holds_the_address_and_not_the_column_address():
    text = 'Email,Address,Status\na@x.example,"1 Main St",active\nb@x.example,c@x.example,active\n'
    file = io.StringIO(text, newline="")
    found = readers(file, surveyed(file, "x.csv", {}, None, NOW))
    assert [one.address.text for one in found] == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("column", "words", "wanted"),
    [
        ("eu_consent", ("granted", "denied"), ["active", "unsubscribed"]),  # Drip
        ("Email status", ("Active", "Temp Hold"), ["active", "pending"]),  # Constant Contact
    ],
)
def test_words_of_other_tools_are_known(column, words, wanted):
    one, other = words
    assert read(f"email,{column}\na@x.example,{one}\nb@x.example,{other}\n") == wanted
