from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest

from tests.scripted_server import Reply, ScriptedServer, reply, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.command import Command, Done
    from tests.server.live import Api

NAMES = ["environment", "name", "connection", "TLS", "service", "key", "version", "model"]
KEY = "lm-a-secret"
WELL = {"status": "ok", "version": version("langmem"), "model_configured": True}
NO_FUNCTIONS = reply(200, {"memory_functions": [], "next_cursor": None})


def checks(done: Done) -> dict[str, Any]:
    """The checks by their names, which are all there whatever was found."""
    assert [row["check"] for row in done.values] == NAMES
    return {row["check"]: row for row in done.values}


def examined(command: Command, *script: Any) -> Done:
    """What the doctor says of a service that answers as scripted."""
    with serving() as server:
        server.script = list(script)
        return command("doctor", "--json", url=server.url)


def test_a_running_service_is_well(fresh_api: Api, command: Command) -> None:
    """Every check has its time; what could be better is a warning with a fix, and status 0."""
    done = command("doctor", "--json", url=fresh_api.url)
    found = checks(done)
    assert done.status == 0
    assert {row["status"] for row in found.values()} == {"ok", "warning"}
    assert all(row["ms"] >= 0 for row in found.values())
    assert [name for name in NAMES if found[name]["fix"]] == ["model"]
    assert "LANGMEM_LLM_MODEL" in found["model"]["fix"]
    assert fresh_api.url in found["environment"]["found"]


def test_a_stopped_service_is_told_from_a_sick_one(command: Command) -> None:
    """The first failure has the fix, nothing after it is checked, and the status is 1."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    done = command("doctor", "--json", url=f"http://127.0.0.1:{port}")
    found = checks(done)
    assert done.status == 1
    assert found["connection"]["status"] == "failed"
    assert f"port {port}: connection refused" in found["connection"]["found"]
    assert "langmem serve" in found["connection"]["fix"]
    after = [found[name] for name in NAMES[3:]]
    assert [(row["status"], row["ms"]) for row in after] == [("not checked", None)] * 5


def test_the_report_in_a_pipe_is_rows(command: Command) -> None:
    """Without JSON, and without a terminal, a check is a line of five fields."""
    rows = command("doctor", url="memory://").rows
    assert [row[0] for row in rows] == NAMES
    assert {len(row) for row in rows} == {5}
    assert [row[3] for row in rows[1:4]] == ["not needed: the service runs in this process"] * 3


def test_a_missing_url_fails_the_environment(command: Command) -> None:
    """Nothing is asked of anybody before there is somebody to ask."""
    done = command("doctor", "--json")
    found = checks(done)
    assert done.status == 1
    assert "pass --url, or set LANGMEM_API_URL" in found["environment"]["found"]
    assert "LANGMEM_API_KEY" in found["environment"]["fix"]


def test_a_local_file_that_cannot_be_used_fails_the_environment(command: Command) -> None:
    """A service in this process that does not start is no traceback."""
    found = checks(command("doctor", "--json", url="file:///no/such/directory/langmem.db"))
    assert "/no/such/directory does not exist" in found["environment"]["found"]


@pytest.mark.parametrize("host", ["langmem.invalid", "a" * 70])
def test_a_host_without_an_address(command: Command, host: str) -> None:
    """A name that nobody has, or that nobody can have, fails the name."""
    found = checks(command("doctor", "--json", url=f"http://{host}"))
    assert found["name"]["status"] == "failed"
    assert "LANGMEM_API_URL" in found["name"]["fix"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(404, {"detail": "Nothing here."}),
        reply(200),
        reply(200, ["UP"]),
        reply(200, {"status": "UP"}),
        Reply(200, b"<html>"),
    ],
    ids=repr,
)
def test_something_else_at_the_url(command: Command, answer: Reply) -> None:
    """Another program's answer fails the service, whatever it is."""
    found = checks(examined(command, answer))
    assert found["service"]["status"] == "failed"
    assert "Correct the URL" in found["service"]["fix"]


def test_a_service_that_needs_attention(command: Command) -> None:
    """A status other than ok fails the service, in its word."""
    found = checks(examined(command, reply(200, {**WELL, "status": "read-only"})))
    assert found["service"]["found"] == "The service says 'read-only'"


