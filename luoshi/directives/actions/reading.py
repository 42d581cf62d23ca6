"""Reading a file's bytes into text, refusing in the reader's language what cannot be read."""

from django.utils.translation import gettext_lazy as _

from luoshi.directives.actions.refusals import PaperUnreadable
from luoshi.papers.reading import UnreadablePaper, read_paper

SENTENCES = {
    "empty": _("The file is empty. Choose it again; it may not have been saved."),
    "too_large": _(
        "The file is larger than this system reads. Remove pictures or split the file, then upload it again."
    ),
    "unsupported": _(
        "Files of this kind are not read. Save the paper as a Word document (.docx) or as plain "
        "text (.txt) and upload that."
    ),
    "old_word": _(
        "This is a Word document in the old format (.doc). Open it in Word or WPS, save it as .docx and upload that."
    ),
    "encrypted": _("The file is protected by a password. Remove the password, save the file and upload it again."),
    "wrong_content": _(
        "The file's content does not match its name. Open it in Word or WPS and save it as .docx, or paste its text."
    ),
    "broken": _("The file is damaged or incomplete. Open it in Word or WPS, save it again and upload the new copy."),
    "expands_too_far": _(
        "The file unpacks to far more than a paper can hold. Copy the text into a new document and upload that."
    ),
    "unsafe": _(
        "The file contains declarations that a paper has no use for. Copy the text into a new document and upload that."
    ),
    "encoding": _(
        "The text is in a character encoding that is not recognised. Save it as UTF-8 or GB18030 text and upload that."
    ),
    "no_text": _("The file holds no text. A scan must be turned into text first; or paste the text."),
}


def read_text(data: bytes, *, name: str) -> str:
    """The text of a paper, one paragraph a line. Raises PaperUnreadable saying what to do."""
    try:
        return read_paper(data, name=name).text
    except UnreadablePaper as refusal:
        raise PaperUnreadable(SENTENCES.get(refusal.code, f"{refusal.reason} {refusal.remedy}")) from refusal
