"""Invented members for the generated sample: who is insured, by which plan, on which days. Of nobody.

Their file has the layout of `tuva_eligibility`, and one row a span, of both senders of claims.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from glue_jobs.runtime.sample_layouts import BreakableNames, Written, delimited_layout

PLANS = ("Gold PPO, Family", "Silver HMO", "Bronze HMO")
PLAN_OF_THE_OLD = "Medicare Advantage"
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2024, 12, 31)
BORN_FROM, BORN_TO, MEDICARE_AGE = 1935, 2020, 65
JOINED_LATE_SHARE, LEFT_EARLY_SHARE, CHANGED_PLAN_SHARE = 0.05, 0.05, 0.04
STATES = ("CO", "KY", "OH", "TX")


class Sender(NamedTuple):
    """Who sends claims: as its rows name it, and how many claim lines there are for each of its members."""

    data_source: str
    payer: str
    initial: str
    lines_a_member: int


SAMPLE_HEALTH = Sender("sample", "sample health", "M", 10)
ACME_HEALTH = Sender("acme", "acme health", "A", 40)


class SampleSpan(NamedTuple):
    """Days on which a member is insured by one plan."""

    plan: str
    start: date
    end: date


@dataclass(frozen=True)
class SampleMember:
    """One insured person; spans follow one another."""

    member_id: str
    sender: Sender
    gender: str
    birth_date: date
    state: str
    spans: tuple[SampleSpan, ...]

    def plan_on(self, day: date) -> str:
        """The plan that a claim of that day names: of the span that began last, enrolled or not."""
        begun = [span.plan for span in self.spans if span.start <= day]
        return (begun or [self.spans[0].plan])[-1]


def invent_members(random: Random, sender: Sender, count: int) -> tuple[SampleMember, ...]:
    """Members of one sender in 2024; most are enrolled all year, some join, leave or change the plan."""
    return tuple(_invent_member(random, sender, number) for number in range(1, count + 1))


def _invent_member(random: Random, sender: Sender, number: int) -> SampleMember:
    birth_date = date(random.randint(BORN_FROM, BORN_TO), random.randint(1, 12), random.randint(1, 28))
    is_old = FIRST_DAY.year - birth_date.year > MEDICARE_AGE
    plan = PLAN_OF_THE_OLD if is_old else random.choice(PLANS)
    return SampleMember(
        member_id=f"{sender.initial}{number:05d}",
        sender=sender,
        gender=random.choice(("female", "male")),
        birth_date=birth_date,
        state=random.choice(STATES),
        spans=_invent_spans(random, plan, is_old=is_old),
    )


def _invent_spans(random: Random, plan: str, *, is_old: bool) -> tuple[SampleSpan, ...]:
    turn, later = random.random(), date(2024, random.randint(2, 11), 1)
    if turn < JOINED_LATE_SHARE:
        return (SampleSpan(plan, later, LAST_DAY),)
    before = SampleSpan(plan, FIRST_DAY, later - timedelta(days=1))
    if turn < JOINED_LATE_SHARE + LEFT_EARLY_SHARE:
        return (before,)
    if turn < JOINED_LATE_SHARE + LEFT_EARLY_SHARE + CHANGED_PLAN_SHARE and not is_old:
        other = random.choice([name for name in PLANS if name != plan])
        return (before, SampleSpan(other, later, LAST_DAY))
    return (SampleSpan(plan, FIRST_DAY, LAST_DAY),)


def _write_member(random: Random, member: SampleMember) -> Iterator[Written]:
    is_old = member.spans[0].plan == PLAN_OF_THE_OLD
    for span in member.spans:
        record = {
            "person_id": member.member_id,
            "member_id": member.member_id,
            "gender": random.choice((member.gender, member.gender.title())),
            "birth_date": member.birth_date.isoformat(),
            "death_date": random.choice(("", "~")),
            "enrollment_start_date": span.start.isoformat(),
            "enrollment_end_date": span.end.isoformat(),
            "payer": member.sender.payer,
            "payer_type": "medicare" if is_old else "commercial",
            "plan": span.plan,
            "original_reason_entitlement_code": "0" if is_old else "",
            "dual_status_code": "NA" if is_old else "",
            "medicare_status_code": "10" if is_old else "",
            "state": member.state,
            "data_source": member.sender.data_source,
        }
        yield Written(record, 1, 0)


MEMBERS = delimited_layout(
    "tuva_eligibility", ",", _write_member, BreakableNames("person_id", "enrollment_start_date", "", "gender")
)
