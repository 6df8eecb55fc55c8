"""Who an id stands for, in the tables of several generators."""

import pytest

from publisher.sources.author_tables import AuthorTables

TABLES = {
    "Jekyll": ("_data/authors.yml", "ann:\n  name: Ann Lee\n  url: https://ann.example\n"),
    "Eleventy": ("src/_data/authors.json", '[{"id": "ann", "name": "Ann Lee"}]'),
    "Docusaurus": ("blog/authors.yml", "ann:\n  name: Ann Lee\n  title: Harbour master\n"),
    "Hugo, a table": ("data/authors.toml", '[ann]\nname = "Ann Lee"\n'),
    "Hugo, a file": ("data/authors/ann.yaml", "name: Ann Lee\nrole: Editor\n"),
    "Hugo, a page": ("content/authors/ann/_index.md", "---\ntitle: Ann Lee\n---\nShe writes.\n"),
    "Astro": ("src/content/authors/ann.json", '{"name": "Ann Lee"}'),
    "names alone": ("_data/people.yml", "ann: Ann Lee\n"),
}


def table(root, path, text):
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)


@pytest.mark.parametrize("kind", TABLES)
def test_an_id_is_looked_up_where_the_generator_keeps_its_people(tmp_path, kind):
    table(tmp_path, *TABLES[kind])
    tables = AuthorTables(tmp_path)
    assert (tables.name_of("ann"), tables.name_of("Ann"), tables.name_of("bo")) == (
        "Ann Lee",
        "Ann Lee",
        "",
    )
    assert tables.digest
    assert tables.problems == []


def test_tables_may_be_named_and_then_no_other_is_read(tmp_path):
    table(tmp_path, "_data/authors.yml", "ann: Ann Lee\n")
    table(tmp_path, "desk/who.yml", "bo: Bo Chan\n")
    tables = AuthorTables(tmp_path, ["desk/who.yml", "gone.yml"])
    assert (tables.name_of("ann"), tables.name_of("bo")) == ("", "Bo Chan")
    assert [one.what for one in tables.problems] == ["sources.authors: there is no gone.yml"]


@pytest.mark.parametrize(
    "text",
    ["ann: [", "ann: !!python/object/apply:os.system [x]", "- 1\n- [2]", "ann: 2021-02-29", "x"],
)
def test_a_table_that_says_nothing_leaves_ids_as_they_are(tmp_path, text):
    table(tmp_path, "_data/authors.yml", text)
    assert AuthorTables(tmp_path).name_of("bo") == ""


def test_a_touched_table_has_another_digest_and_none_has_none(tmp_path):
    assert AuthorTables(tmp_path).digest == ""
    table(tmp_path, "_data/authors.yml", "ann: Ann Lee\n")
    before = AuthorTables(tmp_path).digest
    table(tmp_path, "_data/authors.yml", "ann: Ann Lee-Ray\n")
    assert AuthorTables(tmp_path).digest != before


def test_pictures_are_files_of_the_site_alone(tmp_path):
    site = tmp_path / "site"
    people = {
        "ann": "{name: Ann Lee, image_url: /img/ann.png}",
        "bo": "{name: Bo Chan, avatar: https://else.example/bo.png}",
        "cy": "{name: Cy Dee, picture: ../../secret.png}",
        "di": "{name: Di Ray, photo: gone.png}",
    }
    text = "".join(f"{who}: {person}\n" for who, person in people.items())
    table(site, "blog/authors.yml", text)
    table(site, "static/img/ann.png", "x")
    table(tmp_path, "secret.png", "x")
    found = AuthorTables(site).pictures()
    assert found == {"Ann Lee": (site / "static/img/ann.png").resolve()}
