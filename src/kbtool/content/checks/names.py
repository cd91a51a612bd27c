"""The rules that are told by those who read articles and settings: `kbtool build` tells them, and `kbtool check` too."""

RULE_NAMES = frozenset(
    {
        *(
            "empty-article",
            "wrong-ending",
            "broken-yaml",
            "merge-conflict",
            "duplicate-key",
            "unknown-key",
            "wrong-value",
            "title",
        ),
        *("unreadable", "wrong-encoding", "too-large", "too-deep", "linked-folder", "outside-content"),
        *("empty-heading", "heading-order", "unclosed-comment", "unclosed-container", "unknown-container"),
        *("unknown-snippet", "snippet-cycle", "unknown-variable", "unknown-tag", "unsafe-html"),
        *("dead-link", "dead-anchor", "wrong-case", "old-link", "unsafe-link", "missing-file", "external-link"),
        *("local-link", "broken-image"),
        *("list-numbers", "trailing-spaces"),
        *("redirect", "url-collision", "url-lost", "broken-lock", "unknown-topic", "unknown-rule", "no-articles"),
        *("cache-rebuilt", "cache-unusable", "internal-error", "unspoken-language"),
    }
)
"""Their names. What stops a command before it has read anything is not among them: no level can change that."""

RULES_OF_BUILD = frozenset(
    {
        *("unknown-language", "unknown-text", "unknown-theme", "missing-asset", "template-error", "broken-translation"),
        *("wrong-colour", "no-url", "reserved-name", "search-index"),
    }
)
"""What only `kbtool build` can tell, for it takes making the site."""
