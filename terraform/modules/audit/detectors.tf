resource "aws_guardduty_detector" "this" {
  #checkov:skip=CKV2_AWS_3:one account's detector; delegation to an organisation is the organisation's to decide
  count = var.guardduty ? 1 : 0

  enable                       = true
  finding_publishing_frequency = "FIFTEEN_MINUTES"

  tags = local.tags
}

resource "aws_guardduty_detector_feature" "this" {
  for_each = var.guardduty ? toset(["S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS"]) : []

  detector_id = aws_guardduty_detector.this[0].id
  name        = each.key
  status      = "ENABLED"
}

resource "aws_macie2_account" "this" {
  count = var.macie ? 1 : 0

  finding_publishing_frequency = "FIFTEEN_MINUTES"
  status                       = "ENABLED"
}

locals {
  macie_bucket_arns = length(var.macie_bucket_arns) > 0 ? var.macie_bucket_arns : var.data_bucket_arns
}

resource "aws_macie2_classification_job" "weekly" {
  count = var.macie ? 1 : 0

  name                = "${var.name_prefix}-weekly"
  description         = "Looks once a week for personal data in a sample of new objects"
  job_type            = "SCHEDULED"
  sampling_percentage = var.macie_sampling_percent

  schedule_frequency {
    weekly_schedule = "SUNDAY"
  }

  s3_job_definition {
    bucket_definitions {
      account_id = local.account_id
      buckets    = [for arn in local.macie_bucket_arns : reverse(split(":", arn))[0]]
    }
  }

  tags = local.tags

  lifecycle {
    precondition {
      condition     = length(local.macie_bucket_arns) > 0
      error_message = "Macie needs buckets to look at: macie_bucket_arns or data_bucket_arns."
    }
  }

  depends_on = [aws_macie2_account.this]
}

# Macie itself forgets what it found in which object after 90 days.
resource "aws_macie2_classification_export_configuration" "this" {
  count = var.macie ? 1 : 0

  s3_destination {
    bucket_name = aws_s3_bucket.this["findings"].bucket
    key_prefix  = "macie/"
    kms_key_arn = var.kms_key_arn
  }

  depends_on = [aws_macie2_account.this, aws_s3_bucket_policy.this]
}
