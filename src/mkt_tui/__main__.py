"""Where `mkt-tui` and `python -m mkt_tui` begin."""

import sys

from mkt_tui import __version__


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    # Scripts ask for the version often; they shall not wait for the command line to be built.
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"mkt-tui {__version__}\n")
        return
    from mkt_tui.cli.run import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
