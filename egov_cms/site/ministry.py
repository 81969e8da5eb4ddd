"""Reads and checks `ministry.yaml`, the configuration of a ministry's site. Errors name the line."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from egov_cms import modules
from egov_cms.language import content_languages
from egov_cms.language.phones import normalise_phone
from egov_cms.look.contrast import DEFAULT_ACCENT, DEFAULT_PRIMARY, check_ministry_colours

from .models.settings import SOCIAL, SiteSettings

COUNTRY = {"ar": "جمهورية العراق", "ckb": "کۆماری عێراق", "en": "Republic of Iraq"}

# Keys of the file. A tuple: the keys allowed inside; "words": a text per language; None: a plain value or list.
SHAPE = {
    "name": "words",
    "short_name": "words",
    "country": "words",
    "footer": "words",
    "code": None,
    "domain": None,
    "colours": ("primary", "accent"),
    "crest": None,
    "languages": None,
    "governorate_scope": None,
    "contact": ("address", "phones", "email", *SOCIAL),
    "modules": None,
    "digits": None,
    "home_layout": None,
    "licence": None,
    "illustrative": None,
}


class MinistryError(ValueError):
    """The file is not valid: `problems` is a list of (line or None, sentence)."""

    def __init__(self, problems: list[tuple[int | None, str]], source: str = ""):
        self.problems = problems
        lines = []
        for line, sentence in problems:
            place = source or _("ministry configuration")
            lines.append(f"{place}:{line}: {sentence}" if line else f"{place}: {sentence}")
        super().__init__("\n".join(lines))


def read_ministry(path) -> dict:
    """The checked configuration of a YAML file, with an absolute path of the crest. Raises MinistryError."""
    path = Path(path)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise MinistryError([(None, str(error))], str(path)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error)
        raise MinistryError([(mark.line + 1 if mark else None, message)], str(path)) from error
    lines: dict[tuple, int] = {}
    data = _plain(node, (), lines, str(path)) if node is not None else {}
    if isinstance(data, dict) and data.get("crest"):
        data["crest"] = str((path.parent / str(data["crest"])).resolve())
    return check_ministry(data, lines, str(path))


def _plain(node, path, lines, source):
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        value = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in value:
                raise MinistryError([(key_node.start_mark.line + 1, _("“%s” appears twice.") % key)], source)
            value[key] = _plain(value_node, (*path, key), lines, source)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, place), lines, source) for place, item in enumerate(node.value)]
    return yaml.safe_load(yaml.serialize(node))


def check_ministry(data: dict, lines: dict | None = None, source: str = "") -> dict:
    """The configuration in `data`, completed with defaults. Raises MinistryError with all problems."""
    check = _Check(data, lines or {})
    check.run()
    if check.problems:
        raise MinistryError(sorted(check.problems, key=lambda problem: problem[0] or 0), source)
    return check.config


class _Check:
    def __init__(self, data, lines):
        self.data = data
        self.lines = lines
        self.problems: list[tuple[int | None, str]] = []
        self.config: dict = {}

    def run(self):
        if not isinstance(self.data, dict):
            self._problem((), _("The file must be a list of keys and values."))
            return
        self._keys()
        self._languages()
        self._words()
        self._colours()
        self._contact()
        self._choices()
        self._plain_values()

    def _problem(self, path, sentence):
        self.problems.append((self.lines.get(tuple(path)), sentence))

    def _keys(self):
        for key, value in self.data.items():
            if key not in SHAPE:
                allowed = ", ".join(SHAPE)
                self._problem(
                    [key],
                    _("Unknown key “%(key)s”. Keys are: %(allowed)s.") % {"key": key, "allowed": allowed},
                )
            elif isinstance(SHAPE[key], tuple):
                if not isinstance(value, dict):
                    self._problem([key], _("“%s” must have keys of its own.") % key)
                    continue
                for inner in set(value) - set(SHAPE[key]):
                    full = f"{key}.{inner}"
                    allowed = ", ".join(SHAPE[key])
                    self._problem(
                        [key, inner],
                        _("Unknown key “%(key)s”. Keys are: %(allowed)s.")
                        % {"key": full, "allowed": allowed},
                    )

    def _languages(self):
        configured = content_languages()
        languages = self.data.get("languages") or configured
        if not isinstance(languages, list):
            self._problem(["languages"], _("“languages” must be a list of language codes."))
            languages = configured
        for place, code in enumerate(languages):
            if code not in configured:
                self._problem(
                    ["languages", place],
                    _("The language “%(code)s” is not in the settings (%(known)s).")
                    % {"code": code, "known": ", ".join(configured)},
                )
        if configured[0] not in languages:
            self._problem(
                ["languages"], _("“%s” is the source language and must be in the list.") % configured[0]
            )
        self.config["languages"] = [code for code in configured if code in languages]

    def _words(self):
        for key, shape in SHAPE.items():
            if shape == "words":
                default = COUNTRY if key == "country" else {}
                self.config[key] = self._text([key], self.data.get(key, default), required=key == "name")
        address = self.data.get("contact", {})
        address = address.get("address", {}) if isinstance(address, dict) else {}
        self.config["address"] = self._text(["contact", "address"], address)

    def _text(self, path, value, required=False) -> dict:
        label = ".".join(path)
        if isinstance(value, str):
            value = dict.fromkeys(self.config["languages"], value)
        if not isinstance(value, dict):
            self._problem(path, _("“%s” must be a text, or a text for each language.") % label)
            return {}
        for code in set(value) - {language for language, _name in settings.LANGUAGES}:
            self._problem(
                [*path, code], _("“%(key)s”: unknown language “%(code)s”.") % {"key": label, "code": code}
            )
        for code in self.config["languages"]:
            if required and not value.get(code):
                self._problem(path, _("“%(key)s” is missing in “%(code)s”.") % {"key": label, "code": code})
        return {code: str(text) for code, text in value.items() if text}

    def _colours(self):
        colours = self.data.get("colours") if isinstance(self.data.get("colours"), dict) else {}
        primary = colours.get("primary", DEFAULT_PRIMARY)
        accent = colours.get("accent", DEFAULT_ACCENT)
        first = check_ministry_colours(primary, DEFAULT_ACCENT)
        for message in first:
            self._problem(["colours", "primary"], message)
        for message in check_ministry_colours(DEFAULT_PRIMARY if first else primary, accent):
            if message not in first:
                self._problem(["colours", "accent"], message)
        self.config["colours"] = {"primary": primary, "accent": accent}

    def _contact(self):
        contact = self.data.get("contact") if isinstance(self.data.get("contact"), dict) else {}
        self.config["phones"] = []
        phones = contact.get("phones") or []
        for place, phone in enumerate(phones if isinstance(phones, list) else [phones]):
            try:
                self.config["phones"].append(normalise_phone(str(phone)))
            except ValueError:
                path = ["contact", "phones", place] if isinstance(phones, list) else ["contact", "phones"]
                self._problem(path, _("“%s” is not an Iraqi telephone number.") % phone)
        self.config["email"] = str(contact.get("email") or "")
        if self.config["email"]:
            try:
                validate_email(self.config["email"])
            except ValidationError:
                self._problem(
                    ["contact", "email"], _("“%s” is not an e-mail address.") % self.config["email"]
                )
        self.config["social"] = {}
        for network in SOCIAL:
            if url := str(contact.get(network) or ""):
                self.config["social"][network] = url
                if not url.startswith("https://"):
                    self._problem(["contact", network], _("“%s” must start with https://.") % url)

    def _choices(self):
        choices = {
            "digits": SiteSettings.Digits.values,
            "home_layout": SiteSettings.HomeLayout.values,
            "licence": SiteSettings.Licence.values,
        }
        for key, allowed in choices.items():
            value = self.data.get(key, allowed[0])
            if value not in allowed:
                self._problem(
                    [key],
                    _("“%(value)s” is not possible for “%(key)s”: %(allowed)s.")
                    % {"value": value, "key": key, "allowed": ", ".join(allowed)},
                )
            self.config[key] = value
        self.config["modules"], problems = modules.check_modules(self.data.get("modules"))
        sentences = {
            modules.UNKNOWN: _("Unknown module “%(name)s”. Modules are: %(allowed)s."),
            modules.NOT_RELEASED: _(
                "The module “%(name)s” is not in this release yet. Modules of this release are: %(allowed)s."
            ),
        }
        for place, code, name, allowed in problems:
            path = ["modules"] if place is None else ["modules", place]
            self._problem(path, sentences[code] % {"name": name, "allowed": ", ".join(allowed)})

    def _plain_values(self):
        self.config["code"] = str(self.data.get("code") or "").strip()
        if not self.config["code"]:
            self._problem(["code"], _("“code” is missing: the ministry's short code, such as MOP."))
        self.config["domain"] = str(self.data.get("domain") or "localhost").strip()
        self.config["illustrative"] = self.data.get("illustrative", False) is True
        self.config["crest"] = crest = self.data.get("crest")
        if crest and not Path(str(crest)).is_file():
            self._problem(["crest"], _("The crest's file was not found: %s") % crest)
        elif crest and Path(str(crest)).suffix.lower() not in (".svg", ".png"):
            self._problem(["crest"], _("The crest must be an SVG or PNG file."))
        scope = self.data.get("governorate_scope") or "all"
        self.config["governorate_scope"] = [] if scope == "all" else scope
        if not isinstance(self.config["governorate_scope"], list):
            self._problem(
                ["governorate_scope"], _("“governorate_scope” must be “all” or a list of governorate codes.")
            )
