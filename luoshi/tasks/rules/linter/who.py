"""Who is to do it: nobody, several, a group of units, a unit that is not known."""

from collections.abc import Iterator, Sequence

from luoshi.tasks.rules.linter.facts import Found, LintDuty, LintFacts
from luoshi.tasks.rules.states import DOING, DutyRole, Tier

MANY_UNITS = 10  # more co-units than these rarely each have something to do


def check_who(facts: LintFacts) -> Iterator[Found]:
    """What is wrong with the units named."""
    doing = [d for d in facts.duties if d.role in DOING]
    named = [d for d in doing if d.unit_id is not None]
    sets = [d for d in doing if d.unit_id is None and d.selector]
    unmatched = [d for d in facts.duties if d.unit_id is None and not d.selector]
    leads = [d for d in doing if d.role == DutyRole.LEAD]
    if not named and not sets:
        yield "no_owner", ""
    elif not leads and named and len(named) + len(sets) > 1:
        yield "no_lead", join(named)
    if len(leads) > 1:
        yield "two_leads", join(leads)
    if sets and not named:
        yield "selector_only", join(sets)
    if unmatched:
        yield "unmatched_unit", join(unmatched)
    if len([d for d in named if d.role != DutyRole.LEAD]) > MANY_UNITS:
        yield "many_units", str(len(named))
    if facts.tier == Tier.CRITICAL and facts.sponsor_id is None:
        yield "critical_without_sponsor", ""


def join(duties: Sequence[LintDuty]) -> str:
    """The names, as a reader lists them."""
    return "、".join(d.name for d in duties)
