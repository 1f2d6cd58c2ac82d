variable "project" {
  description = "Name of the project: the first part of every name, and the tag Project."
  type        = string
  default     = "healthcare-claims"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.project))
    error_message = "project is 3 to 24 lower-case letters, digits and hyphens, begins with a letter and ends with none of the hyphens: bucket names are built from it."
  }
}

variable "environment" {
  description = "Which of the environments this is; the second part of every name."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "staging", "prod"], var.environment)
    error_message = "environment is dev, staging or prod."
  }
}

variable "region" {
  description = "AWS region of everything but the copies of recovery."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is the code of an AWS region, for instance us-east-1."
  }
}

variable "allowed_account_ids" {
  description = "AWS accounts that may be changed; with credentials of another one nothing is planned."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    error_message = "allowed_account_ids has at least one account, twelve digits each."
  }
}

variable "cost_center" {
  description = "Who pays: the tag CostCenter."
  type        = string
  nullable    = false

  validation {
    condition     = length(trimspace(var.cost_center)) > 0
    error_message = "cost_center is not empty."
  }
}

variable "data_classification" {
  description = "What the data is: the tag DataClassification; test data is not phi."
  type        = string
  default     = "phi"
  nullable    = false

  validation {
    condition     = contains(["phi", "sanitised", "test"], var.data_classification)
    error_message = "data_classification is phi, sanitised or test."
  }

  validation {
    condition     = var.environment != "prod" || var.data_classification == "phi"
    error_message = "prod holds live data: data_classification is phi there."
  }
}

variable "network" {
  description = "Whether functions and jobs run in a network of their own: none, gateway (S3 and DynamoDB only), or private with interface endpoints, which cost by the hour."
  type = object({
    mode                = string
    cidr                = optional(string, "10.20.0.0/16")
    availability_zones  = optional(list(string), [])
    interface_endpoints = optional(list(string), ["glue", "kms", "logs", "monitoring", "sns", "sqs", "states", "sts"])
  })
  default  = { mode = "none" }
  nullable = false

  validation {
    condition     = contains(["none", "gateway", "private"], var.network.mode)
    error_message = "network.mode is none, gateway or private."
  }

  validation {
    condition     = var.network.mode == "none" || length(var.network.availability_zones) >= 2
    error_message = "network.availability_zones has at least two zones, unless mode is none."
  }
}

variable "retention" {
  description = "How long things are kept, in days (null = for ever): raw, archived and quarantined files, temporary objects, reports, logs; and the days in which nobody can delete from the archive."
  type = object({
    files_days          = optional(number)
    deep_archive_days   = optional(number)
    archive_locked_days = optional(number)
    temp_days           = optional(number, 7)
    report_days         = optional(number)
    log_days            = optional(number, 90)
    access_log_days     = optional(number, 365)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.environment != "prod" || try(var.retention.files_days >= 2190, true)
    error_message = "retention.files_days is null or at least 2190 in prod: HIPAA asks for six years (45 CFR 164.316(b)(2)(i))."
  }
}

variable "force_destroy" {
  description = "Whether terraform destroy deletes buckets with what they hold; for test environments."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.force_destroy && var.environment == "prod")
    error_message = "force_destroy is false in prod."
  }
}

variable "artifacts_file" {
  description = "List of what make build made, relative to this folder: each name with its file, hash and kind."
  type        = string
  default     = "../build/artifacts/artifacts.json"
  nullable    = false

  validation {
    condition     = endswith(var.artifacts_file, ".json")
    error_message = "artifacts_file is the artifacts.json that make build writes."
  }
}

