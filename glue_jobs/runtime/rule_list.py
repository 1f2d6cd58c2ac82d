"""Prints the rules of the tables, without Spark: `python -m glue_jobs.runtime.rule_list [--table eligibility]`."""

import argparse
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table as PrintedTable

from expectations.errors import ArgumentError, ClaimsError
from expectations.rules import Rule, load_rules, suite_names

WIDTH_OF_A_LOG = 140
NARROW = 100
"""Columns below which a table of five columns cannot be read: each rule is then a short paragraph."""

COLOURS = {"critical": "red", "warning": "yellow", "info": "cyan"}


def main(arguments: Sequence[str] | None = None, console: Console | None = None) -> int:
    """Print the rules of one table, or of all; 1 where there is no such table or a suite is wrong."""
    parser = argparse.ArgumentParser(prog="make rules", description=__doc__)
    parser.add_argument("--table", default="", help=f"one of {', '.join(suite_names())}; without it all")
    table = parser.parse_args(arguments).table
    screen = console or Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
    try:
        if table and table not in suite_names():
            raise ArgumentError(f"there are no rules for that table; cure: TABLE= one of {', '.join(suite_names())}")
        for name in [table] if table else suite_names():
            print_rules(screen, name, load_rules(name))
    except ClaimsError as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    return 0


def print_rules(screen: Console, name: str, rules: Sequence[Rule]) -> None:
    """Print the rules of one table, as a table where the screen is wide enough."""
    title = f"{name}: {len(rules)} rules"
    if screen.width < NARROW:
        screen.print(f"[bold]{title}[/bold]")
        for rule in rules:
            screen.print(f"{rule.rule_id} {_coloured(rule)} {rule.dimension}: {rule.sentence} [dim]{rule.cure}[/dim]")
        screen.print()
        return
    printed = PrintedTable("rule", "severity", "dimension", "what is wrong", "cure", title=title, title_justify="left")
    for rule in rules:
        printed.add_row(rule.rule_id, _coloured(rule), rule.dimension, rule.sentence, rule.cure)
    screen.print(printed)


def _coloured(rule: Rule) -> str:
    return f"[{COLOURS[rule.severity]}]{rule.severity}[/]"


if __name__ == "__main__":
    sys.exit(main())
