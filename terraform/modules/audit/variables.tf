variable "name_prefix" {
  description = "Start of every name: project and environment, such as healthcare-claims-prod."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 41 lower-case letters, digits or hyphens and begin with a letter."
  }
}

variable "tags" {
  description = "Tags for every resource that can carry them, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of buckets, trail and log group; its policy must let CloudTrail, CloudWatch Logs and (if on) Macie use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (arn:...:kms:<region>:<account>:key/<id>), not of an alias."
  }
}

variable "data_bucket_arns" {
  description = "ARNs of the buckets of which every read and write of an object is recorded."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.data_bucket_arns : can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]{3,63}$", arn))])
    error_message = "data_bucket_arns must be ARNs of buckets, without a path: arn:<partition>:s3:::<bucket>."
  }
}

variable "trail" {
  description = "Whether CloudTrail records the account's calls and the access to the data buckets."
  type        = bool
  default     = true
  nullable    = false
}

variable "management_events" {
  description = "Whether the trail records management calls; false where an organisation's trail already does (a second copy costs)."
  type        = bool
  default     = true
  nullable    = false
}

variable "cloudwatch_logs" {
  description = "Whether the trail also goes to a CloudWatch log group, which alarms on it need."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_retention_days" {
  description = "Days for which that log group keeps events; the bucket keeps them for trail_retention_days."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days,
    )
    error_message = "log_retention_days must be one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "trail_retention_days" {
  description = "Days for which the buckets keep audit records; the default is the six years of the HIPAA documentation rule."
  type        = number
  default     = 2192
  nullable    = false

  validation {
    condition     = var.trail_retention_days == floor(var.trail_retention_days) && var.trail_retention_days > 90
    error_message = "trail_retention_days must be a whole number above 90: objects move to Glacier Instant Retrieval after 90 days."
  }
}

variable "object_lock_days" {
  description = "Days for which nobody, root included, can delete a record of the trail (compliance mode); null = off. Only at the bucket's creation, and not to be undone."
  type        = number
  default     = null

  validation {
    condition     = var.object_lock_days == null || try(var.object_lock_days == floor(var.object_lock_days) && var.object_lock_days >= 1 && var.object_lock_days <= 36500, false)
    error_message = "object_lock_days must be a whole number from 1 to 36500."
  }

  validation {
    condition     = var.object_lock_days == null || try(var.object_lock_days <= var.trail_retention_days, false)
    error_message = "object_lock_days must not be more than trail_retention_days: expiry would wait for the lock."
  }

  validation {
    condition     = var.object_lock_days == null || !var.force_destroy
    error_message = "object_lock_days and force_destroy exclude each other: locked objects cannot be destroyed."
  }
}

variable "force_destroy" {
  description = "Whether destroy may delete buckets that hold records; also leaves out the denial of deletion. For development only."
  type        = bool
  default     = false
  nullable    = false
}

variable "access_log_bucket" {
  description = "Bucket that takes the access logs of this module's buckets, and the start of their keys; null = no access logs."
  type = object({
    name   = string
    prefix = optional(string, "audit/")
  })
  default = null

  validation {
    condition     = var.access_log_bucket == null || can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.access_log_bucket.name))
    error_message = "access_log_bucket.name must be the name of a bucket, not an ARN."
  }
}

variable "access_analyzer" {
  description = "Whether IAM Access Analyzer reports what can be reached from outside the account (no charge)."
  type        = bool
  default     = true
  nullable    = false
}

variable "unused_access_days" {
  description = "Days after which unused roles, keys and rights are reported (charged by role and user); null = off."
  type        = number
  default     = null

  validation {
    condition     = var.unused_access_days == null || try(var.unused_access_days >= 1 && var.unused_access_days <= 365, false)
    error_message = "unused_access_days must be 1 to 365."
  }
}

variable "config_rules" {
  description = "Whether AWS Config judges the account's resources by rules."
  type        = bool
  default     = false
  nullable    = false
}

variable "config_recorder" {
  description = "Whether config_rules also makes recorder and delivery channel; false where the account has its one recorder already."
  type        = bool
  default     = true
  nullable    = false
}

variable "guardduty" {
  description = "Whether GuardDuty watches calls, S3 data access and the network of functions; needs an account without a detector."
  type        = bool
  default     = false
  nullable    = false
}

variable "macie" {
  description = "Whether Macie looks for personal data once a week; needs an account in which Macie is off."
  type        = bool
  default     = false
  nullable    = false
}

variable "macie_bucket_arns" {
  description = "ARNs of the buckets that Macie looks into: best those that must hold no personal data; empty = data_bucket_arns."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.macie_bucket_arns : can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]{3,63}$", arn))])
    error_message = "macie_bucket_arns must be ARNs of buckets, without a path: arn:<partition>:s3:::<bucket>."
  }
}

variable "macie_sampling_percent" {
  description = "Share of objects that Macie reads, in percent; its price is by gigabyte read."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.macie_sampling_percent == floor(var.macie_sampling_percent) && var.macie_sampling_percent >= 1 && var.macie_sampling_percent <= 100
    error_message = "macie_sampling_percent must be a whole number from 1 to 100."
  }
}

variable "security_alarms" {
  description = "Topic that hears alarms on the trail and findings of the detectors, the queue for events it does not take, the deploying role whose changes are no alarm, and refused calls in five minutes from which to tell; null = none."
  type = object({
    topic_arn           = string
    dead_letter_arn     = optional(string)
    deployment_role_arn = optional(string)
    denied_calls        = optional(number, 10)
  })
  default = null

  validation {
    condition     = var.security_alarms == null || can(regex("^arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.security_alarms.topic_arn))
    error_message = "security_alarms.topic_arn must be the ARN of an SNS topic."
  }

  validation {
    condition     = try(var.security_alarms.dead_letter_arn, null) == null || can(regex("^arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+$", var.security_alarms.dead_letter_arn))
    error_message = "security_alarms.dead_letter_arn must be the ARN of an SQS queue."
  }

  validation {
    condition     = try(var.security_alarms.deployment_role_arn, null) == null || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9/+=,.@_-]+$", var.security_alarms.deployment_role_arn))
    error_message = "security_alarms.deployment_role_arn must be the ARN of an IAM role."
  }

  validation {
    condition     = var.security_alarms == null || try(var.security_alarms.denied_calls >= 1, false)
    error_message = "security_alarms.denied_calls must be 1 or more."
  }
}

variable "metric_namespace" {
  description = "Start of the CloudWatch namespace of metrics made from the trail; name_prefix is put after it."
  type        = string
  default     = "HealthcareClaims/Security"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9/_.-]{0,200}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/")
    error_message = "metric_namespace must begin with a letter, hold letters, digits and / _ . - only, and not begin with AWS/."
  }
}
