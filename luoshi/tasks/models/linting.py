"""What the linter says: for each rule its title, the sentence about a task, why, a bad and a good example."""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class LintText(NamedTuple):
    """The words of one rule; the sentence may hold %(words)s, what was found in the task."""

    title: "StrOrPromise"
    sentence: "StrOrPromise"
    why: "StrOrPromise"
    bad: "StrOrPromise"
    good: "StrOrPromise"


SEVERITY_LABELS = {"stop": _("stops dispatch"), "warn": _("warns"), "hint": _("hints"), "off": _("off")}
THEME_LABELS = {"who": _("Who"), "when": _("When"), "what": _("What, and how one sees it"), "burden": _("Burden")}
PART_LABELS = {
    "owner": _("one unit leads"),
    "date": _("has a date"),
    "number": _("has a number"),
    "standard": _("has a standard"),
    "result": _("names a visible result"),
}
LINT_TEXTS = {
    "L101": LintText(
        _("no unit is to do it"),
        _("No unit is to do it: name a lead unit."),
        _("What nobody is asked to do, nobody does."),
        _("lead unit: (empty)"),
        _("lead unit: housing bureau"),
    ),
    "L102": LintText(
        _("no due date"),
        _("No due date: set one, or a review date for work that goes on."),
        _("Without a date nothing is ever late, and nobody can chase it."),
        _("as soon as possible"),
        _("by 31 March 2027; work that goes on: a review date"),
    ),
    "L103": LintText(
        _("a hard target without a number"),
        _("A hard target needs a number."),
        _("A hard target is a number, a unit of measure and a date; words can always be said to be met."),
        _("create some new jobs"),
        _("new jobs ≥ 3200 (people)"),
    ),
    "L104": LintText(
        _("vague words and no result"),
        _("Vague words (%(words)s) and no result: say what will be there afterwards."),
        _("Words of intention are allowed, but beside them must stand what will be there afterwards."),
        _("further strengthen the renovation of old estates"),
        _("renovate 26 old estates, accepted by the end of October"),
    ),
    "L105": LintText(
        _("the standard only repeats the requirement"),
        _("The standard only repeats the requirement: say how one sees that it is done."),
        _("The standard tells the verifier what to look at; repeating the requirement leaves it to taste."),
        _("both: finish renovating old estates"),
        _("requirement: renovate 26; standard: acceptance passed"),
    ),
    "L106": LintText(
        _("due outside what the task above allows"),
        _("Due outside what the task above allows (%(words)s)."),
        _("A part that ends after its whole makes the whole late; one due before the whole begins cannot be meant."),
        _("task above until 30 November, this one 31 December"),
        _("this one until 20 November"),
    ),
    "L107": LintText(
        _("more than one unit leads"),
        _("More than one unit leads (%(words)s): name one, the others work with it."),
        _("Two who lead wait for each other."),
        _("finance and development bureaux lead"),
        _("development bureau leads, finance bureau is a co-unit"),
    ),
    "L108": LintText(
        _("paper is the only result"),
        _("It asks only for papers or meetings: say what changes on the ground."),
        _("A plan or a meeting changes nothing yet: paper answering paper is formalism."),
        _("draw up a plan and hold a meeting"),
        _("26 estates renovated"),
    ),
    "L109": LintText(
        _("several share it and none leads"),
        _("Several units share it and none leads (%(words)s): name one."),
        _("What all answer for together, nobody calls together."),
        _("development and housing bureaux jointly responsible"),
        _("housing bureau leads, development bureau is a co-unit"),
    ),
    "L110": LintText(
        _("the requirement is missing"),
        _("The requirement is missing: what is to be done?"),
        _("Requirement, standard and date are the three things that every task carries down."),
        _("requirement: (empty)"),
        _("renovate 26 old estates"),
    ),
    "L111": LintText(
        _("the standard is missing"),
        _("The standard is missing: what must be true when it is done?"),
        _("Without a standard nobody can verify, and it is closed by assertion."),
        _("standard: (empty)"),
        _("26 estates pass final acceptance"),
    ),
    "L112": LintText(
        _("it names a group of units"),
        _("It names a group of units (%(words)s): after dispatch, give it down to each of them."),
        _("A group does nothing; each of its units does, once the task was given down."),
        _("all townships are responsible"),
        _("given down to 14 townships after dispatch"),
    ),
    "L113": LintText(
        _("a unit not found in the directory"),
        _("Not found among the units: %(words)s. Choose the unit that is meant."),
        _("It can be dispatched only to a unit that exists here."),
        _("county task force for the low-altitude economy"),
        _("development bureau, which hosts the task force"),
    ),
    "L114": LintText(
        _("work that goes on has no reporting cadence"),
        _("Work that goes on needs a reporting cadence."),
        _("Work without an end is forgotten unless it is asked for at set times."),
        _("keep promoting"),
        _("keep promoting, quarterly report"),
    ),
    "L115": LintText(
        _("the due date has passed"),
        _("The due date %(words)s has passed."),
        _("It would be late at the moment it is dispatched."),
        _("31 August 2026, and today is 23 November"),
        _("31 December 2026"),
    ),
    "L116": LintText(
        _("due before it starts"),
        _("It is due before it starts (%(words)s)."),
        _("One of the two days is a slip."),
        _("starts in December, due in November"),
        _("starts in November, due in December"),
    ),
    "L117": LintText(
        _("a unit's part is due after the task"),
        _("The part of %(words)s is due after the task itself."),
        _("The task would be late through a part that is on time."),
        _("task 30 November, a bureau 15 December"),
        _("the bureau 20 November"),
    ),
    "L118": LintText(
        _("more than half a year without a milestone"),
        _("It runs for more than half a year without a milestone: set some."),
        _("Without a checkpoint on the way one learns in December that nothing was done."),
        _("given in January, looked at in December"),
        _("tender in March, start in May, done in October"),
    ),
    "L119": LintText(
        _("a principle cannot be done"),
        _("A principle cannot be done: break it down into measures first."),
        _("Principles become measures, targets, projects and actions first."),
        _("put the people first"),
        _("break it down into measures, then dispatch those"),
    ),
    "L120": LintText(
        _("a critical task without a sponsor"),
        _("A critical task needs a sponsor."),
        _("What matters most needs somebody in charge who can remove obstacles."),
        _("critical, nobody in charge"),
        _("critical, sponsor: He Mingchuan"),
    ),
    "L121": LintText(
        _("a date in vague words"),
        _("The time limit is only words (%(words)s): set a day."),
        _("“Promptly” means another day to each who reads it."),
        _("finish as soon as possible"),
        _("finish by 20 December"),
    ),
    "L122": LintText(
        _("a number without a unit of measure"),
        _("The target %(words)s has no unit of measure."),
        _("26 of what? Sums over units need it too."),
        _("target 26"),
        _("target 26 (estates)"),
    ),
    "L123": LintText(
        _("a rate without what it is compared with"),
        _("“%(words)s”: say compared with what, and where it stands now."),
        _("A growth from an unsaid base can be had by lowering the base."),
        _("grow by 8 per cent"),
        _("grow by 8 per cent over last year's 1.25 bn yuan"),
    ),
    "L124": LintText(
        _("copied from the task above"),
        _("The words are those of the task above, without a number or milestone of its own: say what this unit does."),
        _("Passing words down unchanged is paper answering paper (likeness over 85 per cent and nothing hard added)."),
        _("the same sentence once more"),
        _("4 of the 26 estates, named, by 15 October"),
    ),
    "L125": LintText(
        _("asks for ledgers, photos or forms"),
        _("It asks for papers (%(words)s): ask for the result, the ledger already holds the rest."),
        _("Traces are not results, and the grass roots pay for them."),
        _("report a ledger with photos each month"),
        _("26 estates accepted; looked at on the ground"),
    ),
    "L126": LintText(
        _("very many co-units"),
        _("%(words)s units are named: keep those that have something to do."),
        _("Who is named only for completeness must still read, acknowledge and report."),
        _("lead and 18 co-units"),
        _("lead and the 3 that hold land, money and permits"),
    ),
    "L127": LintText(
        _("reports oftener than the task above"),
        _("Reports a year %(words)s: oftener than the task above asks."),
        _("More reports at each tier is target inflation (层层加码) too."),
        _("above: quarterly; here: weekly"),
        _("above: quarterly; here: quarterly"),
    ),
    "L128": LintText(
        _("several acts in one task"),
        _("%(words)s things in one task: split it, so that each has its own date and unit."),
        _("What is bundled is as late as its slowest part, and who is late cannot be seen."),
        _("build a park; train 300 people; rectify 12 mines; hold a fair"),
        _("four tasks"),
    ),
}
