"""A plain Django project with Jinja2 on the same database, served the same way: the floor for memory and start.

It has what `startproject` gives, the administration too, and one page from a Jinja2 template: nothing of a product.
"""

import os
import tempfile
from pathlib import Path

from django.conf import settings

FRAME = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ title }}</title></head><body>
<h1>{{ title }}</h1>{% for row in rows %}<p>{{ row }}</p>{% endfor %}</body></html>"""

if not settings.configured:
    import environ

    templates = Path(tempfile.mkdtemp(prefix="luoshi-bare-"))
    (templates / "page.html").write_text(FRAME, encoding="utf-8")
    settings.configure(
        DATABASES={"default": environ.Env().db("DATABASE_URL")},
        ROOT_URLCONF="bench.bare_urls",
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        SECRET_KEY=os.environ.get("LUOSHI_SECRET_KEY", "bench"),
        ALLOWED_HOSTS=["127.0.0.1"],
        LANGUAGE_CODE="zh-hans",
        STATIC_URL="static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [str(templates)],
                "OPTIONS": {"context_processors": ["django.contrib.messages.context_processors.messages"]},
            },
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ],
                },
            },
        ],
    )

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
