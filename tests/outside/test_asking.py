"""Other sites are asked politely, and what they answer is understood."""

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbtool.asynchronous import finished
from kbtool.outside.addresses import Reach
from kbtool.outside.asking import World, ask_all
from kbtool.outside.manners import Manners
from kbtool.outside.robots import read_robots
from kbtool.outside.verdict import Verdict
from kbtool.web import AGENT, Response, open_lines
from tests.outside.strangers import Stranger, closed_port, silence, stranger

REACH = Reach(ask=("127.0.0.1", "localhost", "*.test"))
QUICK = Manners(delay=0.0, patience=0.4, reach=REACH)


@pytest.fixture(scope="module")
def site() -> Iterator[Stranger]:
    with stranger() as one:
        yield one


def answers(addresses: Iterable[str], manners: Manners = QUICK) -> Mapping[str, Verdict]:
    found: dict[str, Verdict] = {}
    finished(lambda: ask_all(addresses, manners, found.__setitem__))
    return found


def answer(address: str, manners: Manners = QUICK) -> tuple[str, str]:
    verdict = answers([address], manners)[address]
    return verdict.state, verdict.said


SAID = {
    "/": "answers",
    "/404": "dead: 404 Not Found",
    "/410": "dead: 410 Gone",
    "/401": "unknown: 401",
    "/403": "unknown: 403",
    "/500": "unknown: 500",
    "/503": "unknown: 503",
    "/999": "unknown: 999",
    "/for-now": "answers",
    "/moved": "moved to /new",
    "/moved-for-good": "moved to /new?page=2",
    "/moved-then-for-now": "moved to /for-now",
    "/moved-home": "moved to /",
    "/for-now-then-moved": "answers",
    "/for-members": "unknown: asks for a login",
    "/login": "answers",
    "/moved-away": "dead: 404 Not Found",
    "/moved-to-403": "unknown: 403",
    "/loop": "unknown: redirects without end",
    "/round": "unknown: redirects without end",
    "/no-head": "answers",
    "/wrong-head": "answers",
    "/into-a-program": "answers",
    "/into-the-house": "unknown: leads to where nobody is asked",
    "/nowhere": "unknown: an address that cannot be asked",
    "/über?a=ö b": "answers",
}


def test_what_a_site_answers_is_understood(site: Stranger) -> None:
    verdicts = answers(site.url + path for path in SAID)
    words = {
        address.removeprefix(site.url): verdict.state
        + (f": {verdict.said}" if verdict.said else "")
        + (f" to {verdict.to.removeprefix(site.url)}" if verdict.to else "")
        for address, verdict in verdicts.items()
    }
    assert words == SAID


@pytest.mark.parametrize("path", ["/never", "/drips"])
def test_nobody_is_waited_for_longer_than_patience_lasts(site: Stranger, path: str) -> None:
    begin = time.monotonic()
    assert answer(site.url + path, Manners(delay=0, patience=0.1, reach=REACH)) == ("unknown", "no answer in time")
    assert time.monotonic() - begin < 1


def test_a_host_that_never_says_a_word_is_left_alone_soon() -> None:
    begin = time.monotonic()
    with silence() as url:
        verdicts = answers([f"{url}/{number}" for number in range(20)], Manners(delay=0, patience=0.1, reach=REACH))
    assert {verdict.said for verdict in verdicts.values()} == {"no answer in time"}
    assert not any(verdict.reached for verdict in verdicts.values())
    assert time.monotonic() - begin < 1


def test_a_slow_host_is_left_alone_after_three_times() -> None:
    with stranger() as site:
        slow = Manners(delay=0, patience=0.05, reach=REACH)
        site.moment = 0.2
        verdicts = answers([f"{site.url}/{number}" for number in range(20)], slow)
        assert {verdict.said for verdict in verdicts.values()} == {"no answer in time"}
        assert len(site.asked) <= 4


