"""Registers the room with Django: what it lets others hear, and what its verbs are called."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "designate": _("designated a department to inspect"),
    "end_designation": _("took a designation back"),
    "set_inspection_limits": _("set the limits of inspections"),
    "make_checklist": _("made a checklist"),
    "draft_inspection": _("drafted an inspection"),
    "edit_inspection": _("changed the plan"),
    "propose_inspection": _("proposed the inspection"),
    "approve_inspection": _("approved the inspection"),
    "send_back_inspection": _("sent the plan back"),
    "start_inspection": _("began the inspection"),
    "conclude_inspection": _("ended the site work"),
    "close_inspection": _("filed the inspection"),
    "cancel_inspection": _("called the inspection off"),
    "set_stratum": _("set a stratum"),
    "remove_stratum": _("removed a stratum"),
    "choose_object": _("chose an object"),
    "drop_object": _("dropped an object"),
    "draw_objects": _("drew objects by lot"),
    "add_inspector": _("put somebody on the team"),
    "declare_recusal": _("declared a recusal"),
    "draw_inspectors": _("drew inspectors by lot"),
    "send_visit": _("sent what was seen on site"),
    "send_photo": _("sent a photograph from site"),
    "note_finding": _("noted a finding"),
    "edit_finding": _("corrected a finding"),
    "drop_finding": _("dropped a finding"),
    "rectify_findings": _("had findings put right"),
    "write_conclusion": _("wrote the conclusion"),
    "issue_conclusion": _("fed the conclusion back"),
    "receive_conclusion": _("received the conclusion"),
    "object_to_conclusion": _("objected to the conclusion"),
    "review_objection": _("decided on the objection"),
    "record_decision": _("recorded what was decided on a proposal"),
    "draw_look_back": _("drew findings to look back at"),
    "note_look_back": _("looked back at a finding"),
}


class InspectionsConfig(AppConfig):
    name = "luoshi.inspections"
    verbose_name = _("Inspections")

    def ready(self) -> None:
        from luoshi.core.events import subscribe
        from luoshi.core.shell import add_verbs
        from luoshi.progress.actions.standings import keep_standings
        from luoshi.tasks.actions import mentioning, searching

        # Findings become tasks without passing through a draft, so that this act stands for drafting and dispatching.
        subscribe("rectify_findings", searching.note_tasks)
        subscribe("rectify_findings", mentioning.mention_tasks)
        subscribe("rectify_findings", keep_standings)
        add_verbs(VERBS)
