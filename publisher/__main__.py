"""`python -m publisher` is the `publisher` command."""

from publisher.cli import run

if __name__ == "__main__":
    run()
