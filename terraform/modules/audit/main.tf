data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  tags       = merge(var.tags, { Component = "audit" })
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.name
  partition  = data.aws_partition.current.partition

  # Named before the trail exists: bucket, key and role name it in their conditions, and the trail needs all of them.
  trail_name = "${var.name_prefix}-trail"
  trail_arn  = "arn:${local.partition}:cloudtrail:${local.region}:${local.account_id}:trail/${local.trail_name}"

  log_group_enabled = var.trail && var.cloudwatch_logs
}

resource "aws_cloudtrail" "this" {
  #checkov:skip=CKV_AWS_252:nobody reads a message for every log file; alarms and findings notify
  count = var.trail ? 1 : 0

  name                          = local.trail_name
  s3_bucket_name                = aws_s3_bucket.this["trail"].bucket
  kms_key_id                    = var.kms_key_arn
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true

  cloud_watch_logs_group_arn = local.log_group_enabled ? "${aws_cloudwatch_log_group.trail[0].arn}:*" : null
  cloud_watch_logs_role_arn  = local.log_group_enabled ? aws_iam_role.trail_logs[0].arn : null

  dynamic "advanced_event_selector" {
    for_each = var.management_events ? { management = "Management" } : {}

    content {
      name = "Management events"

      field_selector {
        field  = "eventCategory"
        equals = [advanced_event_selector.value]
      }
    }
  }

  dynamic "advanced_event_selector" {
    for_each = length(var.data_bucket_arns) > 0 ? { objects = "AWS::S3::Object" } : {}

    content {
      name = "Every access to an object of the data buckets"

      field_selector {
        field  = "eventCategory"
        equals = ["Data"]
      }

      field_selector {
        field  = "resources.type"
        equals = [advanced_event_selector.value]
      }

      field_selector {
        field       = "resources.ARN"
        starts_with = [for arn in var.data_bucket_arns : "${arn}/"]
      }
    }
  }

  tags = local.tags

  lifecycle {
    precondition {
      condition     = var.management_events || length(var.data_bucket_arns) > 0
      error_message = "A trail needs something to record: data_bucket_arns, management_events, or both."
    }
  }

  depends_on = [aws_s3_bucket_policy.this, aws_iam_role_policy.trail_logs]
}

resource "aws_cloudwatch_log_group" "trail" {
  #checkov:skip=CKV_AWS_338:the bucket keeps the log for six years; the log group is for alarms and recent searches
  count = local.log_group_enabled ? 1 : 0

  name              = "/aws/cloudtrail/${local.trail_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn

  tags = local.tags
}

resource "aws_accessanalyzer_analyzer" "access" {
  count = var.access_analyzer ? 1 : 0

  analyzer_name = "${var.name_prefix}-access"
  type          = "ACCOUNT"

  tags = local.tags
}

resource "aws_accessanalyzer_analyzer" "unused" {
  count = var.unused_access_days == null ? 0 : 1

  analyzer_name = "${var.name_prefix}-unused-access"
  type          = "ACCOUNT_UNUSED_ACCESS"

  configuration {
    unused_access {
      unused_access_age = var.unused_access_days
    }
  }

  tags = local.tags
}
