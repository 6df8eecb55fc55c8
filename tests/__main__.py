"""`python -m tests …` is `publisher …` with the machine's clock as tests have it."""

import sys

from tests.site import publisher

if __name__ == "__main__":
    publisher(sys.argv[1:])
