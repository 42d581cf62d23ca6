"""`luoshi register`: the same action and the same rights as the page."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from luoshi.demo.ofd import write_ofd
from luoshi.directives.models import Directive
from tests.factories.directives import PAPER
from tests.factories.orgs import Cast


@pytest.fixture
def paper(tmp_path: Path) -> str:
    (tmp_path / "分工.ofd").write_bytes(write_ofd(PAPER))
    return str(tmp_path / "分工.ofd")


def register(*arguments: str) -> str:
    out = StringIO()
    call_command("register", *arguments, stdout=out)
    return out.getvalue()


def test_paper_is_registered_in_the_person_s_name_and_sure_duties_accepted(cast: Cast, paper: str) -> None:
    said = register(paper, "--unit", "QH", "--as", "office", "--received", "2026-03-01", "--internal", "--accept-sure")
    directive = Directive.objects.get()
    assert (directive.created_by, str(directive.received_date)) == (cast["office"], "2026-03-01")
    assert (directive.is_internal, directive.paper_kind, directive.file_name) == (True, "ofd", "分工.ofd")
    accepted = directive.proposals.filter(state="accepted").count()
    assert accepted
    assert str(accepted) in said
    assert f"/directives/{directive.pk}/" in said


@pytest.mark.parametrize(("who", "unit"), [("observer", "QH"), ("townclerk", "QH"), ("nobody", "QH"), ("office", "BS")])
def test_whoever_may_not_on_the_page_may_not_here(cast: Cast, paper: str, who: str, unit: str) -> None:
    with pytest.raises(CommandError):
        register(paper, "--unit", unit, "--as", who)
    assert not Directive.objects.exists()


def test_same_file_twice_is_one_clear_line(cast: Cast, paper: str) -> None:
    register(paper, "--unit", "QH", "--as", "office")
    with pytest.raises(CommandError, match="重点任务") as refusal:
        register(paper, "--unit", "QH", "--as", "office")
    assert "\n" not in str(refusal.value)
    register(paper, "--unit", "QH", "--as", "office", "--again")
    assert Directive.objects.count() == 2
