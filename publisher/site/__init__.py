"""Articles and sent editions → the pages of a site: which there are, and what each shows. Pure."""

from publisher.site.editions import Sent, on_the_web, story_ids
from publisher.site.groups import Groups
from publisher.site.languages import Languages
from publisher.site.page import Page, PlannedList, Site, is_listed
from publisher.site.pages import SEARCH_INDEX, SEARCH_SCRIPT, site_of, site_with
from publisher.site.places import Claims, edition_place, edition_url, file_of, place_of
from publisher.site.redirects import REDIRECTS, Redirects, redirects_of
from publisher.site.sitemap import NEWS, news_sitemap, sitemaps
from publisher.site.translations import Translations

__all__ = [
    "NEWS",
    "REDIRECTS",
    "SEARCH_INDEX",
    "SEARCH_SCRIPT",
    "Claims",
    "Groups",
    "Languages",
    "Page",
    "PlannedList",
    "Redirects",
    "Sent",
    "Site",
    "Translations",
    "edition_place",
    "edition_url",
    "file_of",
    "is_listed",
    "news_sitemap",
    "on_the_web",
    "place_of",
    "redirects_of",
    "site_of",
    "site_with",
    "sitemaps",
    "story_ids",
]
