"""Where calls of S3 go that neither a setting nor a zone of the lake decides: the event or a manifest names the object.

By the function that asks, the wrapper that it asks, and the wrapper's parameter; the bucket is named by its zone. What
the source tells needs no entry here, and an entry that no call needs fails a test. A parameter that gets known places
and others counts as known: a function that takes both should be two.
"""

from collections.abc import Mapping, Sequence

A_RUN = "claims-etl-20240101-120000-1234"
RAW = "s3://raw/raw/claims/sample_professional/a.csv"
REQUEUED = "s3://raw/raw/claims/sample_professional/requeued/0123456789abcdef0123456789abcdef/a.csv"
MANIFEST = f"s3://temp/manifests/{A_RUN}.json"
FILE_REPORT = f"s3://validation-reports/files/{A_RUN}/f.json"
LISTED_FOLDER = "s3://raw/raw/claims/"

TRIGGER, GATE = "lambdas.s3_event_trigger.landing.Landing", "lambdas.data_validation.judged_file"
RESPONDER, DESK = "lambdas.error_handler.response.Responder", "lambdas.error_handler.review.ReviewDesk"
FINISHER, STORAGE = "lambdas.post_processing.finish.Finisher", "glue_jobs.storage"

TOLD: Mapping[tuple[str, str], Mapping[str, Sequence[str]]] = {
    (f"{TRIGGER}._take", "facts"): {"uri": [RAW]},
    (f"{TRIGGER}.reconcile", "list_written"): {"uri": [LISTED_FOLDER]},
    (f"{GATE}.judge", "facts"): {"uri": [RAW]},
    (f"{GATE}._validated", "open"): {"uri": [RAW]},
    (f"{GATE}._validated", "read_range"): {"uri": [RAW]},
    (f"{GATE}._validated", "read_if_any"): {"uri": [RAW]},
    (f"{RESPONDER}._files_of", "read_if_any"): {"uri": [MANIFEST]},
    (f"{RESPONDER}._quarantine", "facts"): {"uri": [RAW]},
    (f"{RESPONDER}._quarantine", "read_if_any"): {"uri": [FILE_REPORT]},
    (f"{DESK}._decide", "copy"): {"uri": [RAW], "to": [REQUEUED]},
    (f"{DESK}._is_there", "facts"): {"uri": [REQUEUED]},
    ("lambdas.error_handler.redrive.RedriveDesk._request", "read_if_any"): {"uri": [MANIFEST]},
    (f"{FINISHER}._read", "read_if_any"): {"uri": [MANIFEST]},
    (f"{STORAGE}.chosen_files._listed_in_manifest", "read_if_any"): {"uri": [MANIFEST]},
    (f"{STORAGE}.chosen_files._listed_in_manifest", "list_objects"): {"uri": [RAW]},
    (f"{STORAGE}.chosen_files.choose_files", "list_objects"): {"uri": [RAW]},
    (f"{STORAGE}.held_files.hold_file", "copy_once"): {"uri": [RAW]},
    (f"{STORAGE}.raw_zone.receive_files", "identified"): {"stored": [RAW]},
    (f"{STORAGE}.raw_zone._stream", "open_object"): {"uri": [RAW]},
    (f"{STORAGE}.raw_zone._check_control", "read_if_any"): {"uri": [RAW]},
    ("glue_jobs.jobs.load_code_sets._on_this_machine", "list_objects"): {"uri": ["s3://raw/raw/codesets/"]},
    ("glue_jobs.jobs.load_code_sets._on_this_machine", "open_object"): {"uri": ["s3://raw/raw/codesets/a.txt"]},
    # asks boto3 itself, with what `remove_leftovers` gives it
    (f"{STORAGE}.leftovers._newest", ""): {
        "": ["s3://temp/", "s3://temp/spark/", "s3://quarantine/records/", "s3://processed/journal/"]
    },
}
