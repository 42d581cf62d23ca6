"""One page that reads one row."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(f"<p>{cursor.fetchone()[0]}</p>")


urlpatterns = [path("accounts/login/", page)]
