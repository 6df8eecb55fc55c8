"""What WordPress and its plugins show members alone: posts, parts between shortcodes, blocks.

An export holds all of it, and nobody but members may see it here either.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from publisher.exports.imported import Status

PARTS = "parts for members"
"""What such parts are counted by."""

# By name, for there are dozens of plugins: MemberPress, Paid Memberships Pro, Restrict Content,
# WooCommerce Memberships, Members, s2Member, WishList, Simple Membership, Ultimate Member.
_CODE = re.compile(
    r"member|restrict|\Aprotect\Z|protect[_-]content|protected(?![_-]?e?mail)|\Apremium(?:[_-]content)?\Z"
    r"|login[_-]?(?:required|only)|requires?[_-]?login|subscriber|logged[_-]?in|private|paywall|patron|locker"
    r"|(?:\A|[_-])paid(?:\Z|[_-])|\Amepr-(?:show|active)|\As2if|\Aihc-hide|\Aaccess\Z|\Awlm_"
)
_BLOCK = re.compile(
    r"\Apremium-content/|member|restrict|protected|paywall|logged-in|subscriber-view"
)
# What the others see in the place of it, and what nobody has to be kept from.
_OTHERS = re.compile(
    r"(?:\A|[_/-])(?:non|not[_-]|unauth|unlogged|unregistered|unsubscribed)|logged[_-]?out|visitor"
    r"|guest|(?:\A|[_-])(?:login|register|form|list|count)\Z"
    r"|(?:team|staff|crew|board)[_-]?member"
)
_MARK = re.compile(r"<!--\s*+(/?)wp:([a-z][a-z0-9_/-]*+)")
_REST = "jetpack/paywall"  # all that stands below it


def is_for_members(name: str, values: Mapping[str, str]) -> bool:
    """Whether members alone see what a shortcode encloses; `name` is in lower case."""
    is_theirs = bool(_CODE.search(name)) and not _OTHERS.search(name)
    return is_theirs and values.get("level") not in ("0", "-1")  # Paid Memberships Pro: no members


def without_blocks(text: str, lost: Counter[str]) -> str:
    """Return a text without the blocks that members alone see; they are counted in `lost`."""
    pieces: list[str] = []
    at, hidden, depth, end = 0, "", 0, 0
    for mark in _MARK.finditer(text):
        if mark.start() < end:  # within the one before, which never ended
            continue
        end = text.find("-->", mark.end()) + 3
        if end < 3:
            break
        is_alone = text[end - 4] == "/"
        if hidden:
            depth += (0 if is_alone else -1 if mark[1] else 1) if mark[2] == hidden else 0
            at, hidden = (at, hidden) if depth else (end, "")
        elif mark[2] == _REST or (_is_theirs(mark[2]) and not (mark[1] or is_alone)):
            pieces.append(text[at : mark.start()])
            lost[PARTS] += 1
            hidden, depth = mark[2], 1
            if mark[2] == _REST:
                break
    return "".join([*pieces, "" if hidden else text[at:]])


def _is_theirs(name: str) -> bool:
    return bool(_BLOCK.search(name)) and not _OTHERS.search(name)


def status_of(meta: Mapping[str, Sequence[str]]) -> Status:
    """Return who sees a post as its plugins have it: Jetpack, Members, Restrict Content."""

    def said(key: str) -> str:
        return next(iter(meta.get(key, ())), "").strip()

    newsletter = said("_jetpack_newsletter_access")
    if newsletter.startswith("paid") or said("_is_paid") == "1":
        return Status.PAID
    levels = said("rcp_subscription_level")
    if levels not in ("", "all", "a:0:{}"):
        return Status.PAID
    is_asked = newsletter not in ("", "everybody") or said("_members_access_role")
    is_restricted = said("rcp_user_level") not in ("", "All", "None", "a:0:{}")
    return Status.MEMBERS if is_asked or is_restricted else Status.PUBLISHED
