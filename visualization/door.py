"""The password of a server that has one: who knows it is given a cookie, and who guesses has to wait.

The cookie is signed with a secret that is made anew at every start and never written, so a restart lets nobody stay.
"""

import hashlib
import hmac
import secrets
import time
from collections import deque
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from jinja2 import Environment

from familyabm.errors import InputError

COOKIE, ENTER = "familyabm-door", "/enter"
SHORTEST, LONGEST = 8, 200
"""Characters of a password."""
HOURS = 12
"""Hours for which a browser is let in."""
TRIES, ALL_TRIES, MINUTE = 10, 60, 60.0
"""Wrong passwords in a minute from one address, and from all together, before no more are looked at."""


def check_password(password: str) -> str:
    """Return a password that is long enough to be one, else raise InputError; it is never repeated in a message."""
    if not SHORTEST <= len(password) <= LONGEST or not password.isprintable():
        raise InputError(
            f"--password has {len(password)} characters; {SHORTEST} to {LONGEST} that can be typed are accepted."
        )
    return password


def inside(path: str) -> str:
    """Return a path of this server to go on to, its home where another place is meant."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isascii() and path.isprintable()
    return path if fine and "\\" not in path else "/"


class Door:
    """Knows the password, who has given it, and how often somebody has been wrong."""

    def __init__(self, password: str, secure: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep a password. secure: the cookie travels by https alone.  clock: seconds."""
        self._digest = hashlib.sha256(password.encode()).digest()
        self._secret, self._secure, self._clock = secrets.token_bytes(32), secure, clock
        self._wrong: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def _signed(self, number: str) -> str:
        return hmac.new(self._secret, number.encode(), hashlib.sha256).hexdigest()

    def lets_in(self, cookies: str) -> bool:
        """Tell whether a Cookie header holds what this server has given out, and not too long ago."""
        try:
            found = SimpleCookie(cookies).get(COOKIE)
        except CookieError:
            return False
        number, _, signature = (found.value if found else "").rpartition(".")
        if not hmac.compare_digest(self._signed(number).encode(), signature.encode("utf-8", "replace")):
            return False
        return self._clock() - float(number.partition("-")[0]) < 3600.0 * HOURS

    def cookie(self) -> str:
        """Return a cookie for one browser that knows the password."""
        number = f"{self._clock():.0f}-{secrets.token_hex(16)}"
        tail = "; Secure" if self._secure else ""
        value = f"{number}.{self._signed(number)}"
        return f"{COOKIE}={value}; Path=/; Max-Age={3600 * HOURS}; HttpOnly; SameSite=Lax{tail}"

    def waits(self, address: str) -> bool:
        """Tell whether an address, or everybody, has been wrong too often within the last minute."""
        return self._recent(self._wrong.get(address, deque())) >= TRIES or self._recent(self._all) >= ALL_TRIES

    def _recent(self, times: deque[float]) -> int:
        while times and times[0] < self._clock() - MINUTE:
            times.popleft()
        return len(times)

    def knows(self, address: str, given: str) -> bool:
        """Tell whether a password is the right one, in a time that tells nothing of it; a wrong one is remembered."""
        right = hmac.compare_digest(hashlib.sha256(given.encode("utf-8", "replace")).digest(), self._digest)
        if not right:
            self._all.append(self._clock())
            self._wrong = {one: times for one, times in self._wrong.items() if self._recent(times)}
            self._wrong.setdefault(address, deque()).append(self._clock())
        return right

    def answer(self, address: str, body: bytes) -> tuple[int, str, str]:
        """Return the status, what is said and where to go on, of a form that was sent."""
        if self.waits(address):
            return 429, "There were too many wrong passwords. Wait a minute, then try again.", "/"
        form = parse_qs(body.decode("utf-8", "replace"))  # of a few kilobytes
        further = inside(form.get("further", ["/"])[0])
        if self.knows(address, form.get("password", [""])[0][:LONGEST]):
            return 303, "", further
        return 401, "That is not the password of this server.", further


def page(environment: Environment, said: str, further: str) -> bytes:
    """Return the page that asks for the password."""
    return environment.get_template("door.html.j2").render(said=said, further=further, enter=ENTER).encode()
