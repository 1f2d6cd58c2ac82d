"""The chapter of the principal diagnosis (ICD-10-CM or ICD-9-CM), and its CCSR category."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from glue_jobs.enrichments.diagnosis_chapters import EXTERNAL, FACTORS, ICD_9_CHAPTERS, ICD_10_CHAPTERS
from glue_jobs.enrichments.enrichment import Enrichment, References

ICD_9, ICD_10 = "icd-9-cm", "icd-10-cm"
FIRST_DAY_OF_ICD_10 = "2015-10-01"
CCSR = "ccsr"
"""Code system in `code_set` whose rows map ICD-10-CM codes to categories."""


def add_diagnosis(lines: DataFrame, references: References) -> DataFrame:
    """Add chapter and category of diagnosis_code_1; empty where there is no code or no list has it."""
    ccsr = (
        references.code_sets.where((F.col("code_system") == CCSR) & F.col("category_code").isNotNull())
        .groupBy(F.col("code").alias("_code"))
        .agg(F.max(F.struct("category_code", "description")).alias("_ccsr"))
    )
    is_icd_10 = _code_system() == ICD_10
    return (
        lines.withColumn("_code", F.when(is_icd_10, F.col("diagnosis_code_1")))
        .join(F.broadcast(ccsr), on="_code", how="left")
        .select(
            *lines.columns,
            F.when(is_icd_10, _icd_10_chapter()).otherwise(_icd_9_chapter()).alias("diagnosis_chapter"),
            F.col("_ccsr.category_code").alias("ccsr_category_code"),
            F.col("_ccsr.description").alias("ccsr_category_description"),
        )
    )


def _code_system() -> Column:
    """What the sender says where it is one of the two, else by the day: the discharge, else the service."""
    day = F.coalesce("discharge_date", "claim_line_start_date", "claim_start_date")
    by_day = F.when(day < F.lit(FIRST_DAY_OF_ICD_10).cast("date"), ICD_9).otherwise(ICD_10)
    sent = F.col("diagnosis_code_type")
    return F.when(sent.isin(ICD_9, ICD_10), sent).otherwise(by_day)


def _icd_10_chapter() -> Column:
    category = F.substring("diagnosis_code_1", 1, 3)
    chapter = F.when(~category.rlike("^[A-Z][0-9][0-9A-Z]$"), None)
    for last, name in ICD_10_CHAPTERS:
        chapter = chapter.when(category <= last, name)
    return chapter


def _icd_9_chapter() -> Column:
    code = F.col("diagnosis_code_1")
    category = F.substring("diagnosis_code_1", 1, 3)
    chapter = F.when(code.rlike("^V[0-9]{2}"), FACTORS).when(code.rlike("^E[0-9]{3}"), EXTERNAL)
    chapter = chapter.when(~category.rlike("^[0-9]{3}$"), None)
    for last, name in ICD_9_CHAPTERS:
        chapter = chapter.when(category <= last, name)
    return chapter


ADD_DIAGNOSIS = Enrichment(
    "diagnosis",
    ("diagnosis_code_1", "diagnosis_code_type", "discharge_date", "claim_line_start_date", "claim_start_date"),
    ("diagnosis_chapter", "ccsr_category_code", "ccsr_category_description"),
    add_diagnosis,
)
