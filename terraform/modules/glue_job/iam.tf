locals {
  arn_start = "arn:${data.aws_partition.current.partition}"
  arn_scope = "${data.aws_region.current.name}:${data.aws_caller_identity.current.account_id}"
  ec2_arn   = "${local.arn_start}:ec2:${local.arn_scope}"
  glue_arn  = "${local.arn_start}:glue:${local.arn_scope}"
  s3_arn    = "${local.arn_start}:s3:::"

  artifact_arns = [
    for uri in distinct(concat([var.script_location], var.extra_py_files, var.additional_python_modules)) :
    "${local.s3_arn}${trimprefix(uri, "s3://")}"
  ]
  temp_path   = trimsuffix(trimprefix(var.temp_dir, "s3://"), "/")
  temp_bucket = split("/", local.temp_path)[0]
  temp_folder = trimprefix(trimprefix(local.temp_path, local.temp_bucket), "/")
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "GlueOfThisAccount"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }

    # IfExists: Glue does not document that it always says for whom it acts; where it does, it must be this account.
    condition {
      test     = "StringEqualsIfExists"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "ArnLikeIfExists"
      variable = "aws:SourceArn"
      values   = ["${local.glue_arn}:*"]
    }
  }
}

resource "aws_iam_role" "job" {
  name               = local.job_name
  description        = "What the Glue job ${local.job_name} may do."
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags               = local.tags
}

resource "aws_iam_role_policy" "job" {
  name   = "job"
  role   = aws_iam_role.job.id
  policy = data.aws_iam_policy_document.job.json
}

data "aws_iam_policy_document" "job" {
  # AssociateKmsKey: without it Glue writes no logs at all when they are to be encrypted.
  statement {
    sid = "WriteOwnLogs"
    actions = [
      "logs:AssociateKmsKey",
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]
    resources = ["${local.arn_start}:logs:${local.arn_scope}:log-group:${local.log_group_prefix}/*"]
  }

  statement {
    sid       = "PutGlueMetrics"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"] # CloudWatch has no resource for metrics; the condition names the namespace

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Glue"]
    }
  }

  statement {
    sid       = "ReadSecurityConfiguration"
    actions   = ["glue:GetSecurityConfiguration"]
    resources = ["*"] # security configurations have no ARN
  }

  statement {
    sid       = "ReadOwnJob"
    actions   = ["glue:GetJob"]
    resources = ["${local.glue_arn}:job/${local.job_name}"]
  }

  statement {
    sid       = "ReadOwnCode"
    actions   = ["s3:GetObject"]
    resources = local.artifact_arns
  }

  statement {
    sid = "UseTempFolder"
    actions = [
      "s3:AbortMultipartUpload",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:PutObject",
    ]
    resources = ["${local.s3_arn}${local.temp_path}/*"]
  }

  statement {
    sid       = "ListTempFolder"
    actions   = ["s3:ListBucket"]
    resources = ["${local.s3_arn}${local.temp_bucket}"]

    dynamic "condition" {
      for_each = local.temp_folder == "" ? [] : [local.temp_folder]

      content {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = [condition.value, "${condition.value}/*"]
      }
    }
  }

  # Bookmarks, which would use the key without S3, are off.
  statement {
    sid       = "EncryptThroughS3"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"]
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid       = "ReadOwnConnection"
      actions   = ["glue:GetConnection"]
      resources = ["${local.glue_arn}:catalog", "${local.glue_arn}:connection/${local.job_name}"]
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid = "DescribeNetwork"
      actions = [
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcAttribute",
        "ec2:DescribeVpcEndpoints",
      ]
      resources = ["*"] # EC2 describes without resources
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [var.vpc]

    content {
      sid     = "CreateInterfacesInOwnSubnet"
      actions = ["ec2:CreateNetworkInterface"]
      resources = concat(
        ["${local.ec2_arn}:network-interface/*", "${local.ec2_arn}:subnet/${statement.value.subnet_id}"],
        [for id in statement.value.security_group_ids : "${local.ec2_arn}:security-group/${id}"],
      )
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid       = "DeleteInterfaces"
      actions   = ["ec2:DeleteNetworkInterface"]
      resources = ["${local.ec2_arn}:network-interface/*"]
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]

    content {
      sid       = "TagInterfaces"
      actions   = ["ec2:CreateTags", "ec2:DeleteTags"]
      resources = ["${local.ec2_arn}:network-interface/*"]

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "aws:TagKeys"
        values   = ["aws-glue-service-resource"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.policy_statements

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = statement.value.resources

      dynamic "condition" {
        for_each = statement.value.conditions

        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}
