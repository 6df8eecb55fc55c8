"""The recipes of `docs/how-to/extend.md` name files that there are, and few of them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/extend.md").read_text()
RECIPES = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
PATH = re.compile(r"`((?:publisher|templates|tests)/[^`]*)`")


@pytest.mark.parametrize("name", RECIPES)
def test_every_file_that_a_recipe_names_is_there(name):
    paths = [path for path in PATH.findall(RECIPES[name]) if not re.search("NAME|PAGE", path)]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_touches_at_most_three_files_and_names_its_proof(name):
    steps = re.findall(r"^(\d)\. ", RECIPES[name], re.MULTILINE)
    assert 1 <= len(steps) <= 3
    assert "tests/" in RECIPES[name].partition("\nProof: ")[2]


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("publisher/feeds/formats.py", ["FORMATS"]),
        ("publisher/pipeline/sends/transports.py", ["def transport_of", "def way_out"]),
        ("publisher/model/delivery_settings.py", ["class DeliverySettings", "transport: Literal"]),
        ("publisher/checks/table.py", ["FILES"]),
        ("publisher/checks/rules/alt_missing.py", ["RULE"]),
        ("publisher/pipeline/sender.py", ["RULES", "refused"]),
        ("publisher/rendering/mail.py", ["def context", "def mail_context", "VARIABLES"]),
        ("publisher/doctor/requirements.py", ["REQUIREMENTS"]),
        ("publisher/audience/imports/headings.py", ["COLUMNS"]),
        ("publisher/web/app.py", ["FORMS"]),
        ("publisher/pipeline/reports/statistics.py", ["class Health"]),
        ("publisher/web/health.py", ["def _of_ledger"]),
        ("publisher/sources/frontmatter.py", ["def split", "class Head"]),
        ("publisher/sources/fields.py", ["KEYS"]),
    ],
)
def test_what_a_recipe_says_is_in_a_file_is_in_it(name, symbols):
    text = (ROOT / name).read_text()
    assert name in PAGE
    assert [symbol for symbol in symbols if symbol not in text] == []
