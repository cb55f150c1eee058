"""The room of the engine that is in use."""

from importlib import import_module

from django.conf import settings

ROOMS = {
    "db": "table",
    "cache": "cache",
    "cached_db": "cached_table",
    "file": "file",
    "signed_cookies": "cookie",
}


def room():
    engine = settings.SESSION_ENGINE.rpartition(".")[2]
    return import_module(f"lodger_site.stored.{ROOMS[engine]}")
