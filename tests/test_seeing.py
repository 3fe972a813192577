"""The jigsaw: what each agency has on file, what reaches a decision, and what no decision may read."""

import ast
from functools import cache
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
TRUTH = {
    "harm", "own_need", "level", "strain", "mental_health", "substance_misuse", "high_weeks", "mental_high",
    "substance_high", "frailty", "resilience", "risk_outside", "drinking", "physical", "emotional", "behaviour",
    "temper", "attends", "answer_need", "missed_need",
}  # fmt: skip
"""Fields that hold what is true of a family, whether anybody knows it or not."""
OWN = {
    ("common", "family.level"): "what nature's rules read: four levels' strain, worked out once in a run",
    ("common", "trouble.strain"): "the same; it is kept for nature's rules",
    ("carers", "carer.strain"): "a household's own strain, on which it gives up; its supervising worker sees it",
    ("carers", "child.behaviour"): "what a child is like to live with, to those who live with it or take it in",
    ("placements", "child.behaviour"): "why placements break down, which nobody decides",
    ("partners", "service.strain"): "a service's own staff",
}
"""Fields of those names that a module other than nature's reads, and why."""
HAPPENS = {
    "edge_rate": "a crisis at home happens", "offer_match": "what an offer does for a family shows as it is worked",
    "not_called_for": "a harm of commission is flagged and costs trust",
}  # fmt: skip
"""What modules other than nature's ask nature or the count for, though it rests on truth, and why."""


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


@pytest.mark.parametrize(("heard", "seen"), [(3, 1), (2, 3), (1, 3)])
def test_a_file_newer_than_what_was_last_heard_lays_an_old_worry_to_rest(heard, seen):
    """heard: weeks ago that social care last dealt with the family; the file is of two weeks ago."""
    town, family, _ = troubled((0, 1, 0, 0))
    seeing.meet_family(town, family, Knower.HEALTH, WEEK - 2)
    family.answered, family.referred, family.seen[Factor.MENTAL_HEALTH] = WEEK - heard, WEEK - 60, 3
    seeing.pool_files(town, family, WEEK, -1, 31)
    assert family.seen[Factor.MENTAL_HEALTH] == seen


def test_laying_an_old_worry_to_rest_raises_no_new_one():
    town, family, _ = troubled((0, 3, 0, 0))
    seeing.meet_family(town, family, Knower.HEALTH, WEEK)
    family.answered, family.referred, family.seen[Factor.MENTAL_HEALTH] = WEEK - 9, WEEK - 9, 1
    seeing.lay_to_rest(town, family, WEEK, Knower.HEALTH)
    assert family.seen[Factor.MENTAL_HEALTH] == 1


@pytest.mark.parametrize("police", [(3, 0), (0, 3)])
def test_the_graver_of_two_files_counts_whoever_is_asked_first(police):
    """police, and the service for abuse, of whom one saw abuse and the other saw none, both since the family was heard of."""
    town, family, _ = troubled()
    family.answered = family.referred = WEEK - 60
    for knower, level in zip((Knower.POLICE, Knower.DOMESTIC_ABUSE_SERVICE), police, strict=True):
        seeing.put_on_file(town, family, knower, Factor.DOMESTIC_ABUSE, level, WEEK - 4)
    family.seen[Factor.DOMESTIC_ABUSE] = 1
    seeing.pool_files(town, family, WEEK, -1, 31)
    assert family.seen[Factor.DOMESTIC_ABUSE] == 3


def test_what_visits_find_themselves_stands_whatever_files_say():
    town, family, _ = troubled((0, 1, 0, 0))
    put(town, assessment__finds_factor=1.0)
    seeing.meet_family(town, family, Knower.HEALTH, WEEK - 1)
    family.level[Factor.MENTAL_HEALTH] = 3
    seeing.find_out(town, family, WEEK)
    assert family.seen[Factor.MENTAL_HEALTH] == 3


def test_an_agency_that_meets_nobody_knows_nothing_and_a_police_force_that_was_called_knows_of_abuse():
    town, family, _ = troubled()
    put(town, records__school=0.0, records__health=0.0, records__housing=0.0)
    seeing.agencies_meet(town, family, WEEK, (0.0001, 0.0001, 0.0001, 0.0001))
    assert seeing.file_of(town, family).level.sum() == 0
    rules("attendance").attend(town, family, WEEK)
    on_file, drinking = seeing.file_of(town, family), seeing.ENTRY[Knower.POLICE, Factor.SUBSTANCE_MISUSE]
    abuse = seeing.ENTRY[Knower.POLICE, Factor.DOMESTIC_ABUSE]
    assert (on_file.level[drinking], on_file.level[abuse], on_file.level.sum()) == (3, 1, 4)
    assert on_file.week[abuse] == WEEK


def test_an_adult_service_that_was_asked_knows_its_own_factor_and_no_other():
    town, family, _ = troubled()
    rules("adult_services").ask(town, family, WEEK, Factor.MENTAL_HEALTH)
    level = seeing.file_of(town, family).level
    assert (level[seeing.ENTRY[Knower.ADULT_MENTAL_HEALTH, Factor.MENTAL_HEALTH]], level.sum()) == (2, 2)


