"""Reading letters, their templates and what is made of both."""

from luoshi.letters.queries.listing import (
    FileAltered,
    get_letter_for,
    get_letter_unit_for,
    list_drafting_units,
    list_letters,
    list_letters_about,
    list_marks,
    list_register,
    list_register_years,
    list_templates,
    may,
    names_of,
    read_kept,
)
from luoshi.letters.queries.rendering import (
    Form,
    get_form,
    get_mark,
    get_template,
    render_draft,
    render_letter,
    render_sample,
)

__all__ = [
    "FileAltered",
    "Form",
    "get_form",
    "get_letter_for",
    "get_letter_unit_for",
    "get_mark",
    "get_template",
    "list_drafting_units",
    "list_letters",
    "list_letters_about",
    "list_marks",
    "list_register",
    "list_register_years",
    "list_templates",
    "may",
    "names_of",
    "read_kept",
    "render_draft",
    "render_letter",
    "render_sample",
]
