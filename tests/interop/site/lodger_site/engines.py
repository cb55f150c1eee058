"""How the site keeps its sessions.

INTEROP_CACHE_URL is the URL that Lodger's demo takes: its parameters key_prefix and version are the
cache's KEY_PREFIX and VERSION.
"""

import os
from urllib.parse import parse_qs, urlsplit

BACKENDS = {
    "redis": "django.core.cache.backends.redis.RedisCache",
    "memcached": "django.core.cache.backends.memcached.PyMemcacheCache",
}


def cache(url):
    parts = urlsplit(url)
    location = parts._replace(query="").geturl()
    if parts.scheme == "memcached":
        location = parts.netloc
    settings = {"BACKEND": BACKENDS[parts.scheme], "LOCATION": location}
    query = parse_qs(parts.query)
    if "key_prefix" in query:
        settings["KEY_PREFIX"] = query["key_prefix"][0]
    if "version" in query:
        settings["VERSION"] = int(query["version"][0])
    return settings


def settings():
    """The settings of the engine that INTEROP_ENGINE names, by default db."""
    engine = os.environ.get("INTEROP_ENGINE", "db")
    found = {"SESSION_ENGINE": f"django.contrib.sessions.backends.{engine}"}
    if "INTEROP_CACHE_URL" in os.environ:
        found["CACHES"] = {"default": cache(os.environ["INTEROP_CACHE_URL"])}
    if "INTEROP_FILE_PATH" in os.environ:
        found["SESSION_FILE_PATH"] = os.environ["INTEROP_FILE_PATH"]
    return found
