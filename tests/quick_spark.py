"""Settings of a Spark that lives for seconds and sees few rows: what is compiled for speed would never pay.

Half of the processor time of such a run is Java compiling, and Spark writing code to be compiled. What must be seen as
users run it (`make run`, public data) does without these settings.
"""

from pathlib import Path

QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=512m -XX:ReservedCodeCacheSize=240m"

QUICK_SPARK = {
    "SPARK_SUBMIT_OPTS": QUICK_JAVA,
    "SPARK_LAUNCHER_OPTS": QUICK_JAVA,
    "SPARK_CONF_DIR": str(Path(__file__).with_name("spark_conf")),
}
"""For the environment in which a session starts."""

AS_USERS_RUN_IT = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
"""For a session that is to write and compile code after all."""
