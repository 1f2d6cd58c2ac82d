output "provider_arn" {
  description = "GitHub's identity provider in this account, for other repositories or environments."
  value       = local.provider_arn
}

output "deploy_role_arn" {
  description = "The variable AWS_DEPLOY_ROLE_ARN of the environment in GitHub."
  value       = aws_iam_role.workflow["deploy"].arn
}

output "plan_role_arn" {
  description = "The variable AWS_PLAN_ROLE_ARN of the repository in GitHub; null where pull requests do not plan."
  value       = var.plans ? aws_iam_role.workflow["plan"].arn : null
}
