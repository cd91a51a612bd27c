"""Addresses as they are typed -> the draft's numbered links, or outside addresses that are safe to write."""

from kbtool.content.markdown.destinations import kind_of, readable
from kbtool.content.markdown.draft import Draft
from kbtool.content.oldurls import old_url_id
from kbtool.model import LINK_MARK, ExternalLink, Link

_HINT = "link to a page, a file, an e-mail address or a phone number"
_FILE_HINT = "readers have no file of your computer: put it beside the article, and link to it by its name"


def mark_target(href: str, text: str, draft: Draft, *, image: bool = False) -> str:
    """Return what stands in the HTML: a mark for a link into the site, the address for one outside, nothing for one that is not safe."""
    kind = kind_of(href, image=image)
    if kind == "unsafe":
        message = f'a link to "{href[:80]}" is left out: its scheme is not among those that are safe'
        draft.problem("unsafe-link", message, _FILE_HINT if href[:5].lower() == "file:" else _HINT, "warning")
        return ""
    if kind == "external" and (not draft.options.old_urls or old_url_id(href, draft.options.old_urls) is None):
        if not href.startswith("data:"):
            draft.external.append(ExternalLink(href, draft.line, text))
        return href
    draft.links.append(Link(readable(href), draft.line, text, image))
    return f"{LINK_MARK}{len(draft.links) - 1}"
