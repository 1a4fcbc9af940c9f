"""Whether the evidence supports a sentence: the verifier, its checks and readers, and the certificate."""

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
from rag.verification.checks import OF_VECTORS, SIGNS, features_of, window_for
from rag.verification.model_file import VERIFIER_FILE, load_model, load_modes, verifier_version
from rag.verification.pooling import LEAST_ASKED, decided_support, pooled_support, reader_could_decide
from rag.verification.verifier import CheckedVerifier, Verifier

__all__ = [
    "LEAST_ASKED",
    "OF_VECTORS",
    "SIGNS",
    "UNNAMED",
    "VERIFIER_FILE",
    "Certificate",
    "CheckedVerifier",
    "Guarantee",
    "Verifier",
    "Versions",
    "WatchedVerifier",
    "decided_support",
    "features_of",
    "load_model",
    "load_modes",
    "pooled_support",
    "read_certificate",
    "reader_could_decide",
    "verifier_version",
    "versions_of",
    "window_for",
    "write_certificate",
]
