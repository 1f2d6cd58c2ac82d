"""Random predicates over the columns of `pharmacy_claim`, brackets left out where precedence allows it or not."""

from random import Random

COLUMNS = {
    "text": ("payer", "plan", "ndc_code"),
    "whole": ("refills", "days_supply"),
    "decimal": ("paid_amount", "quantity"),
    "date": ("dispensing_date", "paid_date", "file_date"),
}
LITERALS = {
    "text": ("'Text'", "'medicare'", "''", "'x'", "'É1'", "'1'", "'00000000000'"),
    "whole": ("0", "1", "2", "365", "2147483647"),
    "decimal": ("0.00", "1.5", "99.95", "10000.0001"),
    "date": ("DATE '2015-10-01'", "DATE '2024-02-29'", "DATE '1904-02-29'", "current_date()"),
}
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "<=>", "!=")
PIECES = ("a", "x", "1", "[a-z]", "[^0-9]", ".", "(x|é)", "(?:e|$)", "[.]", "T", "(?=t)", "(?![0-9])", " ", "[0-9A-Z]")
REPEATS = ("", "", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?", "+?")
LIKES = ("'%t'", "'_e%'", "'%'", "'T__t'", "'1%1'", "''")


def random_predicate(random: Random, depth: int = 3) -> str:
    """A predicate as deep as that."""
    if depth == 0 or random.random() < 0.15:
        return _simple(random)
    one, other = (random_predicate(random, depth - 1) for _ in range(2))
    return random.choice(
        (
            f"{one} AND {other}",
            f"{one} OR {other}",
            f"NOT {one}",
            f"({one}) {random.choice(('=', '<>', '<=>'))} ({other})",
            f"({one} OR {other})",
            f"({one}) IS {random.choice(('NULL', 'NOT NULL', 'TRUE', 'NOT FALSE'))}",
            f"coalesce({one}, {other}, true)",
            f"CASE WHEN {one} THEN {other} ELSE {_simple(random)} END",
            f"if({one}, {other}, {_simple(random)})",
        )
    )


def random_pattern(random: Random) -> str:
    """A regular expression of a few pieces; some are not in what Java and Python read alike."""
    pieces = [random.choice(PIECES) + random.choice(REPEATS) for _ in range(random.randint(1, 4))]
    start, end = random.choice(("", "^", "^")), random.choice(("", "$", "$"))
    return start + "".join(pieces) + end


def _simple(random: Random) -> str:
    kind = random.choice(tuple(COLUMNS))
    left, right, low = (_value(random, kind) for _ in range(3))
    choices = [
        f"{left} {random.choice(COMPARISONS)} {right}",
        f"{left} {random.choice(COMPARISONS)} {right}",
        f"{left} {random.choice(('IN', 'NOT IN'))} ({right}, {random.choice(LITERALS[kind])})",
        f"{left} {random.choice(('BETWEEN', 'NOT BETWEEN'))} {low} AND {right}",
        f"{left} IS {random.choice(('NULL', 'NOT NULL'))}",
        f"{random.choice(('exists', 'forall'))}(array({left}, {right}), c -> c {random.choice(COMPARISONS)} {low})",
    ]
    if kind == "text":
        choices += [
            f"{left} {random.choice(('RLIKE', 'NOT RLIKE'))} '{random_pattern(random)}'",
            f"{left} RLIKE '{random_pattern(random)}'",
            f"{left} {random.choice(('LIKE', 'NOT LIKE'))} {random.choice(LIKES)}",
        ]
    return random.choice(choices)


def _value(random: Random, kind: str) -> str:
    column, other = random.choice(COLUMNS[kind]), random.choice(COLUMNS[kind])
    literal = random.choice(LITERALS[kind])
    if random.random() < 0.55:
        return random.choice((column, column, literal))
    n = random.randint(1, 4)
    functions = {
        "text": (
            *(f"upper({column})", f"lower({column})", f"trim({column})", f"substring({column}, {n}, {n})"),
            *(
                f"left({column}, {n})",
                f"right({column}, {n})",
                f"{column} || {other}",
                f"concat_ws('-', {column}, {other})",
            ),
        ),
        "whole": (
            *(
                f"length({random.choice(COLUMNS['text'])})",
                f"{column} % {n}",
                f"try_cast(left(ndc_code, {n}) AS INT) * {n}",
                f"length(payer) * {n} - {n}",
            ),
            *("datediff(paid_date, dispensing_date)", "year(paid_date)", "month(file_date)", "day(paid_date)"),
        ),
        "decimal": (
            f"{column} - {other}",
            f"{column} + {literal}",
            f"abs({column})",
            f"{column} * {n}",
            f"-{column} % {n}",
        ),
        "date": (f"date_add({column}, {n})", f"add_months({column}, -{n})", f"add_months({column}, {n * 12})"),
    }
    shared = (f"coalesce({column}, {literal})", f"greatest({column}, {other})", f"least({column}, {literal})")
    return random.choice((*functions[kind], *shared))
