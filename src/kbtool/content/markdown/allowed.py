"""What raw HTML may hold: the tags and attributes that help centers use and that cannot run anything."""

from markdown_it.common.html_blocks import block_names

from kbtool.content.markdown.destinations import OUTSIDE

SCHEMES = OUTSIDE | {"data"}
"""What nh3 lets pass; sanitize.py looks at each address again."""

_TAGS = (
    "a abbr address article aside b bdi bdo blockquote br button caption cite code col colgroup data dd del details dfn div dl dt em "
    "figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source span "
    "strong sub summary sup table tbody td tfoot th thead time tr u ul var video wbr"
)
TAGS = frozenset(_TAGS.split())

_ANYWHERE = (
    "class id title lang dir role tabindex aria-label aria-labelledby aria-describedby aria-hidden data-pagefind-ignore hidden"
)
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset(_ANYWHERE.split()),
    "a": frozenset(("href", "hreflang", "download")),
    "img": frozenset(("src", "alt", "width", "height", "loading", "decoding")),
    "video": frozenset(("src", "controls", "preload", "width", "height", "muted", "loop", "playsinline")),
    "source": frozenset(("src", "type")),
    "td": frozenset(("colspan", "rowspan", "headers")),
    "th": frozenset(("colspan", "rowspan", "headers", "scope", "abbr")),
    "col": frozenset(("span",)),
    "colgroup": frozenset(("span",)),
    "ol": frozenset(("start", "type", "reversed")),
    "li": frozenset(("value",)),
    "details": frozenset(("open", "name")),
    "button": frozenset(("type", "popovertarget")),
    "span": frozenset(("popover",)),
    "div": frozenset(("data-video",)),
    "time": frozenset(("datetime",)),
    "del": frozenset(("datetime",)),
    "ins": frozenset(("datetime",)),
    "data": frozenset(("value",)),
}

_WITH_CONTENT = (
    "script style svg math template noscript object embed applet frameset xmp noembed noframes plaintext title textarea select"
)
DROPPED_WITH_CONTENT = frozenset(_WITH_CONTENT.split())
"""Tags whose content is no text for readers."""

_QUIETLY = (
    "html head body main header footer nav center font tt big strike nobr acronym dir menu hgroup search label fieldset legend h1"
)
QUIETLY_DROPPED = frozenset(_QUIETLY.split())
"""Tags that go without a word: what they hold stays."""

_OTHERS = (
    "audio area base basefont bgsound canvas datalist form input iframe isindex keygen link map marquee meta meter noframes option "
    "optgroup output param progress rb rtc slot track image blink portal"
)
KNOWN = TAGS | DROPPED_WITH_CONTENT | QUIETLY_DROPPED | frozenset(block_names) | frozenset(_OTHERS.split())
"""Every tag of HTML. What is none of them is a placeholder such as `<port>` and is shown as it is typed."""
