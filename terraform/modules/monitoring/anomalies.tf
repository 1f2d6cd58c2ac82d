# What is unusual for the hour and weekday, learnt by CloudWatch from two weeks of data: no threshold fits every source.
locals {
  anomalies = var.anomaly_detection ? {
    volume_unusual = {
      severity    = "medium"
      description = "Far more or fewer records an hour than usual at this time."
      comparison  = "LessThanLowerOrGreaterThanUpperThreshold"
      metric      = "RecordsProcessed"
      stat        = "Sum"
      period      = 3600
    }

    freshness_unusual = {
      severity    = "medium"
      description = "Files take much longer than usual to become readable."
      comparison  = "GreaterThanUpperThreshold"
      metric      = "MinutesToReadable"
      stat        = "Average"
      period      = 3600
    }

    cost_unusual = {
      severity    = "high"
      description = "The runs of a day cost much more than usual."
      comparison  = "GreaterThanUpperThreshold"
      metric      = "CostUsd"
      stat        = "Sum"
      period      = 86400
    }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  for_each = local.anomalies

  alarm_name          = "${var.name_prefix}-${each.value.severity}-${replace(each.key, "_", "-")}"
  alarm_description   = each.value.description
  comparison_operator = each.value.comparison
  threshold_metric_id = "band"
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "band"
    expression  = "ANOMALY_DETECTION_BAND(value, 3)"
    label       = "usual"
    return_data = true
  }

  metric_query {
    id          = "value"
    return_data = true

    metric {
      namespace   = var.metric_namespace
      metric_name = each.value.metric
      dimensions  = local.own.dimensions
      stat        = each.value.stat
      period      = each.value.period
    }
  }

  actions_enabled = var.actions_enabled
  alarm_actions   = [var.topic_arns[each.value.severity]]

  tags = merge(local.tags, { Severity = each.value.severity })
}
