"""The workshop's server as others on the network meet it: who may do what, what a crash leaves, thirty phones at once."""

import contextlib
import http.client
import json
import random
import re
import statistics
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest

from familyabm.errors import InputError
from familyabm.workshop import files
from tests.app_pages import begun
from tests.workshop_room import BETS, FIVE, PATIENCE, PICKS, Room, at
from visualization import worker
from visualization.jobs import Jobs
from visualization.workshop.keeper import Keeper

pytestmark = pytest.mark.slow


class Phone:
    """A device without a browser: it keeps its cookie and follows no redirect."""

    def __init__(self, room: Room, table: str = "") -> None:
        self.room, self.cookie = room, ""
        if table:
            assert self.post("/join", f"code={room.code}")[0] == 303
            assert self.post("/seat", f"table={table}")[0] == 303

    def ask(self, path: str, data: str | None = None, origin: bool = True) -> tuple[int, str]:
        asked = urllib.request.Request(self.room.address + path, data=None if data is None else data.encode())
        if self.cookie:
            asked.add_header("Cookie", self.cookie)
        if origin:
            asked.add_header("Origin", self.room.address)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay())
        try:
            with opener.open(asked, timeout=60) as answer:
                return self._took(answer)
        except urllib.error.HTTPError as error:
            return self._took(error)

    def _took(self, answer) -> tuple[int, str]:
        for cookie in answer.headers.get_all("set-cookie") or []:
            self.cookie = cookie.partition(";")[0]
            assert "HttpOnly" in cookie and "SameSite=strict" in cookie
        return answer.status, answer.read().decode("utf-8", "replace")

    def post(self, path: str, data: str) -> tuple[int, str]:
        return self.ask(path, data)

    def send(self, number: int, seat: str, option: str, bet: str) -> int:
        return self.post("/team", f"round={number}&choice.{seat}={option}&bet={bet}")[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Iterator[Room]:
    with begun(Room(tmp_path_factory.mktemp("room"))) as found:
        yield found


def go_to(room: Room, place: str) -> None:
    while at(room) != place:
        assert room.lead("forward")[0] == 200


# --- Who may do what ---


def test_nobody_joins_or_leads_without_the_code_or_the_key(room):
    stranger = Phone(room)
    assert stranger.ask("/team")[0] == 303 and stranger.ask("/seat")[0] == 303
    for path in ("/facilitator", "/facilitator/hand", "/facilitator/delete", "/facilitator/take/room.json"):
        assert stranger.ask(path)[0] == 403
    assert stranger.ask("/screen")[0] == 303 and stranger.ask("/screen/wait?since=x")[0] == 403
    assert room.code not in stranger.ask("/")[1]
    assert stranger.post("/seat", "table=schools")[0] == 303
    assert stranger.send(1, "schools", "wait", "up") == 303
    assert "schools" not in room.state["here"]


def test_a_teams_device_cannot_act_as_the_facilitator_or_for_another_table(room):
    phone = Phone(room, "schools")
    step = room.state["step"]
    for path, data in (
        ("/facilitator/go", f"does=forward&step={step}"), ("/facilitator/hand", "table=police&round=1"),
        ("/facilitator/delete", "sure=yes"), ("/facilitator/begin", "area=Leeds&minutes=60&families=600"),
    ):  # fmt: skip
        assert phone.post(path, data)[0] == 403
    assert phone.ask("/facilitator?key=" + phone.cookie.partition("=")[2])[0] == 422
    assert room.state["step"] == step and room.kept.exists()


def test_a_room_that_no_phone_reaches_says_so_and_wrong_codes_and_keys_are_slowed_down_after_ten_a_minute(tmp_path):
    own = Room(tmp_path, "--new")
    own.start()
    try:
        shown = own.ask("/screen?part=1")[1]
        assert "your table chooses on paper" in shown and "<svg" not in shown
        assert "No phone can reach this computer" in own.ask("/facilitator")[1]
        stranger = Phone(own)
        answers = [stranger.post("/join", f"code=BBBB{n:02}")[0] for n in range(12)]
        assert answers[:10] == [422] * 10 and answers[10:] == [429] * 2
        assert stranger.ask("/facilitator?key=guess")[0] == 429
        assert stranger.post("/join", f"code={own.code}")[0] == 429  # nor the right one, for that minute
        assert re.fullmatch("[BCDFGHJKMNPQRSTVWXYZ]{6}", own.code) and len(own.key) == 32
    finally:
        own.stop()


def test_a_page_of_another_site_can_send_nothing(room):
    phone = Phone(room, "police")
    assert phone.ask("/team", "round=1&choice.police=close&bet=up", origin=False)[0] == 403
    headers = {"Origin": "http://evil.example", "Cookie": f"familyabm-facilitator={room.key}"}
    assert room.get("/facilitator/go", headers, "does=forward&step=0")[0] == 403
    assert room.get("/", {"Host": "evil.example"})[0] == 400


@pytest.mark.parametrize("data", [
    "", "round=x", "round=1&bet=up", "round=999999999999999999999&bet=up", "families=-5", "families=" + "9" * 300,
    "line=" + "x" * 5000, "choice.schools=%00&bet=%00&round=0", "&".join(f"a{n}=1" for n in range(25)),
    "round=0&choice.schools=<script>alert(1)</script>&bet=up",
])  # fmt: skip
def test_whatever_a_device_sends_is_refused_in_words_or_kept_within_bounds(room, data):
    phone = Phone(room, "schools")
    before = room.state
    status, said = phone.post("/team", data)
    assert status in (303, 400, 422) and "Traceback" not in said and "<script>alert" not in said
    assert {key: value for key, value in room.state.items() if key != "here"} == {
        key: value for key, value in before.items() if key != "here"
    }


def test_two_presses_of_the_same_button_go_one_step(room):
    step = room.state["step"]
    assert room.lead("forward", step)[0] == 200
    assert room.lead("forward", step)[0] == 200
    assert room.state["step"] == step + 1


def test_two_devices_of_a_table_both_see_what_was_sent_last(room):
    go_to(room, "practice.open")
    one, other = Phone(room, "health"), Phone(room, "health")
    before = one.ask("/team/now")[1]
    assert one.send(0, "health", "refer", "up") == 303
    assert other.send(0, "health", "longer", "down") == 303
    assert room.state["choices"]["0"]["health"] == "longer" and room.state["bets"]["0"]["health"] == "down"
    assert one.ask("/team/now")[1] != before  # its page knows that there is something new
    for phone in (one, other):
        page = phone.ask("/team")[1]
        assert re.search(r'value="longer"[^>]*checked', page) and "You can change it" in page


# --- Thirty at once ---


def test_thirty_devices_post_at_once_five_times_and_the_shared_screen_follows(room, record_property):
    """All are in, and 95 in 100 are on the screen within a second, or within forty plain answers on a busy machine."""
    go_to(room, "practice.open")
    phones = [(Phone(room, FIVE[n % 5]), FIVE[n % 5]) for n in range(30)]
    plain = statistics.median(_timed(lambda: room.get("/privacy")) for _ in range(20))
    delays: list[float] = []
    for turn in range(5):
        option = {seat: sorted(_options(seat))[turn % 3] for seat in FIVE}
        before, seen = _version(room), []
        watcher = threading.Thread(target=_watch, args=(room, seen, before + 30))
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(30) as pool:
            answers = list(pool.map(lambda one, o=option: one[0].send(0, one[1], o[one[1]], "up"), phones))
        assert answers == [303] * 30
        kept = files.load(room.kept)
        assert kept.choices[0] == option and kept.sent[0] == set(FIVE)
        watcher.join(PATIENCE)
        changes = [(version, when) for version, when in seen if version > before]
        assert changes and changes[-1][0] == before + 30
        # Each of the thirty is on the screen as soon as a look shows its version or a later one.
        delays += [next(when for version, when in changes if version >= before + n) - began for n in range(1, 31)]
    worst = sorted(delays)[int(0.95 * len(delays)) - 1]
    record_property("screen_p95_seconds", round(worst, 3))
    print(f"shared screen after 30 posts at once: p95 {worst:.2f} s, plain answer {1000 * plain:.0f} ms")
    assert worst <= max(1.0, 40.0 * plain)


def _options(seat: str) -> list[str]:
    from familyabm.workshop.choices import OWN, workshop

    return [option.name for option in workshop().open_to(seat, OWN)]


def _timed(does) -> float:
    began = time.monotonic()
    does()
    return time.monotonic() - began


def _version(room: Room) -> int:
    return int(_stamp(room.ask("/screen?part=1")[1]))


def _stamp(page: str) -> str:
    found = re.search(r'data-stamp="[^".]*\.(\d+)\.', page)
    assert found, page[:500]
    return found[1]


def _watch(room: Room, seen: list[tuple[int, float]], until: int) -> None:
    """Follow the room as the shared screen's script does up to a version, and note when each had been drawn."""
    stamp = ""
    while not seen or seen[-1][0] < until:
        json.loads(room.ask(f"/screen/wait?since={stamp}")[1])
        page = room.ask("/screen?part=1")[1]
        seen.append((int(_stamp(page)), time.monotonic()))
        found = re.search(r'data-stamp="([^"]*)"', page)
        stamp = found[1] if found else ""


# --- Killed ---


def test_a_server_killed_at_any_stage_goes_on_where_it_was_and_loses_no_choice(tmp_path):
    """Three times, each while tables send: whatever was answered is on the disk, and the same devices go on."""
    own, dice = Room(tmp_path), random.Random(2026)
    own.start()
    try:
        phones = {seat: Phone(own, seat) for seat in FIVE}
        places = dice.sample(["practice.open", "round-1.open", "round-2.open", "round-3.open"], 3)
        for place in sorted(places):
            go_to(own, place)
            number = files.load(own.kept).at.round or 0
            told, trying = _send_while_killed(own, phones, number, dice)
            own.start()
            room = files.load(own.kept)
            assert room.at.place == place  # it is still open
            for seat in FIVE:
                assert (room.choices[number][seat], room.bets[number][seat]) in (told[seat], trying[seat])
            for seat, phone in phones.items():
                assert phone.ask("/team")[0] == 200  # the same device, no code asked for again
                assert phone.send(number, seat, PICKS[number][seat], BETS[seat]) == 303
            assert files.load(own.kept).choices[number] == PICKS[number]
        go_to(own, "round-3.bets")
        own.kill()
        own.start()
        assert at(own) == "round-3.bets"
        own.until_ready()
        go_to(own, "decade.ten")
        own.until_ready()
        assert "Ten years on" in own.ask("/screen?part=1")[1]
        own.kill()
        left = list(tmp_path.rglob("*.partial"))
        own.start()
        assert not any(path.exists() for path in left)
    finally:
        own.stop()


Sent = dict[str, tuple[str, str]]


def _send_while_killed(own: Room, phones: dict[str, Phone], number: int, dice: random.Random) -> tuple[Sent, Sent]:
    """Let every phone send again and again until the server dies.

    Return what each was last told is kept, and what it then tried: without an answer either may stand, nothing older.
    """
    told: Sent = {}
    trying: Sent = {}
    bets = ("up_a_lot", "up", "same", "down")

    def sending(seat: str) -> None:
        options = _options(seat) if number < 3 else ["as_now"] if seat != "social_work" else ["none", "some", "many"]
        with contextlib.suppress(OSError, http.client.HTTPException):
            for turn in range(10_000):
                trying[seat] = options[turn % len(options)], bets[turn % 4]
                if phones[seat].send(number, seat, *trying[seat]) == 303:
                    told[seat] = trying[seat]

    threads = [threading.Thread(target=sending, args=(seat,)) for seat in FIVE]
    for thread in threads:
        thread.start()
    until = time.monotonic() + PATIENCE
    while len(told) < 5 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(dice.random() * 0.5)
    own.kill()
    for thread in threads:
        thread.join(PATIENCE)
    return told, trying


def test_a_room_whose_file_is_broken_is_told_of_and_another_can_be_begun(tmp_path):
    jobs = Jobs(tmp_path, worker.work, worker.warm)
    first = Keeper(tmp_path, jobs)
    first.begin("Rutland", 60, 600, False)
    kept = first.folder / "room.json"
    kept.write_text(kept.read_text()[:100])
    with pytest.raises(InputError, match=r"it is not JSON\. With --new another workshop is begun"):
        Keeper(tmp_path, jobs)
    other = Keeper(tmp_path, jobs, go_on=False)
    assert other.room is None and kept.exists()
    first.close()
    jobs.close()


# --- What is taken home ---


def test_choices_outcomes_and_the_room_are_taken_home_and_the_room_is_deleted(tmp_path):
    own = Room(tmp_path)
    own.start()
    try:
        phones = {seat: Phone(own, seat) for seat in FIVE}
        go_to(own, "round-1.open")
        for seat, phone in phones.items():
            assert phone.send(1, seat, PICKS[1][seat], BETS[seat]) == 303
        go_to(own, "round-1.happened")
        own.until_ready()
        table = own.ask("/facilitator/take/choices.csv")[1].splitlines()
        assert len(table) == 1 + 5 + 5  # practice and round 1
        assert "1,schools,pass_on,Pass worries on early,Takes 5 in 100 of your hours.,sent,same," in table[7]
        summary = own.ask("/facilitator/take/summary.html")[1]
        assert "Not a forecast" in summary and "Pass worries on early" in summary and "Not worked out" in summary
        assert files.read(own.ask("/facilitator/take/room.json")[1]).settled[1]["schools"].option == "pass_on"
        headers = {"Origin": own.address, "Cookie": f"familyabm-facilitator={own.key}"}
        assert own.get("/facilitator/delete", headers, "sure=")[0] == 422
        folder = own.kept.parent
        assert own.get("/facilitator/delete", headers, "sure=yes")[0] == 200
        assert not folder.exists()
        assert phones["schools"].ask("/team")[0] == 303
        status, said = own.get("/facilitator/begin", headers, "area=Leeds&minutes=90&families=600&people=8")
        assert status == 200 and "three tables" not in said.lower()[:10]
        assert own.state["area"] == "Leeds" and own.state["small"] is True
    finally:
        own.stop()


def test_the_rooms_study_holds_its_worlds(room):
    asked = urllib.request.Request(
        f"{room.address}/facilitator/take/study.zip", headers={"Cookie": f"familyabm-facilitator={room.key}"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=60) as answer:
        names = zipfile.ZipFile(BytesIO(answer.read())).namelist()
    assert any(name.endswith("/study.toml") for name in names) and any(name.endswith("/today.toml") for name in names)
