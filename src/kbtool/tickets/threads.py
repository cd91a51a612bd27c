"""Drafts that are messages -> one for each conversation."""

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from kbtool.tickets.drafts import Draft


def group_messages(
    drafts: Sequence[Draft], moments: Sequence[datetime.datetime | None], dropped: Counter[str]
) -> Iterator[tuple[Draft, datetime.datetime | None]]:
    """Yield each conversation as its first inbound message, with the moment of its first message of all."""
    root = {draft.id: draft.conversation for draft in drafts if draft.conversation}
    threads: dict[str, list[int]] = {}
    for place, draft in enumerate(drafts):
        if draft.conversation:
            threads.setdefault(_root(draft.conversation, root), []).append(place)
    for places in threads.values():
        ordered = sorted(places, key=lambda place: (not drafts[place].inbound, instant(moments[place]), place))
        first = min((moments[place] for place in places), key=instant)
        dropped["further messages"] += len(places) - 1
        yield drafts[ordered[0]], first
    if not dropped["further messages"]:
        del dropped["further messages"]


def _root(conversation: str, root: Mapping[str, str]) -> str:
    """Follow the references to the message that began it."""
    passed: set[str] = set()
    while conversation in root and root[conversation] != conversation and conversation not in passed:
        passed.add(conversation)
        conversation = root[conversation]
    return conversation


def instant(moment: datetime.datetime | None) -> float:
    """Return a number to sort by; what has no date comes last."""
    return (moment - _EPOCH).total_seconds() if moment else float("inf")


_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
