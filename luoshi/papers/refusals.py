"""Why a paper cannot be read, and what its sender can do about it."""

READABLE = (
    "Word (.docx, .doc, .wps, .rtf), PDF, OFD, scans (.png, .jpg, .tif), tables (.xlsx, .xls, .csv), "
    "web pages (.html) and plain text (.txt)"
)
REASONS: dict[str, tuple[str, str]] = {
    "empty": ("The file is empty.", "Choose it again; it may not have been saved."),
    "too_large": (
        "The file is larger than this system reads.",
        "Remove pictures or split the file, then upload it again.",
    ),
    "unsupported": (
        "Files of this kind are not read.",
        f"What is read: {READABLE}. Save the paper as one of these and upload that, or paste its text.",
    ),
    "needs_office": (
        "This is an old Word document (.doc, .wps or .rtf), and LibreOffice, which would open it, "
        "is not installed here.",
        "Save it as .docx in Word or WPS and upload that, or ask the administrator to install LibreOffice.",
    ),
    "needs_ocr": (
        "This is a scan, a picture of text, and character recognition is not installed here.",
        "Upload the original document, paste its text, or ask the administrator to install character recognition.",
    ),
    "encrypted": ("The file is protected by a password.", "Remove the password, save the file and upload it again."),
    "wrong_content": (
        "The file's content does not match its name.",
        "Open it in the program that made it, save it as .docx or PDF and upload that, or paste its text.",
    ),
    "broken": (
        "The file is damaged or incomplete.",
        "Open it in the program that made it, save it again and upload the new copy.",
    ),
    "too_many_pages": (
        "The paper has more pages than this system reads.",
        "Split it into parts, or upload only the pages that ask for something.",
    ),
    "too_many_pixels": (
        "The picture is larger than this system reads.",
        "Scan the page again at 300 dots per inch, or make the picture smaller, and upload that.",
    ),
    "too_hard": (
        "Reading the file took longer, or more memory, than is allowed.",
        "Split the file into parts, or save it as .docx or plain text and upload that.",
    ),
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
    "no_text": (
        "The file holds no text.",
        "Check that it is the right file; if it shows only pictures, upload them as a scan (.pdf, .png, .jpg).",
    ),
}


class UnreadablePaper(Exception):
    """A file that cannot be read as a paper: `code` is stable, `reason` and `remedy` are English sentences."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.reason, self.remedy = REASONS[code]
        super().__init__(f"{self.reason} {self.remedy}")
