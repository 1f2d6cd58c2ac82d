# For whoever answers for the pipeline: volume, errors, performance and cost over a week.
locals {
  overview_graphs = concat([
    {
      width = 12
      properties = {
        title  = "Volume: records an hour"
        period = 3600
        metrics = [
          concat(local.series["RecordsProcessed"], [{ label = "processed" }]),
          concat(local.series["RecordsQuarantined"], [{ label = "quarantined", color = "#d62728" }]),
        ]
      }
    },
    {
      width = 12
      properties = {
        title  = "Volume: files an hour"
        period = 3600
        metrics = [
          concat(local.series["FilesReceived"], [{ label = "received" }]),
          concat(local.series["FilesQuarantined"], [{ label = "quarantined", color = "#d62728" }]),
          concat(local.series["FilesIgnored"], [{ label = "ignored", color = "#7f7f7f" }]),
        ]
      }
    },
    {
      width = 8
      properties = {
        title  = "Error rate: share of failed attempts (%)"
        period = 3600
        metrics = [
          [{ id = "share", expression = "100 * FILL(failed, 0) / attempts", label = "failed attempts", color = "#d62728" }],
          concat(local.series["FailedAttempts"], [{ id = "failed", visible = false }]),
          concat(local.series["Attempts"], [{ id = "attempts", visible = false }]),
        ]
        yAxis = { left = { min = 0, max = 100 } }
        annotations = { horizontal = [
          { label = "high", value = var.thresholds.failed_attempts_percent },
          { label = "critical", value = var.thresholds.failed_attempts_percent_critical },
        ] }
      }
    },
    {
      width = 8
      properties = {
        title  = "Quality: share of quarantined records (%)"
        period = 3600
        metrics = [
          [{ id = "share", expression = "100 * quarantined / (quarantined + FILL(processed, 0))", label = "quarantined records", color = "#d62728" }],
          concat(local.series["RecordsQuarantined"], [{ id = "quarantined", visible = false }]),
          concat(local.series["RecordsProcessed"], [{ id = "processed", visible = false }]),
        ]
        annotations = { horizontal = [{ label = "medium", value = var.thresholds.quarantined_records_percent }] }
      }
    },
    {
      width = 8
      properties = {
        title  = "Quality score (of 100)"
        period = 3600
        metrics = [
          concat(local.series["QualityScore"], [{ label = "mean", stat = "Average" }]),
          concat(local.series["QualityScore"], [{ label = "worst file", stat = "Minimum", color = "#d62728" }]),
        ]
        yAxis       = { left = { max = 100 } }
        annotations = { horizontal = [{ label = "medium below", value = var.thresholds.quality_score }] }
      }
    },
    {
      width = 8
      properties = {
        title  = "Performance: minutes from landing to readable"
        period = 3600
        metrics = [
          for stat in ["p50", "p90", "p99"] : concat(local.series["MinutesToReadable"], [{ label = stat, stat = stat }])
        ]
        annotations = { horizontal = [{ label = "target", value = var.thresholds.minutes_to_readable }] }
      }
    },
    {
      width = 8
      properties = {
        title  = "Service level: files readable in time (% of a day)"
        period = 86400
        metrics = [
          concat(local.series["MinutesToReadable"], [{ label = "within ${var.thresholds.minutes_to_readable} minutes", stat = "PR(:${var.thresholds.minutes_to_readable})" }]),
        ]
        yAxis       = { left = { max = 100 } }
        annotations = { horizontal = [{ label = "objective", value = var.thresholds.readable_percent }] }
      }
    },
    {
      width = 8
      properties = {
        title  = "Performance: duration of runs (milliseconds)"
        period = 3600
        metrics = [
          for stat in ["p50", "Maximum"] : concat(local.executions["ExecutionTime"], [{ label = stat, stat = stat }])
        ]
      }
    },
    {
      width = 8
      properties = {
        title       = "Cost: dollars a day"
        period      = 86400
        view        = "bar"
        metrics     = [concat(local.series["CostUsd"], [{ label = "runs" }])]
        annotations = { horizontal = [{ label = "high", value = var.thresholds.daily_cost_usd }] }
      }
    },
    {
      width = 8
      properties = {
        title                = "Cost: dollars in the last 30 days"
        view                 = "singleValue"
        period               = 86400
        setPeriodToTimeRange = true
        start                = "-P30D"
        end                  = "P0D"
        metrics              = [concat(local.series["CostUsd"], [{ label = "runs" }])]
      }
    },
    {
      width = 8
      properties = {
        title       = "Cost: dollars per million lines"
        period      = 86400
        metrics     = [concat(local.series["CostUsdPerMillionLines"], [{ label = "mean of runs", stat = "Average" }])]
        annotations = { horizontal = [{ label = "high", value = var.thresholds.cost_usd_per_million_lines }] }
      }
    },
    ], length(var.bucket_names) == 0 ? [] : [
    {
      width = 24
      properties = {
        title   = "Storage: bytes by zone"
        period  = 86400
        stacked = true
        metrics = [
          for zone, bucket in var.bucket_names :
          ["AWS/S3", "BucketSizeBytes", "BucketName", bucket, "StorageType", "StandardStorage", { label = zone, stat = "Average" }]
        ]
      }
    },
  ])

  overview_widgets = concat([
    {
      type   = "alarm"
      width  = 24
      height = 3
      properties = {
        title  = "Health"
        alarms = concat(["${local.alarm_arn_prefix}${var.name_prefix}-pipeline-health"], local.alarm_arns_by_severity["critical"])
      }
    },
    ], [
    for widget in local.overview_graphs :
    { type = "metric", width = widget.width, height = 6, properties = merge(local.graph, widget.properties) }
  ])
}
