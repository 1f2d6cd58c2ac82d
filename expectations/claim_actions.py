"""What a claim line says its version does, without Spark: the `claim_record_type` that rules ask for.

The twin of the same part of `glue_jobs.transforms.version_keys`; docs/versions.md has the rules.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from expectations.contract import Source, Versions

_ORIGINAL, _VOID, _REPLACEMENT = "original", "void", "replacement"
_FREQUENCY_ACTIONS = (
    dict.fromkeys("7FGHIJKMPQY", _REPLACEMENT)
    | dict.fromkeys("8DX", _VOID)
    | dict.fromkeys("5", "addition")
    | dict.fromkeys("234", "interim")
)
_ADJUSTMENT_ACTIONS = {"1": _VOID, "2": _REPLACEMENT, "3": "addition", "4": "addition"}
_FREQUENCY = "claim_frequency_code"


def record_type_of(source: Source) -> Callable[[Mapping[str, object]], str]:
    """The function from a line's values to original, replacement or void."""
    declared = source.versions or Versions()
    says = declared.actions if source.versions else (_FREQUENCY,)

    def record_type(line: Mapping[str, object]) -> str:
        said = (_said(name, line.get(name)) for name in says)
        action = next((one for one in said if one), _ORIGINAL)
        if declared.negative_is_void and action == _ORIGINAL and _is_negative(line):
            action = _VOID
        return action if action in {_VOID, _REPLACEMENT} else _ORIGINAL

    return record_type


def _is_negative(line: Mapping[str, object]) -> bool:
    charge, paid = line.get("charge_amount"), line.get("paid_amount")
    amount = paid if charge is None else charge
    return isinstance(amount, Decimal) and amount < 0


def _said(name: str, code: object) -> str:
    """The action that a code names; empty where there is none."""
    if not isinstance(code, str):
        return ""
    if name == "claim_adjustment_type_code":
        return _ADJUSTMENT_ACTIONS.get(code, _ORIGINAL)
    frequency = code[2:3] if name == "bill_type_code" else code
    return _FREQUENCY_ACTIONS.get(frequency.upper(), _ORIGINAL) if frequency else ""
