"""Mesa: a batch run over scenarios and lucks, a DataCollector of one's own, and agents picked and counted."""

import numpy as np
import pandas as pd
from mesa import DataCollector
from mesa.batchrunner import batch_run

from familyabm import FamilyServicesModel
from familyabm.codes import Status


def batch(scale: float = 0.02, years: int = 3, lucks: int = 3) -> pd.DataFrame:
    """Return where runs ended, a row each. Vary `run` for luck: iterations would repeat one life."""
    settings = {"area": "Wakefield", "scale": scale, "years": years}
    settings |= {"scenario": ["status-quo", "whole-system"], "run": range(1, lucks + 1)}
    rows = batch_run(FamilyServicesModel, settings, max_steps=52 * years, display_progress=False)
    return pd.DataFrame(rows)[["scenario", "run", "Contacts", "Children looked after"]]


def watched(scale: float = 0.02, weeks: int = 52) -> pd.DataFrame:
    """Return weekly figures of families whose children are in need, by a collector of our own."""
    model = FamilyServicesModel("Wakefield", scale=scale, years=5)
    model.datacollector = DataCollector(
        model_reporters={
            "families": lambda m: len(m.families.select(lambda f: f.status == Status.CHILD_IN_NEED)),
            "trust": lambda m: m.families.select(lambda f: f.status == Status.CHILD_IN_NEED).agg("trust", np.mean),
        }
    )
    for _ in range(weeks):
        model.step()
    return model.datacollector.get_model_vars_dataframe()


if __name__ == "__main__":
    print(batch().groupby("scenario").mean(), watched().tail(), sep="\n\n")
