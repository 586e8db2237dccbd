"""The sandbox's mailbox: what a web hook of alerts is told is kept, listed, and shown as a page."""

import re
from pathlib import Path

import pytest
import requests

from o2c_orchestration.sandbox.server import SandboxServer


@pytest.fixture
def box(tmp_path: Path):
    """A running sandbox's mailbox."""
    with SandboxServer(tmp_path) as sandbox:
        yield f"{sandbox.base_url}/_sandbox/mailbox"


def test_messages_are_kept_in_order_and_outlive_the_sandbox(tmp_path: Path):
    """What was posted is listed, after a restart too."""
    with SandboxServer(tmp_path) as sandbox:
        for number in range(3):
            body = {"version": "1.0", "title": f"T{number}", "message": "m", "type": "failure"}
            assert requests.post(f"{sandbox.base_url}/_sandbox/mailbox", json=body, timeout=10).status_code == 201
    with SandboxServer(tmp_path) as sandbox:
        found = requests.get(f"{sandbox.base_url}/_sandbox/mailbox", timeout=10).json()
        assert [each["title"] for each in found] == ["T0", "T1", "T2"]
        assert {each["type"] for each in found} == {"failure"}
        requests.delete(f"{sandbox.base_url}/_sandbox/mailbox", timeout=10)
        assert requests.get(f"{sandbox.base_url}/_sandbox/mailbox", timeout=10).json() == []


def test_the_page_shows_text_and_runs_none_of_it(box: str):
    """Titles and messages are escaped, and an unknown type is none of the page's own."""
    wrong = "<script>alert(1)</script>"
    requests.post(box, json={"title": wrong, "message": wrong, "type": '"><script>'}, timeout=10)
    page = requests.get(box + ".html", timeout=10)
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text
    assert page.text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert "Messages: 1" in page.text


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"title": "no message"}', b"x" * (1 << 21)])
def test_what_is_no_message_is_refused(box: str, body: bytes):
    """And nothing is kept of it."""
    assert requests.post(box, data=body, timeout=10).status_code == 400
    assert requests.get(box, timeout=10).json() == []


def test_the_sandboxs_address_is_a_page_whose_links_answer(box: str):
    """The demo prints that address: whoever opens it is not told that nothing is there."""
    address = box.removesuffix("/_sandbox/mailbox")
    page = requests.get(address + "/", timeout=10)
    assert page.headers["content-type"].startswith("text/html")
    links = re.findall('href="([^"]+)"', page.text)
    assert f"{box}.html".removeprefix(address) in links
    assert {requests.get(address + link, timeout=10).status_code for link in links} == {200}
