"""The papers to try the upload with are read: the same notice from each format, the list with all its rows."""

from pathlib import Path

import pytest

from luoshi.demo import county
from luoshi.demo.samples import NOTICE, TABLE, samples, write_samples
from luoshi.directives.rules import Proposal, Span, read_directive
from luoshi.papers.reading import read_paper

SAMPLES = dict(samples())
NAMES = {unit.short_name for unit in county.units()} | {a for unit in county.units() for a in unit.aliases}


def read(name: str) -> tuple[Proposal, ...]:
    paper = read_paper(SAMPLES[name], name=name)
    return read_directive(paper.text, doubtful=[Span(*r) for r in paper.recognised]).proposals


def told(proposal: Proposal) -> tuple[object, ...]:
    due = proposal.due.date if proposal.due else None
    return proposal.title, [m.name for m in proposal.lead], [m.name for m in proposal.co], due


@pytest.mark.parametrize("ending", [".ofd", ".pdf", "（扫描件）.png"])
def test_notice_asks_the_same_from_every_format(ending: str) -> None:
    written = read_directive(county.paper("tongzhi.txt").decode("utf-8")).proposals
    assert [told(p) for p in read(NOTICE + ending)] == [told(p) for p in written]
    assert len(written) == 5


def test_scan_leaves_its_dates_to_be_confirmed() -> None:
    evidence = [e for p in read(NOTICE + "（扫描件）.png") for e in p.evidence if e.field == "due"]
    assert [(e.kind, e.sure) for e in evidence] == [("ocr", False)] * 5


def test_list_gives_each_row_its_units_and_date() -> None:
    found = read(f"{TABLE}.xlsx")
    assert len(found) == 7
    assert all(len(p.lead) == 1 and p.due and p.due.date for p in found)
    assert {m.name for p in found for m in (*p.lead, *p.co)} <= NAMES


def test_samples_are_small_and_written_where_asked(tmp_path: Path) -> None:
    written = write_samples(tmp_path / "new" / "samples")
    assert [path.suffix for path in written] == [".xlsx", ".ofd", ".pdf", ".png"]
    assert all(path.stat().st_size < 220_000 for path in written)
