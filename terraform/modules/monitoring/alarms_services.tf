# Alarms on the AWS services below the pipeline: one set for each function, queue and Glue job.
locals {
  functions = { for key, name in var.function_names : key => { namespace = "AWS/Lambda", dimensions = { FunctionName = name } } }
  queues    = { for key, name in var.queue_names : key => { namespace = "AWS/SQS", dimensions = { QueueName = name } } }
  letters   = { for key, name in var.dead_letter_names : key => { namespace = "AWS/SQS", dimensions = { QueueName = name } } }

  function_alarms = merge([
    for key, function in local.functions : {
      "function_errors/${key}" = {
        severity    = contains(var.critical_functions, key) ? "critical" : "high"
        description = "Function ${key} fails."
        threshold   = contains(var.critical_functions, key) ? 1 : var.thresholds.function_errors
        period      = 300
        metrics     = { errors = merge(function, { name = "Errors", stat = "Sum" }) }
      }

      # Nothing retries after this: the event is gone, and only the reconciliation of listing and ledger finds it again.
      "function_event_lost/${key}" = {
        severity    = "critical"
        description = "Function ${key} could not hand a failed event to its dead-letter queue: the event is lost."
        threshold   = 1
        period      = 300
        metrics     = { lost = merge(function, { name = "DeadLetterErrors", stat = "Sum" }) }
      }

      "function_slow/${key}" = {
        severity    = "high"
        description = "Function ${key} ran for ${var.thresholds.function_duration_seconds} seconds or longer and comes near its time-out."
        threshold   = var.thresholds.function_duration_seconds * 1000
        period      = 300
        metrics     = { milliseconds = merge(function, { name = "Duration", stat = "Maximum" }) }
      }

      "function_throttled/${key}" = {
        severity    = "medium"
        description = "Function ${key} was throttled for 15 minutes: its reserved concurrency is used up."
        threshold   = var.thresholds.function_throttles
        period      = 300
        periods     = 3
        metrics     = { throttles = merge(function, { name = "Throttles", stat = "Sum" }) }
      }
    }
  ]...)

  queue_alarms = merge(concat(
    [for key, queue in local.queues : {
      "queue_old/${key}" = {
        severity    = "high"
        description = "A message has waited in queue ${key} for ${var.thresholds.queue_age_minutes} minutes or longer."
        threshold   = var.thresholds.queue_age_minutes * 60
        period      = 300
        metrics     = { seconds = merge(queue, { name = "ApproximateAgeOfOldestMessage", stat = "Maximum" }) }
      }

      "queue_deep/${key}" = {
        severity    = "medium"
        description = "Queue ${key} holds ${var.thresholds.queue_depth} messages or more for 15 minutes."
        threshold   = var.thresholds.queue_depth
        period      = 300
        periods     = 3
        metrics     = { messages = merge(queue, { name = "ApproximateNumberOfMessagesVisible", stat = "Maximum" }) }
      }
    }],
    [for key, queue in local.letters : {
      "dead_letters/${key}" = {
        severity    = "high"
        description = "Messages in the dead-letter queue of ${key} wait for a decision (make review, make redrive)."
        threshold   = var.thresholds.dead_letters
        period      = 300
        metrics     = { messages = merge(queue, { name = "ApproximateNumberOfMessagesVisible", stat = "Maximum" }) }
      }

      "dead_letters_many/${key}" = {
        severity    = "critical"
        description = "${var.thresholds.dead_letters_critical} or more messages in the dead-letter queue of ${key}: not one bad file, but something is broken."
        threshold   = var.thresholds.dead_letters_critical
        period      = 300
        metrics     = { messages = merge(queue, { name = "ApproximateNumberOfMessagesVisible", stat = "Maximum" }) }
      }
    }],
  )...)

  glue = {
    for key, name in var.glue_job_names : key => {
      for group in ["error", "resource_utilization", "job_performance"] : group => {
        namespace  = "Glue"
        dimensions = { JobName = name, JobRunId = "ALL", ObservabilityGroup = group, Type = group == "error" ? "count" : "gauge" }
      }
    }
  }

  # Glue's "percentages" are shares from 0 to 1 in some metrics and versions: both are taken.
  as_percent = "IF(used > 1, used, 100 * used)"

  glue_alarms = merge([
    for key, job in local.glue : {
      # Not higher: the state machine tries again, and tells when that does not help.
      "glue_failed/${key}" = {
        severity    = "medium"
        description = "A run of Glue job ${key} failed; the state machine tries again."
        threshold   = var.thresholds.glue_errors
        period      = 900
        metrics     = { errors = merge(job.error, { name = "glue.error.ALL", stat = "Sum" }) }
      }

      "glue_memory/${key}" = {
        severity    = "medium"
        description = "Glue job ${key} uses ${var.thresholds.glue_memory_percent} % of its memory or more for 15 minutes."
        threshold   = var.thresholds.glue_memory_percent
        period      = 300
        periods     = 3
        expression  = local.as_percent
        metrics     = { used = merge(job.resource_utilization, { name = "glue.ALL.memory.total.used.percentage", stat = "Maximum" }) }
      }

      "glue_disk/${key}" = {
        severity    = "medium"
        description = "Glue job ${key} uses ${var.thresholds.glue_disk_percent} % of a worker's disk or more."
        threshold   = var.thresholds.glue_disk_percent
        period      = 300
        expression  = local.as_percent
        metrics     = { used = merge(job.resource_utilization, { name = "glue.ALL.disk.used.percentage", stat = "Maximum" }) }
      }

      "glue_skewed/${key}" = {
        severity    = "low"
        description = "In Glue job ${key} a few tasks take ${var.thresholds.glue_skewness} times as long as the others: more workers will not help."
        threshold   = var.thresholds.glue_skewness
        period      = 900
        metrics     = { skewness = merge(job.job_performance, { name = "glue.driver.skewness.job", stat = "Maximum" }) }
      }

      "glue_idle/${key}" = {
        severity    = "low"
        description = "Glue job ${key} leaves most of its workers idle for an hour: it is sized too large."
        comparison  = "LessThanThreshold"
        threshold   = var.thresholds.glue_utilization_percent
        period      = 3600
        expression  = local.as_percent
        metrics     = { used = merge(job.resource_utilization, { name = "glue.driver.workerUtilization", stat = "Average" }) }
      }
    }
  ]...)

  topic_alarms = {
    notifications_failed = {
      severity    = "high"
      description = "SNS could not deliver notifications; they are in the dead-letter queue of the notifications."
      threshold   = 1
      period      = 300
      expression  = join(" + ", [for key in keys(var.topic_arns) : "FILL(${key}, 0)"])
      metrics = {
        for key, arn in var.topic_arns : key => {
          namespace  = "AWS/SNS"
          dimensions = { TopicName = reverse(split(":", arn))[0] }
          name       = "NumberOfNotificationsFailed"
          stat       = "Sum"
        }
      }
    }
  }
}
