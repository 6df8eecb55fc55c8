"""A small site of each generator, in its manner: files by path, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

_HUGO = {
    "hugo.toml": """\
baseURL = "https://tides.example/"
title = "Tide Tables"
defaultContentLanguage = "en"
timeZone = "Europe/London"
ignoreFiles = ["\\\\.Rmd$"]

[taxonomies]
topic = "topics"

[languages.en]
label = "English"
[languages.de]
label = "Deutsch"
contentDir = "content/de"

[permalinks]
post = "/:year/:month/:slug/"
odd = "/:weekday/:slug/"
""",
    "config/_default/params.toml": """\
description = "When the sea comes."
mainSections = ["post", "wave", "none"]
[author]
name = "Ana"
[social]
mastodon = "https://social.example/@tides"
""",
    "config/production/hugo.toml": 'baseURL = "https://live.tides.example/"\n',
    "content/post/ebb.md": "---\ntitle: Ebb\ndate: 2026-01-05\n---\n\nIt goes out.\n",
    "content/post/flood/index.md": "---\ntitle: Flood\ndate: 2026-01-06\n---\n\nIt comes in.\n",
    "content/post/later.md": "---\ntitle: Later\ndate: 2026-01-07\ndraft: true\n---\n\nNot yet.\n",
    "content/post/odd.md": "---\ntitle: Odd\ndate: 2026-01-08\n---\n\n{{< wave height=3 >}}\n",
    "static/tide.png": "",
}

_JEKYLL = {
    "_config.yml": """\
title: Harbour News
url: "https://harbour.example"
baseurl: /news
description: >-
  What came in today.
author:
  name: Ben
timezone: Europe/Berlin
lang: de_DE
permalink: pretty
collections:
  notes:
    output: true
  hidden:
    output: false
""",
    "_posts/2026-01-05-quay.md": "---\ntitle: The quay\n---\n\nIt is long.\n",
    "_posts/2026-01-06-crane.md": "---\ntitle: The crane\n---\n\nIt is high.\n",
    "_notes/rope.md": "---\ntitle: Rope\n---\n\nTwisted.\n",
    "_data/authors.yml": "ben: {name: Ben}\n",
    "about.md": "---\ntitle: About\n---\n\nUs.\n",
}

_PELICAN = {
    "pelicanconf.py": """\
import os

NAME = "Dunes"
SITENAME = f"{NAME} & Co"
AUTHOR = "Cleo"
SITEURL = ""
PATH = os.path.join("content", "")
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "fr"
ARTICLE_URL = "{date:%Y}/{slug}.html"
STATIC_PATHS = ["images"] + ["extra"]
SOCIAL = (("Bluesky", "https://bsky.example/dunes"),)
FEED_ALL_ATOM = "feeds/all.atom.xml"
""",
    "publishconf.py": 'from pelicanconf import *\n\nSITEURL = "https://dunes.example"\n',
    "content/sand.md": "Title: Sand\nDate: 2026-01-05\n\nMuch of it.\n",
    "content/pages/about.md": "Title: About\n\nUs.\n",
    "content/extra/robots.txt": "User-agent: *\n",
}

_NIKOLA = {
    "conf.py": """\
BLOG_TITLE = "Ferry Log"
SITE_URL = "https://ferry.example/"
BLOG_AUTHOR = "Dora"
BLOG_DESCRIPTION = "To and fro."
DEFAULT_LANG = "nl"
TIMEZONE = "Europe/Amsterdam"
POSTS = (
    ("posts/*.md", "log", "post.tmpl"),
    ("posts/*.rst", "log", "post.tmpl"),
)
PRETTY_URLS = False
THEME_COLOR = "#205080"
""",
    "posts/out.md": ".. title: Out\n.. date: 2026-01-05 10:00:00 UTC\n\nWe left.\n",
    "pages/about.md": ".. title: About\n\nUs.\n",
}

_ELEVENTY = {
    "eleventy.config.js": """\
import { DateTime } from "luxon"; // `title: "no"` in a comment
export default function (config) {
  config.addFilter("day", (d) => d.replace(/["'`]/g, ""));
  return { dir: { input: "src", data: "_data" } };
}
""",
    "src/_data/metadata.json": '{"title": "Buoys", "url": "https://buoys.example/",\n "language": "en"}',
    "src/blog/blog.json": '{"permalink": "/stories/{{ page.fileSlug }}/"}',
    "src/blog/red.md": "---\ntitle: Red\ndate: 2026-01-05\n---\n\nTo port.\n",
    "src/about.md": "---\ntitle: About\n---\n\nUs.\n",
}

_ZOLA = {
    "config.toml": """\
base_url = "https://reef.example"
title = "Reef"
default_language = "en"
generate_feeds = true
feed_filenames = ["feed.xml"]
taxonomies = [{name = "species"}]

[languages.fr]
title = "Récif"
""",
    "content/_index.md": '+++\ntitle = "Front"\n+++\n',
    "content/coral.md": '+++\ntitle = "Coral"\ndate = 2026-01-05\n+++\n\nIt grows.\n',
}

_ASTRO = {
    "astro.config.mjs": """\
import { defineConfig } from "astro/config";
export default defineConfig({
  site: "https://kelp.example",
  base: "/woods",
  i18n: { defaultLocale: "en", locales: ["en", "es"] },
});
""",
    "src/consts.ts": """\
export const SITE_TITLE: string = "Kelp \\u2014 woods";
export const SITE_DESCRIPTION = 'Under water.';
export const YEAR = new Date().getFullYear();
""",
    "src/content.config.ts": """\
const blog = defineCollection({ loader: glob({ pattern: "**/*.md", base: "./src/content/blog" }) });
const authors = defineCollection({ loader: glob({ base: "./src/content/authors" }) });
""",
    "src/pages/blog/[...slug].astro": "---\n---\n",
    "src/content/blog/frond.md": "---\ntitle: Frond\npubDate: 2026-01-05\n---\n\nGreen.\n",
    "src/content/authors/eve.md": "---\ntitle: Eve\n---\n\nA diver.\n",
}

_DOCUSAURUS = {
    "docusaurus.config.ts": """\
import type {Config} from '@docusaurus/types';
const config: Config = {
  title: 'Sonar',
  tagline: "What is below",
  url: 'https://sonar.example',
  baseUrl: '/deep/',
  trailingSlash: true,
  i18n: {defaultLocale: 'en', locales: ['en', 'pt-BR']},
  presets: [['classic', {docs: {path: '../docs'}, blog: {path: 'news', routeBasePath: 'log'}}]],
  themeConfig: {navbar: {title: 'No title of ours'}},
};
export default config;
""",
    "news/2026-01-05-ping.md": "---\ntitle: Ping\n---\n\nAn echo.\n",
    "news/authors.yml": "eve: {name: Eve}\n",
    "docs/intro.md": "# Intro\n\nHow to.\n",
}

SITES: Mapping[str, Mapping[str, str]] = {
    "hugo": _HUGO,
    "jekyll": _JEKYLL,
    "pelican": _PELICAN,
    "nikola": _NIKOLA,
    "eleventy": _ELEVENTY,
    "zola": _ZOLA,
    "astro": _ASTRO,
    "docusaurus": _DOCUSAURUS,
}
"""By generator."""


def write_site(folder: Path, files: Mapping[str, str]) -> Path:
    """Write a site's files into a folder; return the folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
