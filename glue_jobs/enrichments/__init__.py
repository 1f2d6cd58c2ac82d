from glue_jobs.enrichments.enrich_lines import DERIVED, ENRICHMENTS, enrich_lines
from glue_jobs.enrichments.enrichment import Enrichment, References

__all__ = ["DERIVED", "ENRICHMENTS", "Enrichment", "References", "enrich_lines"]
