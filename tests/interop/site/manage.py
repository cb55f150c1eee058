#!/usr/bin/env python
"""The Django site that shares its sessions with Lodger's demo."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lodger_site.settings"
    execute_from_command_line(sys.argv)
