"""Words that a team calls the same -> what else an article may say for a word of the query."""

from collections.abc import Callable, Iterable, Mapping, Sequence

Stems = tuple[str, ...]


def alternatives(
    asked: Iterable[str], groups: Iterable[Sequence[str]], stems_of: Callable[[str], Stems]
) -> dict[str, set[Stems]]:
    """Return for each stem of a query the stems that mean the same, where the query holds all of a synonym's stems.

    >>> found = alternatives(["sign", "phone"], [["sign in", "log on"]], lambda text: tuple(text.split()[:1]))
    >>> found
    {'sign': {('log',)}}
    """
    known = set(asked)
    found: dict[str, set[Stems]] = {}
    for group in groups:
        phrases = [stems for stems in map(stems_of, group) if stems]
        for said in phrases:
            if known.issuperset(said):
                for stem in said:
                    found.setdefault(stem, set()).update(other for other in phrases if other != said)
    return {stem: others for stem, others in found.items() if others}


def with_alternatives(by_stem: Mapping[str, float], others: Mapping[str, set[Stems]]) -> dict[str, float]:
    """Return an article's score for each stem of the query, from all stems' scores: a synonym counts as the word itself does.

    >>> with_alternatives({"log": 2.0, "phone": 1.0}, {"sign": {("log",)}})
    {'log': 2.0, 'phone': 1.0, 'sign': 2.0}
    """
    scores = dict(by_stem)
    for stem, phrases in others.items():
        said = [sum(by_stem[part] for part in phrase) / len(phrase) for phrase in phrases if by_stem.keys() >= {*phrase}]
        if said:
            scores[stem] = max(scores.get(stem, 0.0), *said)
    return scores
