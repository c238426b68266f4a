"""Incident S16: sign-in itself was down, and locked everyone out. A provider that is dead, hangs or babbles, for real."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from livlina.across.portal import outside
from livlina.across.portal.tests.oidc_provider import Provider
from livlina.across.portal.tests.test_staff_sign_in import come_in

WITHIN = 2.5


class Broken:
    """A TCP server that treats whoever comes in one bad way."""

    def __init__(self, treat: Callable[[socket.socket, threading.Event], None]) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.over = threading.Event()
        self.visits = 0
        self.treat = treat
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self.listening.accept()
                self.visits += 1
                threading.Thread(target=self._serve, args=(visitor,), daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor, contextlib.suppress(OSError):
            self.treat(visitor, self.over)

    def close(self) -> None:
        self.over.set()
        self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join()


def hangs(visitor: socket.socket, over: threading.Event) -> None:
    over.wait(30)


def drips(visitor: socket.socket, over: threading.Event) -> None:
    visitor.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not over.wait(0.2):
        visitor.sendall(b" ")


def says(answer: bytes) -> Callable[[socket.socket, threading.Event], None]:
    def speak(visitor: socket.socket, over: threading.Event) -> None:
        visitor.recv(65_536)
        visitor.sendall(answer)

    return speak


def body(status: str, content: bytes) -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(content), content)


WAYS = {
    "hangs": hangs,
    "drips": drips,
    "garbage": says(b"\x00\x01\x02 nothing like HTTP\r\n\r\n"),
    "closes": says(b""),
    "error 500": says(body("500 Oh no", b"{}")),
    "not json": says(body("200 OK", b"<html>welcome</html>")),
    "a list": says(body("200 OK", b"[1, 2]")),
    "an empty object": says(body("200 OK", b"{}")),
    "another's description": says(
        body("200 OK", b'{"issuer": "http://127.0.0.1:1", "authorization_endpoint": "x"}')
    ),
    "redirects": says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
}


@pytest.fixture
def broken(provider_at) -> Iterator[Callable[[str], Broken]]:
    made: list[Broken] = []

    def make(way: str) -> Broken:
        made.append(Broken(WAYS[way]))
        provider_at(made[-1].url)
        return made[-1]

    yield make
    for one in made:
        one.close()


def try_it(browser, name: str = "staff") -> tuple[int, str, float]:
    start = time.monotonic()
    answer = browser.get(f"/account/with/{name}/", {"municipality": "asvalla"})
    return answer.status_code, answer.content.decode(), time.monotonic() - start


@pytest.mark.parametrize("way", WAYS)
def test_a_provider_that_misbehaves_gives_a_worded_page_in_time(nobody, broken, way: str) -> None:
    broken(way)
    status, page, seconds = try_it(nobody)
    assert status == 503
    assert "Inloggningstjänsten svarar inte just nu" in page
    assert "Logga in med passkey" in page
    assert seconds < WITHIN


def test_a_provider_that_is_not_there_gives_the_same_page(nobody, provider_at) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    provider_at(f"http://127.0.0.1:{port}")
    status, page, seconds = try_it(nobody, "eid")
    assert status == 503
    assert "Ring kommunens kontaktcenter" in page
    assert seconds < WITHIN


def test_the_next_user_gets_the_page_at_once_and_the_provider_is_left_in_peace(nobody, broken) -> None:
    server = broken("hangs")
    try_it(nobody)
    for _ in range(5):
        status, _, seconds = try_it(nobody)
        assert status == 503
        assert seconds < 0.5
    assert server.visits == 1


def test_one_provider_down_does_not_close_the_other(nobody, broken, provider_at, settings) -> None:
    broken("hangs")
    try_it(nobody, "eid")
    well = Provider()
    provider_at(well.url)
    assert nobody.get("/account/with/staff/").status_code == 302
    well.close()


def test_after_fifteen_seconds_it_is_tried_again_by_one_and_opens_when_it_is_well() -> None:
    time_is = [100.0]
    guard = outside.Breaker("staff", clock=lambda: time_is[0])
    guard.admit()
    guard.leave(healthy=False)
    time_is[0] += 14
    with pytest.raises(outside.ProviderAway):
        guard.admit()
    time_is[0] += 2
    guard.admit()
    with pytest.raises(outside.ProviderAway):
        guard.admit()
    guard.leave(healthy=True)
    guard.admit()
    guard.leave(healthy=True)


def test_at_most_four_requests_wait_for_a_provider() -> None:
    guard = outside.Breaker("staff")
    for _ in range(4):
        guard.admit()
    with pytest.raises(outside.ProviderAway):
        guard.admit()
    guard.leave(healthy=True)
    guard.admit()


def test_it_dies_between_question_and_answer(nobody, karin, provider_at) -> None:
    well = Provider()
    provider_at(well.url)
    well.is_person(email="karin.ekdal@test.livlina.example", email_verified=True)
    begun = nobody.get("/account/with/staff/").headers["Location"]
    with requests.Session() as browser:
        browser.trust_env = False
        back = browser.get(begun, allow_redirects=False, timeout=5).headers["Location"]
    well.close()
    start = time.monotonic()
    answer = nobody.get(back.removeprefix("http://localhost"))
    assert answer.status_code == 503
    assert time.monotonic() - start < WITHIN


def test_a_stranger_with_a_wrong_code_cannot_shut_the_door_for_others(nobody, provider_at) -> None:
    well = Provider()
    provider_at(well.url)
    from urllib.parse import parse_qs, urlsplit

    for _ in range(3):
        state = parse_qs(urlsplit(nobody.get("/account/with/staff/").headers["Location"]).query)["state"][0]
        assert nobody.get("/account/with/staff/back/", {"code": "wrong", "state": state}).status_code == 401
    well.close()


def test_with_the_provider_dead_the_password_still_opens(nobody, karin, with_password, broken) -> None:
    broken("hangs")
    with_password(karin)
    try_it(nobody)
    assert come_in(nobody).headers["Location"] == "/start/"


def test_outside_demo_and_tests_an_unencrypted_provider_is_not_asked(nobody, broken, settings) -> None:
    server = broken("an empty object")
    settings.TEST = settings.DEMO = False
    assert try_it(nobody)[0] == 503
    assert server.visits == 0
