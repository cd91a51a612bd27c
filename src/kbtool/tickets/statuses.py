"""What help desks call a ticket's state -> the family that it belongs to."""

from functools import lru_cache

from kbtool.demand import TicketStatus

DROPPED = {
    **dict.fromkeys(("spam", "junk", "suspended", "marked as spam"), "spam"),
    **dict.fromkeys(
        ("deleted", "trash", "trashed", "removed", "gelöscht", "supprimé", "eliminado", "excluído"), "deleted tickets"
    ),
    **dict.fromkeys(("merged", "duplicate", "closed as duplicate", "zusammengeführt", "fusionné", "fusionado"), "merged tickets"),
}
"""State -> why a ticket in it is none, in the plural, to be counted."""

_FAMILIES: dict[str, TicketStatus] = {
    **dict.fromkeys(
        (
            *(
                "new",
                "open",
                "opened",
                "active",
                "in progress",
                "reopened",
                "to do",
                "todo",
                "unassigned",
                "assigned",
                "escalated",
            ),
            *("backlog", "selected for development", "working", "waiting for support", "waiting on us", "work in progress"),
            *(
                "neu",
                "offen",
                "in bearbeitung",
                "nouveau",
                "ouvert",
                "en cours",
                "nuevo",
                "abierto",
                "en curso",
                "novo",
                "aberto",
            ),
            *(
                "nuovo",
                "aperto",
                "nieuw",
                "öppen",
                "åpen",
                "åben",
                "otwarte",
                "новый",
                "открыт",
                "新規",
                "オープン",
                "新建",
                "打开",
            ),
        ),
        "open",
    ),
    **dict.fromkeys(
        (
            *("pending", "hold", "on hold", "on-hold", "onhold", "waiting", "snoozed", "snooze", "paused", "deferred", "blocked"),
            *("awaiting reply", "waiting for customer", "waiting on customer", "waiting on contact", "waiting on third party"),
            *("pending reminder", "pending close", "awaiting customer", "customer responded", "awaiting response", "later"),
            *("wartend", "ausstehend", "warten auf erinnerung", "warten auf schließen", "en attente", "pendiente", "pendente"),
            *("in attesa", "in afwachting", "ожидание", "保留中", "待处理"),
        ),
        "pending",
    ),
    **dict.fromkeys(
        (
            *("solved", "closed", "resolved", "done", "completed", "complete", "fixed", "archived", "answered", "cancelled"),
            *("canceled", "finished", "won't do", "declined", "closed - resolved", "closed successful"),
            *("gelöst", "geschlossen", "erledigt", "résolu", "fermé", "clos", "resuelto", "cerrado", "resolvido", "fechado"),
            *(
                "risolto",
                "chiuso",
                "opgelost",
                "gesloten",
                "löst",
                "stängd",
                "zamknięte",
                "решен",
                "закрыт",
                "解決済み",
                "クローズ",
            ),
            *("已解决", "已关闭"),
        ),
        "solved",
    ),
}
_PARTS: tuple[tuple[str, TicketStatus], ...] = (
    ("reopen", "open"),
    ("unresolved", "open"),
    ("closed", "solved"),
    ("resolved", "solved"),
    ("solved", "solved"),
    ("waiting", "pending"),
    ("pending", "pending"),
    ("hold", "pending"),
    ("open", "open"),
    ("new", "open"),
    ("progress", "open"),
)
"""Words within a name that a team made up."""


@lru_cache(maxsize=4096)
def read_status(text: str) -> tuple[TicketStatus, str]:
    """Return the family, and why such tickets are dropped, or an empty string.

    >>> read_status("Closed"), read_status("Spam"), read_status("On Hold (vendor)")
    (('solved', ''), ('unknown', 'spam'), ('pending', ''))
    """
    name = " ".join(text.casefold().replace("_", " ").split())
    if name in DROPPED:
        return "unknown", DROPPED[name]
    part = next((family for word, family in _PARTS if word in name), None)
    family: TicketStatus = _FAMILIES.get(name) or part or "unknown"
    return family, ""
