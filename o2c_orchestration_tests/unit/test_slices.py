"""Cutting a page of a Stripe list into objects."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.clients._slices import cut

NESTED = {"id": "in_9", "lines": {"object": "list", "data": [{"id": "il_1"}, {"id": "il_2"}], "has_more": False}}
VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


COMPACT: dict[str, Any] = {"separators": (",", ":")}
PRETTY: dict[str, Any] = {"indent": 2}


def body(objects: list[dict[str, Any]], style: dict[str, Any]) -> bytes:
    """A list in the order in which Stripe renders its fields."""
    page = {"object": "list", "data": objects, "has_more": True, "url": "/v1/invoices"}
    return json.dumps(page, **style).encode()


@given(st.lists(st.dictionaries(st.text(), VALUES), min_size=1), st.sampled_from([COMPACT, PRETTY]))
def test_pieces_are_the_objects_of_the_list(rests: list[dict[str, Any]], style: dict[str, Any]) -> None:
    """Whatever objects hold, their pieces parse to the same objects in the same order."""
    objects = [{"id": "", **rest, "end": "]}"} | {"id": f"in_{number}"} for number, rest in enumerate(rests)]
    page = body(objects, style)
    found = cut(page)
    assert found is not None
    assert orjson.loads(page)["data"] == [orjson.loads(piece) for piece in found[0]]
    assert found[1] is True


@pytest.mark.parametrize("style", [COMPACT, PRETTY])
def test_nested_lists_stay_whole(style: dict[str, Any]) -> None:
    """Lines of an invoice are no objects of the page."""
    found = cut(body([NESTED, NESTED], style))
    assert found is not None
    assert [NESTED, NESTED] == [orjson.loads(piece) for piece in found[0]]


def test_a_nested_twin_is_noticed() -> None:
    """Where a nested object begins like those of the list, some piece is not JSON, so nobody believes the pieces."""
    found = cut(body([{"id": "in_1", "others": [{"id": "in_2"}, {"id": "in_3"}]}], COMPACT))
    assert found is not None
    with pytest.raises(orjson.JSONDecodeError):
        [orjson.loads(piece) for piece in found[0]]


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"[]",
        b'{"object":"list","data":[],"has_more":false}',
        b'{"object":"search_result","data":[{"id":"in_1"}],"has_more":false}',
        b'{"object":"list","data":[{"id":"in_1"}]}',
        b'{"object":"list","data":[{"amount":1}],"has_more":false}',
        b'{"object":"list","data":[{"id":"in_1"}',
    ],
)
def test_what_looks_odd_is_not_cut(odd: bytes) -> None:
    """Anything but a list in the usual form is left to the parser."""
    assert cut(odd) is None
