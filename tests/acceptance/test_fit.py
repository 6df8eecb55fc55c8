"""An edition that Gmail would clip is shown shorter at its end: told, kept to, and undone."""

import re
from pathlib import Path

import pytest

from publisher.model.rendition import GMAIL_CLIPS_AT
from tests.site import CONFIG, NO_PAGES, Site

LETTER = (
    CONFIG.replace('title = "Morning"', 'title = "Morning"\ncontents = 0')
    .replace("max = 1\n", "max = 12\n")
    .replace(NO_PAGES, f"{NO_PAGES}clicks = true\n")
)
WORDS = "The harbour of the town has a ferry that goes across the bay every hour. " * 65


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """Twelve stories shown in full, with related ones under them, and five in few lines."""
    site = Site(tmp_path_factory.mktemp("long") / "site", LETTER)
    for n in range(20):
        head = f"---\ntitle: Story {n}\ndate: 2026-11-{n % 6 + 17} 12:{n:02}\n---\n\n"
        site.article(f"s{n}.md", f"{head}{WORDS}\n\n## More of {n}\n\n{WORDS}")
    return site


def made(site, *words):
    result = site.build("2026-11-24 07:00", "morning", "--json", *words)
    return result.json["editions"][0]


@pytest.mark.slow
def test_a_long_edition_is_made_to_fit_and_what_was_done_is_told(long):
    first = made(long)
    assert first["what"] == "made"
    assert first["fit"]["before"] > GMAIL_CLIPS_AT >= first["fit"]["after"]
    html, text = long.part("message.html"), long.part("message.txt")
    assert len(html.encode()) <= GMAIL_CLIPS_AT
    assert 0 < html.rindex("[[unsubscribe_url") < GMAIL_CLIPS_AT
    titles = {line for line in text.splitlines() if line.startswith("Story ")}
    assert sum(f"<bdi>{title}</bdi>" in html for title in titles) == 17  # and no related one less

    kilobytes = [round(first["fit"][key] / 1000) for key in ("before", "after")]
    told = f"the HTML would have {kilobytes[0]} KB, and has {kilobytes[1]}: shown shorter are "
    assert told in long.build("2026-11-24 07:00", "morning").out
    shown = long.run("outbox", "show", "morning").out
    assert told in shown
    assert shown.count("shown shorter: card") == first["fit"]["shown"]["card"]
    path = long.run("preview", "morning", "--once", "--no-open", "--at", "2026-11-24 07:00").out
    said = re.search(
        r"So that it fits: the HTML would have (\d+) KB, and has (\d+): shown shorter are ",
        Path(path.strip()).read_text(),
    )
    for one, other in zip(said.groups(), kilobytes, strict=True):
        assert abs(int(one) - other) <= 1  # a reader's own links are longer there
    checked = long.run("check", "--json", "--at", "2026-11-24 07:00").json["problems"]
    assert "size" not in {one["rule"] for one in checked}


@pytest.mark.slow
def test_an_edition_that_was_made_to_fit_is_the_same_when_it_is_made_again(long):
    seal = made(long) and long.part("manifest.json")
    assert made(long)["what"] == "unchanged"  # the related stories that are not shown are known
    assert long.run("replay", "morning").code == 0

    whole = made(long, "--no-fit")
    assert (whole["what"], whole["fit"]) == ("replaced", None)
    assert len(long.part("message.html")) > GMAIL_CLIPS_AT
    told = [one for one in whole["problems"] if "Gmail shows the first 102" in one["what"]]
    assert ["fit = true" in one["todo"] for one in told] == [True]
    assert made(long)["what"] == "unchanged"  # what was asked for by command is kept to
    assert long.run("replay", "morning").code == 0

    assert made(long, "--fit")["what"] == "replaced"
    assert long.part("manifest.json") == seal
