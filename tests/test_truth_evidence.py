"""The evidence register: every link leads to a figure, every judgement has a reason and a study."""

import pandas as pd
import pytest

from familyabm.parameters import REGISTER
from familyabm.truth import evidence, targets


def test_every_link_leads_from_a_parameter_that_there_is_to_a_figure_with_its_citation():
    figures = evidence.figures()
    assert figures.index.is_unique
    for address, ids in evidence.links().items():
        assert address in REGISTER and ids
        for one in ids:
            assert figures.loc[one, "source"] and figures.loc[one, "statement"], one


def test_every_figure_is_used_by_a_parameter_or_a_target():
    used = {one for ids in evidence.links().values() for one in ids}
    used |= {one for target in targets.all_targets() for one in target.evidence.split()}
    assert used == set(evidence.figures().index)


def test_a_target_with_a_row_of_evidence_has_its_value_or_says_why_not():
    figures = evidence.figures()
    for target in targets.all_targets():
        ids = target.evidence.split()
        if len(ids) == 1 and target.fitted and not target.note:
            assert target.value == pytest.approx(float(figures.loc[ids[0], "central"]), rel=0.05), target.code


def test_every_judgement_has_the_reason_for_its_range_and_the_study_that_would_replace_it():
    whole = evidence.register()
    judged = whole[whole["grade"] == "D"]
    assert len(judged) > 500
    assert (judged["reason"].str.len() > 20).all() and (judged["study"].str.len() > 15).all()
    others = whole[whole["grade"] != "D"]
    assert (others["reason"] == "").all() and others["source"].str.len().gt(3).all()


def test_grades_are_counted_over_the_whole_register():
    table = evidence.counts().set_index("grade")
    assert table["parameters"].sum() == len(REGISTER)
    assert (table["linked"] <= table["parameters"]).all()
    assert table.loc["A", "linked"] == table.loc["A", "parameters"]


def test_the_most_influential_judgements_come_first_and_are_of_grade_d():
    found = evidence.influential(15)
    assert len(found) == 15 and all(REGISTER[address].grade == "D" for address in found["address"])
    ranked = found["mu_star"].dropna()
    assert len(ranked) and (ranked.diff().dropna() <= 0.0).all()
    assert pd.Series(found["most"]).isin([target.code for target in targets.fitted()]).all()
