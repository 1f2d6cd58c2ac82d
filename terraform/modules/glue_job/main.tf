data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  tags     = merge(var.tags, { Component = "glue_job" })
  job_name = "${var.name_prefix}-${var.name}"

  # Where Glue 5 writes when a security configuration encrypts its logs; made here for their retention.
  log_group_prefix = "/aws-glue/jobs/${local.job_name}"
  log_group_names = {
    for kind in ["error", "output"] : kind => "${local.log_group_prefix}/${local.job_name}-role/${local.job_name}/${kind}"
  }

  catalog = "spark.sql.catalog.${var.catalog_name}"
  spark_conf = merge({
    # Without it S3A asks us-east-2, and a job in a VPC waits until it times out.
    "spark.hadoop.fs.s3a.endpoint.region" = data.aws_region.current.name
    "spark.sql.extensions"                = "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
    (local.catalog)                       = "org.apache.iceberg.spark.SparkCatalog"
    "${local.catalog}.catalog-impl"       = "org.apache.iceberg.aws.glue.GlueCatalog"
    "${local.catalog}.io-impl"            = "org.apache.iceberg.aws.s3.S3FileIO"
    "${local.catalog}.warehouse"          = var.catalog_warehouse
  }, var.spark_conf)

  own_arguments = merge(
    {
      "--TempDir"                          = var.temp_dir
      "--conf"                             = join(" --conf ", [for key, value in local.spark_conf : "${key}=${value}"])
      "--custom-logGroup-prefix"           = local.log_group_prefix
      "--datalake-formats"                 = "iceberg"
      "--enable-auto-scaling"              = "true"
      "--enable-continuous-cloudwatch-log" = "true"
      "--enable-job-insights"              = "true"
      "--enable-metrics"                   = "true"
      "--enable-observability-metrics"     = "true"
      "--job-bookmark-option"              = "job-bookmark-disable"
      "--job-language"                     = "python"
    },
    length(var.extra_py_files) > 0 ? { "--extra-py-files" = join(",", var.extra_py_files) } : {},
    length(var.additional_python_modules) > 0 ? {
      "--additional-python-modules"       = join(",", var.additional_python_modules)
      "--python-modules-installer-option" = "--no-index"
    } : {},
  )
}

resource "aws_glue_job" "this" {
  name        = local.job_name
  description = var.description
  role_arn    = aws_iam_role.job.arn

  glue_version      = var.glue_version
  worker_type       = var.worker_type
  number_of_workers = var.max_workers
  execution_class   = var.execution_class
  timeout           = var.timeout_minutes

  # The state machine retries by the error's class; Glue's own retries would start a run that nobody waits for.
  max_retries             = 0
  job_run_queuing_enabled = true

  security_configuration = aws_glue_security_configuration.this.name
  connections            = aws_glue_connection.network[*].name
  default_arguments      = merge(var.arguments, local.own_arguments)

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = var.script_location
  }

  execution_property {
    max_concurrent_runs = var.max_concurrent_runs
  }

  tags = local.tags

  # A first run before its log groups would make them itself: without retention.
  depends_on = [aws_cloudwatch_log_group.job, aws_iam_role_policy.job]
}

resource "aws_glue_security_configuration" "this" {
  name = local.job_name

  encryption_configuration {
    s3_encryption {
      s3_encryption_mode = "SSE-KMS"
      kms_key_arn        = var.kms_key_arn
    }

    cloudwatch_encryption {
      cloudwatch_encryption_mode = "SSE-KMS"
      kms_key_arn                = var.kms_key_arn
    }

    job_bookmarks_encryption {
      job_bookmarks_encryption_mode = "CSE-KMS"
      kms_key_arn                   = var.kms_key_arn
    }
  }
}

resource "aws_glue_connection" "network" {
  count = var.vpc == null ? 0 : 1

  name            = local.job_name
  description     = "Subnet and security groups of ${local.job_name}."
  connection_type = "NETWORK"

  physical_connection_requirements {
    availability_zone      = var.vpc.availability_zone
    security_group_id_list = var.vpc.security_group_ids
    subnet_id              = var.vpc.subnet_id
  }

  tags = local.tags
}

resource "aws_cloudwatch_log_group" "job" {
  #checkov:skip=CKV_AWS_338:How long logs are kept differs by environment (variable log_retention_days).
  for_each = local.log_group_names

  name              = each.value
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}
