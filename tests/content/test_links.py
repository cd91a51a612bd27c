"""kbtool.content.links: what people type in links, and where it leads."""

import posixpath
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.content.links import Links, resolve_links, settle_mentions
from kbtool.content.lookup import Lookup, join_path, make_lookup
from kbtool.content.oldurls import old_url_id
from kbtool.content.redirects import old_url
from kbtool.content.topics import is_topic_page, make_topics
from kbtool.model import Article, Asset, Link, Meta
from kbtool.settings import Config
from kbtool.urls import asset_url, page_url
from tests.sites import ROOT

OLD = ("https://old.example/hc/*/articles/{id}*",)
ANCHORS = frozenset({"fees", "use-x-legacy", "Größe"})
PAGES = (
    "index.md",
    "Store Support/index.md",
    "Store Support/Get a refund.md",
    "Store Support/prices.md",
    "Store Support/deep/er/page.md",
    "shipping/track & trace.md",
    "shipping/über.md",
)
FILES = ("Store Support/img/Button.PNG", "Store Support/terms.pdf", "img/logo.svg")


def article(path: str, meta: Meta = Meta(), links: tuple[Link, ...] = ()) -> Article:  # noqa: B008 - frozen
    return Article(path, page_url(path), "article", meta, path, "", "", "", links=links, anchors=ANCHORS)


def center(
    metas: Mapping[str, Meta], links: Mapping[str, tuple[Link, ...]], seen: frozenset[str]
) -> tuple[list[Article], Lookup]:
    """Return the help center of all the pages above."""
    articles = [article(path, metas.get(path, Meta()), links.get(path, ())) for path in PAGES]
    words = {posixpath.dirname(each.path): each for each in articles if is_topic_page(each.path)}
    topics = make_topics([each for each in articles if not is_topic_page(each.path)], words, "Help")
    assets = [Asset(path, asset_url(path), ROOT / path, 1, 1) for path in FILES]
    return articles, make_lookup(articles, topics, assets, seen | {*PAGES, *FILES})


def resolve(  # noqa: PLR0913 - each is one part of a help center
    target: str,
    here: str = "Store Support/Get a refund.md",
    *,
    image: bool = False,
    metas: Mapping[str, Meta] | None = None,
    redirects: Mapping[str, str] | None = None,
    seen: frozenset[str] = frozenset(),
) -> Links:
    """Return what one link leads to."""
    articles, lookup = center(metas or {}, {here: (Link(target, 7, "words", image),)}, seen)
    return resolve_links(articles, lookup, Config(old_urls=OLD, redirects=redirects or {}), ROOT / "nowhere")


def lead(target: str, here: str = "Store Support/Get a refund.md", **more: Mapping[str, Meta]) -> str:
    """Return where a link without a problem leads."""
    links = resolve(target, here, **more)  # type: ignore[arg-type] # a mapping for metas alone
    assert links.problems == ()
    return links.targets[here][0]


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("prices.md", "store-support/prices/"),
        ("prices", "store-support/prices/"),
        ("./prices.md", "store-support/prices/"),
        ("prices.html", "store-support/prices/"),
        ("prices.markdown", "store-support/prices/"),
        ("Prices.MD", "store-support/prices/"),
        ("prices/", "store-support/prices/"),
        ("prices.md?x=1", "store-support/prices/"),
        ("Get a refund.md", "store-support/get-a-refund/"),
        ("Get-a-refund", "store-support/get-a-refund/"),
        ("../shipping/track & trace.md", "shipping/track-trace/"),
        ("..\\shipping\\track & trace.md", "shipping/track-trace/"),
        ("../shipping/u\u0308ber.md", "shipping/über/"),
        ("deep/er/page", "store-support/deep/er/page/"),
        ("deep", "store-support/deep/"),
        ("deep/er/", "store-support/deep/er/"),
        (".", "store-support/"),
        ("index.md", "store-support/"),
        ("../Store Support/index", "store-support/"),
        ("..", ""),
        ("../index.html", ""),
        ("/", ""),
        ("/shipping", "shipping/"),
        ("/shipping/index.md", "shipping/"),
        ("/Store Support/prices.md", "store-support/prices/"),
        ("/store-support/prices/", "store-support/prices/"),
        ("prices.md#fees", "store-support/prices/#fees"),
        ("prices#FEES", "store-support/prices/#fees"),
        ("prices.md#use-x-(legacy)", "store-support/prices/#use-x-legacy"),
        ("prices.md#usexlegacy", "store-support/prices/#use-x-legacy"),
        ("prices.md#größe", "store-support/prices/#Größe"),
        ("#fees", "store-support/get-a-refund/#fees"),
        ("#top", "store-support/get-a-refund/#top"),
        ("#", "store-support/get-a-refund/"),
        ("terms.pdf", "store-support/terms.pdf"),
        ("terms.pdf#page=2", "store-support/terms.pdf#page=2"),
        ("img/Button.PNG", "store-support/img/button.png"),
        ("/img/logo.svg?v=2", "img/logo.svg"),
    ],
)
def test_a_link_leads_where_its_writer_meant(typed: str, url: str) -> None:
    assert lead(typed) == url


