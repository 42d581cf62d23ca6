"""Forms of this room."""

from luoshi.progress.forms.feedback import ReportForm, cause_choices

__all__ = ["ReportForm", "cause_choices"]
