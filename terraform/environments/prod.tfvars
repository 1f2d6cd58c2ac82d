# Live data: full size, strict limits, compliance retention, copies in a second region.
environment         = "prod"
region              = "us-east-1"
allowed_account_ids = ["333333333333"]
cost_center         = "claims-data"
data_classification = "phi"

network = {
  mode               = "private"
  availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
}

# files are kept for ever: only a retention of at least six years would be allowed
retention = {
  deep_archive_days   = 365
  archive_locked_days = 2190
  temp_days           = 7
  log_days            = 2192
  access_log_days     = 2190
}

glue = {
  worker_type     = "G.1X"
  max_workers     = 50
  timeout_minutes = 240
  concurrent_runs = 20
}

max_error_share = 0.05

monthly_budget_usd = 2000
cost_anomaly_usd   = 100
anomaly_detection  = true

audit = {
  trail           = true
  access_analyzer = true
  config_rules    = true
  guardduty       = true
}

recovery = {
  region = "us-west-2"
}
