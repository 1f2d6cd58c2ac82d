data "aws_iam_policy_document" "trust" {
  for_each = local.roles

  statement {
    sid     = "JobsOfGitHub"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # whole, without a wildcard: a branch or a fork has another subject
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = [each.value.subject]
    }
  }
}

# ReadOnlyAccess reads objects, items, messages and results as well. A plan is made by the code of a pull request.
data "aws_iam_policy_document" "plan" {
  statement {
    sid           = "NoObjectsButStateAndArtifacts"
    effect        = "Deny"
    actions       = ["s3:GetObject*"] # a Deny is wide on purpose
    not_resources = var.readable_object_arns
  }

  statement {
    sid    = "NoDataElsewhere"
    effect = "Deny"
    actions = [
      "athena:GetQueryResults*", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PartiQLSelect", "dynamodb:Query",
      "dynamodb:Scan", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:GetQueryResults", "logs:StartQuery",
      "redshift-data:GetStatementResult*", "secretsmanager:GetSecretValue", "sqs:ReceiveMessage", "states:GetExecutionHistory",
    ]
    resources = ["*"] # a Deny is wide on purpose
  }

  statement {
    sid       = "ReadState"
    actions   = ["kms:Decrypt"]
    resources = var.state_kms_key_arns

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.*.${data.aws_partition.current.dns_suffix}"]
    }
  }
}
