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
    error_message = "macie_bucket_arns must be ARNs of buckets, without a path: arn:aws:s3:::<bucket>."
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
