variable "name_prefix" {
  description = "Start of every name: project and environment, such as healthcare-claims-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name_prefix))
    error_message = "name_prefix must be 2 to 41 lower-case letters, digits or hyphens and begin with a letter."
  }
}

variable "tags" {
  description = "Tags for every resource, beside the provider's default tags."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of topics and queue; its policy must let SNS and every publisher service use it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key (arn:...:kms:<region>:<account>:key/<id>), not of an alias."
  }
}

variable "email_addresses" {
  description = "E-mail addresses that get every message of all five topics; each must confirm each topic once."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.email_addresses : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "email_addresses must be addresses such as claims-team@example.org."
  }

  validation {
    condition     = length(distinct(var.email_addresses)) == length(var.email_addresses)
    error_message = "email_addresses must not name an address twice."
  }
}

variable "sms_numbers" {
  description = "Telephone numbers (E.164) that get critical and high messages as text messages."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for number in var.sms_numbers : can(regex("^\\+[1-9][0-9]{6,14}$", number))])
    error_message = "sms_numbers must be in E.164 form: +, country code and number, digits only, such as +12065550100."
  }

  validation {
    condition     = length(distinct(var.sms_numbers)) == length(var.sms_numbers)
    error_message = "sms_numbers must not name a number twice."
  }
}

variable "slack" {
  description = "Slack workspace and channel that get the messages of `topics` by Amazon Q Developer in chat applications (formerly AWS Chatbot); null = off."
  type = object({
    workspace_id = string
    channel_id   = string
    topics       = optional(set(string), ["status", "critical", "high", "medium", "low"])
  })
  default = null

  validation {
    condition     = var.slack == null || can(regex("^T[0-9A-Z]{1,254}$", var.slack.workspace_id))
    error_message = "slack.workspace_id must be a Slack workspace id: a T and capital letters or digits."
  }

  validation {
    condition     = var.slack == null || can(regex("^[CG][0-9A-Z]{1,254}$", var.slack.channel_id))
    error_message = "slack.channel_id must be a Slack channel id (C..., or G... for an old private channel), not the channel's name."
  }

  validation {
    condition = var.slack == null || try(
      length(var.slack.topics) > 0 && length(setsubtract(var.slack.topics, ["status", "critical", "high", "medium", "low"])) == 0,
      false,
    )
    error_message = "slack.topics must name at least one of status, critical, high, medium, low."
  }
}

variable "pagerduty_url" {
  description = "Integration URL (https) of PagerDuty's Amazon CloudWatch integration, for critical messages; null = off."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.pagerduty_url == null || can(regex("^https://[^\\s]+$", var.pagerduty_url))
    error_message = "pagerduty_url must begin with https://."
  }
}

variable "publisher_services" {
  description = "AWS services that may publish to the topics, by service principal; roles of the account need no entry."
  type        = list(string)
  default = [
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
    "budgets.amazonaws.com",
    "costalerts.amazonaws.com",
  ]
  nullable = false

  validation {
    condition     = alltrue([for service in var.publisher_services : can(regex("^[a-z0-9.-]+\\.amazonaws\\.com(\\.cn)?$", service))])
    error_message = "publisher_services must be service principals such as cloudwatch.amazonaws.com."
  }
}

variable "dead_letter_retention_seconds" {
  description = "Seconds for which messages that could not be delivered are kept."
  type        = number
  default     = 1209600
  nullable    = false

  validation {
    condition     = var.dead_letter_retention_seconds >= 60 && var.dead_letter_retention_seconds <= 1209600
    error_message = "dead_letter_retention_seconds must be 60 to 1209600 (14 days)."
  }
}
