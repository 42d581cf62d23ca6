"""A bare Django with the same database, served the same way: the floor for memory and start."""

import os

import django
from django.conf import settings

if not settings.configured:
    import environ

    settings.configure(
        DATABASES={"default": environ.Env().db("DATABASE_URL")},
        ROOT_URLCONF="bench.bare_urls",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
        SECRET_KEY=os.environ.get("LUOSHI_SECRET_KEY", "bench"),
        ALLOWED_HOSTS=["127.0.0.1"],
        TEMPLATES=[{"BACKEND": "django.template.backends.jinja2.Jinja2"}],
    )
    django.setup()

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
