locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name

  # IfExists: EventBridge to an encrypted topic, and some others, do not say for whom they act, and would be refused.
  # Where the service does say it, another account is kept out.
  own_account = {
    test     = "StringEqualsIfExists"
    variable = "aws:SourceAccount"
    values   = [local.account_id]
  }

  usual_actions = ["kms:Decrypt", "kms:GenerateDataKey*"]

  known_services = {
    "logs.amazonaws.com" = {
      # CloudWatch Logs is the one service that comes under a name of its region
      identifier = "logs.${local.region}.${data.aws_partition.current.dns_suffix}"
      actions    = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
      conditions = [{
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:logs:arn"
        values   = ["arn:${local.partition}:logs:${local.region}:${local.account_id}:log-group:*"]
      }]
    }
    "cloudtrail.amazonaws.com" = {
      identifier = "cloudtrail.amazonaws.com"
      actions    = ["kms:DescribeKey", "kms:GenerateDataKey*"]
      conditions = [local.own_account, {
        # IfExists: DescribeKey carries no encryption context
        test     = "StringLikeIfExists"
        variable = "kms:EncryptionContext:aws:cloudtrail:arn"
        values   = ["arn:${local.partition}:cloudtrail:*:${local.account_id}:trail/*"]
      }]
    }
  }

  services = {
    for service in var.services : service.principal => {
      sid        = "Allow${join("", [for part in split(".", replace(service.principal, "/\\.amazonaws\\.com(\\.cn)?$/", "")) : title(replace(part, "-", ""))])}"
      identifier = try(local.known_services[service.principal].identifier, service.principal)
      actions    = service.actions != null ? service.actions : try(local.known_services[service.principal].actions, local.usual_actions)
      conditions = concat(try(local.known_services[service.principal].conditions, [local.own_account]), service.conditions)
    }
  }
}

data "aws_iam_policy_document" "key" {
  #checkov:skip=CKV_AWS_109:a key policy without the account's root cannot be changed any more
  #checkov:skip=CKV_AWS_111:the resource of a key policy is the key itself
  #checkov:skip=CKV_AWS_356:the resource of a key policy is the key itself

  statement {
    sid       = "AllowAccountByIam"
    actions   = ["kms:*"] # the account's IAM policies decide; fewer actions could leave a key that nobody can administer
    resources = ["*"]     # in a key policy * is this key

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  dynamic "statement" {
    for_each = local.services

    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = ["*"] # in a key policy * is this key

      principals {
        type        = "Service"
        identifiers = [statement.value.identifier]
      }

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
