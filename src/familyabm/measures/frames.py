"""The weekly totals as a pandas frame with one plain column per number."""

from enum import IntEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from familyabm.codes import Agency, Category, Event, Factor, Failure, Legal, Panel, Placement, Silo, Standing, Status
from familyabm.tables import WEEK, Table

_KINDS: dict[str, type[IntEnum]] = {
    "legal": Legal, "placement": Placement, "status": Status, "children_status": Status, "plan_category": Category,
    "panel_weeks": Panel, "panel_waiting": Panel,
} | dict.fromkeys(("waiting", "treated", "treatment_wait", "adult_places", "spend_adult"), Factor)  # fmt: skip
"""What the columns of a weekly array stand for, where it is not children's standing."""


def weekly_frame(weekly: Table) -> pd.DataFrame:
    """Return the weekly totals as a pandas frame with one plain column per number.

    Events become `events_contact`, `children_referral` …, stocks `legal_care_order`, `status_early_help`,
    `placement_kinship_foster` …; the rest keep their names. Index: week, from 0.
    """
    columns: dict[str, NDArray[np.float64]] = {}
    for name, entry in WEEK.items():
        values = np.asarray(weekly[name])
        if len(entry) == 2:
            columns[name] = values
        elif name in ("events", "children"):
            columns |= {f"{name}_{event.name.lower()}": values[:, event].sum(axis=1) for event in Event}
        elif name in ("demand_hours", "demand_count"):
            columns |= {f"{name}_{code.name.lower()}": values[:, code].sum(axis=1) for code in Failure}
        elif name == "exported":
            columns |= {f"exported_by_{agency.name.lower()}": values[:, agency].sum(axis=1) for agency in Agency}
        elif name.startswith("decile_"):
            columns |= {f"{name}_{decile}": values[:, decile] for decile in range(1, 11)}
        elif name == "moved":
            columns |= {
                f"moved_{a.name.lower()}_to_{b.name.lower()}": values[:, a, b] for a in Silo for b in Silo if a != b
            }
        else:
            kinds = _KINDS.get(name, Standing)
            columns |= {f"{name}_{kind.name.lower()}": values[:, kind] for kind in kinds}
    return pd.DataFrame(columns, index=pd.RangeIndex(len(weekly), name="week"))
