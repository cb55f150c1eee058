"""Settings of a site that shares its sessions, all else as small as Django allows.

From the environment:
    INTEROP_DATABASE_URL          sqlite://, postgres:// or mysql://, as Lodger's demo takes it
    INTEROP_SECRET_KEY
    INTEROP_SECRET_KEY_FALLBACKS  a JSON list; default none
    INTEROP_PASSWORD              the user's, when migrating
    INTEROP_TIME_ZONE             if given: USE_TZ = False in that zone; default USE_TZ = True
    INTEROP_ENGINE                the last part of SESSION_ENGINE; default db
    INTEROP_CACHE_URL             redis:// or memcached://, of the engines cache and cached_db
    INTEROP_FILE_PATH             the folder of the engine file
"""

import json
import os
from urllib.parse import unquote, urlsplit

from lodger_site import engines


def database(url):
    url = urlsplit(url)
    if url.scheme == "sqlite":
        # Both sites write to one file at once: wait for the other as long as a test may take.
        options = {"timeout": 20}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": url.path, "OPTIONS": options}
    engines = {"postgres": "postgresql", "mysql": "mysql"}
    if url.scheme == "mysql":
        from lodger_site import driver

        driver.install()
    return {
        "ENGINE": f"django.db.backends.{engines[url.scheme]}",
        "NAME": unquote(url.path.lstrip("/")),
        "HOST": url.hostname,
        "PORT": url.port or "",
        "USER": unquote(url.username),
        "PASSWORD": unquote(url.password or ""),
    }


DATABASES = {"default": database(os.environ["INTEROP_DATABASE_URL"])}
SECRET_KEY = os.environ["INTEROP_SECRET_KEY"]
SECRET_KEY_FALLBACKS = json.loads(os.environ.get("INTEROP_SECRET_KEY_FALLBACKS", "[]"))
USE_TZ = "INTEROP_TIME_ZONE" not in os.environ
TIME_ZONE = os.environ.get("INTEROP_TIME_ZONE", "UTC")

# SESSION_ENGINE and what it takes.
globals().update(engines.settings())

ALLOWED_HOSTS = ["127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "lodger_site",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "lodger_site.urls"
WSGI_APPLICATION = "lodger_site.wsgi.application"
# Logging in is what is tried here, not the strength of the hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Without DEBUG Django keeps a view's traceback from the console.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
