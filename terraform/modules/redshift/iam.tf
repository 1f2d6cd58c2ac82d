locals {
  catalog_arn = join(":", [
    "arn", data.aws_partition.current.partition, "glue",
    data.aws_region.current.name, data.aws_caller_identity.current.account_id,
  ])
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "RedshiftOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["redshift.amazonaws.com", "redshift-serverless.amazonaws.com"]
    }

    # IfExists: Redshift does not document that it always says for whom it acts; where it does, it must be this account.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name_prefix}-redshift"
  description        = "What Redshift may read: the published tables."
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "this" {
  name   = "published-tables"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.this.json
}

data "aws_iam_policy_document" "this" {
  statement {
    sid = "ReadCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables",
      "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition",
    ]
    resources = [
      "${local.catalog_arn}:catalog",
      "${local.catalog_arn}:database/${var.glue_database_name}",
      "${local.catalog_arn}:table/${var.glue_database_name}/*",
    ]
  }

  statement {
    sid       = "ReadTables"
    actions   = ["s3:GetObject"]
    resources = ["${var.processed_bucket_arn}/*"]
  }

  statement {
    sid       = "ListTables"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.processed_bucket_arn]
  }

  statement {
    sid       = "DecryptTables"
    actions   = ["kms:Decrypt"]
    resources = var.data_kms_key_arns

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
