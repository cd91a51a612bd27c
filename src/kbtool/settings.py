"""What kbtool.yml may say, as typed records: they are its schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from kbtool.kinds import ArticleType, Doc

Level = Literal["error", "warning", "hint", "off"]
"""How grave what a rule finds is; off: it is not told."""


Host = Literal["netlify", "cloudflare", "apache", "nginx", "s3", "github"]


@dataclass(frozen=True, slots=True)
class Brand:
    """How the site shows whose it is."""

    colour: Annotated[
        str, Doc("The accent colour as #rrggbb; a shade that can be read on it, and one for the dark, are worked out.")
    ] = ""
    logo: Annotated[str, Doc("An image under content/ shown in the header instead of the title.")] = ""
    logo_dark: Annotated[str, Doc("The same for the dark.")] = ""
    favicon: Annotated[str, Doc("An image under content/ for the browser's tab.")] = ""
    share_image: Annotated[
        str,
        Doc("An image under content/, 1200 by 630 pixels, that messengers and social networks show beside a link to the site."),
    ] = ""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link in the header or the footer."""

    title: Annotated[str, Doc("The link's words.")]
    url: Annotated[str, Doc("An address, or a path of this site.")]


@dataclass(frozen=True, slots=True)
class Contact:
    """The way to a human, shown at the end of every article and when search finds nothing."""

    url: Annotated[str, Doc("A page or form where people reach you.")] = ""
    email: Annotated[str, Doc("An address that people can write to.")] = ""
    phone: Annotated[str, Doc("A number that people can call.")] = ""
    text: Annotated[str, Doc("A sentence: when you answer, and how soon.")] = ""


@dataclass(frozen=True, slots=True)
class TopicDefaults:
    """What holds for all articles of a topic that do not say otherwise."""

    type: Annotated[ArticleType | None, Doc("The type of the topic's articles.")] = None
    review_every: Annotated[str, Doc("How often the topic's articles must be checked.")] = ""
    owner: Annotated[str, Doc("Who keeps the topic's articles true.")] = ""
    checks: Annotated[Mapping[str, Level], Doc("The level of each rule for the topic's articles: error, warning, hint, off.")] = (
        field(default_factory=dict)
    )


@dataclass(frozen=True, slots=True)
class TargetSettings:
    """Where `kbtool publish` brings the site, and how. Secrets never stand here."""

    url: Annotated[str, Doc("The host and the place on it, such as s3://bucket or file:///var/www/help.")]
    max_delete: Annotated[str, Doc("The share of the pages that must not go away in one publish: 20%. At 100% all may.")] = "20%"
    keep: Annotated[int, Doc("How many releases are kept to go back to.")] = 3


@dataclass(frozen=True, slots=True)
class TicketSettings:
    """How ticket exports are read and held against the articles."""

    answered: Annotated[float | None, Doc("The score from which on a ticket is answered, between 0 and 1; left out, 0.8.")] = None
    unanswered: Annotated[
        float | None, Doc("The score up to which a ticket is unanswered, between 0 and 1; left out, found from the tickets.")
    ] = None
    dates: Annotated[
        Literal["day-first", "month-first"] | None, Doc("How to read 03/04/2026 in exports where no date of the column tells.")
    ] = None
    timezone: Annotated[str, Doc("Where the dates of exports were written that name no time zone, such as Europe/Berlin.")] = (
        "UTC"
    )
    model: Annotated[
        str, Doc("What tells tickets and articles of the same meaning: wordllama, sentence-encoder or a plugin's.")
    ] = ""


@dataclass(frozen=True, slots=True)
class ExternalSettings:
    """Whom `kbtool check --external` asks."""

    ask: Annotated[
        tuple[str, ...], Doc("Hosts to ask although they are private or the help center's own; * stands for anything.")
    ] = ()
    skip: Annotated[tuple[str, ...], Doc("Hosts, or beginnings of addresses, that are never asked.")] = ()


