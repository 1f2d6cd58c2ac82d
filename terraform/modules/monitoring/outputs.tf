output "alarm_arns" {
  description = "ARNs of the metric alarms by key (kind, or kind/what), anomaly alarms included."
  value       = { for key, alarm in merge(aws_cloudwatch_metric_alarm.this, aws_cloudwatch_metric_alarm.anomaly) : key => alarm.arn }
}

output "alarm_names" {
  description = "Names of the metric alarms by severity."
  value = {
    for severity in ["critical", "high", "medium", "low"] : severity => sort([
      for alarm in merge(aws_cloudwatch_metric_alarm.this, aws_cloudwatch_metric_alarm.anomaly) : alarm.alarm_name if alarm.tags["Severity"] == severity
    ])
  }
}

output "composite_alarm_arn" {
  description = "ARN of the composite alarm pipeline-health."
  value       = aws_cloudwatch_composite_alarm.pipeline_health.arn
}

output "dashboard_names" {
  description = "Names of the dashboards by key: overview, operational."
  value       = { for key, dashboard in aws_cloudwatch_dashboard.this : key => dashboard.dashboard_name }
}

output "query_definition_ids" {
  description = "Ids of the saved Logs Insights queries by name."
  value       = { for key, query in aws_cloudwatch_query_definition.this : key => query.query_definition_id }
}

output "metric_environment" {
  description = "Value of the dimension `environment` that the project's own metrics must carry."
  value       = local.environment
}

output "budget_name" {
  description = "Name of the monthly budget; null when off."
  value       = one(aws_budgets_budget.monthly[*].name)
}
