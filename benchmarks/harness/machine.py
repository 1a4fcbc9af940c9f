"""What a result depends on beside the code: the machine, and the libraries that do the work."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

LIBRARIES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "qdrant-client",
    "qdrant-edge-py",
    "onnxruntime",
    "numpy",
    "scikit-learn",
    "vllm",
)
FEATURES = ("amx_bf16", "avx512_bf16", "avx512f", "avx2")
"""Of processors, those that decide how fast a model runs."""
_CPUINFO = Path("/proc/cpuinfo")
_GIB = 2**30


def machine(cpuinfo: Path = _CPUINFO) -> dict[str, Any]:
    """The processor's model name and which of `FEATURES` it has, logical cores, memory, system.

    Where the system has no /proc/cpuinfo, the name is what Python knows of it, and features are not told (None).
    """
    told = _first_processor(cpuinfo)
    flags = told.get("flags")
    return {
        "cpu": told.get("model name") or platform.processor() or platform.machine(),
        "features": None if flags is None else [name for name in FEATURES if name in flags.split()],
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB, 1),
        "system": platform.system(),
    }


def versions() -> dict[str, str]:
    """Of Python, and of each of `LIBRARIES` that is installed."""
    installed = {name: version for name in LIBRARIES if (version := _version(name))}
    return {"python": platform.python_version(), **installed}


def _first_processor(cpuinfo: Path) -> dict[str, str]:
    try:
        lines = cpuinfo.read_text(encoding="utf-8").split("\n\n")[0].splitlines()
    except OSError:
        return {}
    fields = (line.partition(":") for line in lines)
    return {name.strip(): value.strip() for name, _, value in fields}


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None
