"""All settings. Values come from the environment (see docs/operations.md); a missing or wrong one refuses to start.

Two sizes of the same program: `embedded` (SQLite, no servers, keys made at the first start) and `full` (PostgreSQL,
Redis, Celery, a reverse proxy).
"""

import os
from pathlib import Path
from typing import Any

from config import env

ENV = env.Environment(os.environ)
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Size and place ---------------------------------------------------------------------------------------------------
LODESTONE_MODE = ENV.choice("LODESTONE_MODE", ("embedded", "full"), "embedded")
EMBEDDED = LODESTONE_MODE == "embedded"
LODESTONE_HOME = ENV.path("LODESTONE_HOME", BASE_DIR / "var")
LODESTONE_BASE_URL = ENV.text("LODESTONE_BASE_URL", "http://127.0.0.1:8000" if EMBEDDED else None)
HOST = env.base_url_host(LODESTONE_BASE_URL)
BEHIND_TLS = LODESTONE_BASE_URL.startswith("https://")
# The name of this log in checkpoints and proofs (c2sp.org/tlog-checkpoint): it never changes once a checkpoint is out.
LODESTONE_LOG_ORIGIN = ENV.text("LODESTONE_LOG_ORIGIN", f"{HOST}/log")
# A tlog-policy whose witness lines end in the address of each witness; without the file nobody is asked.
LODESTONE_WITNESSES = ENV.path("LODESTONE_WITNESSES", LODESTONE_HOME / "witnesses")
LODESTONE_SIGNUP = ENV.flag("LODESTONE_SIGNUP", default=True)
# Longer than the link in the letter lives (ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS, 3 days).
LODESTONE_UNCONFIRMED_DAYS = ENV.whole_number("LODESTONE_UNCONFIRMED_DAYS", 14, least=4, most=366)
LODESTONE_DEMO = ENV.flag("LODESTONE_DEMO")
if LODESTONE_DEMO and not EMBEDDED and not ENV.flag("LODESTONE_DEMO_IN_FULL_MODE"):
    raise env.SettingError(
        "LODESTONE_DEMO=1 opens logins with published passwords. Unset it, "
        "or set LODESTONE_DEMO_IN_FULL_MODE=1 as well if this server is for demonstration only."
    )
DEBUG = ENV.flag("LODESTONE_DEBUG")
# A registry never sends to its own machine; a try-out has nobody else to send to.
LODESTONE_LOOPBACK_WEBHOOKS = ENV.flag("LODESTONE_LOOPBACK_WEBHOOKS")
if LODESTONE_LOOPBACK_WEBHOOKS and not EMBEDDED:
    raise env.SettingError(
        "LODESTONE_LOOPBACK_WEBHOOKS=1 lets webhooks reach this machine. Unset it: it is for the embedded size only."
    )

# --- Keys -------------------------------------------------------------------------------------------------------------
DATABASE_URL = ENV.text("DATABASE_URL", "" if EMBEDDED else None)
SQLITE_FILE = LODESTONE_HOME / "lodestone.sqlite3"
if EMBEDDED:
    MASTER_KEY_FILE = LODESTONE_HOME / "master_key"
    if SQLITE_FILE.exists() and not MASTER_KEY_FILE.exists() and not ENV.text("LODESTONE_MASTER_KEY", ""):
        raise env.SettingError(
            f"{MASTER_KEY_FILE} is missing, but {SQLITE_FILE} holds values that only this key opens. "
            "Put the key back from your backup."
        )
    LODESTONE_MASTER_KEY = env.master_key(ENV.text("LODESTONE_MASTER_KEY", "") or env.key_file(MASTER_KEY_FILE, 32))
    SECRET_KEY = env.secret_key(ENV.text("LODESTONE_SECRET_KEY", "") or env.key_file(LODESTONE_HOME / "secret_key", 48))
