"""What a device sends from site is kept once, and never over what another sent."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from luoshi.core.models import Entry
from luoshi.inspections.models import InspectionObject, Inspector, Visit, VisitPhoto
from luoshi.progress.models import Standing
from tests.factories.inspections import make_object
from tests.factories.orgs import Cast
from tests.factories.work import make_task

ALL = {"1": {"a": "yes", "n": ""}, "2": {"a": "12000", "n": ""}}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def row(cast: Cast) -> InspectionObject:
    return make_object(cast)


@pytest.fixture
def phone(cast: Cast, client: Client) -> Client:
    client.force_login(cast["office"])
    return client


def send(phone: Client, row: InspectionObject, **given: Any) -> HttpResponse:
    body = {"key": "k1", "version": 0, "answers": ALL, "note": "", "is_ended": False, **given}
    return phone.post(f"/inspections/objects/{row.pk}/visit/send/", json.dumps(body), content_type="application/json")


def test_same_sent_twice_is_kept_once(phone: Client, row: InspectionObject) -> None:
    first, again = send(phone, row), send(phone, row)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert Visit.objects.get(client_key="k1").version == 1
    assert Entry.objects.filter(verb="send_visit").count() == 1


def test_older_copy_does_not_overwrite_a_newer_one_and_gets_it_back(phone: Client, row: InspectionObject) -> None:
    send(phone, row)
    send(phone, row, version=1, answers={"1": {"a": "no", "n": "渠道未通"}})
    late = send(phone, row, version=1, answers={"1": {"a": "na", "n": ""}})
    assert late.status_code == 409
    assert (late.json()["version"], late.json()["answers"]["1"]["a"]) == (2, "no")
    assert Visit.objects.get().answers["1"]["a"] == "no"


def test_visit_is_not_ended_while_questions_are_open(phone: Client, row: InspectionObject) -> None:
    refused = send(phone, row, answers={"1": {"a": "yes"}}, is_ended=True)
    assert (refused.status_code, "2" in refused.json()["detail"]) == (422, True)
    assert not Visit.objects.exists()
    assert send(phone, row, is_ended=True).json()["ended"] is True


def test_value_found_otherwise_than_reported_counts_against_the_reports_once(cast: Cast, phone: Client) -> None:
    task = make_task(cast, target_value=20000)
    Standing.objects.filter(task=task).update(value=Decimal(15000))
    row = make_object(cast, task=task)
    send(phone, row, is_ended=True)
    send(phone, row, version=1, is_ended=True, answers={**ALL, "1": {"a": "no", "n": ""}})
    assert Standing.objects.get(task=task).mismatched == 1
    assert Entry.objects.filter(verb="send_visit").latest("seq").data.get("is_mismatch") is None


def test_photograph_is_kept_once_without_its_place(phone: Client, row: InspectionObject) -> None:
    address = send(phone, row).json()["photos"]
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (28.0, 1.0, 2.0)}
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    for _twice in range(2):
        given = {"key": "p1", "number": "1", "file": SimpleUploadedFile("a.jpg", out.getvalue())}
        assert phone.post(address, given).status_code == 200
    kept = VisitPhoto.objects.get()
    with kept.version.file.open("rb") as file:
        assert not dict(Image.open(file).getexif().get_ifd(0x8825))


def test_browser_without_scripts_sends_a_form(phone: Client, row: InspectionObject) -> None:
    page = f"/inspections/objects/{row.pk}/visit/"
    assert phone.post(page, {"a-1": "yes", "a-2": "5", "version": "0", "do": "end"}).status_code == 302
    assert Visit.objects.get().sent_at is not None
    stale = phone.post(page, {"a-1": "no", "a-2": "5", "version": "0", "do": "keep"})
    assert stale.status_code == 409


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"key": "", "version": 0}', b'{"key": "a", "version": -1}', b"\xff"]
)
def test_what_no_device_sends_is_refused(phone: Client, row: InspectionObject, body: bytes) -> None:
    answer = phone.post(f"/inspections/objects/{row.pk}/visit/send/", body, content_type="application/json")
    assert answer.status_code == 422


def test_page_of_a_visit_asks_few_statements(
    phone: Client, row: InspectionObject, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    send(phone, row)
    with django_assert_max_num_queries(16):
        assert phone.get(f"/inspections/objects/{row.pk}/visit/").status_code == 200


def test_form_where_a_device_is_wanted_is_refused(phone: Client, row: InspectionObject) -> None:
    assert phone.post(f"/inspections/objects/{row.pk}/visit/send/", {"a-1": "yes"}).status_code == 422


def test_who_is_kept_from_an_object_fills_in_nothing_there(cast: Cast, phone: Client, row: InspectionObject) -> None:
    Inspector.objects.create(inspection=row.inspection, person=cast["deptclerk"])
    clerk = Client()
    clerk.force_login(cast["deptclerk"], backend="django.contrib.auth.backends.ModelBackend")
    assert send(clerk, row).status_code == 403
    assert not Visit.objects.exists()
