"""A server with a password: who is let in, how guesses are slowed, and how it stands behind a proxy."""

from urllib.parse import urlencode

import pytest

from familyabm.errors import InputError
from tests.asgi import HOST, ask
from visualization import door, limits
from visualization.door import ALL_TRIES, COOKIE, ENTER, HOURS, TRIES, Door, check_password, inside
from visualization.guard import Guard
from visualization.server import check_address

PASSWORD = "four plain words here"
OURS = f"http://{HOST}"
PROXY = "https://familyabm.example.gov.uk"


async def inner(scope, receive, send):
    """Say that one is in."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture
def guard() -> Guard:
    return Guard(inner, password=PASSWORD)


def enters(guard: Guard, password: str, further: str = "/", client: str = "10.0.0.1", origin: str = OURS):
    body = urlencode({"password": password, "further": further}).encode()
    return ask(guard, ENTER, method="POST", body=body, origin=origin, client=client)


def cookie_of(answer) -> str:
    return answer.headers["set-cookie"].partition(";")[0]


@pytest.mark.parametrize("path", ["/", "/compare", "/live/", "/lives/meta.json", "/enter", "/static", "/run/x"])
def test_nobody_without_the_password_sees_or_sends_anything(guard: Guard, path: str):
    for method in ("GET", "HEAD", "POST", "PUT"):
        found = ask(guard, path, method=method, origin=OURS)
        assert found.status == 401
        assert b"inside" not in found.body
    assert ask(guard, path, kind="websocket", origin=OURS).closed == 1008


def test_the_page_that_asks_has_its_style_and_keeps_where_one_was_going(guard: Guard):
    found = ask(guard, "/compare", "area=Leeds&shock=%22%3E%3Cscript%3E")
    assert 'value="/compare?area=Leeds&amp;shock=%22%3E%3Cscript%3E"' in found.text
    assert "default-src 'self'" in found.headers["content-security-policy"]
    assert found.headers["cache-control"] == "no-store"
    assert ask(guard, "/static/app.css").body == b"inside"


def test_who_knows_the_password_is_let_in_and_goes_on(guard: Guard):
    found = enters(guard, PASSWORD, "/compare?area=Leeds")
    assert (found.status, found.headers["location"]) == (303, "/compare?area=Leeds")
    assert "HttpOnly" in found.headers["set-cookie"]
    assert "SameSite=Lax" in found.headers["set-cookie"]
    assert ask(guard, cookie=f"other=1; {cookie_of(found)}").body == b"inside"
    assert ask(guard, kind="websocket", origin=OURS, cookie=cookie_of(found)).closed == 0


@pytest.mark.parametrize(
    "password", ["", "four plain words her", "four plain words here ", "FOUR PLAIN WORDS HERE", "\0", "x" * 5000]
)
def test_a_wrong_password_opens_nothing(guard: Guard, password: str):
    found = enters(guard, password)
    assert found.status == 401
    assert "set-cookie" not in found.headers


def test_a_cookie_of_another_server_or_made_up_opens_nothing(guard: Guard):
    real = cookie_of(enters(guard, PASSWORD)).partition("=")[2]
    other = cookie_of(enters(Guard(inner, password=PASSWORD), PASSWORD))
    number, _, signature = real.rpartition(".")
    made_up = ["", "x", ".", f"{number}.", f".{signature}", f"{number}x.{signature}", real[:-1], real.upper(), "é", '"']
    for value in made_up:
        assert ask(guard, cookie=f"{COOKIE}={value}").status == 401, value
    assert ask(guard, cookie=other).status == 401


def test_a_cookie_ends_with_the_day(monkeypatch: pytest.MonkeyPatch):
    now = [1000.0]
    known = Door(PASSWORD, clock=lambda: now[0])
    cookie = known.cookie().partition(";")[0]
    now[0] += 3600.0 * HOURS - 10.0
    assert known.lets_in(cookie)
    now[0] += 20.0
    assert not known.lets_in(cookie)


def test_guesses_are_slowed_down_for_one_address_and_for_all_together():
    now = [0.0]
    known = Door(PASSWORD, clock=lambda: now[0])
    right = urlencode({"password": PASSWORD}).encode()
    for _ in range(TRIES):
        assert known.answer("10.0.0.1", b"password=wrong")[0] == 401
    assert known.answer("10.0.0.1", right)[0] == 429  # even the right one is not looked at
    assert known.answer("10.0.0.2", right)[0] == 303
    for number in range(ALL_TRIES - TRIES):
        assert known.answer(f"10.0.1.{number}", b"password=wrong")[0] == 401
    assert known.answer("10.0.0.2", right)[0] == 429
    now[0] += 61.0
    assert known.answer("10.0.0.1", right)[0] == 303
    assert len(known._wrong) <= ALL_TRIES + 1  # what is remembered of guesses does not grow


def test_passwords_are_compared_in_a_time_that_tells_nothing(monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[bytes, bytes]] = []
    usual = door.hmac.compare_digest
    monkeypatch.setattr(
        door.hmac, "compare_digest", lambda one, other: compared.append((one, other)) or usual(one, other)
    )
    for given in ("x", PASSWORD[:-1] + "x", PASSWORD):
        Door(PASSWORD).knows("", given)
    assert len(compared) == 3
    assert {len(side) for pair in compared for side in pair} == {32}  # whatever was given, and however long


@pytest.mark.parametrize(
    "further",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x=1",
        "/\\\\x",
        "/é",
    ],
)
def test_one_goes_on_to_this_server_and_nowhere_else(guard: Guard, further: str):
    assert inside(further) == "/"
    assert enters(guard, PASSWORD, further).headers["location"] == "/"


def test_a_form_without_end_is_given_up(guard: Guard):
    body = b"password=" + b"x" * (limits.FORM + 1)
    assert ask(guard, ENTER, method="POST", body=body, origin=OURS).status == 401


def test_another_sites_page_cannot_even_guess(guard: Guard):
    assert enters(guard, PASSWORD, origin="https://evil.example").status == 403


@pytest.mark.parametrize("password", ["short", "x" * 201, "line\nbreak"])
def test_a_password_too_weak_to_be_one_is_refused_and_not_repeated(password: str):
    with pytest.raises(InputError, match="--password has") as refused:
        check_password(password)
    assert password not in str(refused.value)


# --- Behind a proxy that speaks TLS --------------------------------------------------------------------------------


def test_behind_a_proxy_its_own_pages_can_send_and_others_cannot():
    guard = Guard(inner, base=PROXY)
    host = PROXY.removeprefix("https://")
    assert ask(guard, method="POST", host=host, origin=PROXY).status == 200
    assert ask(guard, kind="websocket", host=host, origin=PROXY).closed == 0
    for origin in ("https://evil.example", f"{PROXY}.evil.example", f"{PROXY}:8443", "null", "", "://", "https://"):
        assert ask(guard, method="POST", host=host, origin=origin).status == 403, origin
    assert ask(guard, method="POST", host=host).status == 403


def test_behind_tls_the_cookie_and_the_server_stay_there():
    guard = Guard(inner, base=PROXY, password=PASSWORD)
    found = enters(guard, PASSWORD, origin=PROXY)
    assert "; Secure" in found.headers["set-cookie"]
    assert ask(guard).headers["strict-transport-security"].startswith("max-age=")
    assert "strict-transport-security" not in ask(Guard(inner)).headers


@pytest.mark.parametrize(
    "address",
    [
        "familyabm.example",
        "ftp://x.example",
        "https://x.example/path",
        "https://x.example?a=1",
        "https://user@x.example",
        "https://x example",
        "https://",
    ],
)
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(InputError, match="--address"):
        check_address(address)
    assert check_address(PROXY) == PROXY
