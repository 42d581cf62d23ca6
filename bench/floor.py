"""The floors: what one query and a plain Jinja2 template, a bare UPDATE, a bare INSERT or a bare writer take."""

import csv
import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from jinja2 import Environment

from luoshi.orgs.models import Person

PAGE = Environment(autoescape=True).from_string(
    """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><p>{{ total }}</p><table><thead><tr>{% for c in columns %}<th>{{ c }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""
)
LEDGER = """SELECT t.id, t.code, t.title, t.tier, t.state, t.due_date, s.percent, s.reported, s.expected, s.last_word,
(SELECT u.short_name FROM tasks_duty d JOIN orgs_unit u ON u.id = d.unit_id
 WHERE d.task_id = t.id AND d.role = 'lead' LIMIT 1)
FROM tasks_task t LEFT JOIN progress_standing s ON s.task_id = t.id"""


def fetch(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


class Bare:
    """A bare Django site on the same database: session, sign-in, one view, a plain Jinja2 table. Nothing else."""

    def __init__(self, person: Person) -> None:
        self.client = Client(raise_request_exception=True)
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            self.client.handler.load_middleware()
        self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, where: str, *params: object, limit: int = 50, count: bool = True) -> bytes:
        """A page of the rows; with `count` also how many there are in all."""
        ASKED.update(where=where, params=params, limit=limit, count=count)
        return self._answer(lambda: self.client.get("/rows/"))

    def post(self, work: Callable[[], object]) -> bytes:
        """A bare POST that does `work` in one transaction."""
        ASKED.update(work=work)
        return self._answer(lambda: self.client.post("/work/"))

    def year(self, sql: str) -> bytes:
        ASKED.update(where=sql)
        return self._answer(lambda: self.client.get("/year/"))

    def _answer(self, ask: Callable[[], Any]) -> bytes:
        response = ask()
        assert response.status_code == 200, response.status_code
        return bytes(response.content)


def here(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer from the addresses below, without a change of settings, which would empty the caches of both sites."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.urlconf = "bench.floor"
        return get_response(request)

    return answer


MIDDLEWARE = [
    "bench.floor.here",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ASKED: dict[str, Any] = {}


def rows_page(request: HttpRequest) -> HttpResponse:
    """The rows in one query, their number in another, a plain table."""
    assert request.user.is_authenticated
    where, params = ASKED["where"], ASKED["params"]
    total = fetch(f"SELECT count(*) FROM tasks_task t WHERE {where}", *params)[0][0] if ASKED["count"] else ""
    rows = fetch(f"{LEDGER} WHERE {where} ORDER BY t.due_date, t.id LIMIT {ASKED['limit']}", *params)
    return HttpResponse(PAGE.render(title="bare", total=total, columns=["c"] * 11, rows=rows))


def work_page(request: HttpRequest) -> HttpResponse:
    """Does what it was told in one transaction."""
    assert request.user.is_authenticated
    with transaction.atomic():
        ASKED["work"]()
    return HttpResponse("done")


def year_page(request: HttpRequest) -> HttpResponse:
    """The milestones of some tasks as a plain table."""
    assert request.user.is_authenticated
    rows = fetch(ASKED["where"])
    return HttpResponse(PAGE.render(title="bare", total=len(rows), columns=["c"] * 6, rows=rows))


urlpatterns = [path("rows/", rows_page), path("work/", work_page), path("year/", year_page)]


def xlsx(where: str = "TRUE") -> bytes:
    """One query and xlsxwriter in constant memory."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    for n, row in enumerate(fetch(f"{LEDGER} WHERE {where} ORDER BY t.path")):
        for m, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(n, m, str(cell))
    book.close()
    return buffer.getvalue()


def text(where: str = "TRUE") -> str:
    """One query and the csv module."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(fetch(f"{LEDGER} WHERE {where} ORDER BY t.path"))
    return buffer.getvalue()
