"""Promises of one exchange: what counts as surely unsent, and how much of an answer is read."""

import gzip
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from o2c_orchestration.clients._http import NoAnswer, NotSent, exchange, open_session, unsigned
from o2c_orchestration_tests.wire_fake import Reply, WireFake, closed_port


def get(url: str, body_limit: int = 1000) -> bytes:
    session = open_session(url, 1, unsigned)
    return exchange(session, "GET", url, timeout=(1, 1), body_limit=body_limit).body


def certificate(folder: Path) -> Path:
    """A key and a certificate that nobody vouches for, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "server.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def test_untrusted_certificate_is_surely_unsent(tmp_path: Path) -> None:
    """A certificate that is not accepted ends the handshake, so no request and no key has left."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(tmp_path))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with pytest.raises(NotSent, match="certificate"):
            get(f"https://localhost:{server.server_address[1]}/")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_broken_tls_proves_nothing() -> None:
    """A TLS failure other than a refused certificate does not count as unsent."""
    with WireFake(Reply(400)) as fake, pytest.raises(NoAnswer):
        get(fake.base_url.replace("http:", "https:"))


def test_closed_port_is_surely_unsent() -> None:
    """No connection, no request."""
    with pytest.raises(NotSent, match="not accepted"):
        get(f"http://127.0.0.1:{closed_port()}/")


@pytest.mark.parametrize("packed", [False, True])
def test_answer_is_read_up_to_a_limit(packed: bool) -> None:
    """A body at the limit is read, one over it is not; what counts is its size after decompression."""
    headers = {"Content-Encoding": "gzip"} if packed else {}
    for size in (1000, 1001):
        content = b"x" * size
        with WireFake(Reply(200, gzip.compress(content) if packed else content, headers)) as fake:
            if size == 1000:
                assert get(fake.base_url) == content
            else:
                with pytest.raises(NoAnswer, match="larger"):
                    get(fake.base_url)


def test_cookies_are_not_kept() -> None:
    """What one answer sets, the next request does not carry."""
    with WireFake(Reply(200, b"", {"Set-Cookie": "session=1"})) as fake:
        session = open_session(fake.base_url, 1, unsigned)
        for _ in range(2):
            exchange(session, "GET", fake.base_url, timeout=(1, 1))
    assert [seen.headers.get("Cookie") for seen in fake.seen] == [None, None]
