"""Does the evidence support the sentence? Verifiers, the encoder they ask, and the certificate."""

from rag.verification.certificate import (
    UNNAMED,
    Certificate,
    Guarantee,
    Versions,
    WatchedVerifier,
    read_certificate,
    versions_of,
    write_certificate,
)
from rag.verification.clause_verifier import ClauseVerifier
from rag.verification.inert_verifier import InertVerifier
from rag.verification.pooling import may_be_released, pooled_support
from rag.verification.verifier import (
    OF_VECTORS,
    SIGNS,
    VERIFIER_FILE,
    Release,
    StackedVerifier,
    Verifier,
    encoder_input,
    encoder_scores,
    encoder_version,
    features_of,
    load_model,
    load_modes,
    verifier_version,
)

__all__ = [
    "OF_VECTORS",
    "SIGNS",
    "UNNAMED",
    "VERIFIER_FILE",
    "Certificate",
    "ClauseVerifier",
    "Guarantee",
    "InertVerifier",
    "Release",
    "StackedVerifier",
    "Verifier",
    "Versions",
    "WatchedVerifier",
    "encoder_input",
    "encoder_scores",
    "encoder_version",
    "features_of",
    "load_model",
    "load_modes",
    "may_be_released",
    "pooled_support",
    "read_certificate",
    "verifier_version",
    "versions_of",
    "write_certificate",
]
