"""feeds lengths: how large the sounds are that lie on other people's servers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from publisher.checks import Asked
from publisher.fetching import Fetcher
from publisher.pipeline.lengths import keep_lengths, lengths_of, unknown
from publisher.pipeline.reports.links import Politeness, asked, fetcher_of
from publisher.pipeline.workspace import Workspace


class Learnt(msgspec.Struct, frozen=True, kw_only=True):
    """The bytes that were told by address, and why of others they were not."""

    found: Mapping[str, int]
    unknown: Mapping[str, str]


def learn_lengths(
    space: Workspace, fetcher: Fetcher | None = None, politeness: Politeness | None = None
) -> Learnt:
    """Ask for the length of each file that may be seen and whose length is not known; keep it."""
    known = lengths_of(space.root)
    visible = (one for one in space.archive.articles if not one.hidden(space.now))
    wanted = [url for url in unknown(visible) if url not in known]
    asks = fetcher or fetcher_of(space.publication)
    answers = asked(wanted, asks, space.progress, politeness)
    found = {url: length for url in wanted if (length := _length(answers.get(url)))}
    if found:
        keep_lengths(space.root, {**known, **found})
    return Learnt(
        found=found, unknown={url: _why(answers.get(url)) for url in wanted if url not in found}
    )


def _length(answer: Asked | None) -> int | None:
    is_there = answer is not None and answer.status == 200
    return answer.length if answer and is_there else None


def _why(answer: Asked | None) -> str:
    if answer is None:
        return "there was no time left to ask"
    if answer.why:
        return answer.why
    return "it says no length" if answer.status == 200 else f"it answers {answer.status}"
