"""The product's command line with settings that it has no argument for: run_with_settings.py SETTINGS run --input ...

SETTINGS is JSON, `{"spark": {...}, "tables": {...}}`: what a session and what Iceberg's tables are given beside, or
instead of, what the product gives them. Spark's own way in, `spark-defaults.conf`, cannot change what the product sets.
"""

import json
import sys

from glue_jobs.cli import app
from glue_jobs.runtime import session
from glue_jobs.storage import tables


def change_settings(settings: str) -> None:
    """From now on sessions and tables of this process are made with these."""
    given = json.loads(settings)
    session.SETTINGS.update(given["spark"])
    tables.TABLE_PROPERTIES.update(given["tables"])


if __name__ == "__main__":
    change_settings(sys.argv[1])
    app(sys.argv[2:])
