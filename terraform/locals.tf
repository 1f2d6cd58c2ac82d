data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  name_prefix = "${var.project}-${var.environment}"
  account_id  = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
  is_prod     = var.environment == "prod"

  # The job finds each zone's bucket by putting the zone's name into this.
  lake = "s3://${local.name_prefix}-{zone}-${local.account_id}"

  # Name of the Iceberg namespace in the job (expectations/object_keys.py), and so of the Glue database.
  database = "processed"

  # Zones of raw/, in which senders put their files below raw/<zone>/<source>/.
  landing_prefixes = ["raw/claims/", "raw/providers/", "raw/patients/"]
  manifest_prefix  = "manifests"

  # By name and not from the resources: functions and the state machine know each other, queues and rules too.
  state_machine_arn = "arn:${local.partition}:states:${var.region}:${local.account_id}:stateMachine:${local.name_prefix}-claims-pipeline"
  rule_arns = {
    for name in ["object-created", "job-failed", "run-failed", "load-failed"] :
    name => "arn:${local.partition}:events:${var.region}:${local.account_id}:rule/${local.name_prefix}-${name}"
  }

  failure_rule_arns = [for name, arn in local.rule_arns : arn if name != "object-created"]
  finding_rule_arns = [
    for name in ["access-analyzer", "config", "guardduty", "macie"] :
    "arn:${local.partition}:events:${var.region}:${local.account_id}:rule/${local.name_prefix}-${name}-findings"
  ]

  buckets     = module.data_zones.bucket_names
  bucket_arns = module.data_zones.bucket_arns

  functions_vpc = var.network.mode == "none" ? null : {
    subnet_ids         = module.network.subnet_ids["compute"]
    security_group_ids = [module.network.security_group_ids["compute"]]
  }
  jobs_vpc = var.network.mode == "none" ? null : {
    subnet_id          = module.network.subnet_ids["compute"][0]
    security_group_ids = [module.network.security_group_ids["compute"]]
    availability_zone  = var.network.availability_zones[0]
  }
}