@dataclass(frozen=True, slots=True)
class TypeDefaults:
    """What holds for all articles of a type when neither they nor their topic say otherwise."""

    review_every: Annotated[str, Doc("How often articles of the type must be checked.")] = ""


@dataclass(frozen=True, slots=True)
class Config:
    """All that kbtool.yml may say."""

    title: Annotated[str, Doc("The help center's name.")] = "Help center"
    url: Annotated[
        str,
        Doc("Where readers find it, with the sub-folder if there is one; needed for the sitemap, the feed and canonical links."),
    ] = ""
    language: Annotated[str, Doc("The language of the articles and of the site's own words, as a code: en, de, ar.")] = "en"
    description: Annotated[str, Doc("One sentence for search engines and the home page.")] = ""
    content: Annotated[str, Doc("The folder that holds the articles.")] = "content"
    output: Annotated[str, Doc("The folder that the site is built into.")] = "site"
    theme: Annotated[str, Doc("The name of a shipped theme or of a folder in themes/.")] = "plain"
    brand: Annotated[Brand, Doc("Colour, logo, favicon and the picture beside shared links.")] = field(default_factory=Brand)
    header: Annotated[tuple[NavLink, ...], Doc("Links in the header.")] = ()
    footer: Annotated[tuple[NavLink, ...], Doc("Links in the footer.")] = ()
    footer_text: Annotated[str, Doc("Words in the footer.")] = ""
    contact: Annotated[Contact, Doc("The way to a human.")] = field(default_factory=Contact)
    texts: Annotated[Mapping[str, str], Doc("The site's own words, replaced: the English text, then yours.")] = field(
        default_factory=dict
    )
    variables: Annotated[Mapping[str, str], Doc("Words that articles use as {{ name }}.")] = field(default_factory=dict)
    glossary: Annotated[Mapping[str, str], Doc("Terms, each with the explanation that readers see beside it.")] = field(
        default_factory=dict
    )
    synonyms: Annotated[tuple[tuple[str, ...], ...], Doc("Lists of words that search treats as one.")] = ()
    old_urls: Annotated[
        tuple[str, ...], Doc("Addresses of a former help center, with {id} where the article's number stood and * for anything.")
    ] = ()
    redirects: Annotated[Mapping[str, str], Doc("Old paths of this site, each with the path that took its place.")] = field(
        default_factory=dict
    )
    topics: Annotated[Mapping[str, TopicDefaults], Doc("Defaults for the articles of a topic, by its folder.")] = field(
        default_factory=dict
    )
    types: Annotated[
        Mapping[str, TypeDefaults], Doc("Defaults for the articles of a type: faq, instructions, troubleshooting, article.")
    ] = field(default_factory=dict)
    checks: Annotated[Mapping[str, Level], Doc("The level of each rule of kbtool check: error, warning, hint, off.")] = field(
        default_factory=dict
    )
    external: Annotated[ExternalSettings, Doc("Whom kbtool check --external asks whether links to other sites still work.")] = (
        field(default_factory=ExternalSettings)
    )
    tickets: Annotated[TicketSettings, Doc("How ticket exports are read and held against the articles.")] = field(
        default_factory=TicketSettings
    )
    review_every: Annotated[str, Doc("How often an article must be checked when neither it nor its topic nor its type says.")] = (
        ""
    )
    trusted_html: Annotated[bool, Doc("Raw HTML in articles is kept as it is; left out, it is reduced to what is safe.")] = False
    edit_url: Annotated[str, Doc("Where an article can be changed, with {path} for its path: a link at its end.")] = ""
    targets: Annotated[Mapping[str, TargetSettings], Doc("Where the site can be published, each place under a name.")] = field(
        default_factory=dict
    )
    hosts: Annotated[
        tuple[Host, ...], Doc("Hosts that read files of their own: netlify, cloudflare, apache, nginx, s3, github.")
    ] = ()
    llms: Annotated[bool, Doc("Write llms.txt and each article's Markdown beside its page.")] = True
