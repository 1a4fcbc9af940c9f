"""`python -m api` is `footnote serve`."""

import sys

from api.cli.commands import main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
