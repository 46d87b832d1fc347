"""The tokens of the stylesheet: WCAG 2.2 contrast in both themes, and country colours that stay apart for every eye."""

import itertools
import math
import re
from pathlib import Path

import pytest

import traceability.web

CSS = Path(traceability.web.__file__).parent / "static" / "lodestone" / "css"
TEXT = 4.5  # WCAG 2.2, 1.4.3
SHAPE = 3.0  # WCAG 2.2, 1.4.11
COUNTRIES = [f"c-{number}" for number in range(1, 6)]
PAIRS = (
    [(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in ("surface", "paper", "sunken")]
    + [(ink, "accent-soft", TEXT) for ink in ("ink", "ink-2", "accent", "accent-strong")]
    + [("on-accent", ground, TEXT) for ground in ("accent", "accent-strong")]
    + [("on-fail", "fail", TEXT)]
    + [(s, ground, TEXT) for s in ("pass", "warn", "fail", "none") for ground in ("surface", "paper", f"{s}-soft")]
    + [(ink, ground, TEXT) for ink in ("ink", "ink-2") for ground in ("warn-soft", "fail-soft", "pass-soft")]
    + [(ink, ground, TEXT) for ink in ("pass", "warn", "none", "accent") for ground in ("warn-soft", "pass-soft")]
    + [("surface", f"ramp-{n}", TEXT) for n in (1, 2, 3)]
    + [("ink", "ramp-6", TEXT)]
    + [(s, ground, SHAPE) for s in ("line-strong", "focus") for ground in ("surface", "paper", "sunken")]
    + [(shape, "surface", SHAPE) for shape in (*COUNTRIES, "c-loss")]
)
# Machado, Oliveira and Fernandes (2009), severity 1: how red, green and blue look to those who lack one cone.
SIGHTS = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
APART = 0.1  # distance in OKLab at which two neighbouring areas are told apart at a glance


def _themes() -> dict[str, dict[str, str]]:
    blocks = re.findall(r":root \{(.*?)\n *\}", (CSS / "tokens.css").read_text(), re.S)
    light, dark = (dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


THEMES = _themes()


def _linear(colour: str) -> list[float]:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _ratio(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in map(_linear, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _seen(colour: str, sight: str) -> tuple[float, ...]:
    """Return how a colour looks, in OKLab (Ottosson 2020)."""
    rgb = _linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(k * v for k, v in zip(row, rgb, strict=True)))) for row in SIGHTS[sight])
    cones = (
        math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b),
        math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b),
        math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b),
    )
    rows = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return tuple(sum(k * v for k, v in zip(row, cones, strict=True)) for row in rows)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast(theme, front, ground, least):
    assert _ratio(THEMES[theme][front], THEMES[theme][ground]) >= least


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(COUNTRIES, 2)))
def test_countries_stay_apart(theme, sight, one, other):
    colours = THEMES[theme]
    assert math.dist(_seen(colours[one], sight), _seen(colours[other], sight)) >= APART


def test_every_colour_of_the_stylesheets_is_a_token():
    painted = {path.name: re.findall(r"#[0-9a-fA-F]{3,6}\b", path.read_text()) for path in CSS.glob("*.css")}
    del painted["tokens.css"], painted["print.css"]
    assert {name: colours for name, colours in painted.items() if set(colours) - {"#fff", "#000"}} == {}


def test_every_token_in_use_is_defined():
    defined = {name for path in CSS.glob("*.css") for name in re.findall(r"--([\w-]+):", path.read_text())}
    used = {name for path in CSS.glob("*.css") for name in re.findall(r"var\(--([\w-]+)\)", path.read_text())}
    assert used - defined == set()
