"""Who may do what: every address, as the county's rules would write it down.

`Row(method, may, sees)`: members of `may` get the page (or the form's answer), others in `sees` are told that
their post does not let them (403), and to the rest the thing does not exist (404). The world is
tests/app/world.py: a county task led by the agriculture bureau with finance helping, papers of the county,
and a township's own affairs. An address without a row fails the test, so whoever adds a page says here who
may open it.
"""

from typing import NamedTuple

ALL = frozenset(
    "leader sponsor office officeclerk observer depthead deptclerk otherclerk townhead townclerk outsider baishi"
    " admin".split()
)
OTHER_COUNTY = frozenset({"outsider", "baishi"})
COUNTY = ALL - OTHER_COUNTY
WORKERS = ALL - {"observer", "admin"}  # everybody with work of their own; observers and administrators only see
STEERERS = frozenset({"leader", "sponsor", "office", "officeclerk"})  # draft, review, dispatch, withdraw
DECIDERS = STEERERS - {"sponsor"}  # verify, close, reopen, decide extensions
OVERSEERS = STEERERS | {"observer", "admin"}  # see all of the county's work
OFFICE = frozenset({"office"})  # whose own token, view or sheet it is
KEEPERS = ALL - {"sponsor", "observer", "deptclerk", "otherclerk", "townclerk", "admin"}  # head or office of a unit
OFFICES = frozenset({"office", "officeclerk"})
HEAD = frozenset({"depthead"})  # who names the handlers of the unit that leads
TOWN = frozenset({"townhead", "townclerk"})  # a person of the township, and its head
LEAD = frozenset({"depthead", "deptclerk"})  # the unit that leads
DOERS = LEAD | {"otherclerk"}  # and the one that helps
INVOLVED = OVERSEERS | DOERS
TOWN_KEEPERS = DECIDERS | {"townhead", "admin"}  # may change units, people and posts of the township
SHEET_KEEPERS = frozenset(
    "leader depthead deptclerk otherclerk townhead townclerk baishi".split()
)  # heads and handlers, who give readings for their unit
ORG_KEEPERS = TOWN_KEEPERS | {"depthead"} | OTHER_COUNTY  # have some unit whose affairs they keep
CALENDAR_KEEPERS = frozenset(
    {"leader", "office", "officeclerk", "outsider", "baishi", "admin"}
)  # heads, offices on top

CLOCK_KEEPERS = frozenset({"leader", "office", "officeclerk", "outsider", "baishi"})  # head or office on top
ROBOT_KEEPERS = KEEPERS | {"admin"}  # heads and offices: of some unit's robots
COUNTY_ROBOT = DECIDERS | {"admin"}  # of the county's own
LADDER_KEEPERS = CALENDAR_KEEPERS - {"admin"}  # heads and offices of governments: set their ladders of chasing
COLUMN_KEEPERS = DECIDERS | OTHER_COUNTY | {"depthead", "townhead"}  # heads and offices: of some unit's own columns
LEADER = frozenset({"leader"})  # the head of the government, who alone approves an inspection
INSPECTORS = ALL - {"sponsor", "observer", "admin"}  # head, office or handler of some unit: may plan for it


class Row(NamedTuple):
    """One address and method."""

    method: str
    may: frozenset[str]
    sees: frozenset[str]


