# Two views of cost: what the runs say they cost, within minutes, and what AWS bills, a day later.
locals {
  cost_alarms = {
    daily_cost_over = {
      severity    = "high"
      description = "The runs of 24 hours cost more than ${var.thresholds.daily_cost_usd} dollars."
      comparison  = "GreaterThanThreshold"
      threshold   = var.thresholds.daily_cost_usd
      period      = 86400
      metrics     = { dollars = merge(local.own, { name = "CostUsd", stat = "Sum" }) }
    }

    # Below a million lines the one-minute minimum of a Glue run is all there is to see.
    cost_per_million_lines_over = {
      severity    = "high"
      description = "A million lines cost more than ${var.thresholds.cost_usd_per_million_lines} dollars over a day: runs are too small or retried too often."
      comparison  = "GreaterThanThreshold"
      threshold   = var.thresholds.cost_usd_per_million_lines
      period      = 86400
      expression  = "IF(records >= 1000000, 1000000 * dollars / records, 0)"
      metrics = {
        dollars = merge(local.own, { name = "CostUsd", stat = "Sum" })
        records = merge(local.own, { name = "RecordsProcessed", stat = "Sum" })
      }
    }
  }

  budget_notices = {
    most_spent   = { type = "ACTUAL", percent = 80 }
    all_spent    = { type = "ACTUAL", percent = 100 }
    all_foreseen = { type = "FORECASTED", percent = 100 }
  }
}

resource "aws_budgets_budget" "monthly" {
  count = var.monthly_budget_usd == null ? 0 : 1

  name         = "${var.name_prefix}-monthly"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"

  dynamic "cost_filter" {
    for_each = var.cost_tag == null ? {} : { tag = format("user:%s$%s", var.cost_tag.key, var.cost_tag.value) }

    content {
      name   = "TagKeyValue"
      values = [cost_filter.value]
    }
  }

  dynamic "notification" {
    for_each = local.budget_notices

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.percent
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.budget_emails
      subscriber_sns_topic_arns  = [var.topic_arns["high"]]
    }
  }

  tags = local.tags
}

resource "aws_ce_anomaly_monitor" "this" {
  count = var.cost_anomaly_usd == null ? 0 : 1

  name              = "${var.name_prefix}-cost"
  monitor_type      = var.cost_tag == null ? "DIMENSIONAL" : "CUSTOM"
  monitor_dimension = var.cost_tag == null ? "SERVICE" : null

  monitor_specification = var.cost_tag == null ? null : jsonencode({
    And            = null
    CostCategories = null
    Dimensions     = null
    Not            = null
    Or             = null
    Tags           = { Key = "user:${var.cost_tag.key}", MatchOptions = null, Values = [var.cost_tag.value] }
  })

  tags = local.tags
}

resource "aws_ce_anomaly_subscription" "this" {
  count = var.cost_anomaly_usd == null ? 0 : 1

  name             = "${var.name_prefix}-cost"
  monitor_arn_list = [aws_ce_anomaly_monitor.this[0].arn]
  frequency        = "IMMEDIATE" # the only frequency that SNS can have

  subscriber {
    type    = "SNS"
    address = var.topic_arns["high"]
  }

  threshold_expression {
    dimension {
      key           = "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
      match_options = ["GREATER_THAN_OR_EQUAL"]
      values        = [tostring(var.cost_anomaly_usd)]
    }
  }

  tags = local.tags
}
