"""`python -m benchmarks NAME …`; without a name, the list of all."""

import sys

from benchmarks.harness.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