MATRIX: dict[str, list[Row]] = {
    "insight:needle": [Row("GET", ALL, ALL)],
    "directives:list": [Row("GET", ALL, ALL)],
    "directives:new": [Row("GET", WORKERS, ALL), Row("POST", WORKERS, ALL)],
    "directives:intake": [Row("GET", STEERERS, STEERERS)],
    "directives:intake_retry": [Row("POST", STEERERS, STEERERS)],
    "directives:intake_cancel": [Row("POST", STEERERS, STEERERS)],
    "directives:page_image": [Row("GET", OVERSEERS, OVERSEERS)],
    "directives:add": [Row("POST", STEERERS, OVERSEERS)],
    "directives:review": [Row("GET", OVERSEERS, OVERSEERS)],
    "directives:original": [Row("GET", OVERSEERS, OVERSEERS)],
    "directives:head": [Row("GET", STEERERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "directives:withdraw": [Row("GET", STEERERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "directives:reread": [Row("POST", STEERERS, OVERSEERS)],
    "directives:model": [Row("GET", OVERSEERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "directives:sure": [Row("POST", STEERERS, OVERSEERS)],
    "directives:clauses": [Row("POST", STEERERS, OVERSEERS)],
    "directives:names": [Row("POST", STEERERS, OVERSEERS)],
    "directives:name_all": [Row("POST", STEERERS, OVERSEERS)],
    "directives:columns": [Row("POST", STEERERS, OVERSEERS)],
    "directives:remembered": [Row("GET", ALL, ALL)],
    "directives:forget": [Row("POST", DECIDERS, COUNTY - {"admin"})],
    "directives:goal": [Row("POST", STEERERS, OVERSEERS)],
    "directives:versions": [Row("GET", OVERSEERS, OVERSEERS)],
    "directives:supersedes": [Row("POST", STEERERS, OVERSEERS)],
    "directives:decide": [Row("POST", STEERERS, OVERSEERS)],
    "directives:edit": [Row("GET", STEERERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "directives:split": [Row("GET", STEERERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "inspections:list": [Row("GET", ALL, ALL)],
    "inspections:new": [Row("GET", INSPECTORS, ALL), Row("POST", INSPECTORS, ALL)],
    "inspections:designations": [Row("GET", ALL, ALL), Row("POST", DECIDERS | OTHER_COUNTY, ALL)],
    "inspections:designation_end": [Row("POST", DECIDERS, COUNTY)],
    "inspections:limits": [Row("GET", ALL, ALL), Row("POST", DECIDERS | OTHER_COUNTY, ALL)],
    "inspections:checklists": [Row("GET", ALL, ALL), Row("POST", INSPECTORS, ALL)],
    "inspections:inspection": [Row("GET", OVERSEERS, OVERSEERS)],
    "inspections:edit": [Row("GET", DECIDERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:paper": [Row("GET", OVERSEERS, OVERSEERS)],
    "inspections:propose": [Row("POST", DECIDERS, OVERSEERS)],
    "inspections:approve": [Row("GET", LEADER, OVERSEERS), Row("POST", LEADER, OVERSEERS)],
    "inspections:step": [Row("POST", DECIDERS, OVERSEERS)],
    "inspections:lots": [Row("GET", OVERSEERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:look_back": [Row("GET", OVERSEERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:drawn": [Row("GET", OVERSEERS, OVERSEERS)],
    "inspections:object": [Row("GET", OVERSEERS, OVERSEERS)],
    "inspections:sheet": [Row("GET", OVERSEERS, OVERSEERS)],
    "inspections:note": [Row("GET", DECIDERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:rectify": [Row("POST", DECIDERS, OVERSEERS)],
    "inspections:write": [Row("GET", DECIDERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:finding": [Row("GET", DECIDERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:conclusion": [Row("GET", OVERSEERS | TOWN, OVERSEERS | TOWN)],
    "inspections:issue": [Row("POST", DECIDERS, OVERSEERS)],
    "inspections:receive": [Row("POST", DECIDERS | TOWN, OVERSEERS | TOWN)],
    "inspections:objection": [Row("GET", TOWN, OVERSEERS | TOWN), Row("POST", TOWN, OVERSEERS | TOWN)],
    "inspections:review": [
        Row("GET", frozenset({"sponsor", "officeclerk"}), OVERSEERS | TOWN),  # not the author, not the signer
        Row("POST", frozenset({"sponsor", "officeclerk"}), OVERSEERS | TOWN),
    ],
    "inspections:visit": [Row("GET", DECIDERS, OVERSEERS), Row("POST", DECIDERS, OVERSEERS)],
    "inspections:send": [Row("POST", DECIDERS, OVERSEERS)],
    "inspections:photo": [Row("POST", OFFICE, OFFICE)],
    "inspections:worker": [Row("GET", ALL, ALL)],
    "tasks:create": [Row("GET", WORKERS, ALL), Row("POST", WORKERS, ALL)],
    "tasks:drafts": [Row("GET", ALL, ALL)],
    "tasks:inflations": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "tasks:bulk": [Row("POST", ALL, ALL)],
    "tasks:dispatch_many": [Row("POST", ALL, ALL)],
    "tasks:asked": [Row("GET", OVERSEERS, OVERSEERS)],
    "tasks:give_all": [Row("GET", STEERERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "tasks:touched": [Row("GET", OVERSEERS, OVERSEERS), Row("POST", STEERERS, OVERSEERS)],
    "tasks:adopt": [Row("POST", STEERERS, OVERSEERS)],
    "tasks:open": [Row("POST", STEERERS, OVERSEERS)],
    "tasks:lint": [Row("GET", ALL, ALL)],
    "tasks:lint_rules": [Row("GET", ALL, ALL), Row("POST", KEEPERS, ALL)],
    "tasks:clocks": [Row("GET", ALL, ALL), Row("POST", CLOCK_KEEPERS, ALL)],
    "tasks:nodes": [Row("GET", ALL, ALL), Row("POST", CLOCK_KEEPERS, ALL)],
    "tasks:take_clock": [Row("POST", STEERERS, INVOLVED)],
    "tasks:take_clocks": [Row("POST", ALL, ALL)],
    "progress:reporting": [Row("GET", ALL, ALL)],
    "progress:turns": [Row("GET", ALL, ALL)],
    "progress:reporting_csv": [Row("GET", ALL, ALL)],
    "tasks:lint_directive": [Row("GET", OVERSEERS, OVERSEERS)],
    "tasks:take_proposed": [Row("POST", STEERERS, OVERSEERS)],
    "tasks:take": [Row("POST", STEERERS, INVOLVED)],
    "tasks:edit": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:dispatch": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:acknowledge": [Row("POST", DOERS, INVOLVED)],
    "tasks:lead": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:withdraw": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:milestones": [Row("GET", LEAD, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "tasks:cascade": [Row("GET", LEAD | DECIDERS, INVOLVED), Row("POST", LEAD | DECIDERS, INVOLVED)],
    "tasks:adapt": [Row("GET", LEAD, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "tasks:decide_adaptation": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "tasks:handler": [Row("GET", HEAD, INVOLVED), Row("POST", HEAD, INVOLVED)],
    "tasks:recall": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:recall_parts": [Row("GET", LEAD | DECIDERS, INVOLVED), Row("POST", LEAD | DECIDERS, INVOLVED)],
    "tasks:place": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "tasks:tie": [Row("GET", LEAD, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "tasks:unit_changes": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "progress:obstacle": [Row("GET", DOERS | STEERERS, INVOLVED), Row("POST", DOERS | STEERERS, INVOLVED)],
    "progress:clear_obstacle": [Row("GET", DOERS | STEERERS, INVOLVED), Row("POST", DOERS | STEERERS, INVOLVED)],
    "progress:obstacles": [Row("GET", ALL, ALL)],
    "progress:table": [Row("GET", ALL, ALL), Row("POST", frozenset({"admin"}), ALL)],
    "progress:months": [Row("GET", ALL, ALL)],
    "progress:misses": [Row("GET", ALL, ALL)],
    "progress:report": [Row("GET", DOERS, INVOLVED), Row("POST", DOERS, INVOLVED)],
    "progress:hints": [Row("POST", DOERS, INVOLVED)],
    "progress:reports": [Row("GET", INVOLVED, INVOLVED)],
    "progress:evidence": [Row("GET", INVOLVED, INVOLVED)],
    "progress:exhibits": [Row("GET", ALL, ALL)],
    "progress:exhibit": [Row("GET", INVOLVED, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "progress:exhibit_add": [Row("POST", LEAD, INVOLVED)],
    "progress:version": [Row("GET", INVOLVED, INVOLVED)],
    "progress:indicators": [Row("GET", ALL, ALL)],
    "progress:example": [Row("GET", ALL, ALL)],
    "progress:readings": [Row("GET", ALL, ALL), Row("POST", SHEET_KEEPERS, ALL)],
    "progress:indicator_new": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "progress:board": [Row("GET", INVOLVED, INVOLVED)],
    "progress:indicator_edit": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "progress:targets": [Row("GET", STEERERS, INVOLVED), Row("POST", STEERERS, INVOLVED)],
    "progress:parts": [Row("GET", LEAD | DECIDERS, INVOLVED), Row("POST", LEAD | DECIDERS, INVOLVED)],
    "progress:confirm": [Row("GET", INVOLVED, INVOLVED), Row("POST", LEAD | DECIDERS, INVOLVED)],
    "supervision:queue": [Row("GET", ALL, ALL)],
    "supervision:verifications": [Row("GET", ALL, ALL)],
    "supervision:chasing": [Row("GET", ALL, ALL)],
    "supervision:approvals": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "supervision:ladders": [Row("GET", ALL, ALL)],
    "supervision:ladder_new": [Row("GET", LADDER_KEEPERS, ALL), Row("POST", LADDER_KEEPERS, ALL)],
    "supervision:ladder": [Row("GET", DECIDERS, COUNTY), Row("POST", DECIDERS, COUNTY)],
    "supervision:ladder_remove": [Row("POST", DECIDERS, COUNTY)],
    "supervision:listed": [Row("GET", ALL, ALL)],
    "supervision:sponsored": [Row("GET", ALL, ALL)],
    "supervision:contact": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "supervision:sponsor_act": [
        Row("GET", frozenset({"sponsor"}), INVOLVED),
        Row("POST", frozenset({"sponsor"}), INVOLVED),
    ],
    "supervision:submit": [Row("GET", LEAD, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "supervision:verify": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "supervision:close": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "supervision:reopen": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "supervision:extend": [Row("GET", LEAD, INVOLVED), Row("POST", LEAD, INVOLVED)],
    "supervision:decide": [Row("GET", DECIDERS, INVOLVED), Row("POST", DECIDERS, INVOLVED)],
    "ledger:list": [Row("GET", ALL, ALL)],
    "ledger:totals": [Row("GET", ALL, ALL)],
    "ledger:units": [Row("GET", ALL, ALL)],
    "ledger:under": [Row("GET", INVOLVED, INVOLVED)],
    "ledger:csv": [Row("GET", ALL, ALL)],
    "ledger:xlsx": [Row("GET", ALL, ALL)],
    "ledger:filters": [Row("GET", ALL, ALL)],
    "ledger:between": [Row("GET", ALL, ALL)],
    "ledger:between_csv": [Row("GET", ALL, ALL)],
    "ledger:between_xlsx": [Row("GET", ALL, ALL)],
    "ledger:search": [Row("GET", ALL, ALL)],
    "ledger:shown": [Row("GET", ALL, ALL)],
    "ledger:columns": [Row("GET", ALL, ALL), Row("POST", COLUMN_KEEPERS, ALL)],
    "ledger:column": [Row("POST", DECIDERS, COUNTY)],
    "ledger:cell": [Row("GET", DECIDERS | DOERS, INVOLVED), Row("POST", DECIDERS | DOERS, INVOLVED)],
    "ledger:bulk": [Row("POST", ALL, ALL)],
    "ledger:bulk_done": [Row("GET", OFFICE, OFFICE), Row("POST", OFFICE, OFFICE)],
    "ledger:views": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "ledger:delete_view": [Row("POST", OFFICE, OFFICE)],
    "ledger:edit_xlsx": [Row("GET", ALL, ALL)],
    "ledger:table_xlsx": [Row("GET", ALL, ALL)],
    "ledger:table_docx": [Row("GET", ALL, ALL)],
    "ledger:task_docx": [Row("GET", INVOLVED, INVOLVED)],
    "ledger:workbooks": [Row("GET", ALL, ALL), Row("POST", WORKERS, ALL)],
    "ledger:workbook": [Row("GET", OFFICE, OFFICE)],
    "ledger:workbook_apply": [Row("POST", OFFICE, OFFICE)],
    "ledger:workbook_choose": [Row("POST", OFFICE, OFFICE)],
    "ledger:workbook_headings": [Row("POST", OFFICE, OFFICE)],
    "ledger:workbook_compare": [Row("POST", OFFICE, OFFICE)],
    "ledger:workbook_drop": [Row("POST", OFFICE, OFFICE)],
    "ledger:layouts": [Row("GET", ALL, ALL), Row("POST", ORG_KEEPERS - {"admin"}, ALL)],
    "ledger:layout": [Row("GET", COUNTY, COUNTY), Row("POST", DECIDERS, COUNTY)],
    "ledger:layout_remove": [Row("POST", DECIDERS, COUNTY)],
    "ledger:task": [Row("GET", INVOLVED, INVOLVED)],
    "schedule:year": [Row("GET", ALL, ALL)],
    "orgs:units": [Row("GET", ALL, ALL)],
    "orgs:unit_new": [Row("GET", ORG_KEEPERS, ALL), Row("POST", ORG_KEEPERS, ALL)],
    "orgs:unit": [Row("GET", COUNTY, COUNTY)],
    "orgs:children": [Row("GET", COUNTY, COUNTY)],
    "orgs:unit_names": [Row("GET", TOWN_KEEPERS, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:unit_edit": [Row("GET", TOWN_KEEPERS, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:unit_reorganise": [Row("GET", TOWN_KEEPERS, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:unit_figures": [Row("GET", COUNTY, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:figures": [Row("GET", ALL, ALL), Row("POST", ORG_KEEPERS, ALL)],
    "orgs:people": [Row("GET", ALL, ALL)],
    "orgs:person_new": [Row("GET", ORG_KEEPERS, ALL), Row("POST", ORG_KEEPERS, ALL)],
    "orgs:passwords": [Row("POST", ALL, ALL)],
    "orgs:person": [Row("GET", COUNTY, COUNTY)],
    "orgs:person_edit": [Row("GET", TOWN_KEEPERS, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:post_new": [Row("GET", ORG_KEEPERS, ALL), Row("POST", ORG_KEEPERS, ALL)],
    "orgs:post_end": [Row("GET", TOWN_KEEPERS, COUNTY), Row("POST", TOWN_KEEPERS, COUNTY)],
    "orgs:sheets": [Row("GET", ORG_KEEPERS, ALL), Row("POST", ORG_KEEPERS, ALL)],
    "orgs:sheet": [Row("GET", OFFICE, OFFICE)],
    "orgs:sheet_apply": [Row("POST", OFFICE, OFFICE)],
    "orgs:template": [Row("GET", ORG_KEEPERS, ALL)],
    "orgs:export": [Row("GET", ORG_KEEPERS, ALL)],
    "orgs:absences": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "orgs:absence_remove": [Row("POST", TOWN, TOWN)],
    "orgs:me": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "orgs:token_revoke": [Row("POST", OFFICE, OFFICE)],
    "notices:list": [Row("GET", ALL, ALL)],
    "notices:read": [Row("POST", ALL, ALL)],
    "notices:read_all": [Row("POST", ALL, ALL)],
    "notices:suggestions": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "notices:wishes": [Row("GET", ALL, ALL), Row("POST", ALL, ALL)],
    "notices:deliveries": [Row("GET", ALL, ALL)],
    "notices:delivery_again": [Row("POST", COUNTY_ROBOT, COUNTY_ROBOT)],
    "notices:robots": [Row("GET", ROBOT_KEEPERS, ALL)],
    "notices:robot_new": [Row("GET", ROBOT_KEEPERS, ALL), Row("POST", ROBOT_KEEPERS, ALL)],
    "notices:robot": [Row("GET", COUNTY_ROBOT, COUNTY_ROBOT), Row("POST", COUNTY_ROBOT, COUNTY_ROBOT)],
    "notices:robot_step": [Row("POST", COUNTY_ROBOT, COUNTY_ROBOT)],
    "notices:answer": [Row("POST", OFFICES, OFFICES | {"townclerk", "admin"})],
    "core:journal": [Row("GET", ALL, ALL)],
    "core:calendar_days": [Row("GET", ALL, ALL), Row("POST", CALENDAR_KEEPERS, ALL)],
    "core:remove_calendar_day": [Row("POST", CALENDAR_KEEPERS, ALL)],
    "core:paste_holidays": [Row("POST", CALENDAR_KEEPERS, ALL)],
    "core:routines": [Row("GET", CALENDAR_KEEPERS, ALL)],
    "core:try_again": [Row("POST", CALENDAR_KEEPERS, ALL)],
    "core:language": [Row("POST", ALL, ALL)],
}
