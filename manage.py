#!/usr/bin/env python
"""Runs the demonstration ministry of this repository."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "egov_cms.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