else:
    LODESTONE_MASTER_KEY = env.master_key(ENV.text("LODESTONE_MASTER_KEY"))
    SECRET_KEY = env.secret_key(ENV.text("LODESTONE_SECRET_KEY"))

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    # Before allauth, so that its pages wear our look.
    "traceability.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "traceability",
    "epd",
    "epd.web",
    "config.wiring.WiringConfig",
]
MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "config.middleware.BodyLimitMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.ReadingLogMiddleware",
    "config.middleware.NumbersMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [f"traceability.web.templatetags.{name}" for name in ("written", "listed", "drawn")],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "traceability.web.context.frame",
            ],
        },
    },
]
FORM_RENDERER = "traceability.web.fields.FormRenderer"

# --- Database ---------------------------------------------------------------------------------------------------------
# ATOMIC_REQUESTS stays off: services open their own transactions, and an accepted statement must be durable when
# the service returns.
if DATABASE_URL:
    STATEMENT_TIMEOUT_MS = ENV.whole_number("LODESTONE_STATEMENT_TIMEOUT_MS", 15000, least=1000, most=3600000)
    DATABASE: dict[str, Any] = {
        **env.postgres_settings(DATABASE_URL, ENV.text("DATABASE_PASSWORD", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=5000"
            " -c idle_in_transaction_session_timeout=30000"
            # Recursive queries look expensive to the planner, and compiling them costs more than running them.
            " -c jit=off",
        },
    }
else:
    # IMMEDIATE: a transaction that first reads and then writes would fail at once when another has written between.
    # FULL: an issued receipt survives a power cut.
    DATABASE = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(SQLITE_FILE),
        "TEST": {"NAME": str(LODESTONE_HOME / "test.sqlite3")},
        # To open a connection costs ten times as much as to read a statement: Django gives SQLite its functions anew.
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA busy_timeout=20000; PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;",
        },
    }
DATABASES = {"default": DATABASE}

# --- Redis: cache and task queue --------------------------------------------------------------------------------------
# Never the store of record: with Redis down requests still succeed and the outbox keeps what has to be done.
REDIS_URL = "" if EMBEDDED else env.redis_address(ENV.text("REDIS_URL"), ENV.text("REDIS_PASSWORD", ""))
if EMBEDDED:
    CACHES: dict[str, Any] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
else:
    CACHES = {
        "default": {
            "BACKEND": "config.cache.ForgivingRedisCache",
            "LOCATION": f"{REDIS_URL}/1",
            "KEY_PREFIX": "lodestone",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        },
    }
CELERY_BROKER_URL = "memory://" if EMBEDDED else f"{REDIS_URL}/0"
CELERY_TASK_ALWAYS_EAGER = EMBEDDED
CELERY_TASK_IGNORE_RESULT = True
# Late acknowledgement is safe because every task is idempotent.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {}
    if EMBEDDED
    else {
        # Longer than the hard time limit: Redis hands a task out again when it was not acknowledged by then.
        "visibility_timeout": 3600,
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "lodestone:",
    }
)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "lodestone.integrate": {"queue": "sequencer"},
    "lodestone.renew_checkpoint": {"queue": "sequencer"},
}
# A tick that nobody took before the next one is worthless: it expires instead of piling up.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "integrate": {"task": "lodestone.integrate", "schedule": 1.0, "options": {"expires": 1}},
    "outbox": {"task": "lodestone.outbox", "schedule": 5.0, "options": {"expires": 5}},
    "bundles": {"task": "lodestone.bundles", "schedule": 2.0, "options": {"expires": 2}},
    "sheets": {"task": "lodestone.sheets", "schedule": 2.0, "options": {"expires": 2}},
    "references": {"task": "lodestone.references", "schedule": 2.0, "options": {"expires": 2}},
    "declarations": {"task": "lodestone.declarations", "schedule": 2.0, "options": {"expires": 2}},
    "epcis": {"task": "lodestone.epcis", "schedule": 2.0, "options": {"expires": 2}},
    "imports": {"task": "lodestone.imports", "schedule": 2.0, "options": {"expires": 2}},
    "renew-checkpoint": {"task": "lodestone.renew_checkpoint", "schedule": 600.0, "options": {"expires": 600}},
    "tidy": {"task": "lodestone.tidy", "schedule": 3600.0, "options": {"expires": 3600}},
}
# What may take minutes: the clock of the embedded size runs it beside the others.
LODESTONE_LONG_TASKS = {
    "lodestone.bundles", "lodestone.sheets", "lodestone.references", "lodestone.declarations", "lodestone.epcis",
    "lodestone.imports",
}  # fmt: skip

