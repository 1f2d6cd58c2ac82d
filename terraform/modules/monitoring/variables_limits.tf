variable "thresholds" {
  description = "Where alarms begin; the unit is the end of each name, and counts are of the alarm's period (see its description)."
  type = object({
    failed_executions                = optional(number, 1)
    failed_attempts_percent          = optional(number, 10)
    failed_attempts_percent_critical = optional(number, 50)
    least_attempts                   = optional(number, 5)
    stalled_hours                    = optional(number, 3)
    quiet_hours                      = optional(number, 24)
    minutes_to_readable              = optional(number, 60)
    readable_percent                 = optional(number, 99.9)
    execution_minutes                = optional(number, 120)
    quarantined_files                = optional(number, 1)
    quarantined_records_percent      = optional(number, 5)
    quality_score                    = optional(number, 95)
    ignored_files                    = optional(number, 1)
    function_errors                  = optional(number, 1)
    function_duration_seconds        = optional(number, 240)
    function_throttles               = optional(number, 1)
    queue_age_minutes                = optional(number, 30)
    queue_depth                      = optional(number, 5000)
    dead_letters                     = optional(number, 1)
    dead_letters_critical            = optional(number, 25)
    glue_errors                      = optional(number, 1)
    glue_memory_percent              = optional(number, 90)
    glue_disk_percent                = optional(number, 80)
    glue_skewness                    = optional(number, 5)
    glue_utilization_percent         = optional(number, 20)
    daily_cost_usd                   = optional(number, 50)
    cost_usd_per_million_lines       = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for value in values(var.thresholds) : value > 0])
    error_message = "thresholds must all be above 0."
  }

  validation {
    condition     = alltrue([for name, value in var.thresholds : value <= 100 if strcontains(name, "_percent") || name == "quality_score"])
    error_message = "thresholds in percent, and the quality score, must be 100 at most."
  }

  validation {
    condition = alltrue([
      var.thresholds.stalled_hours == floor(var.thresholds.stalled_hours) && var.thresholds.stalled_hours <= 12,
      var.thresholds.quiet_hours == floor(var.thresholds.quiet_hours) && var.thresholds.quiet_hours <= 24,
    ])
    error_message = "thresholds.stalled_hours must be a whole number to 12, and quiet_hours one to 24: an alarm looks back a day at most."
  }

  validation {
    condition = (
      var.thresholds.failed_attempts_percent < var.thresholds.failed_attempts_percent_critical &&
      var.thresholds.dead_letters < var.thresholds.dead_letters_critical
    )
    error_message = "thresholds of critical alarms must be above those of the high alarms of the same metric."
  }
}

variable "actions_enabled" {
  description = "Whether alarms notify; false mutes all of them, as for a first deployment or planned work."
  type        = bool
  default     = true
  nullable    = false
}

variable "anomaly_detection" {
  description = "Whether alarms learn the usual volume, freshness and cost (three alarms of three metrics each)."
  type        = bool
  default     = false
  nullable    = false
}

variable "runbook_url" {
  description = "Address of the runbook page whose anchors are the kinds of alarms (#dead-letters); null = none named in alarms."
  type        = string
  default     = null

  validation {
    condition     = var.runbook_url == null || can(regex("^https://[^\\s#]+$", var.runbook_url))
    error_message = "runbook_url must begin with https:// and have no anchor."
  }
}

variable "monthly_budget_usd" {
  description = "Monthly budget in dollars; told at 80 and 100 % spent and when 100 % is foreseen; null = off."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "monthly_budget_usd must be above 0."
  }
}

variable "budget_emails" {
  description = "E-mail addresses that hear of the budget, beside the topic of high alarms."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.budget_emails) <= 10 && alltrue([for address in var.budget_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "budget_emails must be at most ten addresses such as finance@example.org."
  }
}

variable "cost_anomaly_usd" {
  description = "Dollars above the expected cost from which AWS Cost Anomaly Detection tells; null = off."
  type        = number
  default     = null

  validation {
    condition     = var.cost_anomaly_usd == null || try(var.cost_anomaly_usd > 0, false)
    error_message = "cost_anomaly_usd must be above 0."
  }
}

variable "cost_tag" {
  description = "Cost allocation tag that budget and cost anomalies look at, such as { key = \"Environment\", value = \"prod\" }; null = the whole account."
  type        = object({ key = string, value = string })
  default     = null

  validation {
    condition     = var.cost_tag == null || try(length(var.cost_tag.key) > 0 && length(var.cost_tag.value) > 0, false)
    error_message = "cost_tag must have a key and a value."
  }
}
