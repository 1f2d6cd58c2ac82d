# Security is critical: what happens in the trail becomes alarms, what the detectors find becomes events.
locals {
  # The role that deploys changes keys, policies and trails by its trade.
  deployer = try(var.security_alarms.deployment_role_arn, null)
  by_another = local.deployer == null ? "" : join("", [
    " && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ",
    "($.userIdentity.sessionContext.sessionIssuer.arn != \"${local.deployer}\"))",
  ])

  trail_patterns = {
    audit-log-changed = {
      description = "Somebody stopped or changed a trail, or deleted its log group."
      pattern     = "{ (($.eventName = StopLogging) || ($.eventName = DeleteTrail) || ($.eventName = UpdateTrail) || ($.eventName = PutEventSelectors) || ($.eventName = DeleteLogGroup))${local.by_another} }"
      threshold   = 1
    }
    key-disabled = {
      description = "Somebody disabled a KMS key or scheduled its deletion: data will become unreadable."
      pattern     = "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion))${local.by_another} }"
      threshold   = 1
    }
    bucket-policy-changed = {
      description = "Somebody changed the policy, ACL, public access block or encryption of a bucket."
      pattern     = "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketPolicy) || ($.eventName = DeleteBucketPolicy) || ($.eventName = PutBucketAcl) || ($.eventName = PutBucketPublicAccessBlock) || ($.eventName = DeleteBucketPublicAccessBlock) || ($.eventName = DeleteBucketEncryption))${local.by_another} }"
      threshold   = 1
    }
    root-used = {
      description = "The account's root user did something."
      pattern     = "{ ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != AwsServiceEvent) }"
      threshold   = 1
    }
    console-login-without-mfa = {
      description = "An IAM user signed in to the console without a second factor."
      pattern     = "{ ($.eventName = ConsoleLogin) && ($.userIdentity.type = IAMUser) && ($.additionalEventData.MFAUsed != Yes) && ($.responseElements.ConsoleLogin = Success) }"
      threshold   = 1
    }
    access-denied-often = {
      description = "Many calls were refused within five minutes: somebody tries doors, or a role has lost a right."
      pattern     = "{ ($.errorCode = \"AccessDenied*\") || ($.errorCode = \"*UnauthorizedOperation\") }"
      threshold   = try(var.security_alarms.denied_calls, 10) # try: the object may be null
    }
  }

  trail_alarms = local.log_group_enabled && var.security_alarms != null ? local.trail_patterns : {}

  # Two environments in one account must not count each other's events.
  alarm_namespace = "${var.metric_namespace}/${var.name_prefix}"

  finding_patterns = {
    access-analyzer = {
      enabled     = var.access_analyzer
      detail_type = "Access Analyzer Finding"
      source      = "aws.access-analyzer"
      detail      = { status = ["ACTIVE"] }
      name        = "$.detail.resourceType"
    }
    guardduty = {
      enabled     = var.guardduty
      detail_type = "GuardDuty Finding"
      source      = "aws.guardduty"
      detail      = { severity = [{ numeric = [">=", 7] }] }
      name        = "$.detail.type"
    }
    # Not the object's key: it can hold a person's name.
    macie = {
      enabled     = var.macie
      detail_type = "Macie Finding"
      source      = "aws.macie"
      detail      = { severity = { description = ["High"] } }
      name        = "$.detail.type"
    }
    config = {
      enabled     = var.config_rules
      detail_type = "Config Rules Compliance Change"
      source      = "aws.config"
      detail      = { configRuleName = [{ prefix = "${var.name_prefix}-" }], newEvaluationResult = { complianceType = ["NON_COMPLIANT"] } }
      name        = "$.detail.configRuleName"
    }
  }

  findings = { for key, it in local.finding_patterns : key => it if it.enabled && var.security_alarms != null }
}

resource "aws_cloudwatch_log_metric_filter" "trail" {
  for_each = local.trail_alarms

  name           = "${var.name_prefix}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.trail[0].name
  pattern        = each.value.pattern

  metric_transformation {
    name          = each.key
    namespace     = local.alarm_namespace
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "trail" {
  for_each = local.trail_alarms

  alarm_name          = "${var.name_prefix}-critical-${each.key}"
  alarm_description   = each.value.description
  namespace           = local.alarm_namespace
  metric_name         = each.key
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.security_alarms.topic_arn]

  tags = merge(local.tags, { Severity = "critical" })

  depends_on = [aws_cloudwatch_log_metric_filter.trail]
}

resource "aws_cloudwatch_event_rule" "findings" {
  for_each = local.findings

  name        = "${var.name_prefix}-${each.key}-findings"
  description = "What ${each.key} found, to the topic of critical messages"

  event_pattern = jsonencode({
    source      = [each.value.source]
    detail-type = [each.value.detail_type]
    detail      = each.value.detail
  })

  tags = local.tags
}

resource "aws_cloudwatch_event_target" "findings" {
  for_each = local.findings

  rule = aws_cloudwatch_event_rule.findings[each.key].name
  arn  = var.security_alarms.topic_arn

  # The error message of the interface, made of fields that cannot hold a value of a claim.
  input_transformer {
    input_paths = {
      id   = "$.id"
      name = each.value.name
      time = "$.time"
    }

    input_template = chomp(<<-JSON
      {"event_type": "error", "error_type": "SecurityFinding", "error_message": "${each.key}: <name>", "context": {"function_name": "${each.key}", "file": "", "event_id": "<id>"}, "timestamp": "<time>"}
    JSON
    )
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 20
  }

  dynamic "dead_letter_config" {
    for_each = var.security_alarms.dead_letter_arn[*]

    content {
      arn = dead_letter_config.value
    }
  }
}
