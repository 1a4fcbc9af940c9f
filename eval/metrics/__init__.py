"""Metrics, and the statistics of the guarantee."""

from eval.metrics.calibration import Scored, check_enough, check_installed, choose, released_needed
from eval.metrics.faithfulness import METRICS, Floors, Graded, Metrics, Outcome, grade, score
from eval.metrics.overlap import Overlap
from eval.metrics.percentiles import percentiles
from eval.metrics.probabilities import auroc, calibration_error
from eval.metrics.ranking import ranking_metrics

__all__ = [
    "METRICS",
    "Floors",
    "Graded",
    "Metrics",
    "Outcome",
    "Overlap",
    "Scored",
    "auroc",
    "calibration_error",
    "check_enough",
    "check_installed",
    "choose",
    "grade",
    "percentiles",
    "ranking_metrics",
    "released_needed",
    "score",
]
