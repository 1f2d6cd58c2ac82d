variable "reserved_concurrency" {
  description = "Calls at once that are kept for this function and never exceeded; 0 stops it, null leaves it the account's pool."
  type        = number
  default     = null

  validation {
    condition     = try(var.reserved_concurrency >= 0 && floor(var.reserved_concurrency) == var.reserved_concurrency, var.reserved_concurrency == null)
    error_message = "reserved_concurrency is a whole number from 0 up, or null."
  }
}

variable "provisioned_concurrency" {
  description = "Environments kept warm behind the alias at a fixed price; 0 for none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.provisioned_concurrency >= 0 && floor(var.provisioned_concurrency) == var.provisioned_concurrency
    error_message = "provisioned_concurrency is a whole number from 0 up."
  }

  validation {
    condition     = try(var.provisioned_concurrency <= var.reserved_concurrency, true)
    error_message = "provisioned_concurrency is at most reserved_concurrency."
  }

  validation {
    condition     = var.provisioned_concurrency == 0 || var.canary == null
    error_message = "Lambda has no provisioned concurrency on an alias that shares calls between versions: provisioned_concurrency is 0 or canary null."
  }
}

variable "maximum_retries" {
  description = "Further attempts at an asynchronous call that failed, one and then two minutes later."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([0, 1, 2], var.maximum_retries)
    error_message = "maximum_retries is 0, 1 or 2."
  }
}

variable "maximum_event_age_seconds" {
  description = "Seconds that an asynchronous call waits for its turn before it becomes a dead letter."
  type        = number
  default     = 21600
  nullable    = false

  validation {
    condition = (var.maximum_event_age_seconds >= 60 && var.maximum_event_age_seconds <= 21600
    && floor(var.maximum_event_age_seconds) == var.maximum_event_age_seconds)
    error_message = "maximum_event_age_seconds is a whole number from 60 to 21600 (6 hours)."
  }
}

variable "dead_letter_arn" {
  description = "ARN of the SQS queue of asynchronous calls that failed for good."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.dead_letter_arn))
    error_message = "dead_letter_arn is the ARN of a standard SQS queue."
  }
}

variable "dead_letter_kms_key_arn" {
  description = "ARN of the KMS key of that queue; null where it is kms_key_arn."
  type        = string
  default     = null

  validation {
    condition = var.dead_letter_kms_key_arn == null || can(
      regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.dead_letter_kms_key_arn)
    )
    error_message = "dead_letter_kms_key_arn is the ARN of a KMS key (arn:...:key/...), or null."
  }
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.log_retention_days)
    error_message = "log_retention_days is one that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "log_level" {
  description = "Least important log records of the function's own that are kept."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"], var.log_level)
    error_message = "log_level is TRACE, DEBUG, INFO, WARN, ERROR or FATAL."
  }
}

variable "tracing" {
  description = "Whether X-Ray traces calls that come without a trace of their own too."
  type        = bool
  default     = true
  nullable    = false
}

variable "alias" {
  description = "Name of the alias that callers call."
  type        = string
  default     = "live"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$", var.alias)) && length(var.alias) <= 128
    error_message = "alias is letters, digits, hyphens and underscores, not digits alone, at most 128."
  }
}

variable "canary" {
  description = "Another published version that gets `weight` of the calls (a share between 0 and 1), the newest one the rest; null for none."
  type        = object({ version = string, weight = number })
  default     = null

  validation {
    condition     = var.canary == null || can(regex("^[1-9][0-9]*$", var.canary.version))
    error_message = "canary.version is the number of a published version."
  }

  validation {
    condition     = try(var.canary.weight > 0 && var.canary.weight < 1, var.canary == null)
    error_message = "canary.weight is more than 0 and less than 1."
  }
}

variable "vpc" {
  description = "Subnets and security groups of the function; null for none: a function outside a VPC needs no endpoints."
  type        = object({ subnet_ids = list(string), security_group_ids = list(string) })
  default     = null

  validation {
    condition     = try(length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0, var.vpc == null)
    error_message = "vpc has at least one subnet and one security group."
  }
}

variable "policy_statements" {
  description = "What the function may do beyond its logs, traces and dead letters: statements that allow actions on resources."
  type = list(object({
    sid       = string
    actions   = list(string)
    resources = list(string)
    conditions = optional(list(object({
      test     = string
      variable = string
      values   = list(string)
    })), [])
  }))
  default  = []
  nullable = false

  validation {
    condition = alltrue([for statement in var.policy_statements : can(regex("^[A-Z][A-Za-z0-9]*$", statement.sid))]) && (
      length(distinct(var.policy_statements[*].sid)) == length(var.policy_statements)
    )
    error_message = "Each statement's sid is letters and digits, a capital first, and its own."
  }

  validation {
    condition = length(setintersection(var.policy_statements[*].sid, [
      "CreateInterfacesInOwnSubnets", "DecryptOwnEnvironment", "DenyInterfacesToCode", "EncryptDeadLetters",
      "ManageInterfaces", "SendToDeadLetters", "SendTraces", "WriteOwnLogs",
    ])) == 0
    error_message = "A statement's sid is one of the module's own."
  }

  validation {
    condition = alltrue([
      for statement in var.policy_statements : length(statement.actions) > 0 && alltrue([
        for action in statement.actions : can(regex("^[a-z0-9-]+:[A-Za-z0-9]+\\*?$", action))
      ])
    ])
    error_message = "Each statement names its actions (service:Action): neither * nor service:*."
  }

  validation {
    condition     = alltrue([for statement in var.policy_statements : length(statement.resources) > 0])
    error_message = "Each statement names at least one resource."
  }
}
