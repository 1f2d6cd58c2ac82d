variable "raw_bucket" {
  description = "Bucket in which files land; EventBridge must be on for it."
  type        = object({ name = string, arn = string })
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::", var.raw_bucket.arn)) && endswith(var.raw_bucket.arn, ":::${var.raw_bucket.name}")
    error_message = "raw_bucket.arn is the ARN of the bucket raw_bucket.name."
  }
}

variable "object_prefixes" {
  description = "Beginnings of the object keys that start something, for instance raw/claims/."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.object_prefixes) > 0 && alltrue([
      for prefix in var.object_prefixes : can(regex("^[^/*?].*/$", prefix))
    ])
    error_message = "object_prefixes is at least one folder that ends in / and does not begin with it, without wildcards."
  }
}

variable "landing_queue_arn" {
  description = "ARN of the SQS queue to which events of landed files go; its policy must let the rule object-created send."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.landing_queue_arn))
    error_message = "landing_queue_arn is the ARN of a standard SQS queue."
  }
}

variable "event_dead_letter_arn" {
  description = "ARN of the SQS queue for events and schedules that could not be delivered; its policy must let the rules send."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.event_dead_letter_arn))
    error_message = "event_dead_letter_arn is the ARN of a standard SQS queue."
  }
}

variable "failure_dead_letter_arn" {
  description = "ARN of the SQS queue for events of failure that could not be delivered, so that they go back where they belong; null: event_dead_letter_arn."
  type        = string
  default     = null

  validation {
    condition     = var.failure_dead_letter_arn == null || can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.failure_dead_letter_arn))
    error_message = "failure_dead_letter_arn is the ARN of a standard SQS queue."
  }
}

variable "trigger_function" {
  description = "Function that reads the landing queue: ARN of its alias, its name and the alias."
  type        = object({ arn = string, name = string, alias = string })
  nullable    = false

  validation {
    condition     = endswith(var.trigger_function.arn, ":function:${var.trigger_function.name}:${var.trigger_function.alias}")
    error_message = "trigger_function.arn is the ARN of the alias of the function of that name."
  }
}

variable "landing_batch" {
  description = "How the trigger function reads the queue: events a call, seconds to wait for them, calls at once, and whether at all."
  type = object({
    size                = optional(number, 500)
    window_seconds      = optional(number, 60)
    maximum_concurrency = optional(number, 10)
    enabled             = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.landing_batch.size >= 1 && var.landing_batch.size <= 10000 && floor(var.landing_batch.size) == var.landing_batch.size
    error_message = "landing_batch.size is a whole number from 1 to 10000."
  }

  validation {
    condition     = var.landing_batch.window_seconds >= 0 && var.landing_batch.window_seconds <= 300
    error_message = "landing_batch.window_seconds is from 0 to 300."
  }

  validation {
    condition     = var.landing_batch.size <= 10 || var.landing_batch.window_seconds >= 1
    error_message = "landing_batch.size above 10 needs window_seconds of at least 1."
  }

  validation {
    condition     = var.landing_batch.maximum_concurrency >= 2 && var.landing_batch.maximum_concurrency <= 1000
    error_message = "landing_batch.maximum_concurrency is from 2 to 1000."
  }
}

variable "watch_failures" {
  description = "Whether failed job runs and executions are sent to failure_queue_arn."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = var.watch_failures == (var.failure_queue_arn != null)
    error_message = "watch_failures and failure_queue_arn go together."
  }
}

variable "failure_queue_arn" {
  description = "ARN of the SQS queue that the error handler reads; null where failures are not watched."
  type        = string
  default     = null

  validation {
    condition     = var.failure_queue_arn == null || can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.failure_queue_arn))
    error_message = "failure_queue_arn is the ARN of a standard SQS queue, or null."
  }
}

variable "watched_job_names" {
  description = "Names of Glue jobs whose failures are watched besides those of glue_jobs; a schedule starts them, not the state machine."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for name in var.watched_job_names : length(name) >= 1 && length(name) <= 255])
    error_message = "Each of watched_job_names is a Glue job's name of 1 to 255 characters."
  }
}

variable "schedules" {
  description = "Schedules by name: cron(), rate() or at() expression, its time zone, what is started, and the JSON it is given (of a Glue job: its arguments). target.arn null with kind state_machine is the pipeline itself."
  type = map(object({
    expression = string
    timezone   = optional(string, "UTC")
    target     = object({ arn = optional(string), kind = string })
    input      = optional(string, "{}")
    enabled    = optional(bool, true)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.schedules) : can(regex("^[a-z][a-z0-9-]{1,20}$", key))])
    error_message = "A schedule's key is 2 to 21 lower-case letters, digits and hyphens, a letter first."
  }

  validation {
    condition = alltrue([
      for schedule in values(var.schedules) : can(regex("^(cron|rate|at)\\(.+\\)$", schedule.expression))
    ])
    error_message = "Each expression is cron(...), rate(...) or at(...)."
  }

  validation {
    condition = alltrue([
      for schedule in values(var.schedules) : contains(["lambda", "state_machine", "glue_job"], schedule.target.kind)
    ])
    error_message = "Each target.kind is lambda, state_machine or glue_job."
  }

  validation {
    condition = alltrue([
      for schedule in values(var.schedules) : schedule.target.kind == "state_machine" || schedule.target.arn != null
    ])
    error_message = "Each target of a kind other than state_machine needs its arn."
  }

  validation {
    condition     = alltrue([for schedule in values(var.schedules) : can(keys(jsondecode(schedule.input)))])
    error_message = "Each input is a JSON object."
  }
}
