"""A share as people type it -> a number: "20%" is 0.2."""


def read_share(text: str) -> float:
    """Return a share from 0 to 1, typed as "20%" or as "0.2". Raises ValueError when it is none.

    >>> read_share("20%"), read_share("0.2"), read_share("1")
    (0.2, 0.2, 1.0)
    """
    number = text.strip()
    share = float(number[:-1]) / 100 if number.endswith("%") else float(number)
    if not 0 <= share <= 1:
        raise ValueError
    return share
