"""What the colours of lights are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

LIGHT_NAMES: dict[str, Promise | str] = {
    "red": gettext_lazy("red light"),
    "yellow": gettext_lazy("yellow light"),
    "green": gettext_lazy("green light"),
    "blue": gettext_lazy("blue light"),
    "grey": gettext_lazy("no light"),
}
