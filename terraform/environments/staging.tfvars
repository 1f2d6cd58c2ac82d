# As production, on sanitised data that is kept for a short time.
environment         = "staging"
region              = "us-east-1"
allowed_account_ids = ["222222222222"]
cost_center         = "claims-data"
data_classification = "sanitised"

network = {
  mode               = "private"
  availability_zones = ["us-east-1a", "us-east-1b", "us-east-1c"]
}

retention = {
  files_days      = 90
  temp_days       = 7
  report_days     = 180
  log_days        = 90
  access_log_days = 90
}

glue = {
  worker_type     = "G.1X"
  max_workers     = 20
  timeout_minutes = 120
  concurrent_runs = 10
}

monthly_budget_usd = 500
cost_anomaly_usd   = 50
anomaly_detection  = true

audit = {
  trail           = true
  access_analyzer = true
  config_rules    = true
}
