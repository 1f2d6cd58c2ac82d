# Who is told of what: topics by severity, alarms, dashboards, budgets, and the audit of the account.

locals {
  metric_namespace = "HealthcareClaims"
}

module "notifications" {
  source = "./modules/notifications"

  name_prefix     = local.name_prefix
  kms_key_arn     = module.operations_key.key_arn
  email_addresses = var.notify.email_addresses
  sms_numbers     = var.notify.sms_numbers
  slack           = var.notify.slack
  pagerduty_url   = var.pagerduty_url
}

module "monitoring" {
  source = "./modules/monitoring"

  name_prefix       = local.name_prefix
  environment       = var.environment
  metric_namespace  = local.metric_namespace
  topic_arns        = module.notifications.topic_arns
  function_names    = { for name, function in module.function : name => function.function_name }
  queue_names       = module.queues.queue_names
  dead_letter_names = merge(module.queues.dead_letter_names, { notifications = module.notifications.dead_letter_name })
  glue_job_names    = { for name, job in module.job : name => job.job_name }
  state_machine_arn = module.claims_pipeline.state_machine_arn
  bucket_names      = { for zone in ["raw", "processed", "quarantine"] : zone => local.buckets[zone] }
  log_group_names = {
    functions     = [for function in module.function : function.log_group_name]
    state_machine = [module.claims_pipeline.log_group_name]
    glue_jobs     = flatten([for job in module.job : values(job.log_group_names)])
  }

  actions_enabled    = var.alarms_enabled
  anomaly_detection  = var.anomaly_detection
  monthly_budget_usd = var.monthly_budget_usd
  budget_emails      = var.notify.email_addresses
  cost_anomaly_usd   = var.cost_anomaly_usd
  cost_tag           = { key = "Project", value = var.project }
}

module "audit" {
  source = "./modules/audit"

  name_prefix          = local.name_prefix
  kms_key_arn          = module.operations_key.key_arn
  data_bucket_arns     = [for zone in ["raw", "processed", "quarantine", "archive"] : local.bucket_arns[zone]]
  trail                = var.audit.trail
  access_analyzer      = var.audit.access_analyzer
  config_rules         = var.audit.config_rules
  guardduty            = var.audit.guardduty
  macie                = var.audit.macie
  macie_bucket_arns    = var.audit.macie ? [local.bucket_arns["raw"]] : []
  log_retention_days   = var.retention.log_days
  force_destroy        = var.force_destroy
  trail_retention_days = 2192

  security_alarms = {
    topic_arn           = module.notifications.topic_arns["critical"]
    dead_letter_arn     = module.queues.dead_letter_arns["failures"]
    deployment_role_arn = var.audit.deployment_role_arn
  }
}
