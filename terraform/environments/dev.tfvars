# Small and cheap, for test data: no network, short retention, and terraform destroy leaves nothing.
environment         = "dev"
region              = "us-east-1"
allowed_account_ids = ["111111111111"]
cost_center         = "claims-data"
data_classification = "test"
force_destroy       = true

network = { mode = "none" }

retention = {
  files_days      = 30
  temp_days       = 3
  report_days     = 90
  log_days        = 180 # longer than what it is about, to find faults
  access_log_days = 30
}

glue = {
  worker_type     = "G.1X"
  max_workers     = 4
  timeout_minutes = 60
  concurrent_runs = 2
}

# small files come at any hour, and nobody waits for their summaries: a run a day is cheaper
summaries = { after_publish = false }

# made-up files are dirtier than a payer's
max_error_share = 0.8

audit = {
  trail           = false
  access_analyzer = true
}

athena_cutoff_bytes = 107374182400 # 100 GB
