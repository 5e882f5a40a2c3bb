"""`python -m mxproof` is `mxproof`."""

import sys

from mxproof.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
