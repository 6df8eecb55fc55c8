"""`python -m tests …` is `publisher …` with the machine's clock as tests have it."""

import sys

from publisher.cli import run
from tests.site import now

if __name__ == "__main__":
    sys.argv[0] = "publisher"
    run(now)
