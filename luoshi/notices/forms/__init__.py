"""Forms of this room."""

from luoshi.notices.forms.box import AnswerForm, SuggestionForm
from luoshi.notices.forms.channels import RobotForm, StepForm, WishForm

__all__ = ["AnswerForm", "RobotForm", "StepForm", "SuggestionForm", "WishForm"]
