"""A newsletter and the parts of its editions: what `[newsletters.NAME]` declares."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from publisher.model.declared import Settings
from publisher.model.declared import key as _key


class SectionQuery(Settings, frozen=True, kw_only=True):
    """A part of an edition: which articles, how many, in what order, shown how."""

    name: str = _key("Its name; templates and `plan` show it.")
    title: str = _key("The heading readers see; empty for none.", "")
    sections: tuple[str, ...] = _key("Only articles of these sections (their `section`).", ())
    tags: tuple[str, ...] = _key("Only articles with at least one of these tags.", ())
    authors: tuple[str, ...] = _key("Only articles by at least one of these authors.", ())
    max_age: timedelta | None = _key(
        "Only articles published at most this long before the slot; the newsletter's `max_age` "
        "where it is not given.",
        None,
        example="3d",
    )
    max: int = _key("At most this many stories.", 10)
    order: Literal["newest", "oldest", "title"] = _key("How its stories are ordered.", "newest")
    show: Literal["full", "summary", "title", "card", "number", "compact"] = _key(
        "How much of each story the mail holds: `full` the whole text, `card` its picture and "
        "summary, `summary`, `compact` title and summary in a few lines, `title`, or `number` its "
        "title in a numbered list.",
        "summary",
    )
    related: int | None = _key(
        "Related stories under each of its stories; where it is not given, the newsletter's "
        '`related` if `show = "full"`, else none.',
        None,
    )


class Newsletter(Settings, frozen=True, kw_only=True):
    """A named list that people subscribe to."""

    name: str = _key("Taken from the table's name: `[newsletters.NAME]`.")
    title: str = _key("What readers know it by.")
    description: str = _key("One sentence for people who think of subscribing.", "")
    public: bool = _key("Whether readers are offered it on pages.", True)
    archive: Literal["", "index", "noindex", "none"] = _key(
        "Whether its editions stand on the web once they are sent: `index`, `noindex` (search "
        "engines are asked to leave them out) or `none`. By default `index`; `none` where it is "
        "not `public`, or has a `segment`.",
        "",
    )
    instead_of: str = _key(
        "The newsletter of which this is another frequency, such as a weekly one for a daily one: "
        "on pages readers choose one of them.",
        "",
        example="morning",
    )
    template: str = _key(
        "The mail template: `digest`, `single`, `breaking`, `plain` or your own.", "digest"
    )
    subject: str = _key(
        "Pattern of the subject line (Jinja; `lead`, `stories`, `newsletter`, `publication`, "
        "`date`).",
        "{{ lead.title }}",
    )
    preheader: str = _key(
        "Pattern of the line that in-boxes show after the subject.",
        "{{ stories[1:3] | map(attribute='title') | join(' · ') or lead.summary }}",
    )
    language: str = _key(
        "Language of its words and of the articles it takes (BCP 47); the publication's where it "
        "is not given.",
        "",
    )
    any_language: bool = _key("Take articles of every language.", False)
    every: str = _key(
        "Days on which it goes out: `day`, `weekday`, names such as `mon,thu`, `week`, `2weeks`, "
        "`month`. Without it, and without schedules added by command, the newsletter is built only "
        "by name, for the minute given by `--at`.",
        "",
        example="weekday",
    )
    on: str = _key(
        "With weeks, the days of the week; with months, days such as `first monday`, "
        "`last friday`, `15`, `last day`.",
        "",
        example="first monday",
    )
    cron: str = _key(
        "A cron expression of five fields instead of `every` and `at`.", "", example="0 7 * * 1-5"
    )
    at: str = _key("Local time of day at which it goes out.", "07:00", example="07:00")
    zone: str = _key(
        "Time zone of `at`; the publication's where it is not given. `subscriber` for each "
        "reader's own: one edition, released as the day comes round.",
        "",
        example="Asia/Tokyo",
    )
    per_reader: bool = _key('What `zone = "subscriber"` sets.', False)
    starts: date | None = _key(
        "No slot before this day; `2weeks` and the like are counted from it.",
        None,
        example="2026-11-24",
    )
    excluded: tuple[str, ...] = _key(
        "Days without an edition: days, spans of days, .ics files of holidays beside "
        "publisher.toml.",
        (),
        example="2026-12-24..2027-01-01",
    )
    catch_up: Literal["latest", "all", "none"] = _key(
        "What goes out late when nobody was there at the slot: the newest edition, all, or none.",
        "latest",
    )
    catch_up_within: timedelta = _key(
        "Later than this an edition does not go out by itself: it is held for a person.",
        timedelta(hours=6),
        example="6h",
    )
    mode: Literal["auto", "draft"] = _key(
        "`draft`: each edition is built before its slot and waits for `publisher approve`.", "auto"
    )
    draft_before: timedelta = _key(
        "How long before its slot a draft is built.", timedelta(hours=12), example="12h"
    )
    undo: timedelta = _key(
        "Time between the slot and the first message, in which it can be held or cancelled.",
        timedelta(),
        example="5min",
    )
    max_age: timedelta = _key(
        "Articles published longer than this before the slot stay out.",
        timedelta(days=7),
        example="7d",
    )
    skip_if_fewer_than: int = _key("Fewer stories than this: the edition is skipped.", 1)
    related: int = _key("Related stories under a story that is shown in full.", 3)
    contents: int = _key(
        "Mails of so many stories and more name their sections at the top; 0 for never.", 10
    )
    welcome: bool = _key(
        "Welcome who has confirmed that they want it by a mail, once: `mail/welcome`.", False
    )
    fit: bool | None = _key(
        "Keep the HTML under the bytes at which Gmail clips it: the ends of long sections become "
        "cards, then headlines. By default `true`; `false` for the templates `single`, `breaking` "
        "and `plain`.",
        None,
    )
    segment: str = _key("Goes to the subscribers of this segment alone: `[segments.NAME]`.", "")
    sections: tuple[SectionQuery, ...] = _key(
        "The parts of an edition, in order: `[[newsletters.NAME.sections]]`. An article goes to "
        "the first that takes it. Without any: one section with everything.",
        (),
    )
