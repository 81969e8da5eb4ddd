"""GeoJSON as a table of its features."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egov_cms.tabular import Kind, UnreadableFile, open_tables


def feature(geometry=None, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(*places):
    return {"type": "Point", "coordinates": list(places)}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def table(data):
    with open_tables(data) as tables:
        return [(row.number, [cell.value for cell in row.cells]) for row in tables.sheets[0].rows()]


def code_of(data, name="a.geojson"):
    with pytest.raises(UnreadableFile) as refused:
        open_tables(data, name)
    return refused.value.code


def test_points_with_properties():
    data = collection(
        feature(point(44.3661, 33.3152), الاسم="مستشفى", سعة=120, access=["ramp", "lift"]),
        feature(point(44, 33, 5), الاسم="", open=True),
        feature(None, الاسم="بلا موقع", detail={"a": 1}),
    )
    assert table(data) == [
        (0, ["الاسم", "سعة", "access", "open", "detail", "longitude", "latitude"]),
        (1, ["مستشفى", 120, "ramp;lift", None, None, Decimal("44.3661"), Decimal("33.3152")]),
        (2, [None, None, None, True, None, 44, 33]),
        (3, ["بلا موقع", None, None, None, '{"a": 1}', None, None]),
    ]


def test_other_geometries_stand_in_a_column_of_their_own():
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    (_number, heading), (_number, values) = table(collection(feature(line, a=1)))
    assert heading == ["a", "geometry"] and json.loads(values[1]) == line


def test_one_feature_a_mark_and_kinds_of_cells():
    data = b"\xef\xbb\xbf" + json.dumps(feature(point(1, 2), n=0.1, t="x", b=False)).encode()
    with open_tables(data) as tables:
        _heading, row = tables.sheets[0].rows()
    assert [cell.kind for cell in row.cells] == [
        Kind.NUMBER,
        Kind.TEXT,
        Kind.BOOLEAN,
        Kind.NUMBER,
        Kind.NUMBER,
    ]
    assert row.cells[0].value == Decimal("0.1")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{}", "not_geojson"),
        (b"[", "not_json"),
        (b'{"type": "FeatureCollection"}', "not_geojson"),
        (b'{"type": "FeatureCollection", "features": [}', "not_json"),
        (b'{"type": "Feature", "properties": {"a": NaN}}', "not_json"),
        (b"[" * 20_000 + b"]" * 20_000, "deep_nesting"),
    ],
)
def test_what_is_no_geojson(data, code):
    assert code_of(data) == code


def test_features_that_are_none_are_empty_rows_and_no_traceback():
    assert table(collection(1, None, "x", feature({"type": "Point", "coordinates": ["a", None]}, a=1))) == [
        (0, ["a", "geometry"]),
        (1, [None, None]),
        (2, [None, None]),
        (3, [None, None]),
        (4, [1, '{"type": "Point", "coordinates": ["a", null]}']),
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "features", "geometry", "properties", "coordinates", "a"]), inner
            )
        ),
        max_leaves=15,
    )
)
def test_any_json_is_read_or_refused(value):
    for data in (value, {"type": "FeatureCollection", "features": [value]}):
        try:
            table(json.dumps(data).encode())
        except UnreadableFile as refused:
            assert refused.code
