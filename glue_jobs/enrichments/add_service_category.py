"""What kind of service the line is, in three levels: the first rule of `service_categories` that holds."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.enrichment import Enrichment, References
from glue_jobs.enrichments.mark_claims import MARKS
from glue_jobs.enrichments.service_categories import NAMES, OTHER, RULES

LEVELS = ("service_category_1", "service_category_2", "service_category_3")


def add_service_category(lines: DataFrame, _: References) -> DataFrame:
    """Add the three levels; `other` where no rule holds. A condition on what is missing does not hold."""
    named = lines
    for name, made_of in NAMES.items():
        named = named.withColumn(name, F.expr(made_of))
    place = F.when(F.lit(False), -1)
    for number, rule in enumerate(RULES):
        place = place.when(F.expr(rule.condition), number)
    found = named.select(*lines.columns, place.alias("_rule"))
    return found.select(*lines.columns, *(_level(number).alias(name) for number, name in enumerate(LEVELS)))


def _level(number: int) -> Column:
    words = F.array(*(F.lit(rule[number]) for rule in RULES))
    return F.coalesce(F.get(words, F.col("_rule")), F.lit(OTHER))


ADD_SERVICE_CATEGORY = Enrichment(
    "service category",
    (
        "claim_type",
        "bill_type_code",
        "revenue_center_code",
        "place_of_service_code",
        "drg_code_type",
        "drg_code",
        "hcpcs_code",
        *(f"hcpcs_modifier_{number}" for number in range(1, 6)),
        *MARKS,
    ),
    LEVELS,
    add_service_category,
)
