"""Any YAML is read or refused with a reason and a line; nothing else comes out."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Limits, UnreadableFile, load_yaml
from egov_cms.tabular.yaml_text import BASE

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)


def refusal(data, **options):
    with pytest.raises(UnreadableFile) as refused:
        load_yaml(data, **options)
    assert str(refused.value)
    return refused.value.code, refused.value.line


@given(PLAIN)
def test_any_document_comes_back(document):
    data = yaml.safe_dump(document, allow_unicode=True).encode()
    # As the library reads it: a few signs are line ends in YAML.
    assert load_yaml(data) == yaml.load(data, Loader=BASE)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    try:
        load_yaml(data)
    except UnreadableFile as refused:
        assert refused.code and refused.line >= 0


def test_mappings_know_their_line():
    found = load_yaml("services:\n- id: 1\n  title: {ar: عنوان}\n- id: 2\n".encode())
    assert [each.line for each in found["services"]] == [2, 4]
    assert found["services"][0]["title"].line == 3


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"a: 1\nb: 2\na: 3", "duplicate", 3),
        (b"a: &x [1]\nb: *x\n", "aliases", 2),
        (b"a: 1\n[1]: 2\n", "not_a_name", 2),
        (b"a: b: c\n", "not_yaml", 1),
        (b"a: 1\n\xff\n", "not_text", 2),
        (b"", "empty", 0),
        (b"x: !!python/object:os.system\n", "not_yaml", 1),
    ],
)
def test_what_is_refused_names_its_line(data, code, line):
    assert refusal(data) == (code, line)


STAIRS = b"".join(b" " * number + b"a:\n" for number in range(300))


@pytest.mark.parametrize("data", [b"[" * 200_000, b"{a: " * 100_000, b"- " * 100_000, STAIRS])
def test_deep_nesting_is_refused_before_anything_is_built(data):
    assert refusal(data)[0] == "deep_nesting"


def test_limits():
    assert refusal(b"a: " + b"x" * 2000, limits=Limits(document_bytes=1000)) == ("too_large", 0)
    assert load_yaml(b"[[[1]]]", Limits(depth=3)) == [[[1]]]
    assert refusal(b"[[[1]]]", limits=Limits(depth=2)) == ("deep_nesting", 1)
