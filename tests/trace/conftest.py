"""Outside of what is tested here, so apart from tests/real; collected only when MXPROOF_REAL=1, as those are."""

import os

collect_ignore_glob = [] if os.environ.get("MXPROOF_REAL") == "1" else ["test_*.py"]
