"""A theme's files, and what is published of them."""

import base64
import hashlib
from pathlib import Path

import pytest

from kbtool.config import load_config
from kbtool.problems import Stop
from kbtool.site.assets import minify_css, publish_assets
from kbtool.site.theme import Theme, load_theme
from tests.sites import write_site


def theme(folder: Path, text: str) -> Theme:
    """Load the theme of a help center."""
    return load_theme(load_config(write_site(folder, text) / "kbtool.yml"))


def test_assets_are_named_by_their_content(tmp_path: Path) -> None:
    asset = theme(tmp_path, "").assets["plain.css"]
    digest = hashlib.sha256(asset.content).digest()
    assert asset.url == f"assets/plain.{digest.hex()[:10]}.css"
    assert asset.integrity == "sha256-" + base64.b64encode(digest).decode()


def test_the_brands_colour_stands_in_the_style_sheet(tmp_path: Path) -> None:
    assets = theme(tmp_path, "-- kbtool.yml --\nbrand: {colour: '#FFCC00'}\n").assets
    assert b"--brand:#ffcc00;--on-brand:#000000" in assets["plain.css"].content


def test_a_theme_of_ones_own_takes_what_it_lacks_from_the_one_it_extends(tmp_path: Path) -> None:
    text = (
        "-- kbtool.yml --\ntheme: mine\n-- themes/mine/theme.yml --\nname: mine\nextends: plain\nbundles: {extra.js: [one.js, two.js]}\n"
        "-- themes/mine/assets/one.js --\none();\n-- themes/mine/assets/two.js --\ntwo();\n"
    )
    found = theme(tmp_path, text)
    assert found.assets["extra.js"].content == b"one();\ntwo();\n"
    assert "plain.css" in found.assets
    assert tmp_path / "themes" / "mine" in found.folders


@pytest.mark.parametrize(
    ("text", "rule", "hint"),
    [
        ("-- kbtool.yml --\ntheme: plane\n", "unknown-theme", 'did you mean "plain"?'),
        ("-- kbtool.yml --\nlanguage: xx-nowhere\n", "unknown-language", 'write it as "en", "de" or "pt-BR"'),
        ("-- overrides/theme.yml --\nbundles: {x.css: [bass.css]}\n", "missing-asset", 'did you mean "base.css"?'),
        ("-- overrides/theme.yml --\nbundels: {}\n", "unknown-key", 'did you mean "bundles"?'),
    ],
)
def test_what_is_wrong_with_a_theme_is_told(tmp_path: Path, text: str, rule: str, hint: str) -> None:
    with pytest.raises(Stop) as stop:
        theme(tmp_path, text)
    (problem,) = stop.value.problems
    assert (problem.rule, problem.hint) == (rule, hint)


@pytest.mark.parametrize(
    "change",
    [
        "-- overrides/templates/footer.html --\nx\n",
        "-- overrides/assets/base.css --\nx{}\n",
        "-- kbtool.yml --\nlanguage: de\n",
        "-- kbtool.yml --\ntexts: {Search: Find}\n",
    ],
)
def test_all_that_shapes_the_look_is_in_the_digest(tmp_path: Path, change: str) -> None:
    assert theme(tmp_path / "a", "").digest == theme(tmp_path / "b", "").digest
    assert theme(tmp_path / "c", change).digest != theme(tmp_path / "a", "").digest


def test_css_names_the_published_files_it_uses() -> None:
    files = {"a.css": b'a{background:url("dot.svg") no-repeat,url(data:image/png;base64,x)}', "dot.svg": b"<svg/>"}
    assets = publish_assets(files, {})
    dot = assets["dot.svg"].url.removeprefix("assets/")
    assert assets["a.css"].content == f"a{{background:url({dot}) no-repeat,url(data:image/png;base64,x)}}".encode()


@pytest.mark.parametrize(
    ("css", "short"),
    [
        ("a  b > c ,\n d{ x : calc(1px + 2px) ; }\n", "a b > c,d{x : calc(1px + 2px)}"),
        ('a::before{content:"/* no { } comment */  \\" "}', 'a::before{content:"/* no { } comment */  \\" "}'),
        ("/* one */a{}/* two\n*/ b :hover{}", "a{}b :hover{}"),
        ("@media (width > 40rem) and (hover) { a { b: c } }", "@media (width > 40rem) and (hover){a{b: c}}"),
    ],
)
def test_css_is_shortened_without_being_changed(css: str, short: str) -> None:
    assert minify_css(css) == short


def test_a_replaced_text_that_the_site_never_says_is_told(tmp_path: Path) -> None:
    texts = "-- kbtool.yml --\nlanguage: de\ntexts: {Search for answer: Fragen, Search for answers: Fragen, Image missing: Weg, zzz: y}\n"
    problems = theme(tmp_path, texts).problems
    assert [(each.rule, each.severity) for each in problems] == [("unknown-text", "warning")] * 2
    assert '"Search for answer"' in problems[0].message
    assert problems[0].hint == 'did you mean "Search for answers"?'


def test_a_text_of_an_own_template_can_be_replaced(tmp_path: Path) -> None:
    own = "-- kbtool.yml --\ntexts: {Good day: Hello}\n-- overrides/templates/greeting.html --\n{{ _('Good day') }}\n"
    assert theme(tmp_path, own).problems == ()
