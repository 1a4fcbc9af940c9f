"""What keeps a claim from being released, whatever its probability: one list, in the order in which it runs."""

from rag.verification.checks.addresses import UNKNOWN_LINK, unknown_address
from rag.verification.checks.check import Check, Finding
from rag.verification.checks.claim import PreparedClaim
from rag.verification.checks.direction import opposite
from rag.verification.checks.exchanged import exchange
from rag.verification.checks.features import OF_VECTORS, SIGNS, encoder_input, encoder_scores, features_of
from rag.verification.checks.names import missing_name
from rag.verification.checks.negation import negated
from rag.verification.checks.numbers import missing_number
from rag.verification.checks.tautology import tautology

CHECKS = (
    Check("numbers", missing_number),
    Check("names", missing_name),
    Check("negation", negated),
    Check("direction", opposite),
    Check("tautology", tautology),
    Check("exchanged", exchange),
    Check("addresses", unknown_address),
)

__all__ = [
    "CHECKS",
    "OF_VECTORS",
    "SIGNS",
    "UNKNOWN_LINK",
    "Check",
    "Finding",
    "PreparedClaim",
    "encoder_input",
    "encoder_scores",
    "features_of",
]