variable "glue" {
  description = "Spark jobs: worker type, most workers, minutes after which a run is stopped, runs at once; data_docs: a page of Great Expectations for each run and table, for which it is installed (half a minute a run)."
  type = object({
    data_docs       = optional(bool, true)
    worker_type     = optional(string, "G.1X")
    max_workers     = optional(number, 10)
    timeout_minutes = optional(number, 120)
    concurrent_runs = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.glue.max_workers >= 2 && var.glue.max_workers <= 299 && var.glue.timeout_minutes >= 5 && var.glue.timeout_minutes <= 2880 && var.glue.concurrent_runs >= 1
    error_message = "glue.max_workers is 2 to 299, timeout_minutes 5 to 2880, concurrent_runs at least 1."
  }
}

variable "summaries" {
  description = "Derived tables: whether they follow each publish, when they do so anyway, as a schedule of EventBridge (UTC), and minutes after which a run is stopped."
  type = object({
    after_publish   = optional(bool, true)
    schedule        = optional(string, "cron(0 5 * * ? *)")
    timeout_minutes = optional(number, 240)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^(cron|rate)\\([^()]+\\)$", var.summaries.schedule)) && var.summaries.timeout_minutes >= 5 && var.summaries.timeout_minutes <= 2880
    error_message = "summaries.schedule is cron(...) or rate(...), timeout_minutes 5 to 2880."
  }
}

variable "max_error_share" {
  description = "Share of records in error (0 to 1) beyond which a file is held; null: what its source declares."
  type        = number
  default     = null

  validation {
    condition     = var.max_error_share == null || try(var.max_error_share >= 0 && var.max_error_share <= 1, false)
    error_message = "max_error_share is null or a number from 0 to 1."
  }
}

variable "notify" {
  description = "Who is told: e-mail (everything), phones in E.164 (critical and high), a Slack channel (all)."
  type = object({
    email_addresses = optional(list(string), [])
    sms_numbers     = optional(list(string), [])
    slack           = optional(object({ workspace_id = string, channel_id = string }))
  })
  default  = {}
  nullable = false
}

variable "pagerduty_url" {
  description = "PagerDuty's https address for critical messages (null = none); it holds a key, so give it as TF_VAR_pagerduty_url."
  type        = string
  default     = null
  sensitive   = true
}

variable "alarms_enabled" {
  description = "Whether alarms tell anybody; off while an environment is built or emptied."
  type        = bool
  default     = true
  nullable    = false
}

variable "tracing" {
  description = "Whether functions and the state machine send traces to X-Ray."
  type        = bool
  default     = true
  nullable    = false
}

variable "monthly_budget_usd" {
  description = "US dollars a month beyond which the budget's e-mail addresses are told (null = no budget)."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null || try(var.monthly_budget_usd > 0, false)
    error_message = "monthly_budget_usd is null or more than 0."
  }
}

variable "cost_anomaly_usd" {
  description = "US dollars of unusual cost from which e-mails are sent (null = no cost anomaly detection)."
  type        = number
  default     = null

  validation {
    condition     = var.cost_anomaly_usd == null || try(var.cost_anomaly_usd > 0, false)
    error_message = "cost_anomaly_usd is null or more than 0."
  }
}

variable "anomaly_detection" {
  description = "Whether alarms learn what is usual, where a fixed limit says little."
  type        = bool
  default     = false
  nullable    = false
}

variable "audit" {
  description = "Who watches the account: CloudTrail data events, access analyser, Config rules, Macie, GuardDuty; each but the analyser costs (README). What they find is a critical message; changes by deployment_role_arn are not."
  type = object({
    trail               = optional(bool, true)
    access_analyzer     = optional(bool, true)
    config_rules        = optional(bool, false)
    macie               = optional(bool, false)
    guardduty           = optional(bool, false)
    deployment_role_arn = optional(string)
  })
  default  = {}
  nullable = false
}

variable "batches" {
  description = "When files that wait are started together: most files, bytes of text, seconds of age; a file from big_file_bytes on starts at once. Fewer runs cost less, see the README."
  type = object({
    files          = optional(number, 500)
    bytes          = optional(number, 4000000000)
    age_seconds    = optional(number, 900)
    big_file_bytes = optional(number, 1000000000)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.batches.files >= 1 && var.batches.files <= 500 && var.batches.bytes >= 1 && var.batches.age_seconds >= 0 && var.batches.big_file_bytes >= 1
    error_message = "batches.files is 1 to 500 (a state holds 256 kB), bytes and big_file_bytes at least 1, age_seconds at least 0."
  }
}

variable "functions" {
  description = "Settings of single functions by name (s3_event_trigger, data_validation, error_handler, post_processing): memory, reserved and provisioned concurrency, and a canary (an older version and its share of calls)."
  type = map(object({
    memory_mb               = optional(number)
    reserved_concurrency    = optional(number)
    provisioned_concurrency = optional(number, 0)
    canary                  = optional(object({ version = string, weight = number }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = length(setsubtract(keys(var.functions), ["s3_event_trigger", "data_validation", "error_handler", "post_processing"])) == 0
    error_message = "functions are s3_event_trigger, data_validation, error_handler and post_processing."
  }
}

variable "table_optimizers" {
  description = "Whether Glue compacts the tables by itself; only after the first run, which makes the tables."
  type        = bool
  default     = false
  nullable    = false
}

variable "athena_cutoff_bytes" {
  description = "Bytes that one Athena query may scan before it is stopped."
  type        = number
  default     = 1099511627776
  nullable    = false

  validation {
    condition     = var.athena_cutoff_bytes >= 10485760
    error_message = "athena_cutoff_bytes is at least 10485760 (10 MB), Athena's own least."
  }
}

variable "redshift" {
  description = "Redshift Serverless over the published tables (null = none); it costs by RPU-hour while it works."
  type = object({
    base_capacity   = optional(number, 8)
    max_capacity    = optional(number, 32)
    daily_rpu_hours = optional(number, 24)
  })
  default = null

  validation {
    condition     = var.redshift == null || (var.network.mode == "private" && length(var.network.availability_zones) >= 3)
    error_message = "redshift needs a network of three zones that reaches Glue's catalog: network.mode is private, network.availability_zones has three."
  }
}

variable "recovery" {
  description = "Copies of the zones in a second region (region null = none), within fifteen minutes where time_control is on."
  type = object({
    region       = optional(string)
    time_control = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.recovery.region == null || try(var.recovery.region != var.region, false)
    error_message = "recovery.region is another region than region."
  }
}
