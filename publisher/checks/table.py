"""The one table of rules: a new one is a file in `rules/`, and its line here."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from publisher.checks.rule import Rule

FILES = (
    "active_elements",
    "alignment",
    "alt_file_name",
    "alt_missing",
    "capitals",
    "contrast",
    "css_features",
    "css_syntax",
    "data_address",
    "empty_merge",
    "headers",
    "heading_levels",
    "heading_order",
    "insecure_link",
    "insecure_picture",
    "link_words",
    "local_address",
    "many_links",
    "merge_tag",
    "mismatched_link",
    "mjml",
    "no_words",
    "placeholder",
    "postal_address",
    "preheader_empty",
    "preheader_length",
    "preheader_repeats",
    "preheader_unused",
    "raw_markup",
    "relative_address",
    "same_as_last",
    "shortened_link",
    "size",
    "small_text",
    "story_bare",
    "story_missing",
    "subject_empty",
    "subject_length",
    "text_part",
    "theme_words",
    "tracking",
    "unsubscribe",
    "wide_table",
)
"""The files in `rules/`, by name."""

AT_BUILD = (
    "alt_missing",
    "mjml",
    "preheader_empty",
    "size",
    "subject_empty",
    "subject_length",
    "unsubscribe",
)
"""Those of which `build` tells as well, and not only `check` and the preview."""


@cache
def all_rules(names: tuple[str, ...] = FILES) -> tuple[Rule, ...]:
    """Return the rules in some files, all of them by default: few who build need them all."""
    return tuple(import_module(f"publisher.checks.rules.{name}").RULE for name in names)


OTHERS = {
    "archive": "What is wrong with the articles' files: what was left out of them, and why.",
    "article": "What became of articles: hidden, taken out of a mail.",
    "edition": "An edition that cannot be made, or is older than what it was made of.",
    "feed": "Podcasts that directories will refuse, and that no feed stands for.",
    "fit": "Stories that will be shown shorter, so that Gmail clips nothing.",
    "link": "Addresses in coming mails that nobody answers at, or that moved: asked by `--links`.",
    "name": "Names in front matter and in publisher.toml that nothing has.",
    "pages": "Addresses below your own that no page and no file stands for.",
    "picture": "Pictures too heavy or too wide for a mail, and logos that are not there.",
    "schedule": "Calendars that cannot be read.",
    "sender": "What bulk mail must have, and this publication has not.",
    "silence": "Rules that are silenced without a reason, or that there are not.",
    "undated": "Articles for which no date is found: they are in no edition and in no feed.",
    "template": "What lies among the templates and is none.",
}
"""What `check` finds besides, by the name that `--json` and SARIF give it."""
