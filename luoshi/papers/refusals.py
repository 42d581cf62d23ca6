"""Why a paper cannot be read, and what its sender can do about it."""

REASONS: dict[str, tuple[str, str]] = {
    "empty": ("The file is empty.", "Choose the file again; it may not have been saved."),
    "too_large": (
        "The file is larger than this system reads.",
        "Remove pictures or split the file, then upload it again.",
    ),
    "unsupported": (
        "Files of this kind are not read.",
        "Save the paper as a Word document (.docx) or as plain text (.txt) and upload that.",
    ),
    "old_word": (
        "This is a Word document in the old format (.doc).",
        "Open it in Word or WPS, save it as .docx and upload that.",
    ),
    "encrypted": ("The file is protected by a password.", "Remove the password, save the file and upload it again."),
    "wrong_content": (
        "The file's content does not match its name.",
        "Open the file in Word or WPS and save it as .docx, or paste its text.",
    ),
    "broken": ("The file is damaged or incomplete.", "Open it in Word or WPS, save it again and upload the new copy."),
    "expands_too_far": (
        "The file unpacks to far more than a paper can hold.",
        "Copy the text into a new document and upload that.",
    ),
    "unsafe": (
        "The file contains declarations that a paper has no use for.",
        "Copy the text into a new document and upload that.",
    ),
    "encoding": (
        "The text is in a character encoding that is not recognised.",
        "Save it as UTF-8 or GB18030 text and upload that.",
    ),
    "no_text": ("The file holds no text.", "A scan must be turned into text first; or paste the text."),
}


class UnreadablePaper(Exception):
    """A file that cannot be read as a paper: `code` is stable, `reason` and `remedy` are English sentences."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.reason, self.remedy = REASONS[code]
        super().__init__(f"{self.reason} {self.remedy}")
