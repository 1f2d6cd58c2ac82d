# Alarms on what the pipeline does as a whole: the project's own metrics and the state machine's.
locals {
  pipeline_alarms = {
    pipeline_failed = {
      severity    = "critical"
      description = "Runs of the state machine failed or timed out after all retries."
      threshold   = var.thresholds.failed_executions
      period      = 300
      expression  = "FILL(failed, 0) + FILL(timed_out, 0)"
      metrics = {
        failed    = merge(local.states, { name = "ExecutionsFailed", stat = "Sum" })
        timed_out = merge(local.states, { name = "ExecutionsTimedOut", stat = "Sum" })
      }
    }

    # Two windows in a row: one alone would also catch a file that came a minute ago after a quiet night.
    pipeline_stalled = {
      severity    = "critical"
      description = "Files keep arriving, but no record was processed for twice ${var.thresholds.stalled_hours} hours."
      threshold   = 1
      period      = var.thresholds.stalled_hours * 3600
      periods     = 2
      expression  = "IF(received > 0 AND FILL(processed, 0) == 0, 1, 0)"
      metrics = {
        received  = merge(local.own, { name = "FilesReceived", stat = "Sum" })
        processed = merge(local.own, { name = "RecordsProcessed", stat = "Sum" })
      }
    }

    attempts_mostly_failing = merge(local.failing_attempts, {
      severity    = "critical"
      description = "${var.thresholds.failed_attempts_percent_critical} % or more of the attempts fail: a service or the code is broken."
      threshold   = var.thresholds.failed_attempts_percent_critical
    })

    attempts_failing = merge(local.failing_attempts, {
      severity    = "high"
      description = "${var.thresholds.failed_attempts_percent} % or more of the attempts fail and are tried again."
      threshold   = var.thresholds.failed_attempts_percent
    })

    slow_to_readable = {
      severity    = "high"
      description = "Of 100 files the slowest took more than ${var.thresholds.minutes_to_readable} minutes from landing to readable."
      comparison  = "GreaterThanThreshold"
      threshold   = var.thresholds.minutes_to_readable
      period      = 900
      percentile  = "p99"
      metrics     = { minutes = merge(local.own, { name = "MinutesToReadable" }) }
    }

    freshness_objective_missed = {
      severity    = "high"
      description = "Less than ${var.thresholds.readable_percent} % of a day's files were readable within ${var.thresholds.minutes_to_readable} minutes."
      comparison  = "LessThanThreshold"
      threshold   = var.thresholds.readable_percent
      period      = 86400
      expression  = "FILL(on_time, 100)"
      metrics     = { on_time = merge(local.own, { name = "MinutesToReadable", stat = "PR(:${var.thresholds.minutes_to_readable})" }) }
    }

    slow_execution = {
      severity    = "high"
      description = "A run of the state machine took more than ${var.thresholds.execution_minutes} minutes."
      comparison  = "GreaterThanThreshold"
      threshold   = var.thresholds.execution_minutes * 60000
      period      = 300
      metrics     = { milliseconds = merge(local.states, { name = "ExecutionTime", stat = "Maximum" }) }
    }

    pipeline_throttled = {
      severity    = "medium"
      description = "Step Functions throttles state transitions: too many runs at once for the account's quota."
      threshold   = 1
      period      = 300
      periods     = 3
      metrics     = { throttled = merge(local.states, { name = "ExecutionThrottled", stat = "Sum" }) }
    }

    files_quarantined = {
      severity    = "medium"
      description = "Files were quarantined as a whole within an hour and wait for a decision (make review)."
      threshold   = var.thresholds.quarantined_files
      period      = 3600
      metrics     = { files = merge(local.own, { name = "FilesQuarantined", stat = "Sum" }) }
    }

    records_quarantined = {
      severity    = "medium"
      description = "${var.thresholds.quarantined_records_percent} % or more of an hour's records were quarantined."
      threshold   = var.thresholds.quarantined_records_percent
      period      = 3600
      expression  = "100 * quarantined / (quarantined + FILL(processed, 0))"
      metrics = {
        quarantined = merge(local.own, { name = "RecordsQuarantined", stat = "Sum" })
        processed   = merge(local.own, { name = "RecordsProcessed", stat = "Sum" })
      }
    }

    quality_low = {
      severity    = "medium"
      description = "The mean quality score of an hour's files is below ${var.thresholds.quality_score} of 100."
      comparison  = "LessThanThreshold"
      threshold   = var.thresholds.quality_score
      period      = 3600
      metrics     = { score = merge(local.own, { name = "QualityScore", stat = "Average" }) }
    }

    nothing_received = {
      severity    = "low"
      description = "No file arrived for ${var.thresholds.quiet_hours} hours: a source may have stopped sending."
      comparison  = "LessThanThreshold"
      threshold   = 1
      period      = var.thresholds.quiet_hours * 3600
      missing     = "breaching"
      metrics     = { files = merge(local.own, { name = "FilesReceived", stat = "Sum" }) }
    }

    files_ignored = {
      severity    = "low"
      description = "Files of an unknown source or wrong place were ignored within a day."
      threshold   = var.thresholds.ignored_files
      period      = 86400
      metrics     = { files = merge(local.own, { name = "FilesIgnored", stat = "Sum" }) }
    }
  }

  # A share of a handful says nothing: one failure of two attempts is 50 %.
  failing_attempts = {
    period     = 900
    expression = "IF(attempts >= ${var.thresholds.least_attempts}, 100 * FILL(failed, 0) / attempts, 0)"
    metrics = {
      failed   = merge(local.own, { name = "FailedAttempts", stat = "Sum" })
      attempts = merge(local.own, { name = "Attempts", stat = "Sum" })
    }
  }
}
