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

variable "mode" {
  description = "none: no VPC; gateway: a VPC from which S3 and DynamoDB are reached, at no fixed price; private: AWS services by interface endpoints too."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "gateway", "private"], var.mode)
    error_message = "mode is none, gateway or private."
  }
}

variable "vpc_cidr" {
  description = "The VPC's private range of addresses; a /16 has room for 8000 workers a zone, a /20 for 500."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrhost(var.vpc_cidr, 0)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "vpc_cidr is an IPv4 range that begins at its first address, for instance 10.20.0.0/16."
  }

  validation {
    condition     = try(tonumber(split("/", var.vpc_cidr)[1]) >= 16 && tonumber(split("/", var.vpc_cidr)[1]) <= 20, false)
    error_message = "vpc_cidr is a /16 to /20: AWS allows no larger VPC, and a smaller one has no room for the three tiers."
  }

  validation {
    condition     = can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\\.)", var.vpc_cidr))
    error_message = "vpc_cidr is a private range (10/8, 172.16/12, 192.168/16 or 100.64/10)."
  }
}

variable "availability_zones" {
  description = "Two or three zones of the region, by name; each has a subnet of each tier. Add at the end: places follow the order."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = var.mode == "none" || contains([2, 3], length(var.availability_zones))
    error_message = "availability_zones is two or three zones, unless mode is none."
  }

  validation {
    condition     = length(distinct(var.availability_zones)) == length(var.availability_zones)
    error_message = "availability_zones names each zone once."
  }

  validation {
    condition     = alltrue([for zone in var.availability_zones : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", zone))])
    error_message = "availability_zones are names of zones, for instance us-east-1a."
  }
}

variable "interface_endpoints" {
  description = "AWS services reached by interface endpoints in mode private; each has a fixed price in each zone."
  type        = list(string)
  default     = ["glue", "kms", "logs", "monitoring", "sns", "sqs", "states", "sts"]
  nullable    = false

  validation {
    condition = alltrue([
      for service in var.interface_endpoints : contains([
        "athena", "ec2", "events", "glue", "kms", "lambda", "logs", "monitoring", "redshift-data", "secretsmanager",
        "sns", "sqs", "ssm", "states", "sts", "xray",
      ], service)
    ])
    error_message = "interface_endpoints are athena, ec2, events, glue, kms, lambda, logs, monitoring, redshift-data, secretsmanager, sns, sqs, ssm, states, sts or xray."
  }

  validation {
    condition     = var.mode != "private" || length(var.interface_endpoints) > 0
    error_message = "mode private has at least one interface endpoint; without any it is mode gateway."
  }

  validation {
    condition     = length(distinct(var.interface_endpoints)) == length(var.interface_endpoints)
    error_message = "interface_endpoints names each service once."
  }
}

variable "flow_logs" {
  description = "Whether every connection's addresses, ports and verdict are logged."
  type        = bool
  default     = true
  nullable    = false
}

variable "flow_log_days" {
  description = "Days that flow logs are kept."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition = contains([
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.flow_log_days)
    error_message = "flow_log_days is one that CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of the flow logs; null for CloudWatch's own encryption."
  type        = string
  default     = null

  validation {
    condition = var.kms_key_arn == null || can(
      regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn)
    )
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id, or null."
  }
}
