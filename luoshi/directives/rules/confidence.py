"""How far each field of a proposal may be trusted, from what it was read from."""

from collections.abc import Sequence

from luoshi.directives.rules.facts import Evidence, Proposal, Span


def weigh(proposal: Proposal, *, first_is_lead: bool, doubtful: Sequence[Span]) -> tuple[Evidence, ...]:
    """The evidence for each field; `doubtful` are the ranges of the text that character recognition read."""
    named = [("lead", proposal.lead), ("co", proposal.co), ("joint", proposal.joint), ("guide", proposal.guide)]
    return tuple(
        Evidence(field, mention.name, "document_rule" if first_is_lead else "explicit", proposal.sure)
        for field, mentions in named
        for mention in mentions
    )
