"""Templates: nothing that the content security policy refuses, nobody else's address, variables in a comment."""

import re

import pytest

from egov_cms.look import patterns

from .sources import templates

INLINE = re.compile(r"\sstyle=|<style\b|\son[a-z]+=\"|javascript:|<script(?![^>]*\s(?:src|type)=)")
ELSEWHERE = re.compile(r"\b(?:href|src|action)=\"(?:https?:)?//")
LOOK = "egov_cms/look/templates/"
COMPONENTS = LOOK + "egov/components/"


def offences(pattern, *folders):
    return [
        f"{path}: {found[0]}"
        for path, text in templates()
        if path.startswith(folders or ("",))
        for found in pattern.finditer(text)
    ]


def test_nothing_is_inline_that_the_content_security_policy_refuses():
    assert offences(INLINE) == []


def test_the_look_leads_to_no_other_host():
    assert offences(ELSEWHERE, LOOK) == []


@pytest.mark.parametrize("html", ['<a style="x">', '<p onclick="x()">', "<script>x()</script>", "<style>"])
def test_the_scan_for_what_is_inline_can_fail(html):
    assert INLINE.search(html)


def test_every_component_documents_its_variables():
    comment = re.compile(r"(?:\{% load [\w ]+ %\})?\{% comment %\}")
    components = {path: text for path, text in templates() if path.startswith(COMPONENTS)}
    assert len(components) >= len(patterns.IN_LAYOUT)
    assert [path for path, text in components.items() if not comment.match(text)] == []
