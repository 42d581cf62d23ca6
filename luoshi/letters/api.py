"""Letters as JSON: the list, one letter with its fields, its issue, its kept file; the same gate as the pages."""

import io
from datetime import date
from typing import Annotated, Any

from django.http import FileResponse
from ninja import Field, Router, Schema

from luoshi.core.clock import now, today
from luoshi.letters.actions import issue_letter
from luoshi.letters.models import KIND_LABELS, Letter
from luoshi.letters.queries import get_letter_for, list_letters, read_kept, render_draft
from luoshi.orgs.middleware import SignedRequest

router = Router(tags=["letters"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST = 200


class LetterRow(Schema):
    """A letter in a list."""

    id: int = Field(examples=[12])
    number: str = Field(examples=["青禾县督办〔2026〕3号"])
    kind: str = Field(examples=["order"])
    word: str = Field(examples=["督办单"])
    title: str = Field(examples=["关于“建成高标准农田”的督办单"])
    state: str = Field(examples=["issued"])
    unit: str = Field(examples=["QH"], description="The code of the issuing unit.")
    issued_date: date | None = Field(examples=["2026-11-23"])
    subject: list[str] = Field(examples=[["task", "17"]])


class LetterRead(LetterRow):
    """A letter with its fields; the fingerprint is that of the kept Word file."""

    fields: dict[str, Any] = Field(examples=[{"matter": "建成高标准农田", "due_date": "2026-12-20"}])
    sha256: str = Field(examples=[""])
    void_reason: str = Field(examples=[""])


def row_of(letter: Letter) -> dict[str, Any]:
    """What a list says of a letter."""
    return {
        "id": letter.pk, "number": letter.full_number, "kind": letter.kind, "word": str(KIND_LABELS[letter.kind]),
        "title": letter.title, "state": letter.state, "unit": letter.unit.code, "issued_date": letter.issued_date,
        "subject": [letter.subject_type, letter.subject_id],
    }  # fmt: skip


def whole_of(letter: Letter) -> LetterRead:
    """All that is told of a letter."""
    more = {"fields": letter.fields, "sha256": letter.docx_sha256, "void_reason": letter.void_reason}
    return LetterRead(**row_of(letter), **more)


@router.get("/letters", response=list[LetterRow], summary="Letters that you see, newest first")
def read_letters(
    request: SignedRequest,
    kind: str = "",
    state: str = "",
    text: str = "",
    size: Annotated[int, Field(ge=1, le=MOST)] = 50,
) -> list[LetterRow]:
    """Narrowed by kind, state and words of the title."""
    found = list_letters(request.access, kind=kind, state=state, text=text[:100])
    return [LetterRow(**row_of(letter)) for letter in found[:size]]


@router.get("/letters/{id}", response=LetterRead, summary="One letter with its fields")
def read_letter(request: SignedRequest, id: int) -> LetterRead:
    """An issued letter is as it was issued."""
    return whole_of(get_letter_for(request.access, id=id))


@router.post("/letters/{id}/issue", response=LetterRead, summary="Issue an approved letter")
def issue(request: SignedRequest, id: int) -> LetterRead:
    """It gets the next number of its series; the file is kept and its fingerprint stands in the journal."""
    letter = get_letter_for(request.access, id=id, to="issue")
    return whole_of(issue_letter(letter, by=request.user, now=now(), today=today()))


@router.get("/letters/{id}/docx", summary="The Word file of a letter", response={200: None})
def read_docx(request: SignedRequest, id: int) -> FileResponse:
    """As issued, compared with its fingerprint; of a draft as it stands."""
    letter = get_letter_for(request.access, id=id)
    data = read_kept(letter) if letter.docx else render_draft(letter)
    name = (letter.full_number or letter.title)[:80]
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=f"{name}.docx", content_type=WORD)
