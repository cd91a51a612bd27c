"""The one table of what help desks' JSON looks like: a product is told by its keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shape:
    """How a product writes a ticket. Several keys for a role: the first that says something."""

    name: str
    title: str
    tells: tuple[frozenset[str], ...] = ()
    """Any of these sets of keys, all of it near the beginning."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role -> keys; a dot goes into an object, [] into each thing of a list. A name is all that its keys say."""
    drops: Mapping[str, str] = field(default_factory=dict)
    """Things that have this key are no tickets: what they are, in the plural."""


SHAPES = (
    Shape(
        "intercom",
        "Intercom",
        (frozenset({"conversations", "source"}), frozenset({"source", "contacts", "state"})),
        {
            "subject": ("source.subject", "source.body", "title"),
            "id": ("id",),
            "created": ("created_at",),
            "status": ("state",),
            "tags": ("tags.tags[].name",),
            "person": ("source.author.email", "contacts.contacts[].id", "contacts[].id", "source.author.id"),
            "name": ("source.author.name",),
            "body": ("source.body",),
            "reopens": ("statistics.count_reopens",),
        },
    ),
    Shape(
        "help-scout",
        "Help Scout",
        (frozenset({"_embedded", "conversations"}), frozenset({"primaryCustomer", "subject"})),
        {
            "subject": ("subject", "preview"),
            "id": ("number", "id"),
            "created": ("createdAt",),
            "status": ("status",),
            "tags": ("tags[].tag", "tags[].name"),
            "person": ("primaryCustomer.email", "primaryCustomer.id"),
            "name": ("primaryCustomer.first", "primaryCustomer.last"),
            "body": ("preview",),
        },
    ),
    Shape(
        "chatwoot",
        "Chatwoot",
        (frozenset({"payload", "meta"}), frozenset({"payload", "additional_attributes"})),
        {
            "subject": ("additional_attributes.mail_subject", "messages[].content", "last_non_activity_message.content"),
            "id": ("id",),
            "created": ("created_at",),
            "status": ("status",),
            "tags": ("labels[]",),
            "person": ("meta.sender.email", "meta.sender.id"),
            "name": ("meta.sender.name",),
            "body": ("messages[].content",),
        },
    ),
    Shape(
        "zendesk-json",
        "Zendesk JSON",
        (frozenset({"ticket", "subject"}), frozenset({"requester_id", "subject"})),
        {
            "subject": ("subject", "raw_subject"),
            "id": ("id",),
            "created": ("created_at",),
            "status": ("status",),
            "tags": ("tags[]",),
            "person": ("requester.email", "requester_id"),
            "name": ("requester.name",),
            "body": ("description",),
            "reopens": ("metric_set.reopens",),
        },
    ),
    Shape(
        "jira-json",
        "Jira JSON",
        (frozenset({"fields", "summary"}),),
        {
            "subject": ("fields.summary",),
            "id": ("key", "id"),
            "created": ("fields.created",),
            "status": ("fields.status.name",),
            "tags": ("fields.labels[]",),
            "person": ("fields.reporter.emailAddress", "fields.reporter.accountId", "fields.reporter.name"),
            "name": ("fields.reporter.displayName",),
            "body": ("fields.description",),
        },
    ),
    Shape(
        "github",
        "GitHub issues",
        (frozenset({"number", "title"}),),
        {
            "subject": ("title",),
            "id": ("number",),
            "created": ("createdAt", "created_at"),
            "status": ("state",),
            "tags": ("labels[].name", "labels[]"),
            "person": ("author.login", "user.login"),
            "body": ("body",),
        },
        {"pull_request": "pull requests"},
    ),
)
"""The first that fits is it."""

ANY = Shape("json", "JSON")
