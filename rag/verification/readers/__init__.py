"""Readers, which estimate the probability that passages support a claim: a served LLM and published checkers."""

from rag.verification.readers.auto import AutoReader
from rag.verification.readers.calibration import EVEN, IDENTITY, Calibration, read_calibrations, write_calibration
from rag.verification.readers.llm import LlmReader, after_the_draft, of_the_window
from rag.verification.readers.reader import LOCAL, ClaimInContext, Reader

__all__ = [
    "EVEN",
    "IDENTITY",
    "LOCAL",
    "AutoReader",
    "Calibration",
    "ClaimInContext",
    "LlmReader",
    "Reader",
    "after_the_draft",
    "of_the_window",
    "read_calibrations",
    "write_calibration",
]
