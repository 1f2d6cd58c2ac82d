"""docs/compliance.md: which control is met by which attribute of which resource of the plan, or what is missing."""

from collections.abc import Iterator, Mapping

from terraform.estate.checks import Check, Outcome, carry_out, counted
from terraform.estate.controls import Control, Framework
from terraform.estate.hipaa import HIPAA
from terraform.estate.plan import Estate
from terraform.estate.soc2 import SOC2

FRAMEWORKS = (HIPAA, SOC2)
JUDGED = "prod"
"""The environment with live data, by which a control is judged; of the others it is told where they differ."""

INTRODUCTION = f"""# Compliance

Made from the rendered plans by `make estate`; change `hipaa.py`, `soc2.py` and `measures.py` of `terraform/estate`, not
this file. Each line was asked of the plan of `{JUDGED}`: these resources have this value. It shows what infrastructure
does; whether that is enough is for your security officer and your auditor to say.

- **met**: all that its table asks holds. **in part**: it holds, and something is lacking. **gap**: nothing meets it, or
  something does not hold. **yours**: no plan can meet it. What is lacking stands under the table.
- **dev**, **staging**: where those environments do less. What only an apply makes known is judged in `{JUDGED}` alone.
"""


def compliance_document(estates: Mapping[str, Estate]) -> str:
    """The document, from the estates of all environments by name."""
    parts = [INTRODUCTION]
    for framework in FRAMEWORKS:
        parts += [f"## {framework.title}\n", _summary(framework, estates[JUDGED])]
        parts += [_section(control, estates) for control in framework.controls]
    return "\n".join(parts)


def state(control: Control, estate: Estate) -> str:
    """How a control stands: met, in part, gap or yours."""
    if any(carry_out(check, estate).faults for check in control.checks):
        return "gap"
    if control.checks:
        return "in part" if control.lacks else "met"
    return "gap" if control.lacks else "yours"


def _summary(framework: Framework, estate: Estate) -> str:
    lines = ["| control | | state |", "|---|---|---|"]
    for control in framework.controls:
        found = state(control, estate)
        rest = ", rest yours" if control.checks and control.yours else ""
        lines.append(f"| {control.number} | {control.name} | {'**gap**' if found == 'gap' else found}{rest} |")
    return "\n".join(lines) + "\n"


def _section(control: Control, estates: Mapping[str, Estate]) -> str:
    outcomes = [carry_out(check, estates[JUDGED]) for check in control.checks]
    lines = [f"### {control.number} {control.name}", "", control.asks, ""]
    rows = [row for outcome in outcomes if (row := _row(outcome))]
    if rows:
        lines += ["| resources | attribute | value |", "|---|---|---|", *rows, ""]
    notes = [f"- **Gap**: {fault}" for fault in dict.fromkeys(fault for one in outcomes for fault in one.faults)]
    notes += [f"- **Gap**: {control.lacks}"] if control.lacks else []
    notes += [f"- **Yours**: {control.yours}"] if control.yours else []
    notes += _differences(control.checks, estates)
    return "\n".join([*lines, *notes, *([""] if notes else [])])


def _row(outcome: Outcome) -> str:
    check = outcome.check
    if check.absent:
        return "" if outcome.faults else f"| none of type `{check.type}` | | |"
    attribute = f"`{check.path}`" if check.path else ""
    return f"| {counted(outcome.met)} | {attribute} | {', '.join(outcome.values)} |" if outcome.met else ""


def _differences(checks: tuple[Check, ...], estates: Mapping[str, Estate]) -> Iterator[str]:
    """What other environments lack, without what the judged one lacks too."""
    for name, estate in estates.items():
        if name != JUDGED:
            held = [check for check in checks if not carry_out(check, estates[JUDGED]).faults]
            faults = dict.fromkeys(fault for check in held for fault in carry_out(check, estate).faults)
            if faults:
                yield f"- **{name}**: {'; '.join(faults)}"
