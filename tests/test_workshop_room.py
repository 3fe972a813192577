"""The room's domain: what can happen to it, what its file holds, and what a decision comes to."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from familyabm.errors import InputError
from familyabm.workshop import files, plan, study
from familyabm.workshop.choices import LENGTHS, workshop
from familyabm.workshop.plan import Taken
from familyabm.workshop.room import BY_HAND, KEPT, SENT, STRATEGY, VOTED, Room, Settled
from familyabm.workshop.steps import place_of, steps
from tests.workshop_room import BETS, FIVE, PICKS


def fresh(length: int = 90, **more) -> Room:
    return Room("tried", "Rutland", 1000, 1, length, "2026-11-27 10:00", **more)


def go_to(room: Room, stage: str, name: str) -> None:
    while room.step < place_of(room.length, stage, name):
        room.forward()


def play(room: Room, number: int, tables=FIVE) -> None:
    go_to(room, f"round-{number}", "open")
    for seat in tables:
        room.choose(seat, number, {seat: PICKS[number][seat]}, BETS[seat])
    room.forward()


@pytest.mark.parametrize("length", LENGTHS)
def test_a_workshop_has_its_minutes_and_every_step_but_the_last_has_a_button(length):
    every = steps(length)
    for entry in workshop().rounds_of(length):
        briefing = next(step for step in every if step.place == f"round-{entry.number}.briefing")
        assert briefing.seconds >= entry.talk
    assert abs(sum(step.seconds for step in every) - 60 * length) < 30
    assert len({step.place for step in every}) == len(every)
    assert all(step.button for step in every[:-1]) and not every[-1].button
    assert [step.name for step in every if step.stage == "debrief"] == [
        "out",
        "happened",
        "why",
        "real",
        "so_what",
        "end",
    ]


def test_what_a_table_sends_last_counts_and_what_it_does_not_send_goes_on():
    room = fresh()
    go_to(room, "round-1", "open")
    room.choose("schools", 1, {"schools": "wait"}, "up")
    room.choose("schools", 1, {"schools": "pass_on"}, "down")
    room.sit("housing")
    room.forward()
    assert room.settled[1] == {
        "social_work": Settled("raise", STRATEGY), "schools": Settled("pass_on", SENT),
        "health": Settled("refer", STRATEGY), "police": Settled("refer", STRATEGY), "housing": Settled("", KEPT),
    }  # fmt: skip
    play(room, 2, ["housing"])
    assert room.settled[2]["schools"] == Settled("", KEPT)
    assert plan.in_force(room.taken)[1].seats["schools"].name == "pass_on"  # it goes on
    assert plan.in_force(room.taken)[1].seats["housing"].name == "plan"


def test_an_optional_seat_plays_only_if_somebody_sits_there():
    room = fresh()
    play(room, 1)
    assert "family" not in room.settled[1] and "finance" not in room.settled[1]
    room.sit("finance")
    go_to(room, "round-2", "open")
    room.choose("finance", 2, {"finance": "trim"}, "up")
    room.forward()
    assert room.settled[2]["finance"] == Settled("trim", SENT)


def test_a_small_group_sits_at_three_tables_and_its_tables_choose_for_both_seats():
    room = fresh(small=True)
    assert [table.title for table in room.tables][:3] == [
        "Social work", "Schools and GP and health visitor", "Police and Housing",
    ]  # fmt: skip
    go_to(room, "round-1", "open")
    with pytest.raises(InputError, match="Choose what GP and health visitor will do"):
        room.choose("schools", 1, {"schools": "wait"}, "up")
    room.choose("schools", 1, {"schools": "wait", "health": "longer"}, "up", hand=True)
    room.forward()
    assert room.settled[1]["health"] == Settled("longer", BY_HAND)


def test_the_plan_with_most_votes_is_the_rooms_and_of_several_the_one_that_changes_least():
    room = fresh()
    for number in (1, 2, 3):
        play(room, number)
    go_to(room, "round-4", "open")
    for table, vote in zip(FIVE, ("all", "door", "all", "door", "stay"), strict=True):
        room.choose(table, 4, {"room": vote}, "up")
    room.forward()
    assert room.settled[4] == {"room": Settled("door", VOTED)}
    assert plan.in_force(room.taken)[-1].seats["room"].name == "door"


def test_closed_rounds_take_nothing_more_and_a_step_back_opens_them_again():
    room = fresh()
    play(room, 1)
    with pytest.raises(InputError, match="This round is closed"):
        room.choose("schools", 1, {"schools": "wait"}, "up")
    room.back()
    assert room.at.deciding and 1 not in room.settled
    assert room.choices[1]["schools"] == "pass_on"  # nothing that was sent is lost
    room.choose("schools", 1, {"schools": "wait"}, "up")
    room.forward()
    assert room.settled[1]["schools"].option == "wait"


def test_skipping_closes_what_is_open_and_leads_where_it_says():
    room = fresh()
    go_to(room, "round-1", "open")
    room.choose("schools", 1, {"schools": "wait"}, "up")
    room.skip("reveal")
    assert room.at.place == "reveal.counts" and room.settled[1]["schools"].option == "wait"
    room.skip("debrief")
    assert room.at.place == "debrief.out"
    with pytest.raises(InputError, match="Only the reveal and the debrief"):
        room.skip("round-1")


def test_the_timer_can_be_extended_stopped_and_let_run():
    room = fresh()
    room.forward(now=100.0)
    whole = room.timer.remaining(100.0)
    assert whole == room.at.seconds
    room.add_minute(now=110.0)
    assert room.timer.remaining(110.0) == whole - 10.0 + 60.0
    room.stop_timer(now=120.0)
    assert room.timer.remaining(500.0) == room.timer.remaining(120.0)
    room.stop_timer(now=500.0)
    assert room.timer.remaining(510.0) == pytest.approx(whole - 20.0 + 60.0 - 10.0)


@pytest.mark.parametrize(
    ("does", "said"),
    [
        (lambda room: room.choose("library", 1, {}, "up"), "There is no such table"),
        (lambda room: room.choose("schools", 1, {"schools": "raise"}, "up"), "Choose what Schools will do"),
        (lambda room: room.choose("schools", 1, {"schools": "wait", "police": "close"}, "up"), "Choose what"),
        (lambda room: room.choose("schools", 1, {"schools": "wait"}, "sideways"), "Choose your bet"),
        (lambda room: room.bet_merged("schools", 5), "This bet is closed"),
        (lambda room: room.commit("schools", "x"), "at the end of the workshop"),
        (lambda room: room.show("fireworks"), "cannot do that"),
        (lambda room: room.group(True), "before the practice round only"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence_and_changes_nothing(does, said):
    room = fresh()
    go_to(room, "round-1", "open")
    before = files.as_bytes(room)
    with pytest.raises(InputError, match=said):
        does(room)
    assert files.as_bytes(room) == before


def test_bets_and_lines_are_bounded():
    room = fresh()
    go_to(room, "reveal", "merged-bet")
    for wrong in (-1, 1_000_001):
        with pytest.raises(InputError, match="from 0 to 1,000,000"):
            room.bet_merged("schools", wrong)
    room.bet_merged("schools", 401)
    room.skip("debrief")
    with pytest.raises(InputError, match="up to 160 letters"):
        room.commit("schools", "x" * 161)
    room.commit("schools", "  Ask   the GP ")
    assert room.commitments == {"schools": "Ask the GP"}
    room.commit("schools", " ")
    assert room.commitments == {}


# --- The file ---


def played() -> Room:
    room = fresh()
    for number in (1, 2, 3):
        play(room, number)
    go_to(room, "round-4", "open")
    room.choose("schools", 4, {"room": "all"}, "up", hand=True)
    room.forward()
    room.skip("debrief")
    room.commit("police", "Which homes we share, by 15 January")
    return room


def test_a_rooms_file_is_read_back_the_same_and_names_nobody():
    room = played()
    text = files.as_bytes(room).decode()
    assert files.read(text) == room
    assert "device" not in text and "code" not in text and "key" not in json.loads(text)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("format", "other", "is not the file of a workshop"),
        ("length", 75, "length = 75 is not accepted"),
        ("step", 10_000, "step = 10000 is not accepted"),
        ("families", 1, "families = 1 is not accepted"),
        ("area", "Atlantis", "Atlantis"),
        ("choices", {"1": {"schools": "raise"}}, "choices.1.schools"),
        ("choices", {"77": {}}, "choices round"),
        ("settled", {"1": {"schools": {"option": "wait", "how": "magic"}}}, "settled.1.schools"),
        ("bets", {"1": {"schools": "sideways"}}, "bets.1.schools"),
        ("merged_bets", {"schools": -4}, "merged_bets.schools"),
        ("commitments", {"schools": "x" * 500}, "commitments.schools"),
        ("timer", {"ends": 1e300, "left": 0, "going": True}, "timer"),
        ("here", ["library"], "here"),
        ("spoon", 1, "spoon is not a field of a room"),
    ],
)
def test_a_damaged_room_file_is_refused_in_one_sentence(field, value, said):
    whole = json.loads(files.as_bytes(played())) | {field: value}
    with pytest.raises(InputError, match=said) as refused:
        files.read(json.dumps(whole), "room.json")
    assert "\n" not in str(refused.value)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4), max_leaves=12,
).map(json.dumps)))  # fmt: skip
def test_whatever_a_file_holds_is_refused_with_a_sentence_and_never_a_traceback(text):
    with pytest.raises(InputError):
        files.read(text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(json.loads(files.as_bytes(Room("t", "Rutland", 1000, 1, 60, "now"))))), st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["1", "schools", "x"]), inner, max_size=3),
    max_leaves=8,
))  # fmt: skip
def test_one_broken_field_is_refused_or_harmless(field, value):
    whole = json.loads(files.as_bytes(played())) | {field: value}
    try:
        room = files.read(json.dumps(whole))
    except InputError:
        return
    files.as_bytes(room)


def test_a_disk_that_is_full_is_told_in_a_sentence(tmp_path, monkeypatch):
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match=r"room.json could not be kept: no space left on device\."):
        files.put(tmp_path / "room.json", b"x")
    assert not (tmp_path / "room.json").exists()


# --- From decisions to worlds ---


def test_options_hold_for_their_year_and_the_last_rounds_for_good():
    world = plan.world([Taken(1, PICKS[1]), Taken(2, PICKS[2])], "w", "W")
    school = [shock for shock in world.shocks if shock.which == "school"]
    assert [(s.from_week, s.weeks, s.hold, s.times) for s in school] == [(52, 52, False, 1.35), (104, 52, True, 0.75)]
    assert [change.from_week for change in world.changes] == [52, 104]
    assert world.changes[1].hours == {
        "school": 0.25, "gp_practice": 0.2, "police_team": 0.15, "housing_office": 0.12,
    }  # fmt: skip


def test_lifts_add_up_and_a_lever_rises_only_as_far_as_services_join():
    alone = plan.policy([workshop().option("health", "shared", "share_notes")])
    assert alone == {"information_sharing": 0.6}
    joined = [("health", "share_notes"), ("police", "tell_others"), ("schools", "lead_first")]
    both = plan.policy([workshop().option(seat, "shared", name) for seat, name in joined])
    assert both == {"information_sharing": 0.9, "joint_response": 0.35, "no_wrong_door": 0.5}


def test_what_struck_the_town_strikes_every_world_of_its_decade():
    worlds = study.worlds_of(played().taken)
    assert list(worlds) == ["today", "blind", "together"]
    hard = worlds["today"].shocks
    assert len(hard) == 1 and hard[0].from_week == 104 and not hard[0].hold
    assert all(set(hard) <= set(world.shocks) for world in worlds.values())


def test_a_world_written_as_a_file_is_read_back_the_same():
    from familyabm.levers import read

    for world in study.worlds_of(played().taken).values():
        assert read(study.world_toml(world), world.name, world.name).as_address() == world.as_address()
