"""One colour of a brand -> the shades of it that can be read on light and on dark."""

import colorsys
import re
from collections.abc import Sequence
from dataclasses import dataclass

from kbtool.problems import Problem, Stop

ENOUGH = 4.5
"""The contrast that WCAG 2.2 asks of text (1.4.3)."""

_LIGHT = ("#ffffff", "#f4f4f5")
_DARK = ("#27272a", "#09090b")
_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Shades:
    """A colour, and what goes with it, each as #rrggbb."""

    brand: str
    on_brand: str
    """Black or white, whichever is easier to read on the colour."""
    on_light: str
    """The nearest shade that can be read on white and on the lightest grey."""
    on_dark: str
    """The nearest shade that can be read on dark grey and on anything darker."""


def shades(colour: str) -> Shades:
    """Return the colour's shades. Raises Stop when it is no colour."""
    if not _COLOUR.fullmatch(colour):
        problem = f'"{colour}" is no colour'
        raise Stop(Problem("kbtool.yml", 0, "wrong-colour", problem, 'write it as "#1a5fb4"'))
    digits = colour[1:].lower()
    brand = "#" + ("".join(digit * 2 for digit in digits) if len(digits) < len("rrggbb") else digits)
    on_brand = max(("#ffffff", "#000000"), key=lambda text: contrast(text, brand))
    return Shades(brand, on_brand, _towards(0.0, brand, _LIGHT), _towards(1.0, brand, _DARK))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").

    >>> contrast("#ffffff", "#000000")
    21.0
    """
    low, high = sorted((_luminance(one), _luminance(other)))
    return round((high + 0.05) / (low + 0.05), 4)


def shades_css(colours: Shades) -> bytes:
    """Return the shades as CSS custom properties."""
    properties = (
        f"--brand:{colours.brand}",
        f"--on-brand:{colours.on_brand}",
        f"--brand-on-light:{colours.on_light}",
        f"--brand-on-dark:{colours.on_dark}",
    )
    return f":root{{{';'.join(properties)}}}\n".encode()


def _towards(end: float, colour: str, backgrounds: Sequence[str]) -> str:
    """Return the shade nearest to the colour, on the way to black (0) or white (1), that can be read on all backgrounds."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    for step in range(_STEPS + 1):
        there = lightness + (end - lightness) * step / _STEPS
        shade = _name(colorsys.hls_to_rgb(hue, there, saturation)) if step else colour
        if all(contrast(shade, background) >= ENOUGH for background in backgrounds):
            return shade
    return "#ffffff" if end else "#000000"


def _luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2, "relative luminance")."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))  # noqa: PLR2004 - its numbers
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> tuple[float, float, float]:
    """Return red, green and blue, 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _name(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
