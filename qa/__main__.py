"""The command `qa`: runs the command line and turns every error into one line and an exit code."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `qa` with the arguments of the process; never returns."""
    from qa.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
