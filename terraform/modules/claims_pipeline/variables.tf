variable "name_prefix" {
  description = "Project and environment that every name begins with, for instance healthcare-claims-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix is 2 to 41 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "tags" {
  description = "Tags of every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of executions, logs, schedules and dead letters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "kms_key_arns" {
  description = "ARNs of the KMS keys of the manifests' bucket and of the topics in publishes_to."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.kms_key_arns : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", arn))
    ])
    error_message = "Each of kms_key_arns is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "state_machine_definition" {
  description = "Path of the state machine's template, and the values it is filled with; partition, manifest_bucket and manifest_prefix are added."
  type        = object({ template_path = string, values = map(string) })
  nullable    = false

  validation {
    condition     = endswith(var.state_machine_definition.template_path, ".asl.json") && fileexists(var.state_machine_definition.template_path)
    error_message = "template_path is the path of a file *.asl.json."
  }
}

variable "manifest_store" {
  description = "Bucket and folder of manifests: the state machine reads requests there and writes what passed the gate."
  type        = object({ name = string, arn = string, prefix = optional(string, "manifests") })
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::", var.manifest_store.arn)) && endswith(var.manifest_store.arn, ":::${var.manifest_store.name}")
    error_message = "manifest_store.arn is the ARN of the bucket manifest_store.name."
  }

  # The prefix becomes part of the state machine's own text, where quotes or braces would change its meaning.
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9/_-]*[a-z0-9]$", var.manifest_store.prefix))
    error_message = "manifest_store.prefix is lower-case letters, digits, _, - and /, without / at its ends."
  }
}

variable "invoked_function_arns" {
  description = "ARNs of the functions (their aliases) that the state machine calls."
  type        = list(string)
  nullable    = false

  validation {
    condition = length(var.invoked_function_arns) > 0 && alltrue([
      for arn in var.invoked_function_arns :
      can(regex("^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+(:[A-Za-z0-9_-]+)?$", arn))
    ])
    error_message = "invoked_function_arns is at least one ARN of a Lambda function or alias."
  }
}

variable "glue_jobs" {
  description = "Glue jobs that the state machine runs; their failures are watched too, where failures are."
  type        = list(object({ name = string, arn = string }))
  nullable    = false

  validation {
    condition = length(var.glue_jobs) > 0 && alltrue([
      for job in var.glue_jobs : can(regex("^arn:aws[a-z-]*:glue:[a-z0-9-]+:[0-9]{12}:job/.+$", job.arn))
    ])
    error_message = "glue_jobs is at least one job with its ARN (arn:...:job/...)."
  }
}

variable "started_job_arns" {
  description = "ARNs of Glue jobs that the state machine starts when a run is finished, without waiting for them."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.started_job_arns : can(regex("^arn:aws[a-z-]*:glue:[a-z0-9-]+:[0-9]{12}:job/.+$", arn))])
    error_message = "Each of started_job_arns is the ARN of a Glue job (arn:...:job/...)."
  }
}

variable "publishes_to" {
  description = "ARNs of the SNS topics to which the state machine publishes where a function that reports failures has failed itself."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for arn in var.publishes_to : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", arn))
    ])
    error_message = "Each of publishes_to is the ARN of an SNS topic."
  }
}

variable "log_level" {
  description = "Which events of executions are logged: ERROR, FATAL or ALL; never their data."
  type        = string
  default     = "ERROR"
  nullable    = false

  validation {
    condition     = contains(["ALL", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level is ALL, ERROR or FATAL."
  }
}

variable "log_retention_days" {
  description = "Days for which the state machine's log is kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days is one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}
