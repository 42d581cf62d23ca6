"""The WSGI entry point for gunicorn.

Everything is read before the workers part from their parent, and kept out of the garbage collector's way, so that they
share its memory.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
assert get_resolver().url_patterns  # reads all views
gc.collect()
gc.freeze()
