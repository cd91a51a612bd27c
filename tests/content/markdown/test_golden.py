"""Each golden case still gives what it shows."""

import pytest

from tests.content.markdown.golden import Case, cases, shown


@pytest.mark.parametrize("case", tuple(cases()), ids=str)
def test_golden(case: Case) -> None:
    assert shown(case.source).rstrip("\n") == case.result.rstrip("\n")
