"""Settings of a Spark that lives for seconds and sees few rows: what is compiled for speed would never pay.

Half of the processor time of such a run is Java compiling, and Spark writing code to be compiled. What must be seen as
users run it (`make run`, public data) does without these settings.
"""

QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:MetaspaceSize=512m -XX:ReservedCodeCacheSize=240m"

NOT_COMPILED = "spark.sql.codegen"

QUICK_SPARK = {
    # settings of Spark go by Java's: a folder of settings is part of the class path, for which classes are not saved
    "SPARK_SUBMIT_OPTS": f"{QUICK_JAVA} -D{NOT_COMPILED}.wholeStage=false -D{NOT_COMPILED}.factoryMode=NO_CODEGEN",
    "SPARK_LAUNCHER_OPTS": QUICK_JAVA,
}
"""For the environment in which a session starts."""

AS_USERS_RUN_IT = {"spark.sql.codegen.wholeStage": "true", "spark.sql.codegen.factoryMode": "FALLBACK"}
"""For a session that is to write and compile code after all."""
