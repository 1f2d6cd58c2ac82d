# AWS Config: what the account's resources are, and which of them break a rule. Rules are AWS's own, by identifier.
locals {
  config_rules = var.config_rules ? {
    cloudtrail-validates-log-files   = { identifier = "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED" }
    iam-no-administrator-statements  = { identifier = "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS" }
    iam-root-has-no-access-key       = { identifier = "IAM_ROOT_ACCESS_KEY_CHECK" }
    iam-root-has-mfa                 = { identifier = "ROOT_ACCOUNT_MFA_ENABLED" }
    kms-key-not-about-to-be-deleted  = { identifier = "KMS_CMK_NOT_SCHEDULED_FOR_DELETION" }
    kms-key-rotates                  = { identifier = "CMK_BACKING_KEY_ROTATION_ENABLED" }
    lambda-is-not-public             = { identifier = "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED" }
    log-group-is-encrypted           = { identifier = "CLOUDWATCH_LOG_GROUP_ENCRYPTED" }
    redshift-serverless-is-private   = { identifier = "REDSHIFT_SERVERLESS_WORKGROUP_NO_PUBLIC_ACCESS" }
    s3-data-events-are-logged        = { identifier = "CLOUDTRAIL_S3_DATAEVENTS_ENABLED" }
    s3-is-encrypted-with-a-key       = { identifier = "S3_DEFAULT_ENCRYPTION_KMS" }
    s3-is-not-public                 = { identifier = "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED" }
    s3-is-versioned                  = { identifier = "S3_BUCKET_VERSIONING_ENABLED" }
    s3-takes-tls-only                = { identifier = "S3_BUCKET_SSL_REQUESTS_ONLY" }
    sns-is-encrypted                 = { identifier = "SNS_ENCRYPTED_KMS" }
    step-functions-logs              = { identifier = "STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED" }
    vpc-default-security-group-empty = { identifier = "VPC_DEFAULT_SECURITY_GROUP_CLOSED" }
    vpc-logs-flows                   = { identifier = "VPC_FLOW_LOGS_ENABLED" }
  } : {}

  config_recorder = var.config_rules && var.config_recorder
}

resource "aws_config_config_rule" "this" {
  for_each = local.config_rules

  name        = "${var.name_prefix}-${each.key}"
  description = replace(each.key, "-", " ")

  source {
    owner             = "AWS"
    source_identifier = each.value.identifier
  }

  tags = local.tags

  depends_on = [aws_config_configuration_recorder_status.this]
}

resource "aws_config_configuration_recorder" "this" {
  count = local.config_recorder ? 1 : 0

  name     = "${var.name_prefix}-recorder"
  role_arn = aws_iam_role.config[0].arn

  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }

  recording_mode {
    recording_frequency = "CONTINUOUS"

    # Every Glue worker and Lambda in the VPC makes and drops one: continuous recording would cost more than the runs.
    recording_mode_override {
      description         = "Network interfaces come and go with every run"
      resource_types      = ["AWS::EC2::NetworkInterface"]
      recording_frequency = "DAILY"
    }
  }
}

resource "aws_config_delivery_channel" "this" {
  count = local.config_recorder ? 1 : 0

  name           = "${var.name_prefix}-delivery"
  s3_bucket_name = aws_s3_bucket.this["findings"].bucket
  s3_key_prefix  = "config"
  s3_kms_key_arn = var.kms_key_arn

  snapshot_delivery_properties {
    delivery_frequency = "TwentyFour_Hours"
  }

  depends_on = [aws_config_configuration_recorder.this, aws_iam_role_policy.config, aws_s3_bucket_policy.this]
}

resource "aws_config_configuration_recorder_status" "this" {
  count = local.config_recorder ? 1 : 0

  name       = aws_config_configuration_recorder.this[0].name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.this]
}

data "aws_iam_policy_document" "config_trust" {
  count = local.config_recorder ? 1 : 0

  statement {
    sid     = "Config"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["config.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

data "aws_iam_policy_document" "config" {
  count = local.config_recorder ? 1 : 0

  statement {
    sid       = "LookAtBucket"
    actions   = ["s3:GetBucketAcl", "s3:ListBucket"]
    resources = [local.bucket_arns["findings"]]
  }

  statement {
    sid       = "DeliverHistory"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arns["findings"]}/config/AWSLogs/${local.account_id}/Config/*"]
  }

  statement {
    sid       = "EncryptHistory"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_role" "config" {
  count = local.config_recorder ? 1 : 0

  name               = "${var.name_prefix}-config"
  description        = "AWS Config records and delivers for ${var.name_prefix}"
  assume_role_policy = data.aws_iam_policy_document.config_trust[0].json

  tags = local.tags
}

resource "aws_iam_role_policy" "config" {
  count = local.config_recorder ? 1 : 0

  name   = "deliver"
  role   = aws_iam_role.config[0].id
  policy = data.aws_iam_policy_document.config[0].json
}

# AWS's own policy, as an exception: the recorder reads some hundred services, and AWS adds to the list with each new one.
resource "aws_iam_role_policy_attachment" "config" {
  count = local.config_recorder ? 1 : 0

  role       = aws_iam_role.config[0].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AWS_ConfigRole"
}
