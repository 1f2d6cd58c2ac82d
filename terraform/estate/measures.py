"""What the estate does for security, each as checks of the plan; the controls of HIPAA and SOC 2 name them."""

from terraform.estate.checks import Check, at_least, denies, equals, is_a, is_set, is_told

SIX_YEARS = 6 * 365
BUCKET, KEY, ROLE, TOPIC = "aws_s3_bucket", "aws_kms_key", "aws_iam_role", "aws_sns_topic"
NOT_LOGS = r"\.(?!access_logs)\w+(\[|$)"
"""The bucket of S3's access logs has S3's own key: S3 delivers to no other."""
SSE = "rule.apply_server_side_encryption_by_default"

ENCRYPTED_FILES = (
    Check(f"{BUCKET}_server_side_encryption_configuration", f"{SSE}.kms_master_key_id", is_a(KEY), only=NOT_LOGS),
    Check(
        f"{BUCKET}_server_side_encryption_configuration",
        f"{SSE}.sse_algorithm",
        equals("aws:kms", "AES256"),
        each=BUCKET,
    ),
    Check("aws_athena_workgroup", "configuration.result_configuration.encryption_configuration.kms_key_arn", is_a(KEY)),
)
ENCRYPTED_WORK = (
    Check("aws_sqs_queue", "kms_master_key_id", is_a(KEY)),
    Check(TOPIC, "kms_master_key_id", is_a(KEY)),
    Check("aws_dynamodb_table", "server_side_encryption.kms_key_arn", is_a(KEY)),
    Check("aws_lambda_function", "kms_key_arn", is_a(KEY)),
    Check("aws_sfn_state_machine", "encryption_configuration.kms_key_id", is_a(KEY)),
    Check("aws_scheduler_schedule", "kms_key_arn", is_a(KEY)),
    Check("aws_cloudwatch_log_group", "kms_key_id", is_a(KEY)),
    Check("aws_glue_job", "security_configuration", is_a("aws_glue_security_configuration")),
    Check("aws_glue_security_configuration", "encryption_configuration.s3_encryption.kms_key_arn", is_a(KEY)),
    Check("aws_glue_security_configuration", "encryption_configuration.cloudwatch_encryption.kms_key_arn", is_a(KEY)),
)
KEYS = (
    Check(KEY, "enable_key_rotation", equals(True)),
    Check(KEY, "deletion_window_in_days", at_least(30)),
)
IN_TRANSIT = (
    Check(f"{BUCKET}_policy", "policy", denies("aws:SecureTransport"), each=BUCKET),
    Check("aws_sqs_queue", "policy", denies("aws:SecureTransport")),
    Check(f"{TOPIC}_policy", "policy", denies("aws:SecureTransport"), each=TOPIC),
)
NOT_PUBLIC = (
    Check(f"{BUCKET}_public_access_block", "block_public_acls", equals(True), each=BUCKET),
    Check(f"{BUCKET}_public_access_block", "block_public_policy", equals(True), each=BUCKET),
    Check(f"{BUCKET}_public_access_block", "ignore_public_acls", equals(True), each=BUCKET),
    Check(f"{BUCKET}_public_access_block", "restrict_public_buckets", equals(True), each=BUCKET),
    Check(f"{BUCKET}_ownership_controls", "rule.object_ownership", equals("BucketOwnerEnforced"), each=BUCKET),
)
OWN_ROLES = (
    Check("aws_lambda_function", "role", is_a(ROLE), distinct=True),
    Check("aws_glue_job", "role_arn", is_a(ROLE), distinct=True),
    Check("aws_sfn_state_machine", "role_arn", is_a(ROLE), distinct=True),
)
NO_PEOPLE = (
    Check("aws_iam_user", absent=True),
    Check("aws_iam_access_key", absent=True),
    Check("aws_iam_group", absent=True),
)
SHORT_SESSIONS = (Check(ROLE, "max_session_duration", equals(3600)),)
CLOSED_NETWORK = (
    Check("aws_internet_gateway", absent=True),
    Check("aws_nat_gateway", absent=True),
    Check("aws_subnet", "map_public_ip_on_launch", equals(False)),
    Check("aws_default_security_group", "vpc_id", is_a("aws_vpc")),
    Check("aws_lambda_function", "vpc_config.subnet_ids", is_set()),
    Check("aws_glue_job", "connections", is_set()),
    Check("aws_vpc_endpoint", "policy", is_set()),
)
TRAIL = (
    Check("aws_cloudtrail", "enable_logging", equals(True)),
    Check("aws_cloudtrail", "is_multi_region_trail", equals(True)),
    Check("aws_cloudtrail", "advanced_event_selector.name", is_told()),
    Check("aws_cloudtrail", "kms_key_id", is_a(KEY)),
)
TRAIL_IS_GENUINE = (Check("aws_cloudtrail", "enable_log_file_validation", equals(True)),)
LOGS = (
    Check(f"{BUCKET}_logging", "target_bucket", is_a(BUCKET), only=r"data_zones\."),
    Check("aws_flow_log", "traffic_type", equals("ALL")),
    Check("aws_sfn_state_machine", "logging_configuration.level", equals("ERROR", "ALL")),
    Check("aws_cloudwatch_log_group", "retention_in_days", is_told()),
)
KEPT_SIX_YEARS = (
    Check("aws_cloudwatch_log_group", "retention_in_days", at_least(SIX_YEARS)),
    Check(f"{BUCKET}_lifecycle_configuration", "rule.expiration.days", at_least(SIX_YEARS), only=r'audit\..*"trail"'),
    Check(f"{BUCKET}_lifecycle_configuration", "rule.expiration.days", at_least(SIX_YEARS), only="access_logs"),
    Check(f"{BUCKET}_object_lock_configuration", "rule.default_retention.days", at_least(SIX_YEARS), only="archive"),
)
LOCKED = (
    Check(f"{BUCKET}_object_lock_configuration", "rule.default_retention.mode", equals("COMPLIANCE"), only="archive"),
)
VERSIONS = (
    Check(f"{BUCKET}_versioning", "versioning_configuration.status", equals("Enabled"), each=BUCKET),
    Check("aws_dynamodb_table", "point_in_time_recovery.enabled", equals(True)),
)
NOT_DELETED = (
    Check(BUCKET, "force_destroy", equals(False)),
    Check("aws_dynamodb_table", "deletion_protection_enabled", equals(True)),
)
SECOND_REGION = (
    Check(f"{BUCKET}_replication_configuration", "rule.status", equals("Enabled")),
    Check(f"{BUCKET}_replication_configuration", "rule.destination.replication_time.time.minutes", equals(15)),
    Check(
        f"{BUCKET}_replication_configuration", "rule.destination.encryption_configuration.replica_kms_key_id", is_a(KEY)
    ),
)
SEVERAL_ZONES = (Check("aws_subnet", "availability_zone", is_told()),)
ALARMS = (
    Check("aws_cloudwatch_metric_alarm", "alarm_actions", is_a(TOPIC)),
    Check("aws_cloudwatch_metric_alarm", "actions_enabled", equals(True)),
    Check("aws_cloudwatch_composite_alarm", "alarm_actions", is_a(TOPIC)),
)
FAILURES_ARE_KEPT = (
    Check("aws_lambda_function", "dead_letter_config.target_arn", is_a("aws_sqs_queue")),
    Check("aws_cloudwatch_event_target", "dead_letter_config.arn", is_a("aws_sqs_queue")),
    Check("aws_scheduler_schedule", "target.dead_letter_config.arn", is_a("aws_sqs_queue")),
    Check("aws_sqs_queue", "redrive_policy", is_set(), only=r"\.queue\["),
)
THREATS = (
    Check("aws_guardduty_detector", "enable", equals(True)),
    Check("aws_guardduty_detector_feature", "status", equals("ENABLED"), only="S3_DATA_EVENTS"),
)
WHO_HAS_ACCESS = (Check("aws_accessanalyzer_analyzer", "type", equals("ACCOUNT")),)
SETTINGS_ARE_WATCHED = (
    Check("aws_config_configuration_recorder", "recording_group.all_supported", equals(True)),
    Check("aws_config_config_rule", "source.source_identifier", is_told()),
)
ROOT_IS_WATCHED = (
    Check(
        "aws_config_config_rule", "source.source_identifier", equals("ROOT_ACCOUNT_MFA_ENABLED"), only="root-has-mfa"
    ),
    Check(
        "aws_config_config_rule", "source.source_identifier", equals("IAM_ROOT_ACCESS_KEY_CHECK"), only="root-has-no"
    ),
)
DISPOSAL = (
    Check(f"{BUCKET}_lifecycle_configuration", "rule.status", equals("Enabled"), each=BUCKET),
    Check(f"{BUCKET}_lifecycle_configuration", "rule.expiration.days", is_set(), only=r'zone\["temp"'),
    Check("aws_dynamodb_table", "ttl.enabled", equals(True)),
)
CODE_IS_KNOWN = (
    Check("aws_lambda_function", "source_code_hash", is_set()),
    Check("aws_s3_object", "source_hash", is_set()),
)
CLASSIFIED = (Check(BUCKET, "tags_all.DataClassification", equals("phi", "sanitised", "test"), each=BUCKET),)
CAPACITY = (
    Check("aws_glue_job", "job_run_queuing_enabled", equals(True)),
    Check("aws_glue_job", "number_of_workers", is_told()),
    Check("aws_lambda_event_source_mapping", "scaling_config.maximum_concurrency", is_told()),
    Check("aws_budgets_budget", "limit_amount", is_told()),
)
INPUT_IS_JUDGED = (
    Check("aws_cloudwatch_event_rule", "event_pattern", is_set(), only="object_created"),
    Check("aws_lambda_function", "handler", equals("lambdas.data_validation.handler.handle"), only="data_validation"),
    Check("aws_sfn_state_machine", "definition", is_set()),
)
LOOKED_AT = (
    Check("aws_cloudwatch_dashboard", "dashboard_name", is_set()),
    Check("aws_cloudwatch_query_definition", "name", is_set()),
)
