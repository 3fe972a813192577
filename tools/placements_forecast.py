"""Forecast placements from an SSDA903 extract with cs-demand-model, and hold the forecast against the extract itself.

    python -m venv demand-env && demand-env/bin/pip install cs-demand-model
    demand-env/bin/python tools/placements_forecast.py EXTRACT

The rates of the last year but one carry the children looked after at its end a year forward; beside them stands how
many the extract ends with. The package needs pandas below 2, so that it cannot share this project's environment.
"""

import sys
import warnings

import pandas as pd

warnings.simplefilter("ignore")  # the package's own, about pandas


def main() -> None:
    """Read every year of an extract, forecast the last and print both by kind of placement."""
    from cs_demand_model import DemandModellingDataContainer, ModelPredictor, PopulationStats
    from cs_demand_model.config import Config
    from cs_demand_model.datastore import fs_datastore

    config = Config()
    told = DemandModellingDataContainer(fs_datastore(sys.argv[1]), config)
    stats = PopulationStats(told.enriched_view, config)
    stock = stats.stock
    last = stock.index[-1]
    begins, ends = last - pd.DateOffset(years=2), last - pd.DateOffset(years=1)
    forecast = ModelPredictor.from_model(stats, begins, ends).predict((last - ends).days).iloc[-1]
    frame = pd.DataFrame({"start": stock.loc[ends], "forecast": forecast, "extract": stock.loc[last]}).fillna(0.0)
    kinds = frame.groupby(lambda place: place[1] if isinstance(place, tuple) else str(place)).sum()
    kinds = kinds.drop(index="NOT_IN_CARE", errors="ignore")
    kinds.loc["ALL"] = kinds.sum()
    print(f"{told.first_year} to {told.last_year}: {len(told.enriched_view)} episodes of "
          f"{told.enriched_view['CHILD'].nunique()} children.")  # fmt: skip
    print(f"Rates of {begins:%d %B %Y} to {ends:%d %B %Y}; children looked after on {last:%d %B %Y}:")
    print(kinds.round(1).to_string())


if __name__ == "__main__":
    main()
