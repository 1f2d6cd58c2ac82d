"""Inpatient stays of a person: bills of one facility put together, stays of several tied together by transfers."""

from pyspark.sql import Column, DataFrame, WindowSpec
from pyspark.sql import functions as F
from pyspark.sql.window import Window

from glue_jobs.summaries.count_claims_once import MONEY, count_claims_once
from glue_jobs.summaries.table_rows import table_rows

PERSON = ("data_source", "person_id")
PLACE = (*PERSON, "facility_npi", "service_category_2")
BILL = ("claim_id", "claim_version_id")
INTERIM = ("2", "3", "4")
UNFINISHED = ("2", "3")
"""Frequencies of bills after which the patient is still there."""
STILL_A_PATIENT = "30"
TRANSFERRED = ("02", "05", "43", "65", "66", "82", "85", "88", "93", "94")
"""To another hospital: general, cancer or children's, federal, psychiatric, critical access; 8x and 9x the same with a
planned readmission. Codes of nursing, rehabilitation and long-term care tie nothing together."""
OF_BILL = (
    "payer",
    "plan",
    "admit_source_code",
    "admit_type_code",
    "discharge_disposition_code",
    "drg_code_type",
    "drg_code",
    "diagnosis_code_type",
    "diagnosis_code_1",
)
BEFORE = (Window.unboundedPreceding, -1)


def inpatient_stay(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """Rows of `inpatient_stay` (grain: data_source, person_id, stay_id).

    Bills of one person, facility and kind of stay are one stay where their days overlap, or where the next begins on
    the day after one that says that the patient is still there. A stay that begins by the day after another one ended
    with a transfer to a hospital belongs to its episode. Lines without a person, and bills without any day, stay out.
    """
    stays = _stays(_numbered(_bills(lines, headers), Window.partitionBy(*PLACE).orderBy("_first", "_last", *BILL)))
    by_day = Window.partitionBy(*PERSON).orderBy(
        "admission_date", "discharge_date", F.desc("transferred_out_flag"), "stay_id"
    )
    until = F.when(F.col("transferred_out_flag") == 1, F.date_add("discharge_date", 1))
    tied = _numbered(stays.withColumns({"_first": F.col("admission_date"), "_reach": until}), by_day)
    of_episode = Window.partitionBy(*PERSON, "_number").orderBy("_place")
    episodes = tied.withColumn("_place", F.row_number().over(by_day)).withColumns(
        {
            "episode_id": F.first("stay_id").over(of_episode),
            "transferred_in_flag": (F.row_number().over(of_episode) > 1).cast("int"),
        }
    )
    return table_rows(episodes, "inpatient_stay")


def _bills(lines: DataFrame, headers: DataFrame) -> DataFrame:
    """One row an inpatient bill of a facility: a claim, or a version of one that stands beside others."""
    counted = count_claims_once(lines.where(F.col("person_id").isNotNull()), headers)
    is_inpatient = F.col("service_category_1") == "inpatient"
    bills = (
        counted.where(_is_of_facility())
        .groupBy(*PERSON, *BILL)
        .agg(
            F.max(F.when(is_inpatient, F.col("service_category_2"))).alias("service_category_2"),
            F.max(F.coalesce("facility_npi", "billing_npi")).alias("facility_npi"),
            F.min(F.coalesce("admission_date", "claim_start_date")).alias("_first"),
            F.max(F.coalesce("discharge_date", "claim_end_date", "claim_start_date")).alias("_end"),
            F.max(F.coalesce("claim_frequency_code", F.substring("bill_type_code", 3, 1))).alias("_frequency"),
            *(F.max(name).alias(name) for name in OF_BILL),
            *(F.sum(name).alias(name) for name in MONEY),
        )
    )
    has_not_left = (F.col("discharge_disposition_code") == STILL_A_PATIENT) | F.col("_frequency").isin(*UNFINISHED)
    last = F.greatest("_first", "_end")
    return (
        bills.where(F.col("service_category_2").isNotNull() & F.col("_first").isNotNull())
        .withColumns({"_last": last, "_not_left": F.coalesce(has_not_left, F.lit(False)).cast("int")})
        .withColumn("_reach", F.date_add("_last", F.col("_not_left")))
    )


def _is_of_facility() -> Column:
    """Institutional by its type, or by what only such bills have where the type is neither kind."""
    kind = F.coalesce("claim_type", F.lit(""))
    bears_code = F.col("bill_type_code").isNotNull() | F.col("revenue_center_code").isNotNull()
    return (kind == "institutional") | ((kind != "professional") & bears_code)


def _numbered(rows: DataFrame, order: WindowSpec) -> DataFrame:
    """Add `_number`: it goes up where a row's `_first` lies after the `_reach` of every row before it."""
    reached = F.max("_reach").over(order.rowsBetween(*BEFORE))
    is_new = F.coalesce(F.col("_first") > reached, F.lit(True)).cast("int")
    marked = rows.withColumn("_is_new", is_new)
    return marked.withColumn("_number", F.sum("_is_new").over(order.rowsBetween(Window.unboundedPreceding, 0)))


def _stays(bills: DataFrame) -> DataFrame:
    """One row a stay from its bills; of several with the same last day, one after which the patient had left counts."""
    latest = F.struct("_last", -F.col("_not_left"), *BILL)
    stays = bills.groupBy(*PLACE, "_number").agg(
        F.min("_first").alias("admission_date"),
        F.max("_last").alias("discharge_date"),
        F.count("*").alias("bills"),
        F.count(F.when(F.col("_frequency").isin(*INTERIM), 1)).alias("interim_bills"),
        F.max_by(F.struct("payer", "plan", "discharge_disposition_code"), latest).alias("_last_bill"),
        F.min_by(F.struct("admit_source_code", "admit_type_code"), F.struct("_first", *BILL)).alias("_first_bill"),
        *(
            F.max_by(F.struct(f"{name}_type", code), F.when(F.col(code).isNotNull(), latest)).alias(f"_{name}")
            for name, code in (("drg_code", "drg_code"), ("diagnosis_code", "diagnosis_code_1"))
        ),
        *(F.sum(name).alias(name) for name in MONEY),
    )
    told = stays.select("*", "_last_bill.*", "_first_bill.*", "_drg_code.*", "_diagnosis_code.*").drop("_number")
    place = (F.coalesce(name, F.lit("")) for name in PLACE)
    status, days = F.col("discharge_disposition_code"), F.datediff("discharge_date", "admission_date")
    return told.withColumns(
        {
            "stay_id": F.sha2(F.concat_ws("\x1f", *place, F.col("admission_date").cast("string")), 256),
            "length_of_stay_days": F.greatest(days, F.lit(1)),
            "still_patient_flag": F.coalesce((status == STILL_A_PATIENT).cast("int"), F.lit(0)),
            "transferred_out_flag": F.coalesce(status.isin(*TRANSFERRED).cast("int"), F.lit(0)),
        }
    )
