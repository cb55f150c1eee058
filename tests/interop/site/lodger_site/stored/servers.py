"""The cache server itself, for what Django's cache does not tell."""

import socket
import time

from django.conf import settings
from django.core.cache import cache


def kind():
    return settings.CACHES["default"]["BACKEND"].rpartition(".")[2]


def memcached_command(line):
    host, port = settings.CACHES["default"]["LOCATION"].rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(line + b"\r\n")
        return connection.makefile("rb").readline().strip()


def end(key):
    """When the entry of a key ends, as a Unix time; None for one that is not there."""
    name = cache.make_key(key)
    if kind() == "RedisCache":
        milliseconds = cache._cache.get_client(name).pexpiretime(name)
        return milliseconds / 1000 if milliseconds > 0 else None
    # memcached knows whole seconds only: what is left, by its own clock.
    answer = memcached_command(b"mg " + name.encode() + b" t").split()
    if answer[:1] != [b"HD"]:
        return None
    return time.time() + int(answer[1][1:])


def put(key, value, seconds):
    """Puts bytes under a key as they are, with the mark of a pickle where the server has marks."""
    name = cache.make_key(key)
    if kind() == "RedisCache":
        cache._cache.get_client(name, write=True).set(name, value, ex=int(seconds))
        return
    head = b"set %s 1 %d %d\r\n" % (name.encode(), int(seconds), len(value))
    answer = memcached_command(head + value)
    if answer != b"STORED":
        raise RuntimeError(f"memcached answered {answer!r}")
