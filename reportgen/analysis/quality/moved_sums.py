"""Ratios of sums under corrections: what each adds, and the least and the most that some of them can make of it."""

from __future__ import annotations

from dataclasses import dataclass

from reportgen.tasks.metric import Floats


@dataclass(frozen=True, eq=False)
class MovedSums:
    """A ratio of sums, and what each correction adds to numerator and denominator."""

    x: float
    w: float
    dx: Floats
    dw: Floats

    @property
    def value(self) -> float | None:
        """The ratio as it is; null: 0 / 0."""
        return self.x / self.w if self.w > 0 else None

    @property
    def corrected(self) -> float | None:
        """With every correction made."""
        w = self.w + self.dw.sum()
        return float((self.x + self.dx.sum()) / w) if w > 0 else None

    def bound(self, sign: float) -> float | None:
        """The most (sign 1) or the least (-1) that some choice of corrections can make of it; null: 0 / 0 can come.

        Source: Dinkelbach, Management Science 13:492, 1967.
        """
        if not self.w + self.dw[self.dw < 0].sum() > 0:
            return None
        # where nothing stands as yet any attainable ratio will do to begin with
        best = self.x / self.w if self.w > 0 else float((self.x + self.dx.sum()) / (self.w + self.dw.sum()))
        for _ in range(len(self.dx) + 2):  # each round takes a better choice, and there are no more on the way
            chosen = sign * (self.dx - best * self.dw) > 0
            value = float((self.x + self.dx[chosen].sum()) / (self.w + self.dw[chosen].sum()))
            if not sign * (value - best) > 0:
                break
            best = value
        return best

    def row(self) -> dict[str, object]:
        """As it is, corrected, and its bounds, by the names of columns of effects."""
        return {
            "value": self.value,
            "corrected": self.corrected,
            "at_least": self.bound(-1.0),
            "at_most": self.bound(1.0),
        }
