"""The section of `o2c.yaml` on days that are not as usual."""

from pydantic import Field, PositiveFloat

from o2c_orchestration.domain.section import Section


class Anomalies(Section):
    """When a day is told as unusual.

    A day is unusual when it lies `threshold` robust standard deviations or more from what its weekday and its place in
    the month let expect, and by `share` of that at least (0.3: by 30 %). A series is judged when it has
    `learning_days` of history, and looks back `history_days`; sums and rates when `events` documents are expected on
    the day. The last `days` complete days are judged. `materiality_minor` (by currency, in minor units): sums that are
    off by less are not told. `ignored` are names of series that are not judged. `thresholds`, by name of figure
    (`refunds.count`) or series (`refunds.count.usd`), take the place of `threshold` and of what we make of it for some.
    """

    threshold: float = Field(default=3.75, gt=0)
    thresholds: dict[str, PositiveFloat] = Field(default_factory=dict)
    share: float = Field(default=0.3, ge=0)
    learning_days: int = Field(default=56, ge=28)
    history_days: int = Field(default=400, ge=28)
    events: float = Field(default=5.0, ge=0)
    days: int = Field(default=2, ge=1, le=31)
    materiality_minor: dict[str, int] = Field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def threshold_of(self, figure: str, series: str, weight: float = 1.0) -> float:
        """How many deviations are far for a series; `weight` is what the figure's own nature makes of the threshold."""
        return self.thresholds.get(series, self.thresholds.get(figure, self.threshold * weight))