# --- People -----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if LODESTONE_DEMO:
    AUTHENTICATION_BACKENDS.append("config.demo_login.DemoBackend")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
CSRF_FAILURE_VIEW = "traceability.web.interrupted_views.csrf_failed"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"signup": "traceability.web.account.forms.OrganisationSignup"}
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Lodestone] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
# allauth has limits of its own. Signing up and resetting a password send letters to addresses that anybody may type;
# check_bundle and check_epd are for the pages that check files of anybody.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/h/ip",
    "reset_password": "20/h/ip,5/h/key",
    "check_bundle": "10/m/ip",
    "check_epd": "10/m/ip",
}
MFA_ADAPTER = "config.accounts.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "traceability.web.account.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Lodestone"
# Passkeys need a name: browsers refuse them on an address such as 127.0.0.1.
MFA_PASSKEY_LOGIN_ENABLED = not env.is_address(HOST)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BEHIND_TLS
# How many proxies in front of us append to X-Forwarded-For; rate limits read the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if EMBEDDED else ENV.whole_number("LODESTONE_PROXY_COUNT", 1, least=0, most=5)
globals().update(env.mail_settings(ENV.text("EMAIL_URL", "file:" if EMBEDDED else None), LODESTONE_HOME / "mail"))
DEFAULT_FROM_EMAIL = ENV.text("LODESTONE_MAIL_FROM", f"Lodestone <no-reply@{HOST}>")

# --- HTTP -------------------------------------------------------------------------------------------------------------
# The loopback names are for the health checks inside the container.
ALLOWED_HOSTS = [HOST, "127.0.0.1", "localhost", "[::1]", *ENV.words("LODESTONE_EXTRA_HOSTS")]
CSRF_TRUSTED_ORIGINS = [LODESTONE_BASE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
# Subdomains and the browsers' preload list are the operator's to decide, at the proxy.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
LODESTONE_MAX_BODY_BYTES = ENV.whole_number("LODESTONE_MAX_BODY_MIB", 20, least=1, most=500) * 2**20
DATA_UPLOAD_MAX_MEMORY_SIZE = LODESTONE_MAX_BODY_BYTES
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    },
}

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "traceability.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["traceability.api.requests.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["traceability.api.throttling.Rate"],
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "1200/min"},
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "traceability.api.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lodestone",
    "DESCRIPTION": "Traceability ledger and environmental declarations for rare-earth magnets.",
    "VERSION": "1.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["traceability.api.schema.add_components"],
}

# --- Files ------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = ENV.path("LODESTONE_STATIC_ROOT", LODESTONE_HOME / "static")
MEDIA_ROOT = LODESTONE_HOME / "evidence"
# For letters beyond Latin, Greek and Cyrillic; a folder of its own, so that a PDF is the same on every machine.
LODESTONE_PDF_FONTS = ENV.text("LODESTONE_PDF_FONTS", "")
if LODESTONE_PDF_FONTS and not Path(LODESTONE_PDF_FONTS).is_dir():
    raise env.SettingError("LODESTONE_PDF_FONTS names no folder. Give the path of a folder of fonts, or leave it out.")
# JSON with what this release could not confirm of programmes and category rules (docs/programmes.md).
LODESTONE_PROGRAMMES = ENV.text("LODESTONE_PROGRAMMES", "")
# Hashed names need `collectstatic`; a developer's server and the tests do without.
STATIC_HASHED = ENV.flag("LODESTONE_STATIC_HASHED", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_HASHED
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not STATIC_HASHED

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Logs: one JSON object a line, with the id of the request ---------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": ENV.text("LODESTONE_LOG_LEVEL", "INFO").upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # It warns at each HEAD that Django leaves it to the server to drop the body.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
