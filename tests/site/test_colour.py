"""A brand's colour can be read wherever it stands."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbtool.problems import Stop
from kbtool.site.colour import ENOUGH, contrast, shades

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@settings(deadline=None)
@given(COLOURS)
def test_every_colour_has_shades_that_can_be_read(colour: str) -> None:
    found = shades(colour)
    assert contrast(found.on_brand, found.brand) >= ENOUGH
    assert min(contrast(found.on_light, background) for background in ("#ffffff", "#f4f4f5")) >= ENOUGH
    assert min(contrast(found.on_dark, background) for background in ("#000000", "#18181b", "#27272a")) >= ENOUGH


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert shades("#1A5FB4").on_light == "#1a5fb4"
    assert shades("#fc0").on_dark == "#ffcc00"


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#777777", "#ffffff", 4.48), ("#0000ff", "#ffffff", 8.59), ("#ff0000", "#000000", 5.25)]
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio


@pytest.mark.parametrize("colour", ["red", "#12", "#gggggg", "#12345678", ""])
def test_what_is_no_colour_is_told(colour: str) -> None:
    with pytest.raises(Stop) as stop:
        shades(colour)
    assert stop.value.problems[0].rule == "wrong-colour"
