"""PyMySQL in the place of mysqlclient, which has no wheels for Linux."""

import pymysql


def install():
    # Django asks for a version of mysqlclient, not of PyMySQL.
    pymysql.version_info = (2, 2, 7, "final", 0)
    pymysql.install_as_MySQLdb()
