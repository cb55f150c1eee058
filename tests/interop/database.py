"""Makes and copies whole databases, so that every run starts from an empty one of its own.

    database.py create URL          makes the database that URL names
    database.py copy SOURCE TARGET  makes TARGET as SOURCE's equal, every stored byte of it

The copy goes past Django and its conversions: how a date is stored is what the runs compare.
"""

import sqlite3
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit


def name(url):
    return unquote(url.path.lstrip("/"))


def sqlite_create(url):
    sqlite3.connect(url.path).close()


def sqlite_copy(source, target):
    Path(target.path).unlink(missing_ok=True)
    with sqlite3.connect(source.path) as connection:
        connection.execute("VACUUM INTO ?", [target.path])


def postgres(url, statement):
    import psycopg

    server = url._replace(path="/postgres", query="").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def postgres_create(url):
    postgres(url, f'CREATE DATABASE "{name(url)}"')


def postgres_copy(source, target):
    postgres(target, f'CREATE DATABASE "{name(target)}" TEMPLATE "{name(source)}"')


def mariadb(url, *statements):
    import pymysql

    connection = pymysql.connect(
        host=url.hostname,
        port=url.port or 3306,
        user=unquote(url.username),
        password=unquote(url.password or ""),
        autocommit=True,
    )
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def mariadb_create(url):
    mariadb(url, f"CREATE DATABASE `{name(url)}`")


def mariadb_copy(source, target):
    mariadb_create(target)
    # Django's tables have foreign keys, which LIKE leaves out: only sessions are compared.
    for (table,) in mariadb(source, f"SHOW TABLES FROM `{name(source)}`"):
        there, here = f"`{name(source)}`.`{table}`", f"`{name(target)}`.`{table}`"
        mariadb(
            target,
            f"CREATE TABLE {here} LIKE {there}",
            f"INSERT INTO {here} SELECT * FROM {there}",
        )


CREATE = {"sqlite": sqlite_create, "postgres": postgres_create, "mysql": mariadb_create}
COPY = {"sqlite": sqlite_copy, "postgres": postgres_copy, "mysql": mariadb_copy}


def main(verb, *urls):
    urls = [urlsplit(url) for url in urls]
    {"create": CREATE, "copy": COPY}[verb][urls[0].scheme](*urls)


if __name__ == "__main__":
    main(*sys.argv[1:])
