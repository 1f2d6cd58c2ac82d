name_prefix = "healthcare-claims-dev"
tags        = { Owner = "data" }
kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
kms_key_arns = [
  "arn:aws:kms:us-east-1:123456789012:key/aaaaaaaa-2222-3333-4444-555555555555",
]
raw_bucket            = { name = "healthcare-claims-dev-raw-123456789012", arn = "arn:aws:s3:::healthcare-claims-dev-raw-123456789012" }
object_prefixes       = ["raw/claims/", "raw/patients/"]
landing_queue_arn     = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-landing"
event_dead_letter_arn = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-landing-dlq"

failure_dead_letter_arn = "arn:aws:sqs:us-east-1:123456789012:healthcare-claims-dev-failures-dlq"
trigger_function = {
  arn   = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-s3-event-trigger:live"
  name  = "healthcare-claims-dev-s3-event-trigger"
  alias = "live"
}
manifest_store = { name = "healthcare-claims-dev-temp-123456789012", arn = "arn:aws:s3:::healthcare-claims-dev-temp-123456789012" }
invoked_function_arns = [
  "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-data-validation:live",
  "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-error-handler:live",
]
glue_jobs = [{ name = "healthcare-claims-dev-process", arn = "arn:aws:glue:us-east-1:123456789012:job/healthcare-claims-dev-process" }]
started_job_arns = [
  "arn:aws:glue:us-east-1:123456789012:job/healthcare-claims-dev-summarize",
]
publishes_to = ["arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"]
state_machine_definition = {
  template_path = "../../state_machines/claims_pipeline.asl.json"
  values = {
    data_validation_arn     = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-data-validation:live"
    error_handler_arn       = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-error-handler:live"
    post_processing_arn     = "arn:aws:lambda:us-east-1:123456789012:function:healthcare-claims-dev-post-processing:live"
    glue_job_name           = "healthcare-claims-dev-process"
    critical_topic_arn      = "arn:aws:sns:us-east-1:123456789012:healthcare-claims-dev-critical"
    max_workers             = "10"
    worker_type             = "G.1X"
    process_timeout_seconds = "18000"
    summaries_job_name      = "healthcare-claims-dev-summarize"
    summarize_after_publish = "true"
  }
}
