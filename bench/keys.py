"""The keys of the queue at one size, on SQLite: the quick part of `bench.queue`, for a change under way.

python -m bench.keys --tickets 10000
"""

from bench import homes
from bench.queue import Place, lines, of_desk, of_list, other_keys
from bench.report import command_line, publish


def main() -> None:
    """Read the command line and measure."""
    cli = command_line("Measure the keys of the queue.")
    cli.add_argument("--tickets", type=int, default=10_000)
    cli.add_argument("--count", type=int, default=50, help="presses of each key (50)")
    args = cli.parse_args()
    place = Place(f"{args.tickets:,}", homes.home(args.tickets))
    seen, floor = of_desk(place, args.count, 5.0), of_list(args.tickets, args.count, 5.0)
    publish(
        [*lines(place.name, seen, floor), *other_keys(place, max(args.count // 3, 10))], args.json
    )


if __name__ == "__main__":
    main()
