"""The county's own clocks and nodes, and its windows closing night after night; the other county keeps the preset."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from luoshi.demo.history.scene import COUNTY, Scene
from luoshi.progress.actions.turns import close_turns
from luoshi.tasks.actions.clocks import set_clocks, set_nodes
from luoshi.tasks.rules.clocks import PRESETS, ClockFacts
from luoshi.tasks.rules.matters import Matter
from luoshi.tasks.rules.nodes import NodeFacts

MINUTES = (
    NodeFacts("立项", "opened"),
    NodeFacts("交办", "dispatched"),
    NodeFacts("签收", "acknowledged"),
    NodeFacts("反馈", "reported"),
    NodeFacts("核实", "completed"),
    NodeFacts("销号", "closed"),
)


def expect_rhythm(scene: Scene) -> None:
    """Write into the diary the setting of the clocks and every night on which windows may close."""
    diary = scene.diary
    diary.put(diary.workday(diary.start), 8, partial(_set, scene))
    for number in range(1, (diary.today - diary.start).days + 1):
        diary.put(diary.start + timedelta(days=number), 0, _close, minute=20)


def _close(now: datetime) -> None:
    close_turns(now=now)


def _set(scene: Scene, now: datetime) -> None:
    """The preset, but two days of grace, and remarks answered within three days."""
    clocks = {matter.value: _own(matter) for matter in Matter}
    office, unit = scene.person("office"), scene.unit(COUNTY)
    kept = set_clocks(unit, clocks, preset="county", version=0, by=office, now=now)
    set_nodes(unit, Matter.MEETING.value, MINUTES, version=kept.version, by=office, now=now)


def _own(matter: Matter) -> ClockFacts:
    clock = replace(PRESETS["county"][matter], grace_days=2)
    return replace(clock, first_days=3) if matter == Matter.REMARK else clock
