variable "name_prefix" {
  description = "Start of every name: project and environment, such as healthcare-claims-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix)) && !endswith(var.name_prefix, "-")
    error_message = "name_prefix must be 2 to 41 lower-case letters, digits or hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "tags" {
  description = "Tags for every resource that can carry them, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "environment" {
  description = "Value of the dimension `environment` of the project's own metrics; null = what stands after the last hyphen of name_prefix."
  type        = string
  default     = null

  validation {
    condition     = var.environment == null || can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "environment must be lower-case letters, digits or hyphens, such as dev."
  }
}

variable "metric_namespace" {
  description = "CloudWatch namespace of the project's own metrics."
  type        = string
  default     = "HealthcareClaims"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9/_.-]{0,254}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/")
    error_message = "metric_namespace must begin with a letter, hold letters, digits and / _ . - only, and not begin with AWS/."
  }
}

variable "topic_arns" {
  description = "ARNs of the SNS topics by severity: critical, high, medium, low; with status, that topic hears changes of the pipeline's health."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(setsubtract(["critical", "high", "medium", "low"], keys(var.topic_arns))) == 0
    error_message = "topic_arns must have the keys critical, high, medium and low."
  }

  validation {
    condition     = length(setsubtract(keys(var.topic_arns), ["status", "critical", "high", "medium", "low"])) == 0
    error_message = "topic_arns may have no keys but status, critical, high, medium and low."
  }

  validation {
    condition     = alltrue([for arn in values(var.topic_arns) : can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", arn))])
    error_message = "topic_arns must be ARNs of SNS topics."
  }
}

variable "function_names" {
  description = "Names of the Lambda functions by a short key, which becomes part of alarm names."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.function_names) : can(regex("^[a-z][a-z0-9_-]*$", key))])
    error_message = "function_names must have keys of lower-case letters, digits, _ or -, such as s3_event_trigger."
  }
}

variable "critical_functions" {
  description = "Keys of function_names whose every error is critical: a failing handler of failures keeps all others quiet."
  type        = set(string)
  default     = ["error_handler"]
  nullable    = false

  validation {
    condition     = alltrue([for key in var.critical_functions : can(regex("^[a-z][a-z0-9_-]*$", key))])
    error_message = "critical_functions must be keys as in function_names, such as error_handler."
  }
}

variable "queue_names" {
  description = "Names of the SQS queues by a short key, which becomes part of alarm names."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.queue_names) : can(regex("^[a-z][a-z0-9_-]*$", key))])
    error_message = "queue_names must have keys of lower-case letters, digits, _ or -, such as landing."
  }
}

variable "dead_letter_names" {
  description = "Names of the dead-letter queues by a short key, which becomes part of alarm names."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.dead_letter_names) : can(regex("^[a-z][a-z0-9_-]*$", key))])
    error_message = "dead_letter_names must have keys of lower-case letters, digits, _ or -, such as landing."
  }
}

variable "glue_job_names" {
  description = "Names of the Glue jobs by a short key, which becomes part of alarm names; the jobs need --enable-observability-metrics."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.glue_job_names) : can(regex("^[a-z][a-z0-9_-]*$", key))])
    error_message = "glue_job_names must have keys of lower-case letters, digits, _ or -, such as process_claims."
  }
}

variable "state_machine_arn" {
  description = "ARN of the pipeline's state machine."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:states:[a-z0-9-]+:[0-9]{12}:stateMachine:[^:]+$", var.state_machine_arn))
    error_message = "state_machine_arn must be the ARN of a state machine, without version or alias."
  }
}

variable "bucket_names" {
  description = "Names of the data buckets by zone, for the graph of stored bytes."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "log_group_names" {
  description = "Names of the log groups that saved queries read, by kind of writer."
  type = object({
    functions     = optional(list(string), [])
    state_machine = optional(list(string), [])
    glue_jobs     = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for name in concat(var.log_group_names.functions, var.log_group_names.state_machine, var.log_group_names.glue_jobs) :
      can(regex("^[A-Za-z0-9_./#-]{1,512}$", name))
    ])
    error_message = "log_group_names must be names of log groups, such as /aws/lambda/healthcare-claims-dev-data-validation, not ARNs."
  }

  validation {
    condition     = length(concat(var.log_group_names.functions, var.log_group_names.state_machine, var.log_group_names.glue_jobs)) <= 50
    error_message = "log_group_names must be 50 at most in all: one query reads no more."
  }
}
