locals {
  arn_start   = "arn:${data.aws_partition.current.partition}"
  arn_scope   = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  catalog_arn = "${local.arn_start}:glue:${local.arn_scope}"

  # Iceberg puts a table into the folder of its name below the database's location.
  database_folder = trimprefix(trimprefix(var.location_uri, "s3://${split("/", var.location_uri)[2]}"), "/")
  table_folders   = [for name in local.table_names : local.database_folder == "" ? name : "${local.database_folder}/${name}"]
}

data "aws_iam_policy_document" "optimizer_trust" {
  statement {
    sid     = "GlueOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "optimizer" {
  count = var.table_optimizers ? 1 : 0

  name               = "${var.name_prefix}-table-optimizer"
  description        = "What Glue's table optimizers may do to the tables of ${var.database_name}."
  assume_role_policy = data.aws_iam_policy_document.optimizer_trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "optimizer" {
  count = var.table_optimizers ? 1 : 0

  name   = "tables"
  role   = aws_iam_role.optimizer[0].id
  policy = data.aws_iam_policy_document.optimizer.json
}

data "aws_iam_policy_document" "optimizer" {
  statement {
    sid       = "RewriteTables"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = [for folder in local.table_folders : "${var.processed_bucket_arn}/${folder}/*"]
  }

  statement {
    sid       = "ListTables"
    actions   = ["s3:ListBucket"]
    resources = [var.processed_bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = [for folder in local.table_folders : "${folder}*"]
    }
  }

  statement {
    sid     = "PublishTables"
    actions = ["glue:GetTable", "glue:UpdateTable"]
    resources = concat(
      ["${local.catalog_arn}:catalog", "${local.catalog_arn}:database/${var.database_name}"],
      [for name in local.table_names : "${local.catalog_arn}:table/${var.database_name}/${name}"],
    )
  }

  statement {
    sid     = "WriteLogs"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      for what in ["compaction", "retention", "orphan-file-deletion"] :
      "${local.arn_start}:logs:${local.arn_scope}:log-group:/aws-glue/iceberg-${what}/logs:*"
    ]
  }

  dynamic "statement" {
    for_each = length(var.kms_key_arns) > 0 ? [var.kms_key_arns] : []

    content {
      sid       = "UseKeysOfData"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = statement.value

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
      }
    }
  }
}
