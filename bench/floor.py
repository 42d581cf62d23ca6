"""The floors: what one query and a plain Jinja2 template, a bare UPDATE, a bare INSERT or a bare writer take."""

import csv
import io
from typing import Any

import xlsxwriter
from django.db import connection
from jinja2 import Environment

PAGE = Environment(autoescape=True).from_string(
    """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1><p>{{ total }}</p><table><thead><tr>{% for c in columns %}<th>{{ c }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in rows %}<tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""
)
LEDGER = """SELECT t.id, t.code, t.title, t.tier, t.state, t.due_date, s.percent, s.reported, s.expected, s.last_word,
(SELECT u.short_name FROM tasks_duty d JOIN orgs_unit u ON u.id = d.unit_id WHERE d.task_id = t.id AND d.role = 'lead' LIMIT 1)
FROM tasks_task t LEFT JOIN progress_standing s ON s.task_id = t.id"""


def fetch(sql: str, *params: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def page(where: str, *params: object, limit: int = 50, order: str = "t.due_date, t.id", counted: bool = True) -> str:
    """A bare page: the rows in one query, their number in another, a plain table."""
    total = fetch(f"SELECT count(*) FROM tasks_task t WHERE {where}", *params)[0][0] if counted else 0
    rows = fetch(f"{LEDGER} WHERE {where} ORDER BY {order} LIMIT {limit}", *params)
    return PAGE.render(title="bare", total=total, columns=["c"] * 11, rows=rows)


def xlsx(rows: list[tuple[Any, ...]]) -> bytes:
    """xlsxwriter alone, in constant memory, on rows already read."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    for n, row in enumerate(rows):
        for m, cell in enumerate(row):
            if cell is not None:
                sheet.write_string(n, m, str(cell))
    book.close()
    return buffer.getvalue()


def text(rows: list[tuple[Any, ...]]) -> str:
    """The csv module alone on rows already read."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
