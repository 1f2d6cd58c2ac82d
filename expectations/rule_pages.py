"""The list of rules for people, made from the suites: a page of Markdown."""

from collections import Counter
from collections.abc import Iterator

from expectations.row_rules import Severity
from expectations.rules import Rule, load_rules, suite_names

INTRODUCTION = """# Rules

Made from `expectations/suites/*.json` by `make docs`; change those files, not this one. `make rules` prints them,
`make rules TABLE=eligibility` those of one table. Before these are asked every record must keep the
[record rules](errors.md#record-rules), whatever its table.

A suite is a Great Expectations suite in its own form. Spark, plain Python and Great Expectations read the same
declaration and give the same answer ([decision 0008](adr/0008-rules-in-sql-and-python.md)).

| severity | what becomes of the row |
|---|---|
| critical | It is quarantined: no reader could use it. |
| warning | It is kept and reported: probably wrong. |
| info | It is kept and counted: worth knowing. |

`SQL` is true for the rows that break the rule; rules without it are about the table as a whole.
"""


def rules_document() -> str:
    """All rules of all tables as Markdown; ContractError where a suite is wrong."""
    tables = {name: load_rules(name) for name in suite_names()}
    contents = [f"- [{name}](#{name}): {_counts(rules)}" for name, rules in tables.items()]
    sections = ["\n".join(_section(name, rules)) for name, rules in tables.items()]
    return "\n".join([INTRODUCTION, *contents, "", *sections])


def _counts(rules: tuple[Rule, ...]) -> str:
    counts = Counter(rule.severity for rule in rules)
    return f"{len(rules)} rules: {', '.join(f'{counts[severity]} {severity}' for severity in Severity)}"


def _section(name: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    yield f"## {name}"
    yield ""
    yield "| rule | severity | dimension | what is wrong | cure |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        yield f"| {rule.rule_id} | {rule.severity} | {rule.dimension} | {rule.sentence} | {rule.cure} |"
    yield ""
    yield "<details><summary>SQL</summary>"
    yield ""
    yield "```text"
    yield from (f"{rule.rule_id}  {rule.broken_sql or _about_the_table(rule)}" for rule in rules)
    yield "```"
    yield "</details>"
    yield ""


def _about_the_table(rule: Rule) -> str:
    said = ", ".join(f"{key} {value}" for key, value in rule.kwargs.items())
    return f"{rule.type}: {said}"
