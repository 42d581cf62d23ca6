"""The administration, and one page that reads one row and the session's person."""

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return render(request, "page.html", {"title": "bare", "rows": [*cursor.fetchall(), request.user]})


urlpatterns = [path("accounts/login/", page), path("admin/", admin.site.urls)]