def test_what_was_not_seen_does_not_move_a_judgement_of_the_adults():
    town, family, (child, *_) = troubled((0, 0, 0, 0))
    child.harm = 0.4
    before = seeing.as_judged(town, family, WEEK, 0.0)
    family.level[:] = 3
    assert seeing.as_judged(town, family, WEEK, 0.0) == before
    family.seen[:] = 3
    assert seeing.as_judged(town, family, WEEK, 0.0) > before


def is_parameter(node: ast.expr, groups: set[str]) -> bool:
    """Tell whether an expression is the parameters or one group of them: town.p, town.p.harm[0] or a name for it."""
    text = ast.unparse(node)
    return text in groups or text == "town.p" or (text.startswith("town.p.") and text.endswith("[0]"))


def names_of_groups(tree: ast.AST) -> set[str]:
    """Return the names that functions give to groups of parameters: p in `p, x = town.p.harm[0], 1`."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) <= isinstance(node.value, ast.Tuple):
            target, value = node.targets[0], node.value
            pairs = zip(target.elts, value.elts, strict=True) if isinstance(target, ast.Tuple) else [(target, value)]
            found |= {ast.unparse(name) for name, given in pairs if is_parameter(given, set())}
    return found


def truths_in(tree: ast.AST) -> set[str]:
    """Return the true states that are read or written, whatever the row is called."""
    groups, found = names_of_groups(tree), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in TRUTH and not is_parameter(node.value, groups):
            found.add(f"{ast.unparse(node.value)}.{node.attr}")
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in TRUTH:
            found.add(f"{ast.unparse(node.value)}[{node.slice.value!r}]")
    return found


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


FOLDER = Path(familyabm.__file__).parent / "rules"
RULES = {path.stem: parsed(path) for path in sorted(FOLDER.glob("*.py"))}
DECIDING = sorted(set(RULES) - NATURE - OBSERVERS - MEASUREMENT)


@pytest.mark.parametrize(
    "line",
    ["x = family.harm", "x = town.children[row].harm", "x = a.own_need", "x = town.families['strain']",
     "p, child = town.p.harm[0], a\nx = p.worst * child.harm", "town.adults[row].mental_health = 1"],
)  # fmt: skip
def test_truth_is_found_whatever_the_row_is_called(line):
    assert len(truths_in(ast.parse(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "x = town.p.harm[0].rises",
        "p = town.p.support_units[0]\nx = p.level",
        "x = town.p.harm[0].strain",
        "x = family.seen",
    ],
)
def test_parameters_and_what_was_seen_are_not_taken_for_truth(line):
    assert truths_in(ast.parse(line)) == set()


@pytest.mark.parametrize("module", DECIDING)
def test_no_rule_that_decides_for_anybody_reads_what_is_true_of_a_family(module):
    allowed = {text for where, text in OWN if where == module}
    assert truths_in(RULES[module]) == allowed


def test_every_module_of_nature_and_of_the_count_is_there_and_nature_does_read_the_truth():
    assert set(RULES) >= NATURE | OBSERVERS | MEASUREMENT
    assert all(truths_in(RULES[module]) for module in ("harm", "circumstances", "noticing", "ground_truth"))


# --- what nature is asked ------------------------------------------------------------------------------------------


@cache
def functions() -> dict[tuple[str, str], ast.FunctionDef]:
    """Return every rule by its module and name."""
    return {
        (m, node.name): node for m, tree in RULES.items() for node in tree.body if isinstance(node, ast.FunctionDef)
    }


def imported(module: str) -> dict[str, tuple[str, str]]:
    """Return what a module imports from other modules of rules: {name: (module, name)}."""
    found = {}
    for node in RULES[module].body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("familyabm.rules."):
            found |= {name.asname or name.name: (node.module.rpartition(".")[2], name.name) for name in node.names}
    return found


def rests_on_truth(rule: tuple[str, str], seen: set[tuple[str, str]]) -> bool:
    """Tell whether a rule reads the truth, or a rule that it calls does, and so on."""
    known = functions()
    if rule in seen or rule not in known or rule[0] in OBSERVERS:
        return False
    seen.add(rule)
    own = {name: (rule[0], name) for module, name in known if module == rule[0]} | imported(rule[0])
    called = {own[node.func.id] for node in ast.walk(known[rule])
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own}  # fmt: skip
    return bool(truths_in(known[rule])) or any(rests_on_truth(one, seen) for one in called)


def test_what_deciding_rules_learn_from_nature_is_only_what_happens():
    known, told = functions(), set()
    for module in DECIDING:
        for where, name in imported(module).values():
            rule = known.get((where, name))
            tells = rule is not None and ast.unparse(rule.returns) != "None" and where in NATURE | {"ground_truth"}
            if tells and rests_on_truth((where, name), set()):
                told.add(name)
    assert told == set(HAPPENS)
