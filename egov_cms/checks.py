"""System checks of the EGOV settings and of the modules (ids in docs/settings.md)."""

from difflib import get_close_matches
from importlib.util import find_spec

from django.apps import apps
from django.core import checks

from egov_cms.conf import CHOICES, DEFAULTS, IMPORT_STRINGS, egov_settings
from egov_cms.modules import MODULES


@checks.register("egov")
def check_settings(app_configs, **kwargs):
    """egov.E001: unknown setting. egov.E002: invalid value."""
    configured = egov_settings.configured()
    if not isinstance(configured, dict):
        return [checks.Error("EGOV must be a dictionary.", id="egov.E002")]
    errors = []
    for name, value in configured.items():
        if name not in DEFAULTS:
            similar = get_close_matches(str(name), DEFAULTS, n=1)
            hint = f"Did you mean {similar[0]!r}?" if similar else "docs/settings.md lists all settings."
            errors.append(checks.Error(f"EGOV has no setting {name!r}.", hint=hint, id="egov.E001"))
        elif problem := _problem(name, value):
            errors.append(checks.Error(f"EGOV[{name!r}] {problem}, not {value!r}.", id="egov.E002"))
    return errors


@checks.register("egov")
def check_modules(app_configs, **kwargs):
    """egov.E003: a module without the libraries of its extra."""
    errors = []
    for module in MODULES:
        missing = [name for name in module.libraries if find_spec(name) is None]
        if missing and any(apps.is_installed(app) for app in module.apps):
            message = f"The module “{module.name}” needs what is not installed: {', '.join(missing)}."
            hint = f"pip install 'egov-cms[{module.name}]', or take {module.name} out of `modules` in ministry.yaml."
            errors.append(checks.Error(message, hint=hint, id="egov.E003"))
    return errors


def _problem(name, value):
    if name in CHOICES:
        return None if value in CHOICES[name] else f"must be one of {', '.join(map(repr, CHOICES[name]))}"
    default = DEFAULTS[name]
    if default is None or name in IMPORT_STRINGS:
        return None
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "must be True or False"
    if isinstance(default, int):
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if whole else "must be a whole number, zero or more"
    if isinstance(default, list | tuple | set | frozenset):
        return None if isinstance(value, list | tuple | set | frozenset) else "must be a list"
    return None if isinstance(value, type(default)) else f"must be a {type(default).__name__}"
