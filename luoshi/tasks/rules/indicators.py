"""Indicators: which way is better, and how readings add up over time and over units."""

from enum import StrEnum


class Direction(StrEnum):
    """Whether more is better, less is better, or the value shall stay within a band."""

    UP = "up"
    DOWN = "down"
    BAND = "band"


class OverTime(StrEnum):
    """How the readings of a unit's periods become its value to date."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"


class OverUnits(StrEnum):
    """How the values of the parts become the value of the whole.

    MEAN is weighted by the named base; RATIO is Σ numerators over Σ denominators; LAST is the part that reported most
    recently; DONE counts the parts that reached their target.
    """

    SUM = "sum"
    MEAN = "mean"
    RATIO = "ratio"
    LAST = "last"
    MIN = "min"
    MAX = "max"
    DONE = "done"
