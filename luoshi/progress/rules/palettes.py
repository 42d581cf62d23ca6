"""What the colours of lights mean: named palettes, and the tables of places that publish theirs (domain handbook §1.4).

Blue is a reminder in one place and praise in the next, so palettes have names and each line may be changed by itself.

| name       | place         | what it says                                                                       |
|------------|---------------|------------------------------------------------------------------------------------|
| traffic    | (default)     | red overdue or far behind; yellow behind, doubtful or near its date; green on track |
| sheets     | (default)     | three sheets: blue near its date, yellow behind or doubtful, red overdue            |
| blue_fine  | (default)     | as traffic, with blue for on track                                                 |
| pace       | (default)     | as traffic, but a near date alone says nothing                                     |
| yichang    | 宜昌          | yellow near its limit, red behind                                                  |
| sanming    | 三明          | blue sheet reminds, orange (yellow) sheet warns, red sheet is the last warning      |
| suqian     | 宿迁          | blue near its limit, yellow behind schedule or poor, red overdue                   |
| guangyuan  | 广元          | blue is fine, yellow slow but still to be reached, red hard to finish              |
| yinchuan   | 银川          | yellow 10 to 30 points below the path or not started, red beyond 30                |
| zaozhuang  | 枣庄          | blue card encourages, yellow card reminds, red card warns                          |
| sanyuan    | 三原          | green smooth, yellow slow, red not started                                         |
| dongtou    | 洞头          | green, yellow and red list of projects, by pace alone                              |
| wuding     | 武定          | indicators: yellow watched, red to be answered for in public                       |
| kaiyuan    | 开源          | blue early warning, yellow card, red                                               |
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Colour(StrEnum):
    """What is shown; each has its own shape."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    GREY = "grey"


CODES = {Colour.RED: 1, Colour.YELLOW: 2, Colour.GREEN: 3, Colour.BLUE: 4, Colour.GREY: 5}
WORST_FIRST = (Colour.RED, Colour.YELLOW, Colour.BLUE, Colour.GREEN)


class Condition(StrEnum):
    """Why a light shows its colour; the order is that of the table in lights.py."""

    OVERDUE = "overdue"
    FAR_BEHIND = "far_behind"
    BEHIND = "behind"
    MISSING = "missing"
    PARTIAL = "partial"
    DOUBT = "doubt"
    NEAR = "near"
    REVIEW = "review"
    FINE = "fine"
    DONE = "done"
    IDLE = "idle"
    SUSPENDED = "suspended"
    ENDED = "ended"


LINES = (
    Condition.OVERDUE, Condition.FAR_BEHIND, Condition.BEHIND, Condition.MISSING, Condition.PARTIAL, Condition.DOUBT,
    Condition.NEAR, Condition.REVIEW, Condition.FINE,
)  # fmt: skip
Palette = Mapping[Condition, Colour]


@dataclass(frozen=True, slots=True)
class Preset:
    """A table as a place publishes it; `thresholds` only where it names figures of its own."""

    palette: Palette
    place: str = ""
    thresholds: Mapping[str, int] = field(default_factory=dict)


def _palette(letters: str) -> Palette:
    """Nine letters, one for each line of the table: r, y, b or g."""
    colours = {"r": Colour.RED, "y": Colour.YELLOW, "b": Colour.BLUE, "g": Colour.GREEN}
    return {line: colours[letter] for line, letter in zip(LINES, letters, strict=True)}


PRESETS: Mapping[str, Preset] = {  # overdue, far behind, behind, missing, partial, doubt, near, review, fine
    "traffic": Preset(_palette("rryyyyyyg")),
    "sheets": Preset(_palette("ryyyyybbg")),
    "blue_fine": Preset(_palette("rryyyyyyb")),
    "pace": Preset(_palette("rryyyyggg")),
    "yichang": Preset(_palette("rrryyyyyg"), "宜昌"),
    "sanming": Preset(_palette("ryybbybbg"), "三明"),
    "suqian": Preset(_palette("ryyyyybbg"), "宿迁"),
    "guangyuan": Preset(_palette("rryyyybbb"), "广元"),
    "yinchuan": Preset(_palette("rryyyyggg"), "银川", {"behind_yellow": 10, "behind_red": 30}),
    "zaozhuang": Preset(_palette("rryyyyyyb"), "枣庄"),
    "sanyuan": Preset(_palette("ryyryyggg"), "三原"),
    "dongtou": Preset(_palette("rryyygggg"), "洞头"),
    "wuding": Preset(_palette("rryyyyggg"), "武定", {"near_due_days": 0}),
    "kaiyuan": Preset(_palette("rryyyybbg"), "开源"),
}
PALETTES: Mapping[str, Palette] = {name: preset.palette for name, preset in PRESETS.items()}


def palette_of(name: str, lines: tuple[tuple[str, str], ...] = ()) -> Palette:
    """A palette with the lines that somebody coloured otherwise."""
    return (
        {**PALETTES[name], **{Condition(line): Colour(colour) for line, colour in lines}} if lines else PALETTES[name]
    )


def changed_lines(name: str, colours: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The lines of a table that differ from its palette, in the order of the table."""
    palette = PALETTES[name]
    return tuple((line.value, colours[line]) for line in LINES if colours.get(line, palette[line]) != palette[line])


class TableFault(StrEnum):
    """Why a table cannot hold."""

    TOO_GOOD = "too_good"
    FINE_IS_RED = "fine_is_red"
    MILDER = "milder"
    RED_BEFORE_YELLOW = "red_before_yellow"


def find_faults(palette: Palette, *, behind_yellow: int, behind_red: int) -> tuple[TableFault, ...]:
    """What makes no sense in a table: trouble in a better colour than none, or far behind milder than behind."""
    place = WORST_FIRST.index
    fine = palette[Condition.FINE]
    found = [
        (TableFault.FINE_IS_RED, fine in (Colour.RED, Colour.YELLOW)),
        (TableFault.TOO_GOOD, any(place(palette[line]) > place(fine) for line in LINES)),
        (TableFault.MILDER, place(palette[Condition.FAR_BEHIND]) > place(palette[Condition.BEHIND])),
        (TableFault.RED_BEFORE_YELLOW, behind_red < behind_yellow),
    ]
    return tuple(fault for fault, holds in found if holds)
