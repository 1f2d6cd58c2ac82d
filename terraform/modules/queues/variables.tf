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
  description = "ARN of the KMS key of all messages; its policy must let the senders' services use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "queues" {
  description = <<-EOT
    Queues by name; times in seconds. `visibility_timeout_seconds` is at least six times the time-out of a Lambda that
    reads the queue. `senders` are AWS services that may send to the queue from the resources named by ARN,
    `dead_letter_senders` those that put what they could not deliver straight into its dead-letter queue (the dead-letter
    queue of an EventBridge target, for instance); roles need neither, their own policies say so.
  EOT
  type = map(object({
    visibility_timeout_seconds = number
    retention_seconds          = optional(number, 345600)
    max_receive_count          = optional(number, 5)
    senders                    = optional(list(object({ service = string, source_arns = list(string) })), [])
    dead_letter_senders        = optional(list(object({ service = string, source_arns = list(string) })), [])
  }))
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.queues) : can(regex("^[a-z][a-z0-9-]{0,32}[a-z0-9]$", key)) && !endswith(key, "-dlq")
    ])
    error_message = "A queue's key is 2 to 34 lower-case letters, digits and hyphens, a letter first, and does not end in -dlq."
  }

  validation {
    condition = alltrue([
      for queue in values(var.queues) : floor(queue.visibility_timeout_seconds) == queue.visibility_timeout_seconds
      && queue.visibility_timeout_seconds >= 1 && queue.visibility_timeout_seconds <= 43200
    ])
    error_message = "visibility_timeout_seconds is a whole number from 1 to 43200 (12 hours)."
  }

  validation {
    condition = alltrue([
      for queue in values(var.queues) : floor(queue.retention_seconds) == queue.retention_seconds
      && queue.retention_seconds >= 60 && queue.retention_seconds <= 1209600
    ])
    error_message = "retention_seconds is a whole number from 60 to 1209600 (14 days)."
  }

  validation {
    condition = alltrue([
      for queue in values(var.queues) : queue.retention_seconds > queue.visibility_timeout_seconds
    ])
    error_message = "retention_seconds is longer than visibility_timeout_seconds: otherwise a message expires while it is read."
  }

  validation {
    condition = alltrue([
      for queue in values(var.queues) : floor(queue.max_receive_count) == queue.max_receive_count
      && queue.max_receive_count >= 1 && queue.max_receive_count <= 1000
    ])
    error_message = "max_receive_count is a whole number from 1 to 1000."
  }

  validation {
    condition = alltrue([
      for sender in flatten([for queue in values(var.queues) : concat(queue.senders, queue.dead_letter_senders)]) :
      can(regex("^[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?$", sender.service))
    ])
    error_message = "A sender's service is a service principal, for instance events.amazonaws.com."
  }

  validation {
    condition = alltrue([
      for sender in flatten([for queue in values(var.queues) : concat(queue.senders, queue.dead_letter_senders)]) :
      length(sender.source_arns) > 0 && alltrue([
        for arn in sender.source_arns : can(regex("^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$", arn))
      ])
    ])
    error_message = "A sender has at least one source ARN, each with its account: S3 buckets send through EventBridge, not directly."
  }
}

variable "dead_letter_retention_seconds" {
  description = "Seconds that dead letters are kept, from when they were first sent: 14 days, the longest SQS allows, by default."
  type        = number
  default     = 1209600
  nullable    = false

  validation {
    condition = (floor(var.dead_letter_retention_seconds) == var.dead_letter_retention_seconds
    && var.dead_letter_retention_seconds >= 60 && var.dead_letter_retention_seconds <= 1209600)
    error_message = "dead_letter_retention_seconds is a whole number from 60 to 1209600 (14 days)."
  }

  validation {
    condition = alltrue([
      for queue in values(var.queues) : var.dead_letter_retention_seconds >= queue.retention_seconds
    ])
    error_message = "dead_letter_retention_seconds is at least each queue's retention_seconds: a dead letter keeps the age it came with."
  }
}
