"""What WordPress shows members alone is for nobody's eyes here."""

from __future__ import annotations

from collections import Counter

import pytest

from publisher.exports import Status
from publisher.exports.members import PARTS, without_blocks
from publisher.exports.shortcodes import Media, expanded
from tests.unit.exports.exports import articles, item, put, read, wxr


@pytest.mark.parametrize(
    "opening",
    [
        "members_only", "restrict", 'restrict paid="true"', 'mepr-show if="rule:1"', "wcm_restrict",
        "private", "rcp_restrict", "member", "is_user_logged_in", 'membership level="1"',
        "swpm_protected", "paid_content", 'access role="editor"', "s2If is_user()", "wlm_private",
        "subscribers_only", "premium", "login_required", "information_restricted", "union_members",
    ],
)  # fmt: skip
def test_what_a_shortcode_keeps_for_members_goes_and_is_counted(opening):
    lost: Counter[str] = Counter()
    name = opening.split()[0]
    text = f"a [{opening}]b [x]c[/x] <b>d</b>[/{name}] e"
    assert expanded(text, "9", Media(), lost) == "a  e"
    assert lost[PARTS] == 1


@pytest.mark.parametrize(
    "opening",
    [
        "not_logged_in", "wcm_nonmember", 'membership level="0"', "team_member", "visitor",
        "logged_out", "unauthorized_private", "protect_email", "premium_button", "member_form",
        "member_login",
    ],
)  # fmt: skip
def test_what_others_see_as_well_stays(opening):
    text = f"a [{opening}]b[/{opening.split()[0]}] e"
    assert expanded(text, "9", Media(), Counter()) == "a b e"


@pytest.mark.parametrize(
    ("text", "kept", "count"),
    [
        ("a<!-- wp:premium-content/container -->b<!-- wp:premium-content/logged-out-view -->c"
         "<!-- /wp:premium-content/logged-out-view --><!-- /wp:premium-content/container -->d", "ad", 1),
        ('a<!-- wp:pmpro/membership {"levels":["1"]} -->b<!-- wp:pmpro/membership -->c'
         "<!-- /wp:pmpro/membership -->d<!-- /wp:pmpro/membership -->e", "ae", 1),
        ("a<!-- wp:woocommerce-memberships/member-content -->b<!-- /wp:woocommerce-memberships/member-content -->c"
         "<!-- wp:woocommerce-memberships/non-member-content -->d<!-- /wp:woocommerce-memberships/non-member-content -->", "acd", 1),
        ("a<!-- wp:jetpack/paywall --><!-- /wp:jetpack/paywall -->b", "a", 1),
        ("a<!-- wp:jetpack/paywall /-->b", "a", 1),
        ("a<!-- wp:rcp/restricted -->b", "a", 1),
        ("a<!-- wp:getwid/team-member -->b<!-- /wp:getwid/team-member -->", "ab", 0),
        ("a<!-- wp:premium/heading -->b<!-- /wp:premium/heading -->", "ab", 0),
    ],
)  # fmt: skip
def test_blocks_for_members_go_and_are_counted(text, kept, count):
    lost: Counter[str] = Counter()
    made = without_blocks(text, lost)
    assert "".join(part.rpartition(">")[2] for part in made.split("<")) == kept
    assert lost[PARTS] == count


@pytest.mark.parametrize(
    ("meta", "status"),
    [
        ({"_jetpack_newsletter_access": "paid_subscribers"}, Status.PAID),
        ({"_jetpack_newsletter_access": "subscribers"}, Status.MEMBERS),
        ({"_jetpack_newsletter_access": "everybody"}, Status.PUBLISHED),
        ({"_members_access_role": "subscriber"}, Status.MEMBERS),
        ({"rcp_subscription_level": "any-paid"}, Status.PAID),
        ({"rcp_subscription_level": "all", "rcp_user_level": "All"}, Status.PUBLISHED),
        ({"_is_paid": "1"}, Status.PAID),
    ],
)
def test_who_may_see_a_post_is_what_its_plugins_say(tmp_path, meta, status):
    path = put(tmp_path, "e.xml", wxr(item(meta=meta)))
    (article,) = articles(read("wordpress", path))
    assert article.status == status


def test_a_draft_for_members_is_a_draft(tmp_path):
    path = put(tmp_path, "e.xml", wxr(item(status="draft", meta={"_is_paid": "1"})))
    (article,) = articles(read("wordpress", path))
    assert article.status == Status.DRAFT


def test_marks_that_never_end_take_time_in_proportion_and_hide_nothing():
    text = "<!-- wp:a " * 50_000 + "--><p>x</p>"
    assert without_blocks(text, Counter()) == text
