locals {
  # Widgets without x and y are placed by CloudWatch one after another, 24 columns wide.
  dashboards = {
    overview    = { name = "${var.name_prefix}-pipeline-overview", widgets = local.overview_widgets, start = "-P7D" }
    operational = { name = "${var.name_prefix}-operational", widgets = local.operational_widgets, start = "-PT3H" }
  }

  series = {
    for name in [
      "RecordsProcessed", "FilesReceived", "FilesIgnored", "FilesQuarantined", "RecordsQuarantined", "FailedAttempts", "Attempts",
      "MinutesToReadable", "QualityScore", "CostUsd", "CostUsdPerMillionLines",
    ] : name => [var.metric_namespace, name, "environment", local.environment]
  }

  executions = {
    for name in ["ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionTime"] :
    name => ["AWS/States", name, "StateMachineArn", var.state_machine_arn]
  }

  # Built from names, not taken from resources: so a plan shows the dashboards as they will be.
  alarm_arn_prefix = "arn:${data.aws_partition.current.partition}:cloudwatch:${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}:alarm:"

  alarm_arns_by_severity = {
    for severity in ["critical", "high", "medium", "low"] : severity => [
      for key in sort(keys(local.alarms)) : "${local.alarm_arn_prefix}${local.alarm_names[key]}" if local.alarms[key].severity == severity
    ]
  }

  graph = { view = "timeSeries", stacked = false, region = data.aws_region.current.name, period = 300, stat = "Sum" }
}

resource "aws_cloudwatch_dashboard" "this" {
  for_each = local.dashboards

  dashboard_name = each.value.name
  dashboard_body = jsonencode({ start = each.value.start, periodOverride = "inherit", widgets = each.value.widgets })
}
