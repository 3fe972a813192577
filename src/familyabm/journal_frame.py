"""The journal as pandas: one row per event, words in place of codes."""

import numpy as np
import pandas as pd

from familyabm.codes import Agency, Event, Failure
from familyabm.simulation import PAST_WEEKS, Run
from familyabm.tables import Table


def _words(
    codes: "np.ndarray[tuple[int], np.dtype[np.uint8]]", kinds: type[Event | Agency | Failure]
) -> "pd.Categorical[str]":
    """Return codes as the words that stand for them."""
    names = {int(kind): kind.name.lower() for kind in kinds}
    return pd.Categorical([names[int(code)] for code in codes], categories=list(names.values()))


def of_table(journal: Table) -> pd.DataFrame:
    """Return a journal as a frame: week from 0, event, agency and code as words, pounds instead of pence."""
    frame = pd.DataFrame(np.asarray(journal))
    frame["week"] = frame["week"].astype("int64") - PAST_WEEKS
    for column, kinds in (("event", Event), ("agency", Agency), ("code", Failure)):
        frame[column] = _words(np.asarray(journal)[column], kinds)
    frame["pounds"] = frame.pop("pence") / 100.0
    return frame


def frame_of(run: Run) -> pd.DataFrame:
    """Return the journal of a run that kept one."""
    return of_table(run.journal)