def test_a_refused_key(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fix names the variable; the key is nowhere in the report."""
    monkeypatch.setenv("LANGMEM_API_KEY", KEY)
    refusal = reply(401, {"detail": "The key is not valid."})
    done = examined(command, reply(200, WELL), refusal)
    found = checks(done)
    assert found["key"]["found"] == "The service refuses the key: The key is not valid."
    assert "LANGMEM_API_KEY" in found["key"]["fix"]
    assert "a key" in found["environment"]["found"]
    assert KEY not in done.out + done.err


def test_a_service_that_fails_the_first_real_question(command: Command) -> None:
    """An error that is not about the key does not blame the key."""
    found = checks(examined(command, reply(200, WELL), reply(501, {"detail": "Broken."})))
    assert found["key"]["status"] == "failed"
    assert "log" in found["key"]["fix"]


def test_a_service_with_a_key_and_a_model_is_all_green(command: Command) -> None:
    """Nothing is red or yellow where nothing is to be done."""
    found = checks(examined(command, reply(200, WELL), NO_FUNCTIONS))
    assert {row["status"] for row in found.values()} == {"ok"}


@pytest.mark.parametrize(
    ("theirs", "status"), [("0.1.99", "ok"), ("0.2.0", "warning"), ("1.0.0", "warning")]
)
def test_versions_that_do_not_go_together(command: Command, theirs: str, status: str) -> None:
    """Before 1.0 the second number must agree, and the fix says what to install."""
    assert version("langmem").startswith("0.1.")
    found = checks(examined(command, reply(200, {**WELL, "version": theirs}), NO_FUNCTIONS))
    assert found["version"]["status"] == status
    assert (f"langmem=={theirs}" in (found["version"]["fix"] or "")) == (status == "warning")


def test_a_proxy_is_what_is_connected_to(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the client goes through a proxy, the checks look at the proxy."""
    with serving() as proxy:
        proxy.script = [reply(200, WELL), NO_FUNCTIONS]
        monkeypatch.setenv("http_proxy", proxy.url.removeprefix("http://"))
        found = checks(command("doctor", "--json", url="http://langmem.invalid"))
    assert found["name"]["found"] == "127.0.0.1, a proxy: 127.0.0.1"
    assert found["TLS"]["status"] == "warning"
    assert found["model"]["status"] == "ok"


def test_tls_through_a_proxy_is_left_to_the_client(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection to a proxy is no connection to the service yet; a proxy that refuses is told."""
    with serving() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        found = checks(command("doctor", "--json", url="https://langmem.invalid"))
    assert "through the proxy" in found["TLS"]["found"]
    assert found["service"]["status"] == "failed"


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody has signed, its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificates of these tests")
    return make_certificate(tmp_path_factory.mktemp("tls"), days=90)


def make_certificate(folder: Path, days: int) -> Path:
    """Make a certificate that signs itself."""
    path = folder / f"{days}.pem"
    key = folder / "key.pem"
    options = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days), "-subj", "/CN=test"]
    extra = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(path)]
    subprocess.run(["openssl", "req", *options, *extra], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path


@contextmanager
def serving_tls(certificate: Path) -> Iterator[str]:
    """A service that is well and speaks TLS; give its URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ScriptedServer() as server:
        # The doctor's own connection asks nothing: then the server's first request is the client's.
        server.script = [reply(200, WELL), NO_FUNCTIONS]
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.url.replace("http", "https")
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


def test_a_valid_certificate_shows_its_days(
    command: Command, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS that works is green, with the days that are left."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving_tls(certificate) as url:
        found = checks(command("doctor", "--json", url=url))
    assert found["TLS"]["status"] == "ok"
    assert "valid for 89 more days" in found["TLS"]["found"]


def test_a_certificate_that_ends_soon_is_a_warning(
    command: Command, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What will break is told before it does."""
    short = make_certificate(certificate.parent, days=5)
    monkeypatch.setenv("SSL_CERT_FILE", str(short))
    with serving_tls(short) as url:
        found = checks(command("doctor", "--json", url=url))
    assert found["TLS"]["status"] == "warning"
    assert found["TLS"]["fix"] == "Renew the certificate."


def test_a_certificate_that_nobody_trusts_fails(command: Command, certificate: Path) -> None:
    """The fix names the variable for an authority of one's own."""
    with serving_tls(certificate) as url:
        done = command("doctor", "--json", url=url)
    found = checks(done)
    assert done.status == 1
    assert "certificate is not valid" in found["TLS"]["found"]
    assert "SSL_CERT_FILE" in found["TLS"]["fix"]


def test_plain_http_behind_https(command: Command) -> None:
    """A port that does not speak TLS fails it, and the fix is the other scheme."""
    with serving() as server:
        done = command("doctor", "--json", url=server.url.replace("http", "https"))
    found = checks(done)
    assert found["TLS"]["status"] == "failed"
    assert "http://" in found["TLS"]["fix"]
