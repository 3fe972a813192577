"""State variables of those who help: workers, teams, services; and of neighbourhoods."""

from familyabm.codes import Tier

WORKER = {
    "key": ("u8", "identity of the holder"),
    "post": ("u8", "identity of the post"),
    "team": ("i4", "row of the team"),
    "fte": ("f8", "size of the post"),
    "experience": ("f8", "years"),
    "stress": ("f8", "0 to 1.2"),
    "hours": ("f8", "hours available this week"),
    "paid": ("f8", "hours paid this week"),
    "direct": ("f8", "share of hours spent with families"),
    "potency": ("f8", "worth of an hour of this worker"),
    "need": ("f8", "hours needed by own cases, by tier", (len(Tier),)),
    "hours_met": ("f8", "share of needed hours met, by tier", (len(Tier),)),
    "back": ("i2", "week of return from sickness"),
    "started": ("i2", "week the holder started"),
    "n_families": ("i2", "families held"),
    "n_children": ("i2", "children held"),
    "holders": ("i2", "holders of the post before"),
    "kind": ("u1", "who holds the post (Worker)"),
}

TEAM = {
    "hours": ("f8", "hours available this week"),
    "need": ("f8", "hours needed, by tier", (len(Tier),)),
    "hours_met": ("f8", "share of needed hours met if pooled, by tier", (len(Tier),)),
}

SERVICE = {
    "key": ("u8", "identity"),
    "kind": ("u1", "kind of service (Service)"),
    "neighbourhood": ("i4", "row of its neighbourhood"),
    "readiness": ("f8", "how readily it gets in touch, mean 1"),
    "relationship": ("f8", "quality of its relationship with social care, 0 to 1"),
    "rapport": ("f8", "how easily it works with others, mean 1"),
    "cases": ("f8", "families in its catchment with whom children's services work this week"),
    "demand": ("f8", "hours that came upon it this week"),
    "capacity": ("f8", "hours a week that it can give to what comes upon it"),
    "places": ("f8", "funded places in treatment"),
    "n_treated": ("i4", "families in treatment"),
    "n_waiting": ("i4", "families waiting for treatment"),
    "accept_level": ("f8", "level of a factor at which it accepts a family, as practised this week"),
    "load": ("f8", "demand to capacity, smoothed; 1 is the usual"),
    "strain": ("f8", "lasting strain on its staff, 0 to 1"),
    "risk_aversion": ("f8", "0 to 1.5"),
    "bureaucracy": ("f8", "0.1 to 1"),
    "budget": ("f8", "pence a week"),
    "spent": ("f8", "pence spent this week"),
    "lent": ("f8", "pence a week that others hold of its budget; below zero, that it holds of others'"),
    "posture": ("u1", "how it meets its partners (Posture)"),
    "over_weeks": ("i2", "weeks running of load above what it can stand"),
    "calm_weeks": ("i2", "weeks running with neither load nor fear"),
    "n_families": ("i4", "families in its catchment"),
}

NEIGHBOURHOOD = {"key": ("u8", "identity"), "decile": ("i1", "national deprivation decile, 10 most deprived")}

LEVERS = {
    "information_sharing": ("f8", "L1"),
    "joint_response": ("f8", "L2"),
    "no_wrong_door": ("f8", "L3"),
    "continuity": ("f8", "L4"),
    "pooled_budget": ("f8", "L5"),
    "ring_fence": ("f8", "L6"),
    "unit_model": ("f8", "L7"),
    "bureaucracy_relief": ("f8", "L8"),
}

CARER = {
    "key": ("u8", "identity of the household"),
    "neighbourhood": ("i4", "row of its neighbourhood"),
    "family": ("u8", "key of the family whose children it cares for, 0 none"),
    "skill": ("f8", "difficulties it can live with, as a share of the scale"),
    "strain": ("f8", "0 to 1"),
    "burden": ("f8", "what its foster children ask of it this week"),
    "since": ("i2", "week the present state began"),
    "approved": ("i2", "week of approval"),
    "n_children": ("i2", "children placed"),
    "holders": ("i2", "households in this row before"),
    "state": ("u1", "where it stands (Carer)"),
    "places": ("i1", "children it is approved for"),
    "band": ("i1", "ages it is best with: 0 under five, 1 five to ten, 2 eleven and over"),
}
