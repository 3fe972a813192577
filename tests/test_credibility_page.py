"""docs/credibility.md: every claim of every run, what is not as wished first, and the commands that make it again."""

import json

from tools import credibility, levels


def claim(statement: str, value: float | None, verdict: str) -> dict:
    low, high = (None, None) if value is None else (value - 1.0, value + 1.0)
    expected = {"expected_low": 10.0, "expected_high": None}
    return {
        "statement": statement,
        "unit": "%",
        "value": value,
        "low": low,
        "high": high,
        "verdict": verdict,
    } | expected


def experiment(code: str, kind: str, verdict: str, *claims: dict, why: str = "") -> dict:
    return {"code": code, "kind": kind, "statement": f"{code} is so.", "verdict": verdict, "why": why, "claims": claims}


def run(area: str, *experiments: dict, further: int = 0) -> dict:
    """Return what `familyabm credibility --out` writes, of a made-up run."""
    gone_on = ["V18"] if further else []
    return {
        "status": "Model results.", "area": area, "years": 10, "runs": 16, "further": further, "gone_on": gone_on,
        "scale": 0.25, "seed": 1, "address": "0123456789abcdef0123", "code": "c", "command": f"familyabm credibility --area {area}",
        "count": "1 of 2 stated patterns hold; 0 falsifiers fired", "experiments": list(experiments),
    }  # fmt: skip


HOLDS = experiment("V1", "pattern", "holds", claim("Referrals", 20.0, "holds"))
SHORT = experiment("V18", "pattern", "falls short", claim("Calls", 5.0, "falls short"), claim("Visits", 30.0, "holds"),
                   why="")  # fmt: skip
LOOP = experiment("R1", "loop", "holds", claim("It comes back", None, "not available"))


def test_the_page_tells_what_falls_short_first_and_holds_every_claim_of_every_run():
    text = credibility.page([run("Leeds", HOLDS, SHORT, further=8), run("Kent", LOOP)])
    short, table = text.index("**V18 falls short (Leeds).** V18 is so."), text.index("## Published patterns")
    assert short < text.index("- Calls: 5.00 (4.00 to 6.00); expected 10.0 or more") < table
    assert "Thought to be why: Years of heavy load" in text and "Visits: 30" not in text[:table]
    assert "| V18 | Visits | % | 30.0 (29.0 to 31.0), expected 10.0 or more: holds |" in text
    assert "| R1 | It comes back | % | –, expected 10.0 or more: not available |" in text
    assert (
        "**Leeds: 1 of 2 stated patterns hold; 0 falsifiers fired** (10 years, 16 lucks, 25% of its families)." in text
    )
    assert "**Kent: 1 holds**" in text and "V18: 8 further lucks." in text
    assert "`familyabm credibility --area Kent`, address `0123456789abcdef`." in text


def test_what_was_measured_again_replaces_what_was_before_and_both_commands_are_told():
    better = experiment("V18", "pattern", "holds", claim("Calls", 12.0, "holds"))
    first, elsewhere = run("Leeds", HOLDS, SHORT), run("Kent", SHORT)
    found = credibility.joined(
        [first, elsewhere, run("Leeds", better) | {"command": "familyabm credibility --only V18"}]
    )
    assert [one["area"] for one in found] == ["Leeds", "Kent"] and found[0]["experiments"] == [HOLDS, better]
    assert found[1] is elsewhere and first["experiments"] == [HOLDS, SHORT]
    text = credibility.page(found)
    assert (
        "**Leeds: 2 of 2 stated patterns hold" in text
        and "- V18 again, 16 lucks: `familyabm credibility --only V18`" in text
    )
    more = first | {"further": 8, "gone_on": ["V18"]}
    assert len(credibility.joined([more, run("Leeds", better)])) == 2
    again = run("Leeds", SHORT) | {"runs": 84}
    assert len(credibility.joined([first, again, run("Leeds", better) | {"runs": 24}])) == 2
    assert len(credibility.joined([first, run("Leeds", better) | {"runs": 8}, run("Leeds", LOOP)])) == 3


def test_the_page_tells_how_levels_hold_where_nothing_else_was_tried():
    row = {
        "area": "Hull",
        "parameters": "",
        "imd": 40.56,
        "lucks": 4,
        "of": 15,
        "holds": 9,
        "short": 2,
        "outside": ["V1 Referrals 800"],
    }
    text = credibility.page([run("Leeds", HOLDS)], [row])
    assert "| Hull | 40.6 | 9 of 15 | 2 | V1 Referrals 800 |" in text and "in 4 lucks" in text
    assert "Levels elsewhere" not in credibility.page([run("Leeds", HOLDS)])


def test_levels_are_tried_in_authorities_from_the_most_to_the_least_deprived():
    scores = levels.chosen()["imd2019_score"]
    assert len(scores) == 19 and scores.is_monotonic_decreasing and scores.iloc[0] > 35.0 and scores.iloc[-1] < 12.0


def test_a_folder_without_a_run_is_refused_and_the_kept_page_is_left_alone(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(credibility, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(credibility, "ROOT", tmp_path)
    assert credibility.main([]) == 2 and credibility.main([str(tmp_path)]) == 2
    assert "`make credibility` makes it" in capsys.readouterr().err and not (tmp_path / "page.md").exists()
    (tmp_path / "credibility.json").write_text(json.dumps(run("Leeds", HOLDS)), encoding="utf-8")
    assert credibility.main([str(tmp_path)]) == 0 and "Leeds" in (tmp_path / "page.md").read_text(encoding="utf-8")


def test_runs_of_different_code_make_no_page(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(credibility, "PAGE", credibility.ROOT / "docs" / "unwritten.md")
    for name, code in (("one", "c"), ("other", "d")):
        (tmp_path / name).mkdir()
        told = json.dumps(run("Leeds", HOLDS) | {"code": code})
        (tmp_path / name / credibility.DATA).write_text(told, encoding="utf-8")
    assert credibility.main([str(tmp_path / "one"), str(tmp_path / "other")]) == 2
    assert "not all of one version" in capsys.readouterr().err and not credibility.PAGE.exists()
