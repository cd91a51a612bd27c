"""How many examples a property is tried with: few each time, many when THOROUGH says so many times as many."""

import os


def tries(few: int) -> int:
    """Return the number of examples for a property whose fast run takes `few`."""
    return few * int(os.environ.get("THOROUGH", "1"))
