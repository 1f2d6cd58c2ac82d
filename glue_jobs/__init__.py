"""Spark jobs of the claims ETL; `__version__` is written into every report and audit row."""

__version__ = "0.1.0"