@pytest.mark.parametrize(
    ("typed", "url"),
    [("prices.md", "store-support/prices/"), ("Store Support/prices.md", None), ("../shipping/", "shipping/")],
)
def test_a_topics_words_link_from_their_folder(typed: str, url: str | None) -> None:
    assert resolve(typed, "Store Support/index.md").targets["Store Support/index.md"] == (url or "",)


@pytest.mark.parametrize(
    ("typed", "image", "problem"),
    [
        ("princes.md", False, 'error: link to "princes.md", which is not there [dead-link]\n    did you mean "prices.md"?'),
        ("track & trace.md", False, 'error: link to "track & trace.md", which is not there [dead-link]\n    did you mean "../shipping/track & trace.md"?'),
        ("img/Buton.PNG", True, 'error: image "img/Buton.PNG", which is not there [missing-file]\n    did you mean "img/Button.PNG"?'),
        ("zzz", False, 'error: link to "zzz", which is not there [dead-link]'),
        ("img", False, 'error: link to "img", which is not there [dead-link]'),
        ("prices.md#fee", False, 'error: link to "#fee", which is not in "Store Support/prices.md" [dead-anchor]\n    did you mean "fees"?'),
        ("#nothing", False, 'error: link to "#nothing", which is not in this article [dead-anchor]'),
        ("img/button.png", True, 'warning: image "img/button.png" differs in case from "Store Support/img/Button.PNG" [wrong-case]\n    type it as the file is called: most servers mind'),
        ("../../secret.md", False, 'error: link to "../../secret.md" climbs out of the content folder [outside-content]\n    links may lead only to files in "content"'),
        ("/../secret.md", False, 'error: link to "/../secret.md" climbs out of the content folder [outside-content]\n    links may lead only to files in "content"'),
        ("https://old.example/hc/de/articles/99-x", False, 'hint: link to "https://old.example/hc/de/articles/99-x" still leads to the former help center [old-link]\n    no article has "id: 99"'),
    ],
)  # fmt: skip
def test_a_link_to_nothing_is_told_with_what_was_meant(typed: str, image: bool, problem: str) -> None:  # noqa: FBT001
    links = resolve(typed, image=image)
    assert [str(each) for each in links.problems] == [f"content/Store Support/Get a refund.md:7: {problem}"]


def test_a_dead_anchor_leads_to_its_page_and_a_dead_link_nowhere() -> None:
    assert resolve("prices.md#no").targets["Store Support/Get a refund.md"] == ("store-support/prices/",)
    assert resolve("no.md#no").targets["Store Support/Get a refund.md"] == ("",)


def test_a_file_that_could_not_be_read_is_not_told_twice() -> None:
    links = resolve("broken.md", seen=frozenset({"Store Support/broken.md"}))
    assert (links.targets["Store Support/Get a refund.md"], links.problems) == (("",), ())


