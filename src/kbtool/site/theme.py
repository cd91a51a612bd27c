"""HelpCenter -> its theme: where templates are, the assets to publish, the site's own words."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Annotated

import kbtool
from kbtool.config import HelpCenter
from kbtool.kinds import Doc
from kbtool.problems import Problem, Stop, did_you_mean
from kbtool.records import read_record
from kbtool.site.assets import ThemeAsset, publish_assets
from kbtool.site.colour import shades, shades_css
from kbtool.site.texts import unknown_texts
from kbtool.site.translate import Words, load_words

BRAND = "brand.css"
THEME_FILE = "theme.yml"


@dataclass(frozen=True, slots=True)
class ThemeFile:
    """All that theme.yml may say."""

    name: Annotated[str, Doc("What the theme is called.")] = ""
    extends: Annotated[str, Doc("The theme that has the files this one lacks.")] = ""
    colour: Annotated[str, Doc("The accent colour when kbtool.yml names none.")] = ""
    bundles: Annotated[Mapping[str, tuple[str, ...]], Doc("Published file: the files of assets/ that are joined in it.")] = field(
        default_factory=dict
    )
    script_texts: Annotated[tuple[str, ...], Doc("Words that the scripts show, in English.")] = ()
    script_plurals: Annotated[tuple[tuple[str, ...], ...], Doc("The same where a number decides: singular and plural.")] = ()


@dataclass(frozen=True, slots=True)
class Theme:
    """A look, ready to render with."""

    name: str
    root: Path
    """The help center's folder."""
    folders: tuple[Path, ...]
    """Every folder whose files shape the look, there or not: the first that has a file decides."""
    templates: tuple[tuple[str, Path], ...]
    """Names of themes with their folders of templates, the first to be asked first. The help center's own overrides have no name."""
    assets: Mapping[str, ThemeAsset]
    """By the name that templates call them by."""
    words: Words
    script_texts: Mapping[str, str | list[str]]
    """What scripts show, by its English text."""
    digest: str
    """Of everything above: the same digest, the same look."""
    problems: tuple[Problem, ...] = ()


def load_theme(center: HelpCenter) -> Theme:
    """Return the help center's theme. Raises Stop when there is none of that name or when a part of it cannot be used."""
    chain = _chain(center)
    folders = tuple(folder for _, folder in chain)
    files = {folder: _theme_file(folder, center.root) for folder in folders}
    colour = center.config.brand.colour or next((file.colour for file in files.values() if file.colour), "#1f5fbf")
    bundles = dict(ChainMap(*(dict(file.bundles) for file in files.values())))
    sources = {name: file.read_bytes() for name, file in _nearest(folders, "assets").items()}
    sources[BRAND] = shades_css(shades(colour))
    _require(sources, bundles, center.config.theme)
    words = load_words(center.config.language, folders, center.config.texts)
    assets = publish_assets(sources, bundles)
    templates = tuple((name, folder / "templates") for name, folder in chain)
    spoken = _script_texts(words, files.values())
    digest = _digest(folders, assets, center, spoken)
    problems = unknown_texts(words.texts, folders, _script_sources(files.values()))
    return Theme(center.config.theme, center.root, folders, templates, assets, words, spoken, digest, problems)


def shipped_themes() -> Path:
    """Return the folder of the themes that come with kbtool: in the package, or beside its sources."""
    package = Path(kbtool.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parents[1] / "themes"


def shown_path(file: Path, root: Path) -> str:
    """Return the file as the user would type it in the help center's folder."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)


def _chain(center: HelpCenter) -> list[tuple[str, Path]]:
    """Return the folders that make up the theme, the first to be asked first."""
    chain = [("", center.root / "overrides")]
    name = center.config.theme
    seen = set[str]()
    while name and name not in seen:
        seen.add(name)
        own, shipped = center.root / "themes" / name, shipped_themes() / name
        chain.append(("" if shipped.is_dir() else name, own))
        if shipped.is_dir() and shipped != own:
            chain.append((name, shipped))
        elif not (own / THEME_FILE).is_file():
            raise Stop(_unknown(center, name))
        name = _theme_file(own, center.root).extends or _theme_file(shipped, center.root).extends
    return chain


def _unknown(center: HelpCenter, name: str) -> Problem:
    """Return the problem of a theme that is nowhere."""
    known = [
        folder.parent.name for place in (center.root / "themes", shipped_themes()) for folder in place.glob(f"*/{THEME_FILE}")
    ]
    names = ", ".join(f'"{each}"' for each in sorted(set(known)))
    hint = did_you_mean(name, known) or f"there is {names}"
    return Problem("kbtool.yml", 0, "unknown-theme", f'there is no theme "{name}"', hint)


def _theme_file(folder: Path, root: Path) -> ThemeFile:
    """Return what the folder's theme.yml says, or nothing. Raises Stop when it is wrong."""
    file = folder / THEME_FILE
    if not file.is_file():
        return ThemeFile()
    record, problems = read_record(file.read_bytes(), ThemeFile, shown_path(file, root))
    if problems:
        raise Stop(*problems)
    return record


def _nearest(folders: Sequence[Path], part: str) -> dict[str, Path]:
    """Return the files of a part of the theme by name; of two with one name the first folder's."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in _files(folder / part):
            found.setdefault(file.relative_to(folder / part).as_posix(), file)
    return found


def _files(folder: Path) -> Iterator[Path]:
    """Yield the folder's files at any depth, hidden ones aside, in order."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts):
            yield file


def _script_texts(words: Words, files: Iterable[ThemeFile]) -> Mapping[str, str | list[str]]:
    """Return what the scripts of all the theme's folders show."""
    texts = [text for file in files for text in file.script_texts]
    plurals = [(forms[0], forms[-1]) for file in files for forms in file.script_plurals if forms]
    return words.for_scripts(texts, plurals)


def _script_sources(files: Iterable[ThemeFile]) -> Iterator[str]:
    """Yield the English texts that scripts show, both forms where a number decides."""
    for file in files:
        yield from chain(file.script_texts, *file.script_plurals)


def _require(sources: Mapping[str, bytes], bundles: Mapping[str, tuple[str, ...]], theme: str) -> None:
    """Raise Stop when a bundle names a file that is not there."""
    for bundle, names in bundles.items():
        for name in names:
            if name not in sources:
                message = f'"{bundle}" is made of "{name}", which is not in assets/'
                raise Stop(Problem(f"themes/{theme}/{THEME_FILE}", 0, "missing-asset", message, did_you_mean(name, sources)))


def _digest(folders: Sequence[Path], assets: Mapping[str, ThemeAsset], center: HelpCenter, spoken: object) -> str:
    """Return a digest of templates, translations and published assets."""
    digest = blake2b(digest_size=16)
    for part in ("templates", "locale"):
        for folder in folders:
            for file in _files(folder / part):
                digest.update(repr((part, file.relative_to(folder).as_posix(), file.read_bytes())).encode())
    digest.update(repr(sorted((name, asset.url) for name, asset in assets.items())).encode())
    digest.update(repr((center.config.language, sorted(center.config.texts.items()), spoken)).encode())
    return digest.hexdigest()