def test_a_host_that_takes_no_connections_or_has_no_name_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def names(host: Any, *others: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's own
        name = host.decode() if isinstance(host, bytes) else host
        if name == "gone.test":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        if name == "offline.test":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return look_up(host, *others, **named)

    monkeypatch.setattr(socket, "getaddrinfo", names)
    assert answer(f"http://127.0.0.1:{closed_port()}/") == ("dead", "the host takes no connections")
    assert answer("https://gone.test/") == ("dead", "there is no such host")
    assert answer("https://offline.test/") == ("unknown", "the connection broke")
    assert answer(f"https://{'long' * 20}.test/")[0] in ("dead", "unknown")


@contextmanager
def encrypted(folder: Path, name: str) -> Iterator[str]:
    """Give the address of a host with a certificate for this name that it has signed itself."""
    x509 = pytest.importorskip("cryptography.x509", reason="needs the extra sftp")
    import datetime  # noqa: PLC0415

    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    day = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(day).not_valid_after(day.replace(year=2120)).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / "both.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def shake_hands() -> None:
            for _ in range(2):
                try:
                    context.wrap_socket(server.accept()[0], server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=shake_hands, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/"
        server.settimeout(0)


def test_a_certificate_that_is_not_valid_is_dead(tmp_path: Path) -> None:
    with encrypted(tmp_path, "another.example") as url:
        assert answers([url])[url] == Verdict("dead", "its certificate is not valid")


def test_a_site_that_speaks_no_tls_is_not_judged(site: Stranger) -> None:
    assert answer(f"https://127.0.0.1:{site.port}/")[0] == "unknown"


def test_head_is_enough_where_it_is_answered() -> None:
    with stranger() as site:
        answers([f"{site.url}/a", f"{site.url}/b"])
        assert sorted(site.asked) == [("HEAD", "/a"), ("HEAD", "/b")]


def test_a_host_that_refused_head_is_asked_with_get_at_once() -> None:
    async def one_after_another(url: str) -> None:
        async with open_lines("kbtool", at_once=1, patience=1) as lines:
            world = World(lines, QUICK)
            for number in range(3):
                await world.visit(f"{url}/no-head-{number}")

    with stranger() as site:
        finished(lambda: one_after_another(site.url))
        assert [method for method, _ in site.asked] == ["HEAD", "GET", "GET", "GET"]


def test_a_huge_page_is_not_read() -> None:
    with stranger() as site:
        assert answer(f"{site.url}/huge") == ("answers", "")
        time.sleep(0.1)
        assert site.sent < 50_000_000


def test_a_few_at_once_and_fewer_of_one_host() -> None:
    with stranger(moment=0.02) as one, stranger(moment=0.02) as other:
        addresses = [f"{one.url}/{number}" for number in range(12)]
        answers(addresses, Manners(delay=0, patience=2, per_host=2, reach=REACH))
        assert one.at_once == 2
        both = [*addresses, *(f"http://localhost:{other.port}/{number}" for number in range(12))]
        answers(both, Manners(delay=0, patience=2, per_host=8, at_once=3, reach=REACH))
        assert one.at_once <= 3
        assert other.at_once <= 3


def test_requests_to_one_host_are_some_time_apart() -> None:
    with stranger() as site:
        answers([f"{site.url}/{number}" for number in range(5)], Manners(delay=0.03, patience=2, reach=REACH))
        gaps = [after - before for before, after in zip(site.begun, site.begun[1:], strict=False)]
        assert len(gaps) == 5
        assert sum(gaps) >= 5 * 0.03 - 0.02


def test_a_host_that_has_had_enough_is_left_alone() -> None:
    with stranger() as site:
        verdicts = answers([f"{site.url}/429", *(f"{site.url}/x{number}" for number in range(30))])
        assert verdicts[f"{site.url}/429"] == Verdict("unknown", "429")
        assert len(site.asked) < 10
        assert "429" in {verdict.said for address, verdict in verdicts.items() if "x" in address}


ROBOTS = "User-agent: *\nDisallow: /private\n\nUser-agent: kbtool\nDisallow: /not-for-kbtool\n"


def test_what_robots_txt_forbids_is_not_asked() -> None:
    with stranger(ROBOTS) as site:
        assert answer(f"{site.url}/not-for-kbtool/x") == ("unknown", "robots.txt")
        assert answer(f"{site.url}/private") == ("answers", "")
        assert site.times("/not-for-kbtool/x") == 0
        assert all(agent.startswith(AGENT) for agent in site.agents)


@pytest.mark.parametrize(
    ("robots", "said"),
    [
        (403, ""),
        (404, ""),
        (500, "robots.txt: 500"),
        (429, "robots.txt: 429"),
        ("\x00\xff[", ""),
        ("User-agent: *\nDisallow: /", "robots.txt"),
    ],
)
def test_a_robots_txt_that_is_not_there_forbids_nothing_and_a_broken_host_all(robots: str | int, said: str) -> None:
    with stranger(robots) as site:
        assert answer(f"{site.url}/a") == ("unknown" if said else "answers", said)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_whatever_a_robots_txt_holds_it_can_be_read(content: bytes, path: str) -> None:
    async def ask(_method: str, address: str, _most: int) -> Response:
        return Response(200, "OK", {}, content, address)

    robots = finished(lambda: read_robots(f"https://a.test/{path}", ask, lambda _: True))
    assert 0 <= robots.delay <= 10
    robots.forbid("https://a.test/x")


def test_a_wish_for_a_pause_of_years_is_not_obeyed() -> None:
    async def ask(_method: str, address: str, _most: int) -> Response:
        return Response(200, "OK", {}, b"User-agent: *\nCrawl-delay: " + b"9" * 4000 + b"\n", address)

    assert finished(lambda: read_robots("https://a.test/", ask, lambda _: True)).delay == 10


def test_many_addresses_of_nobody_end_at_once() -> None:
    port = closed_port()
    verdicts = answers([f"http://127.0.0.1:{port}/{number}" for number in range(200)])
    assert {verdict.state for verdict in verdicts.values()} == {"dead"}
    assert not any(verdict.reached for verdict in verdicts.values())
