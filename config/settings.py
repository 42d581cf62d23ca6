"""All settings, read from the environment (docs/guide/settings.md lists every one)."""

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

VAR_DIR = Path(env.str("LUOSHI_VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made once and kept beside the database."""
    given = str(env.str("LUOSHI_SECRET_KEY", default=""))
    if given:
        return given
    kept = VAR_DIR / "secret_key"
    if not kept.exists():
        import secrets

        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii")


SECRET_KEY = _secret_key()
DEBUG = env.bool("LUOSHI_DEBUG", default=False)
ALLOWED_HOSTS = env.list("LUOSHI_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LUOSHI_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("LUOSHI_HTTPS", default=False)

INSTALLED_APPS = [
    "luoshi.core",
    "luoshi.orgs",
    "luoshi.notices",
    "luoshi.letters",
    "luoshi.directives",
    "luoshi.tasks",
    "luoshi.progress",
    "luoshi.supervision",
    "luoshi.inspections",
    "luoshi.ledger",
    "luoshi.schedule",
    "luoshi.insight",
    "luoshi.demo",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "luoshi.orgs.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "luoshi.orgs.middleware.AccessMiddleware",
    "luoshi.core.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": sorted(str(folder) for folder in (BASE_DIR / "luoshi").glob("*/templates")),
        "OPTIONS": {
            "environment": "luoshi.core.shell.environment",
            "context_processors": [
                "luoshi.core.shell.context",
                "django.contrib.messages.context_processors.messages",
            ],
        },
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
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'luoshi.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "orgs.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "luoshi.orgs.forms.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login_failed": False}
MFA_ADAPTER = "luoshi.orgs.forms.SealingMfa"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Luoshi"
AXES_FAILURE_LIMIT = env.int("LUOSHI_LOGIN_ATTEMPTS", default=5)
AXES_COOLOFF_TIME = env.int("LUOSHI_LOGIN_COOLOFF_HOURS", default=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
MEDIA_ROOT = VAR_DIR / "papers"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Long papers are read by a process beside the server (`luoshi work`), in a child of its own with these bounds.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
JOB_WORKERS = env.int("LUOSHI_JOB_WORKERS", default=1)
CLOCKWORK_LEASE = timedelta(seconds=env.float("LUOSHI_CLOCKWORK_LEASE", default=30))
# Other hours for what happens daily, such as chasing=08:00,digest=07:30.
ROUTINE_HOURS = {
    name.strip(): time.fromisoformat(hour.strip())
    for name, _is, hour in (line.partition("=") for line in env.list("LUOSHI_ROUTINE_HOURS", default=[]))
}
READING = {
    "SECONDS": env.int("LUOSHI_READ_SECONDS", default=1800),
    "MEMORY_MB": env.int("LUOSHI_READ_MEMORY_MB", default=1500),
    "PAGES": env.int("LUOSHI_READ_PAGES", default=600),
    "AT_ONCE_PAGES": env.int("LUOSHI_READ_AT_ONCE_PAGES", default=12),
    "KEEP_PICTURES_DAYS": env.int("LUOSHI_KEEP_PICTURES_DAYS", default=60),
}

UPLOAD_MAX_MB = env.int("LUOSHI_UPLOAD_MAX_MB", default=20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# What an organisation decides for itself: luoshi.core.policy reads these and documents their meaning.
LUOSHI = {
    "PRESET": env.str("LUOSHI_PRESET", default="county"),
    "LIGHT_PALETTE": env.str("LUOSHI_LIGHT_PALETTE", default=""),
    "NEAR_DUE_DAYS": env.int("LUOSHI_NEAR_DUE_DAYS", default=0),
    "BEHIND_YELLOW": env.int("LUOSHI_BEHIND_YELLOW", default=0),
    "BEHIND_RED": env.int("LUOSHI_BEHIND_RED", default=0),
    "COVERAGE_PERCENT": env.int("LUOSHI_COVERAGE_PERCENT", default=0),
    "CRITICAL_CAP": env.int("LUOSHI_CRITICAL_CAP", default=0),
    "LINT_BLOCKS": env.list("LUOSHI_LINT_BLOCKS", default=[]),
    "ACKNOWLEDGE_DAYS": env.int("LUOSHI_ACKNOWLEDGE_DAYS", default=0),
    "ALIKE_PERCENT": env.int("LUOSHI_ALIKE_PERCENT", default=0),
    "ASKED_WITHIN_DAYS": env.int("LUOSHI_ASKED_WITHIN_DAYS", default=0),
    "PAPER_LENGTH": env.int("LUOSHI_PAPER_LENGTH", default=0),
    "SPECIAL_PAPER_LENGTH": env.int("LUOSHI_SPECIAL_PAPER_LENGTH", default=0),
    "INFLATION_RATIO": Decimal(env.str("LUOSHI_INFLATION_RATIO", default="0")),
    "EARLIER_PERCENT": env.int("LUOSHI_EARLIER_PERCENT", default=0),
    "MISMATCH_PERCENT": env.int("LUOSHI_MISMATCH_PERCENT", default=0),
    "EXTENSION_HIGHER_FROM": env.int("LUOSHI_EXTENSION_HIGHER_FROM", default=0),
    "HOTLINE_CUTOFF": env.int("LUOSHI_HOTLINE_CUTOFF", default=0),
    "COORDINATION_PASSES": env.int("LUOSHI_COORDINATION_PASSES", default=0),
    "LEAD_CHANGES": env.int("LUOSHI_LEAD_CHANGES", default=0),
    "SPONSOR_DAYS": env.int("LUOSHI_SPONSOR_DAYS", default=0),
    "SPONSOR_GRACE_DAYS": env.int("LUOSHI_SPONSOR_GRACE_DAYS", default=0),
}
# A language model is asked only when a site names one; see docs/guide/settings.md.
LANGUAGE_MODEL = {
    "URL": env.str("LUOSHI_MODEL_URL", default=""),
    "KEY": env.str("LUOSHI_MODEL_KEY", default=""),
    "NAME": env.str("LUOSHI_MODEL_NAME", default=""),
    "SECONDS": env.int("LUOSHI_MODEL_SECONDS", default=60),
}
LUOSHI_SITE_NAME = env.str("LUOSHI_SITE_NAME", default="落实")
LUOSHI_SITE_URL = env.str("LUOSHI_SITE_URL", default="").rstrip("/")

# Messages leave the site by e-mail when a mail server is named, and through the robots that units add.
MAIL_URL = env.str("LUOSHI_MAIL_URL", default="")
if MAIL_URL:
    vars().update(env.email_url("LUOSHI_MAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("LUOSHI_MAIL_FROM", default="luoshi@localhost")
EMAIL_TIMEOUT = env.int("LUOSHI_MAIL_SECONDS", default=20)
NOTICES = {
    "DIGEST_AT": time.fromisoformat(env.str("LUOSHI_DIGEST_AT", default="08:30")),
    "QUIET_HOURS": env.str("LUOSHI_QUIET_HOURS", default="20:00-08:00"),
    "OUTSIDE_TEXTS": env.str("LUOSHI_OUTSIDE_TEXTS", default="titles"),
    "MAIL_DOMAINS": env.list("LUOSHI_MAIL_DOMAINS", default=[]),
    "OUTGOING_ALLOW": env.list("LUOSHI_OUTGOING_ALLOW", default=[]),
    "OUTGOING_SECONDS": env.int("LUOSHI_OUTGOING_SECONDS", default=10),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env.str("LUOSHI_LOG_LEVEL", default="WARNING")},
}
