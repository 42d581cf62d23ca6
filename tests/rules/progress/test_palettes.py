"""Palettes: each line has a colour, and tables that contradict themselves are named."""

import pytest

from luoshi.progress.rules.palettes import LINES, PALETTES, PRESETS, TableFault, changed_lines, find_faults, palette_of


@pytest.mark.parametrize("name", PALETTES)
def test_every_preset_is_a_table_without_faults(name: str) -> None:
    numbers = {"behind_yellow": 10, "behind_red": 30, **PRESETS[name].thresholds}
    faults = find_faults(PALETTES[name], behind_yellow=numbers["behind_yellow"], behind_red=numbers["behind_red"])
    assert faults == ()
    assert set(PALETTES[name]) == set(LINES)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ({"fine": "yellow"}, TableFault.FINE_IS_RED),
        ({"fine": "blue", "near": "green"}, TableFault.TOO_GOOD),
        ({"far_behind": "yellow", "behind": "red"}, TableFault.MILDER),
    ],
)
def test_a_table_that_contradicts_itself_is_named(lines: dict[str, str], fault: TableFault) -> None:
    palette = palette_of("traffic", tuple(lines.items()))
    assert fault in find_faults(palette, behind_yellow=10, behind_red=30)


def test_red_cannot_begin_before_yellow() -> None:
    assert find_faults(PALETTES["pace"], behind_yellow=30, behind_red=10) == (TableFault.RED_BEFORE_YELLOW,)


def test_only_lines_that_differ_are_kept() -> None:
    colours = {line.value: colour.value for line, colour in PALETTES["traffic"].items()}
    assert changed_lines("traffic", colours) == ()
    assert changed_lines("traffic", {**colours, "near": "blue"}) == (("near", "blue"),)
    assert palette_of("traffic", (("near", "blue"),)) == {**PALETTES["traffic"], "near": "blue"}
