"""The jigsaw: what each agency has on file, what reaches a decision, and what no decision may read."""

import ast
from pathlib import Path

import pytest
from test_rules_common import WEEK, home, lever, put, rules

import familyabm
from familyabm.codes import NEVER, Agency, Factor, Knower

seeing = rules("seeing")
KNOWN = {
    Agency.POLICE: {Factor.DOMESTIC_ABUSE, Factor.SUBSTANCE_MISUSE},
    Agency.HEALTH: {Factor.MENTAL_HEALTH, Factor.SUBSTANCE_MISUSE},
    Agency.HOUSING: {Factor.HOUSING}, Agency.FAMILY: set(Factor) - {Factor.SUBSTANCE_MISUSE},
    Agency.SCHOOL: set(), Agency.COUNCIL_SERVICES: set(), Agency.PUBLIC: set(),
}  # fmt: skip
NATURE = {"households", "circumstances", "harm", "outcomes", "noticing", "offer", "crisis", "incidents"}
"""Rules about what happens to families, which no agency decides."""
OBSERVERS = {"seeing", "adult_services", "attendance"}
"""Rules by which truth reaches agencies, blurred and in part: each service sees its own clients' own factor."""
MEASUREMENT = {"ground_truth", "coding", "ledger", "census"}
"""Rules that only count."""
TRUTH = {"harm", "level", "strain", "mental_health", "substance_misuse", "risk_outside", "physical", "emotional"}
"""Fields that hold what is true of a family, whether anybody knows it or not."""


def troubled(levels=(1, 2, 3, 1)):
    town, family, children = home(5)
    family.level[:] = levels
    family.seen[:] = 0
    lever(town, information_sharing=1.0)
    put(town, effects__sharing_seen=1.0, records__stale_weeks=52)
    town.services["relationship"] = 1.0
    return town, family, children


@pytest.mark.parametrize("source", KNOWN)
def test_a_source_brings_what_it_knows_from_its_own_work_and_no_more(source):
    town, family, _ = troubled()
    seeing.as_told(town, family, WEEK, source)
    assert family.seen.tolist() == [family.level[f] if f in KNOWN[source] else 0 for f in Factor]


def test_a_school_tells_what_it_has_noticed_and_nothing_before_it_has():
    town, family, _ = troubled()
    seeing.as_told(town, family, WEEK, Agency.SCHOOL)
    assert family.seen.tolist() == [0, 0, 0, 0]
    seeing.meet_family(town, family, Knower.SCHOOL, WEEK)
    seeing.as_told(town, family, WEEK, Agency.SCHOOL)
    assert family.seen.tolist() == [1, 0, 0, 1]


def test_nothing_can_be_shared_that_no_agency_has_on_file():
    town, family, _ = troubled()
    seeing.pool_files(town, family, WEEK, -1, 31)
    assert family.seen.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("sharing", "relationship", "seen"), [(1.0, 1.0, [0, 2, 3, 0]), (0.0, 1.0, [0] * 4), (1.0, 0.0, [0] * 4)]
)
def test_files_come_together_as_far_as_sharing_and_relationships_carry_them(sharing, relationship, seen):
    town, family, _ = troubled()
    lever(town, information_sharing=sharing)
    town.services["relationship"] = relationship
    seeing.meet_family(town, family, Knower.HEALTH, WEEK)
    seeing.pool_files(town, family, WEEK, -1, 31)
    assert family.seen.tolist() == seen


@pytest.mark.parametrize(("age", "holds"), [(0, 3), (51, 3), (52, 2), (104, 1), (156, 0)])
def test_old_knowledge_counts_for_less(age, holds):
    town, *_ = troubled()
    assert seeing.still_holds(town, 3, WEEK - age, WEEK) == holds
    assert seeing.still_holds(town, 3, NEVER, WEEK) == 0


def test_an_agency_that_meets_nobody_knows_nothing_and_a_police_force_that_was_called_knows_of_abuse():
    town, family, _ = troubled()
    put(town, records__school=0.0, records__health=0.0, records__housing=0.0)
    seeing.agencies_meet(town, family, WEEK)
    assert seeing.file_of(town, family).level.sum() == 0
    rules("attendance").attend(town, family, WEEK)
    assert seeing.file_of(town, family).level[Knower.POLICE].tolist() == [0, 0, 3, 1]
    assert seeing.file_of(town, family).week[Knower.POLICE, Factor.DOMESTIC_ABUSE] == WEEK


def test_an_adult_service_that_was_asked_knows_its_own_factor_and_no_other():
    town, family, _ = troubled()
    rules("adult_services").ask(town, family, WEEK, Factor.MENTAL_HEALTH)
    level = seeing.file_of(town, family).level
    assert (level[Knower.ADULT_MENTAL_HEALTH, Factor.MENTAL_HEALTH], level.sum()) == (2, 2)


def test_what_was_not_seen_does_not_move_a_judgement_of_the_adults():
    town, family, (child, *_) = troubled((0, 0, 0, 0))
    child.harm = 0.4
    before = seeing.as_judged(town, family, WEEK, 0.0)
    family.level[:] = 3
    assert seeing.as_judged(town, family, WEEK, 0.0) == before
    family.seen[:] = 3
    assert seeing.as_judged(town, family, WEEK, 0.0) > before


def truths_read(path: Path) -> set[str]:
    """Return the true states that a module of rules reads."""
    rows = {"family", "child", "adult", "sibling", "one", "other"}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        on_a_person = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in rows
        if on_a_person and node.attr in TRUTH:
            found.add(f"{node.value.id}.{node.attr} (line {node.lineno})")
    return found


RULES = sorted((Path(familyabm.__file__).parent / "rules").glob("*.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_no_rule_that_decides_for_anybody_reads_what_is_true_of_a_family(path):
    if path.stem not in NATURE | OBSERVERS | MEASUREMENT:
        assert truths_read(path) == set()


def test_rules_of_nature_do_read_it():
    assert truths_read(Path(familyabm.__file__).parent / "rules" / "harm.py")
