variable "glue_version" {
  description = "Version of Glue: 5.1 is Spark 3.5.6, Python 3.11, Iceberg 1.10."
  type        = string
  default     = "5.1"
  nullable    = false

  validation {
    condition     = contains(["5.0", "5.1"], var.glue_version)
    error_message = "glue_version is 5.0 or 5.1."
  }
}

variable "worker_type" {
  description = "Size of a worker: G.1X is 4 processors and 16 GB (1 DPU), G.2X twice that and so on; G.025X is for streaming jobs."
  type        = string
  default     = "G.1X"
  nullable    = false

  validation {
    condition     = contains(["G.025X", "G.1X", "G.2X", "G.4X", "G.8X"], var.worker_type)
    error_message = "worker_type is G.025X, G.1X, G.2X, G.4X or G.8X."
  }
}

variable "max_workers" {
  description = "Most workers at once, the driver among them; Glue scales below it by itself."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.max_workers >= 2 && var.max_workers <= 299 && floor(var.max_workers) == var.max_workers
    error_message = "max_workers is a whole number from 2 (driver and one executor) to 299."
  }
}

variable "timeout_minutes" {
  description = "Minutes after which Glue ends a run."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.timeout_minutes >= 1 && var.timeout_minutes <= 10080 && floor(var.timeout_minutes) == var.timeout_minutes
    error_message = "timeout_minutes is a whole number from 1 to 10080 (seven days)."
  }
}

variable "max_concurrent_runs" {
  description = "Most runs of this job at once; further ones wait in Glue's queue."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition = (var.max_concurrent_runs >= 1 && var.max_concurrent_runs <= 1000
    && floor(var.max_concurrent_runs) == var.max_concurrent_runs)
    error_message = "max_concurrent_runs is a whole number from 1 to 1000."
  }
}

variable "execution_class" {
  description = "STANDARD, or FLEX: a third cheaper on spare capacity, which may come late or be taken away; for back-fills."
  type        = string
  default     = "STANDARD"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "FLEX"], var.execution_class)
    error_message = "execution_class is STANDARD or FLEX."
  }

  validation {
    condition     = var.execution_class == "STANDARD" || contains(["G.1X", "G.2X"], var.worker_type)
    error_message = "Glue runs FLEX on workers G.1X and G.2X only."
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

variable "kms_key_arn" {
  description = "ARN of the KMS key of what the job writes to S3 and of its logs."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key (arn:...:key/...), not an alias or an id."
  }
}

variable "vpc" {
  description = "Subnet, its availability zone and security groups of the workers, one address a worker; null for none."
  type        = object({ subnet_id = string, security_group_ids = list(string), availability_zone = string })
  default     = null

  validation {
    condition     = try(length(var.vpc.security_group_ids) > 0, var.vpc == null)
    error_message = "vpc has at least one security group; one of them lets its own members reach each other on all TCP ports."
  }

  validation {
    condition     = var.vpc == null || can(regex("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", var.vpc.availability_zone))
    error_message = "vpc.availability_zone is the name of the subnet's zone, for instance us-east-1a."
  }
}

variable "policy_statements" {
  description = "What the job may do beyond its logs, metrics, code and temporary files: statements that allow actions on resources."
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
      "CreateInterfacesInOwnSubnet", "DeleteInterfaces", "DescribeNetwork", "DescribeVpcs", "EncryptThroughS3",
      "ListTempFolder", "PutGlueMetrics", "ReadOwnCode", "ReadOwnConnection", "ReadOwnJob", "ReadSecurityConfiguration",
      "TagInterfaces", "UseTempFolder", "WriteOwnLogs",
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