@pytest.mark.parametrize(
    "typed",
    [
        "https://old.example/hc/en-us/articles/4408-Prices-and-fees",
        "http://old.example/hc/de/articles/4408",
        "https://OLD.example/hc/de/articles/4408/",
        "https://old.example/hc/en-us/articles/4408-x?utm=1",
        "//old.example/hc/en-us/articles/4408",
    ],
)
def test_an_old_address_leads_to_the_article_with_its_number(typed: str) -> None:
    metas = {"Store Support/prices.md": Meta(id="4408")}
    assert lead(typed, metas=metas) == "store-support/prices/"
    assert lead(f"{typed}#fees", metas=metas) == "store-support/prices/#fees"


def test_an_old_address_without_an_article_stays_as_it_is() -> None:
    typed = "https://old.example/hc/de/articles/99-x#a"
    assert resolve(typed).targets["Store Support/Get a refund.md"] == (typed,)


@pytest.mark.parametrize(
    ("pattern", "url", "number"),
    [
        ("https://o.example/a/{id}", "https://o.example/a/12", "12"),
        ("https://o.example/a/{id}", "https://o.example/a/12-some-words", "12"),
        ("https://o.example/a/{id}-*", "https://o.example/a/12", "12"),
        ("https://o.example/a/{id}.html", "https://o.example/a/12.html", "12"),
        ("https://o.example/a/{id}/*", "https://o.example/a/12/x/y", "12"),
        ("https://o.example/*/{id}", "https://o.example/en/help/ab_1", "ab_1"),
        ("https://o.example/a/{id}", "https://o.example/b/12", None),
        ("https://o.example/a/{id}", "https://o-example/a/12", None),
        ("https://o.example/a/{id}", "https://evil.example/https://o.example/a/12", None),
        ("https://o.example/(a|b+)+/{id}", "https://o.example/" + "a" * 3000, None),
    ],
)
def test_the_number_in_an_old_address(pattern: str, url: str, number: str | None) -> None:
    assert old_url_id(url, (pattern,)) == number


def test_aliases_become_redirects_and_answer_links() -> None:
    aliases = ("Old Name.md", "/hc/en-us/articles/12-Fees", "about.html", "faq.md")
    metas = {"Store Support/prices.md": Meta(aliases=aliases)}
    links = resolve("../old-name.md#fees", metas=metas)
    here = "store-support/prices/"
    assert links.redirects == {"old-name/": here, "hc/en-us/articles/12-Fees/": here, "about.html": here, "faq/": here}
    assert (links.targets["Store Support/Get a refund.md"], links.problems) == ((f"{here}#fees",), ())
    assert lead("/hc/en-us/articles/12-fees", metas=metas) == here


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("Old Name.md", "old-name/"),
        ("/a/Old Name", "a/old-name/"),
        ("a/b", "a/b/"),
        ("/A/b/", "A/b/"),
        ("x.php", "x.php"),
        ("%C3%BCber/", "über/"),
        ("https://help.example/en/old/", "old/"),
    ],
)
def test_an_old_path_is_the_url_it_was(typed: str, url: str) -> None:
    assert old_url(typed, "https://help.example/en/") == url


@pytest.mark.parametrize(
    ("alias", "rule", "severity"),
    [
        ("shipping/über.md", "redirect", "error"),
        ("SHIPPING/Über/", "redirect", "error"),
        ("shipping/index.html", "redirect", "error"),
        ("index.html", "redirect", "error"),
        ("shipping.html", "", ""),
        ("/shipping/", "redirect", "error"),
        ("/", "redirect", "error"),
        ("/img/logo.svg", "redirect", "error"),
        ("prices.md", "", ""),
        ("Store Support/prices.md", "redirect", "warning"),
        ("../../etc/passwd", "outside-content", "error"),
        ("a/%2e%2e/b", "outside-content", "error"),
        ("a?p=1", "redirect", "error"),
        ("a#b", "redirect", "error"),
        ("C:\\x", "redirect", "error"),
        ("https://elsewhere.example/x", "redirect", "error"),
        ("javascript:alert(1)", "redirect", "error"),
        ("sitemap.xml", "redirect", "error"),
        ("pagefind/x", "redirect", "error"),
        ("con/x.md", "redirect", "error"),
        ("a/con", "redirect", "error"),
        ("x" * 300, "redirect", "error"),
        ("", "redirect", "error"),
    ],
)
def test_an_alias_that_cannot_be_is_told_and_left_out(alias: str, rule: str, severity: str) -> None:
    links = resolve("#", metas={"Store Support/prices.md": Meta(aliases=(alias,))})
    told = [(problem.path, problem.rule, problem.severity) for problem in links.problems]
    assert told == ([("content/Store Support/prices.md", rule, severity)] if rule else [])
    assert len(links.redirects) == (0 if rule else 1)


