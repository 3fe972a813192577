"""Lucks: each has families of its own; further ones go to what is open and can be decided, and all are weighed together."""

from dataclasses import replace

import numpy as np
from test_credibility import MUST_FAIL, MUST_HOLD, USUAL, examine, kept, lived_of, pattern, unlived

from familyabm.credibility import run, words
from familyabm.credibility.judge import Verdict
from familyabm.report import credibility as page
from familyabm.simulation import MAX_SEED


def test_further_lucks_go_to_what_is_open_and_can_be_decided_and_all_are_weighed_together(monkeypatch):
    values = {number: 500.0 + number % 4 for number in range(1, 41)}
    lived = []

    def live(snapshot, worlds, years, runs, workers, done, first=1):
        lived.append((tuple(world.name for world, _ in worlds), first, runs))
        for number in range(first, first + runs):
            yield number, {world.name: kept(referrals=values[number]) for world, _ in worlds}

    monkeypatch.setattr(run, "live_all", live)
    opened, hopeless = pattern("V2", 501.0, 600), pattern("V3", 501.5, 600)
    falsifier = replace(opened, code="F1", kind="falsifier")  # one that is open has not fired, and is left so
    found = examine("Wakefield", [MUST_HOLD, MUST_FAIL, opened, hopeless, falsifier], 8, snapshot=unlived())
    assert [one.verdict for one in found.findings][2:] == [Verdict.NOT_DECIDED] * 3
    assert [one.pattern.code for one in run.left_open(found, 32)] == ["V2"]
    after = run.go_on(found, 32)
    assert lived[1] == ((USUAL.name,), 9, 32) and after.gone_on == ("V2",) and not after.stopped
    assert len(after.findings[2].rows[0].values) == 40 and after.findings[2].verdict == Verdict.HOLDS
    assert after.findings[0] == found.findings[0] and after.address != found.address
    for said in ("\n".join(words.text(after)), page.html(after)):
        assert "V2: left open by the first 8 lucks and given 32 more." in said
    assert "--further 32" in page.command(after) and words.as_json(after, "1")["further"] == 32


def test_further_lucks_are_not_lived_where_nothing_is_open_and_what_was_whole_when_stopped_is_kept(monkeypatch):
    monkeypatch.setattr(run, "live_all", lived_of(1, 2, 3))
    decided = examine("Wakefield", [MUST_HOLD], 3, snapshot=unlived())
    assert run.go_on(decided, 8) is decided
    found = examine("Wakefield", [pattern("V2", 501.4, 600)], 3, snapshot=unlived())
    monkeypatch.setattr(run, "live_all", lived_of(4))
    assert run.go_on(found, 8).stopped and run.go_on(found, 8).findings == found.findings


def test_each_luck_but_the_first_has_families_of_its_own_and_none_of_a_near_seed():
    own = unlived()
    assert run.past_of(own, 1) is own
    other = run.past_of(own, 2)
    assert other.seed == 1 + run.APART
    assert (other.area, other.parameters, other.scale) == (own.area, own.parameters, own.scale)
    assert not np.array_equal(other.tables["families"]["key"], own.tables["families"]["key"])
    assert run.past_of(replace(own, seed=MAX_SEED), 2).seed == run.APART - 1
    assert [run.past_of(replace(own, seed=2), number).seed for number in (1, 2)] == [2, 2 + run.APART]
