"""A row of names -> which column is what."""

from collections.abc import Mapping, Sequence

from kbtool.tickets.sources.signatures import ALIASES, Signature, plain_name
from kbtool.tickets.sources.source import Record

_ENOUGH = 2
_MANY = ("label", "labels", "tag")
"""Columns that come once for each label."""


def find_header(records: Sequence[Record], chosen: Mapping[str, str]) -> int | None:
    """Return the place of the first record that names a subject and one role more, else of a first that names a subject alone."""
    subject = plain_name(chosen.get("subject", ""))
    for at, record in enumerate(records):
        names = [plain_name(cell) for cell in record.cells]
        if subject:
            if subject in names:
                return at
        elif len(names) > 1 and _roles_in(names) >= _ENOUGH:
            return at
    first = next((at for at, record in enumerate(records) if any(record.cells)), None)
    if first is None or subject:
        return None
    names = [plain_name(cell) for cell in records[first].cells]
    return first if any(name in ALIASES["subject"] for name in names) else None


def places_of(columns: Sequence[str], signature: Signature, chosen: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Return role -> its columns' places, best first; roles that no column has are left out."""
    names = [plain_name(column) for column in columns]
    places: dict[str, tuple[int, ...]] = {}
    for role, aliases in ALIASES.items():
        wanted = (plain_name(chosen[role]),) if role in chosen else (*signature.roles.get(role, ()), *aliases)
        found = tuple(dict.fromkeys(names.index(alias) for alias in wanted if alias in names))
        if role == "tags" and found and (signature.all_tags or names[found[0]] in _MANY):
            found = tuple(at for at, name in enumerate(names) if name == names[found[0]])
        if found:
            places[role] = found
    return _apart(places)


def _apart(places: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """Return the places without those that are the subject too: "Question" may not also be the body."""
    subject = places.get("subject", (-1,))[0]
    apart = {role: tuple(at for at in found if at != subject) for role, found in places.items() if role != "subject"}
    kept = {role: found for role, found in apart.items() if found}
    return {"subject": places["subject"], **kept} if "subject" in places else kept


def _roles_in(names: Sequence[str]) -> int:
    """Count the roles that the names stand for; none without a subject."""
    held = set(names)
    if not held.intersection(ALIASES["subject"]):
        return 0
    return sum(bool(held.intersection(aliases)) for aliases in ALIASES.values())
