data "aws_partition" "current" {}

locals {
  tags         = merge(var.tags, { Component = "github_oidc" })
  issuer       = "token.actions.githubusercontent.com"
  provider_arn = var.provider_arn == null ? one(aws_iam_openid_connect_provider.github[*].arn) : var.provider_arn

  roles = merge(
    {
      deploy = {
        description = "Applies ${var.name_prefix} from the environment ${var.environment} of ${var.repository}."
        subject     = "repo:${var.repository}:environment:${var.environment}"
        policies    = var.deploy_policy_arns
      }
    },
    var.plans ? {
      plan = {
        description = "Plans ${var.name_prefix} for pull requests of ${var.repository}: reads settings, no data."
        subject     = "repo:${var.repository}:pull_request"
        policies    = ["arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess"]
      }
    } : {},
  )
  attached = merge([
    for name, role in local.roles : { for arn in role.policies : "${name} ${arn}" => { role = name, arn = arn } }
  ]...)
}

# One an account, whatever the number of repositories. AWS knows the issuer's certificates: no thumbprint.
resource "aws_iam_openid_connect_provider" "github" {
  count = var.provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
  tags           = local.tags
}

resource "aws_iam_role" "workflow" {
  for_each = local.roles

  name                 = "${var.name_prefix}-github-${each.key}"
  description          = each.value.description
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  tags                 = local.tags
}

resource "aws_iam_role_policy_attachment" "workflow" {
  for_each = local.attached

  role       = aws_iam_role.workflow[each.value.role].name
  policy_arn = each.value.arn
}

resource "aws_iam_role_policy" "plan" {
  count = var.plans ? 1 : 0

  name   = "settings-only"
  role   = aws_iam_role.workflow["plan"].id
  policy = data.aws_iam_policy_document.plan.json
}
