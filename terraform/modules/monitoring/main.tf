data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  tags        = merge(var.tags, { Component = "monitoring" })
  environment = coalesce(var.environment, regex("[^-]+$", var.name_prefix))

  # The project's own metrics have one dimension: a run, a file or a key in one would be a custom metric each, and could name a person.
  own    = { namespace = var.metric_namespace, dimensions = { environment = local.environment } }
  states = { namespace = "AWS/States", dimensions = { StateMachineArn = var.state_machine_arn } }

  alarms = merge(local.pipeline_alarms, local.cost_alarms, local.function_alarms, local.queue_alarms, local.glue_alarms, local.topic_alarms)

  alarm_names = {
    for key, alarm in local.alarms :
    key => "${var.name_prefix}-${alarm.severity}-${replace(replace(key, "/", "-"), "_", "-")}"
  }

  runbooks = {
    for key, alarm in local.alarms :
    key => var.runbook_url == null ? "" : " Runbook: ${var.runbook_url}#${replace(split("/", key)[0], "_", "-")}"
  }

  # A pager or a text message opens something that must also be closed; medium and low are read in the morning.
  severities_told_when_over = ["critical", "high"]
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = local.alarm_names[each.key]
  alarm_description   = "${each.value.description}${local.runbooks[each.key]}"
  comparison_operator = try(each.value.comparison, "GreaterThanOrEqualToThreshold")
  threshold           = each.value.threshold
  evaluation_periods  = try(each.value.periods, 1)
  datapoints_to_alarm = try(each.value.periods, 1)
  treat_missing_data  = try(each.value.missing, "notBreaching")

  namespace          = can(each.value.expression) ? null : one(values(each.value.metrics)).namespace
  metric_name        = can(each.value.expression) ? null : one(values(each.value.metrics)).name
  dimensions         = can(each.value.expression) ? null : one(values(each.value.metrics)).dimensions
  period             = can(each.value.expression) ? null : each.value.period
  statistic          = can(each.value.expression) || can(each.value.percentile) ? null : one(values(each.value.metrics)).stat
  extended_statistic = try(each.value.percentile, null)

  dynamic "metric_query" {
    for_each = can(each.value.expression) ? { result = each.value.expression } : {}

    content {
      id          = metric_query.key
      expression  = metric_query.value
      label       = each.key
      return_data = true
    }
  }

  dynamic "metric_query" {
    for_each = can(each.value.expression) ? each.value.metrics : {}

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        stat        = metric_query.value.stat
        period      = each.value.period
      }
    }
  }

  actions_enabled = var.actions_enabled
  alarm_actions   = [var.topic_arns[each.value.severity]]
  ok_actions      = contains(local.severities_told_when_over, each.value.severity) ? [var.topic_arns[each.value.severity]] : []

  tags = merge(local.tags, { Severity = each.value.severity })
}

# Each critical alarm already pages by itself; a change of health as a whole is a matter of status, or every fault would page twice.
resource "aws_cloudwatch_composite_alarm" "pipeline_health" {
  alarm_name        = "${var.name_prefix}-pipeline-health"
  alarm_description = "Files do not become readable as they should: a critical alarm is on, or they take longer than the freshness target."

  alarm_rule = join(" OR ", [
    for key, alarm in local.alarms :
    "ALARM(\"${aws_cloudwatch_metric_alarm.this[key].alarm_name}\")"
    if alarm.severity == "critical" || key == "slow_to_readable"
  ])

  actions_enabled = var.actions_enabled
  alarm_actions   = [try(var.topic_arns["status"], var.topic_arns["critical"])]
  ok_actions      = [try(var.topic_arns["status"], var.topic_arns["critical"])]

  tags = local.tags
}

locals {
  # A saved query is a file; its first line says which log groups it reads.
  queries = {
    for file in fileset("${path.module}/queries", "*.logs") :
    replace(trimsuffix(file, ".logs"), "_", "-") => {
      text = file("${path.module}/queries/${file}")
      log_groups = distinct(flatten([
        for kind in split(", ", regex("^# log groups: ([a-z_, ]+)\n", file("${path.module}/queries/${file}"))[0]) :
        var.log_group_names[kind]
      ]))
    }
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.name_prefix}-${each.key}"
  query_string    = each.value.text
  log_group_names = each.value.log_groups
}
