"""Loaded once by the fork server that limited children are forked from (`process`): the whole program, no connections."""

import os

import django
from django.apps import apps

if os.environ.get("DJANGO_SETTINGS_MODULE") and not apps.ready:
    django.setup()

if apps.ready:
    from django.db import connections
    from django.urls import get_resolver

    # What a first call would import: forms, views, templates of every app.
    get_resolver().url_patterns  # noqa: B018
    connections.close_all()
