"""Files of a source whose records are spoilt at random, by a fixed seed: what a sender could send, and worse."""

import json
from random import Random

from expectations.contract import FileFormat

VALUES = (
    "", " ", "~", "\\N", "NULL", "0", "1", "2", "-0", "-0.00", "007", "+5", "1.5", "1,000", "1,234.50", "$1,250.00",
    "$ 5", "-$3.10", "(12.50)", "(-1)", "12.50-", "12.345", "60.000", ".5", "5.", "-.5", "123456789", "1234567890",
    "12345678901", "9"*40, "0"*30+"1", "1e3", "1.23E+11", "NaN", "0x1F", "1_000", "\u0661\u0662", "\uff11\uff12",
    "2024-01-15", "2024-02-30", "2023-02-29", "2024-02-29", "0000-01-01", "0001-01-01", "9999-12-31", "1000-01-01",
    "20240115", "20240230", "2024-1-5", "2024", "45356", "01/15/2024", "13/01/2024", "1/5/2024", "15-JAN-2024",
    "5-Jul-2024", "15-ANF-2024", "31-APR-2024", "15-jan-2024", "2024-01-15T10:11:12Z", "2024-01-15T10:11:12+05:00",
    "2024-01-15 garbage", "Y", "n", "TRUE", "False", "yes", "x", "\u212a", "e11.9", "E11.9 ", " i10", "U07.1",
    "a.b.c", "0131", "131", "13X", "00001", "1234-5678-90", "12345-678-90", "12345-6789-0", "12345-6789-01",
    "1437702123.0", ".0", "1.0.0", "=1+1", "@x", "-x", "+x", "a b", "a%20b", "a\u00a0b", "\u00a0a", "a\t", "\ta",
    "Jos\u00e9", "\u00df", "\u0130", "\u03a3\u03a3", "a\u200bb", "\ufeffa", "\u202ea", "a\x7f", "a\x00", "a\x0b",
    "\u00ad", "\U0001f600", "\u2028", "\x85", "\x1a", "a\x1eb",
)  # fmt: skip
"""Texts of which each is right for some column and wrong for others."""

SPOILT_LINES = ("", "  ", "\t", "x", '"', '"open', "\ufeff", ",", "||||", "\x1a", "a\x00b", "{}", "null", '{"a":1}x')


def spoilt_csv(sample: bytes, file_format: FileFormat, random: Random, records: int) -> bytes:
    """The sample with so many spoilt records behind its own; line ends are mixed, some bytes are no UTF-8."""
    header, *body = [line for line in sample.decode("utf-8-sig").splitlines() if line.strip()]
    delimiter = file_format.delimiter
    rows = [
        line.split(delimiter) for line in body if '"' not in line and line.count(delimiter) == header.count(delimiter)
    ]
    lines = [line.encode() for line in (header, *body)]
    for _ in range(records):
        fields = [*random.choice(rows)]
        for _ in range(random.choice((0, 1, 1, 2, 3, 8))):
            fields[random.randrange(len(fields))] = _written(random, delimiter)
        line = _spoilt(delimiter.join(fields), random, delimiter)
        lines.append(random.choice(lines) if random.random() < 0.05 else _encoded(line, random))
    lines += [header.encode(), b"\xef\xbb\xbf" + header.encode(), *lines[-3:]]
    return b"".join(line + random.choice((b"\n", b"\n", b"\r\n")) for line in lines)


def _written(random: Random, delimiter: str) -> str:
    value = random.choice(VALUES)
    if random.random() < 0.15:
        return '"' + value.replace('"', '""') + random.choice(("", delimiter, '""', "\n", "\r\n", ' "')) + '"'
    if delimiter in value:
        return f'"{value}"'
    return value + random.choice(("", "", "", " ", "\u00a0")) if random.random() < 0.3 else value


def _spoilt(line: str, random: Random, delimiter: str) -> str:
    chance = random.random()
    if chance < 0.02:
        return line + delimiter
    if chance < 0.04:
        return line.partition(delimiter)[2]
    if chance < 0.06:
        return random.choice(SPOILT_LINES)
    return line.replace("0", '"', 1) if chance < 0.08 else line


def _encoded(line: str, random: Random) -> bytes:
    return line.encode() + (b"\xe9\xff" if random.random() < 0.01 else b"")


JSON_VALUES = (
    *(json.dumps(value, ensure_ascii=number % 2 == 0) for number, value in enumerate(VALUES)),
    "1", "-0", "1.50", "1e2", "12345678901234567890.12", "0.1", "01", "1.", ".5", "+1", "NaN", "Infinity", "-",
    "true", "false", "null", "{}", "[]", '{"memberId": "x"}', '{"memberId": 5}', '{"memberId": null}',
    '{"memberId": {"a": 1}}', '[{"a": 1}]', '{"memberId": "p", "memberId": "q"}', '[{"lineNumber": 1}, 5]',
    '[{"lineNumber": 1}, null]', '[{"lineNumber": 1}, {}]', '[{"lineNumber": 1, "lineNumber": 2}, {"lineNumber": 2}]',
    '[{"lineNumber": "2", "hcpcs": 5}]', "[[1]]", "[[[1]]]", "[[[[1]]]]", '"\\u0000"', '"\\u001f"', '"\\u0009"',
    '"\\b"', '"\\f"', '"\\/"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\ude00"', '"\\x"', '"\\u200b"', '"\\u00e9"',
    '"a\tb"', "'x'", '"\\\\u0000"', '"\\\\b"', '[{"note": "\\u200b"}]', '{"\u200b": 1}', '{"a\\b": 1}',
)  # fmt: skip


def spoilt_ndjson(sample: bytes, random: Random, records: int) -> bytes:
    """The sample with so many spoilt records behind its own."""
    body = [line for line in sample.decode().splitlines() if line.strip()]
    whole = [json.loads(line) for line in body if _is_object(line)]
    lines = [line.encode() for line in body]
    for _ in range(records):
        members = {json.dumps(key): json.dumps(value) for key, value in random.choice(whole).items()}
        if random.random() < 0.4:
            members['"lines"'] = _items(json.loads(members.get('"lines"', "[]")), random)
        for _ in range(random.choice((0, 1, 1, 2, 4))):
            key = random.choice([*members, '"member"', '"lines"', '"other"', '"\\u200b"'])
            members[key] = random.choice(JSON_VALUES)
        pairs = [f"{key}{random.choice((':', ': ', ' : '))}{value}" for key, value in members.items()]
        if random.random() < 0.03:
            pairs.append(random.choice(pairs))
        line = "{" + random.choice((",", ", ")).join(pairs) + "}"
        line += random.choice(("", "", "", "", "", "", " ", "\u00a0", "x", ",", "}")) if random.random() < 0.1 else ""
        lines.append(random.choice(lines) if random.random() < 0.05 else _encoded(line, random))
    return b"".join(line.replace(b"\n", b" ") + random.choice((b"\n", b"\r\n")) for line in lines)


def _items(items: object, random: Random) -> str:
    written = []
    for item in items if isinstance(items, list) else []:
        members = {json.dumps(key): json.dumps(value) for key, value in item.items()} if isinstance(item, dict) else {}
        members[random.choice([*members, '"x"'])] = random.choice(JSON_VALUES)
        written.append("{" + ",".join(f"{key}:{value}" for key, value in members.items()) + "}")
    return f"[{','.join(written)}]"


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
