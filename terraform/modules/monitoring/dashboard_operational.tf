# For whoever is on duty: what runs now, what waits, what is short, what is wrong.
locals {
  operational_graphs = [
    {
      width = 12
      properties = {
        title  = "Live: runs of the state machine"
        period = 60
        metrics = concat(
          [for name in ["ExecutionsStarted", "ExecutionsSucceeded"] : local.executions[name]],
          [for name in ["ExecutionsFailed", "ExecutionsTimedOut"] : concat(local.executions[name], [{ color = "#d62728" }])],
        )
      }
    },
    {
      width = 12
      properties = {
        title   = "Live: files and records"
        period  = 60
        metrics = concat([for name in ["FilesReceived", "FilesQuarantined"] : local.series[name]], [concat(local.series["RecordsProcessed"], [{ yAxis = "right" }])])
      }
    },
    {
      width = 8
      properties = {
        title = "Backlog: messages waiting and in flight"
        stat  = "Maximum"
        metrics = concat(
          [for key, name in var.queue_names : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name, { label = "${key} waiting" }]],
          [for key, name in var.queue_names : ["AWS/SQS", "ApproximateNumberOfMessagesNotVisible", "QueueName", name, { label = "${key} in flight" }]],
        )
      }
    },
    {
      width = 8
      properties = {
        title       = "Backlog: age of the oldest message (seconds)"
        stat        = "Maximum"
        metrics     = [for key, name in var.queue_names : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name, { label = key }]]
        annotations = { horizontal = [{ label = "high", value = var.thresholds.queue_age_minutes * 60 }] }
      }
    },
    {
      width = 8
      properties = {
        title   = "Dead letters"
        stat    = "Maximum"
        view    = "singleValue"
        metrics = [for key, name in var.dead_letter_names : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name, { label = key }]]
      }
    },
    {
      width = 8
      properties = {
        title = "Functions: errors and throttles"
        metrics = concat(
          [for key, name in var.function_names : ["AWS/Lambda", "Errors", "FunctionName", name, { label = "${key} errors" }]],
          [for key, name in var.function_names : ["AWS/Lambda", "Throttles", "FunctionName", name, { label = "${key} throttles" }]],
        )
      }
    },
    {
      width = 8
      properties = {
        title   = "Functions: duration, p95 (milliseconds)"
        stat    = "p95"
        metrics = [for key, name in var.function_names : ["AWS/Lambda", "Duration", "FunctionName", name, { label = key }]]
      }
    },
    {
      width = 8
      properties = {
        title   = "Functions: running at once"
        stat    = "Maximum"
        metrics = [for key, name in var.function_names : ["AWS/Lambda", "ConcurrentExecutions", "FunctionName", name, { label = key }]]
      }
    },
    {
      width = 8
      properties = {
        title   = "Glue: use of workers (share)"
        stat    = "Average"
        metrics = [for key, name in var.glue_job_names : concat(["Glue", "glue.driver.workerUtilization", "JobName", name], local.glue_gauge, [{ label = key }])]
      }
    },
    {
      width = 8
      properties = {
        title = "Glue: memory and disk (share)"
        stat  = "Maximum"
        metrics = concat(
          [for key, name in var.glue_job_names : concat(["Glue", "glue.ALL.memory.total.used.percentage", "JobName", name], local.glue_gauge, [{ label = "${key} memory" }])],
          [for key, name in var.glue_job_names : concat(["Glue", "glue.ALL.disk.used.percentage", "JobName", name], local.glue_gauge, [{ label = "${key} disk" }])],
        )
      }
    },
    {
      width = 8
      properties = {
        title = "Notifications"
        metrics = concat(
          [for key, arn in var.topic_arns : ["AWS/SNS", "NumberOfNotificationsDelivered", "TopicName", reverse(split(":", arn))[0], { label = "${key} delivered" }]],
          [for key, arn in var.topic_arns : ["AWS/SNS", "NumberOfNotificationsFailed", "TopicName", reverse(split(":", arn))[0], { label = "${key} failed" }]],
        )
      }
    },
  ]

  glue_gauge = ["JobRunId", "ALL", "Type", "gauge", "ObservabilityGroup", "resource_utilization"]

  error_sources = join(" | ", [for name in sort(var.log_group_names.functions) : "SOURCE '${name}'"])

  operational_widgets = concat(
    [
      for severity, height in { critical = 3, high = 4, medium = 4, low = 3 } : {
        type                             = "alarm"
        width                            = 12
        height                           = height
        properties                       = { title = "Alarms: ${severity}", alarms = local.alarm_arns_by_severity[severity] }
      }
    ],
    # A graph without metrics is refused: a stack without queues or jobs leaves it out.
    [
      for widget in local.operational_graphs :
      { type = "metric", width = widget.width, height = 6, properties = merge(local.graph, widget.properties) }
      if length(widget.properties.metrics) > 0
    ],
    length(var.log_group_names.functions) == 0 ? [] : [{
      type   = "log"
      width  = 24
      height = 6
      properties = {
        title  = "Errors by function"
        region = data.aws_region.current.name
        view   = "table"
        query  = "${local.error_sources} | ${trimspace(replace(local.queries["errors-by-function"].text, "/(?m)^#.*\n/", ""))}"
      }
    }],
  )
}
