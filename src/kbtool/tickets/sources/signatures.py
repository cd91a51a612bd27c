"""The one table of what help desks' exports look like: a product is told by its columns, a role by the names it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Signature:
    """How a product's table is told, and where it differs from what the names of its columns say."""

    name: str
    title: str
    tells: tuple[frozenset[str], ...] = ()
    """Any of these sets of columns, all of it present, in the form of `plain_name`."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role -> columns, best first, before the names in ALIASES are tried."""
    all_tags: bool = False
    """Whether the tags' column comes several times, a label in each; else the first is meant, and others are the contact's."""
    closed: str = ""
    """The column that is empty while a ticket is open, where no column says the status."""
    conversation: str = ""
    """The column that the messages of one ticket share; a row is a message then."""


def plain_name(column: str) -> str:
    """Return a column's name in the form in which names are compared.

    >>> plain_name(" Created_At:"), plain_name("Ticket-ID")
    ('created at', 'ticket id')
    """
    return " ".join(column.casefold().replace("_", " ").replace("-", " ").strip(" :*\ufeff").split())


def _columns(*names: str) -> frozenset[str]:
    return frozenset(names)


SIGNATURES = (
    Signature(
        "zendesk",
        "Zendesk",
        (_columns("requester id", "created at", "subject"), _columns("summation column")),
        {"id": ("id",), "person": ("requester email", "requester id"), "created": ("created at",)},
    ),
    Signature("zendesk-view", "Zendesk view", (_columns("requested", "subject"),), {"created": ("requested",)}),
    Signature(
        "freshservice",
        "Freshservice",
        (_columns("ticket id", "requester name", "created time"),),
        {"person": ("requester email", "requester name")},
    ),
    Signature(
        "freshdesk",
        "Freshdesk",
        (_columns("created time", "resolution status"),),
        {"person": ("email", "full name"), "id": ("ticket id",)},
    ),
    Signature(
        "gorgias",
        "Gorgias",
        (_columns("initial channel", "creation date"),),
        {"id": ("ticket id",), "person": ("customer email", "customer name")},
        closed="closed date",
    ),
    Signature(
        "front",
        "Front",
        (_columns("conversation id", "message id"),),
        {"id": ("conversation id",), "created": ("message date",), "person": ("contact handle",), "body": ("extract",)},
        conversation="conversation id",
    ),
    Signature(
        "jira",
        "Jira",
        (_columns("issue key", "summary"),),
        {"subject": ("summary",), "id": ("issue key",), "tags": ("labels",), "person": ("reporter", "reporter id", "creator")},
        all_tags=True,
    ),
    Signature(
        "hubspot",
        "HubSpot",
        (_columns("ticket name", "create date"),),
        {"subject": ("ticket name",), "status": ("ticket status",)},
    ),
    Signature(
        "zoho",
        "Zoho Desk",
        (_columns("ticketextid", "created time"), _columns("ticket id", "created time", "subject")),
        {"id": ("ticket id", "ticketextid"), "person": ("contactextid", "contact name")},
    ),
    Signature(
        "salesforce",
        "Salesforce",
        (_columns("case number", "subject"),),
        {"id": ("case number",), "created": ("date/time opened", "date opened"), "person": ("contact email", "contact name")},
    ),
    Signature(
        "osticket",
        "osTicket",
        (
            _columns("ticket number", "date created"),
            _columns("ticketnummer", "erstellungsdatum"),
            _columns("ticketnummer", "erstellt am", "betreff"),
            _columns("numéro du ticket", "date de création"),
            _columns("número de ticket", "fecha de creación"),
        ),
        {"id": ("ticket number",), "tags": ("help topic", "hilfethema", "hilfe thema", "rubrique d'aide", "tema de ayuda")},
    ),
    Signature(
        "zammad",
        "Zammad",
        (_columns("#", "title", "state"), _columns("#", "titel", "status")),
        {"subject": ("title", "titel"), "id": ("#",), "status": ("state", "status"), "person": ("customer", "kunde")},
    ),
)
"""The first that fits is it."""

TABLE = Signature("table", "table")
"""A table of no product that is known, read by the names of its columns."""

ALIASES: Mapping[str, tuple[str, ...]] = {
    "subject": (
        *("subject", "ticket subject", "case subject", "conversation subject", "email subject", "subject line"),
        *("summary", "ticket name", "ticket title", "issue title", "title", "question", "headline"),
        *(
            "betreff",
            "thema",
            "anliegen",
            "anfrage",
            "frage",
            "titel",
            "objet",
            "sujet",
            "titre",
            "asunto",
            "assunto",
            "oggetto",
            "onderwerp",
            "emne",
        ),
        *("ämne", "aihe", "otsikko", "temat", "předmět", "konu", "тема", "件名", "主题", "主題", "标题", "제목", "الموضوع"),
    ),
    "id": (
        *("ticket id", "ticket number", "ticket no", "issue key", "case number", "case id", "conversation id", "id"),
        *("number", "#", "key", "ticketnummer", "ticket nr", "nummer", "numéro du ticket", "numéro", "número de ticket"),
        *("número do ticket", "número", "numero ticket", "numero", "ticketextid", "номер", "番号", "编号"),
    ),
    "created": (
        *("created at", "created time", "create date", "creation date", "date created", "created date", "created on", "created"),
        *("date/time opened", "date opened", "opened at", "opened", "requested", "message date", "received", "date", "timestamp"),
        *("erstellungsdatum", "erstellt am", "erstellt", "datum", "date de création", "créé le", "fecha de creación", "fecha"),
        *("data de criação", "criado em", "data di creazione", "aanmaakdatum", "aangemaakt", "opprettet", "oprettet", "skapad"),
        *("data utworzenia", "дата создания", "作成日時", "创建时间", "建立時間", "생성일"),
    ),
    "status": (
        *("status", "ticket status", "current status", "case status", "state", "ticket state"),
        *(
            "aktueller status",
            "statut",
            "statut actuel",
            "estado",
            "estado actual",
            "stato",
            "stan",
            "статус",
            "ステータス",
            "状态",
        ),
    ),
    "tags": (
        *("tags", "labels", "label", "tag", "ticket tags", "help topic", "categories", "category"),
        *("schlagwörter", "schlagworte", "étiquettes", "etiquetas", "etichette", "метки", "タグ", "标签"),
    ),
    "person": (
        *("requester email", "contact email", "customer email", "from email", "sender email", "email", "e mail", "email address"),
        *("contact handle", "requester id", "requester", "reporter", "customer", "customer id", "user id", "from", "sender"),
        *("contact name", "full name", "requester name", "customer name", "contact id", "contactextid", "author"),
        *("von e mail", "absender", "von", "kunde", "de", "cliente", "client", "demandeur", "solicitante", "klant"),
    ),
    "body": (
        *("description", "body", "first message", "message", "extract", "content", "details", "text"),
        *("beschreibung", "nachricht", "descripción", "mensaje", "descrição", "mensagem", "descrizione", "messaggio"),
    ),
}
"""Role -> the names it goes by, the most telling first."""

NAMES = (
    "requester",
    "requester name",
    "customer name",
    "contact name",
    "full name",
    "from",
    "customer",
    "reporter",
    "name",
    "von",
    "kunde",
)
"""Columns that hold the requester's name, which must not be shown where it stands in a subject."""

REOPENS = ("reopens", "reopen count", "reopened", "times reopened")