def test_two_articles_with_one_alias_are_told() -> None:
    metas = {"Store Support/prices.md": Meta(aliases=("old.md",)), "shipping/über.md": Meta(aliases=("OLD.md",))}
    links = resolve("#", metas=metas)
    assert [(problem.path, problem.rule) for problem in links.problems] == [("content/shipping/über.md", "redirect")]
    assert links.redirects == {"old/": "store-support/prices/"}


def test_the_configurations_redirects_lead_to_pages_files_and_other_redirects() -> None:
    redirects = {
        "a.md": "Store Support/prices.md",
        "b/": "/a/",
        "c": "b",
        "d.pdf": "Store Support/terms.pdf",
        "e": "shipping/#no",
        "f": "old",
    }
    links = resolve("#", redirects=redirects, metas={"shipping/über.md": Meta(aliases=("old",))})
    prices = "store-support/prices/"
    assert links.redirects == {
        "old/": "shipping/über/",
        "a/": prices,
        "b/": prices,
        "c/": prices,
        "d.pdf": "store-support/terms.pdf",
        "e/": "shipping/",
        "f/": "shipping/über/",
    }


@pytest.mark.parametrize(
    ("redirects", "words"),
    [
        ({"a": "b", "b": "a"}, "leads back to itself"),
        ({"a": "a"}, "leads back to itself"),
        ({"a": "nowhere.md"}, 'leads to "nowhere.md", which is not there'),
        ({"a": "https://evil.example/"}, "leads out of the site"),
        ({"a": "//evil.example/"}, "leads out of the site"),
        ({"a": "../x"}, "leads out of the site"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_told(redirects: dict[str, str], words: str) -> None:
    links = resolve("#", redirects=redirects)
    assert {problem.rule for problem in links.problems} == {"redirect"}
    assert all(words in problem.message for problem in links.problems)
    assert (len(links.problems), links.redirects) == (len(redirects), {})


def test_mentions_in_front_matter_become_paths() -> None:
    meta = Meta(related=("prices", "/shipping/", "../shipping/über.md", "princes"), replacement="Store Support/deep/er/page.md")
    articles, lookup = center({"Store Support/Get a refund.md": meta}, {}, frozenset())
    settled, problems = settle_mentions(articles, lookup, "content")
    refund = next(each for each in settled if each.path == "Store Support/Get a refund.md")
    assert refund.meta.related == ("Store Support/prices.md", "shipping", "shipping/über.md")
    assert refund.meta.replacement == "Store Support/deep/er/page.md"
    assert [(problem.rule, problem.hint) for problem in problems] == [("dead-link", 'did you mean "prices.md"?')]


@given(st.text(), st.booleans())
def test_no_link_makes_it_fail_or_leaves_the_site(target: str, image: bool) -> None:  # noqa: FBT001
    here = "Store Support/Get a refund.md"
    (url,) = resolve(target, image=image).targets[here]
    assert url.startswith(("http://", "https://", "//")) or ".." not in url.partition("#")[0].split("/")
    assert ":" not in url.partition("#")[0] or url == target


@given(st.lists(st.sampled_from(["..", ".", "", "a", "b.md", "Store Support"])).map("/".join))
def test_a_path_never_climbs_out(typed: str) -> None:
    path = join_path("a/b/c.md", typed)
    assert path is None or not {"..", "."} & set(path.split("/"))


@given(st.text())
def test_no_alias_makes_it_fail_or_leaves_the_site(alias: str) -> None:
    links = resolve("#", metas={"Store Support/prices.md": Meta(aliases=(alias,))})
    for url in links.redirects:
        assert not url.startswith("/")
        assert not {"..", "", "."} & set(url.removesuffix("/").split("/"))
