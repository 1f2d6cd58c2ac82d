# What each part may do, in words of the work: statements that functions and jobs are given. KMS comes with what it encrypts.

locals {
  arn_scope = "${var.region}:${local.account_id}"
  glue_arn  = "arn:${local.partition}:glue:${local.arn_scope}"
  table_arn = aws_dynamodb_table.landed_files.arn

  via_s3 = [{
    test     = "StringEquals"
    variable = "kms:ViaService"
    values   = ["s3.${var.region}.${data.aws_partition.current.dns_suffix}"]
  }]

  # Objects of the zones are encrypted with the data key, and through S3 only.
  data_key_write = [{
    sid        = "EncryptZones"
    actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources  = [module.data_key.key_arn]
    conditions = local.via_s3
  }]

  may = {
    read_raw = [
      {
        sid        = "ReadRaw"
        actions    = ["s3:GetObject"]
        resources  = ["${local.bucket_arns["raw"]}/raw/*"]
        conditions = []
      },
      {
        # without it a missing object reads as forbidden
        sid        = "ListRaw"
        actions    = ["s3:ListBucket"]
        resources  = [local.bucket_arns["raw"]]
        conditions = []
      },
    ]

    use_manifests = concat([
      {
        sid        = "UseManifests"
        actions    = ["s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["temp"]}/${local.manifest_prefix}/*"]
        conditions = []
      },
    ], local.data_key_write)

    # Without the right to list, a missing object reads as forbidden. Not by prefix: who asks for an object names none.
    find_in_temp       = local.finding_in["temp"]
    find_in_quarantine = local.finding_in["quarantine"]

    note_files = local.noting["files"]
    note_runs  = local.noting["runs"]

    # Reports of files, by the gate.
    write_file_reports = concat([
      {
        sid        = "WriteFileReports"
        actions    = ["s3:PutObject"]
        resources  = ["${local.bucket_arns["validation-reports"]}/files/*"]
        conditions = []
      },
    ], local.data_key_write)

    # Files that a person released go through the front door again.
    send_back = [
      {
        sid        = "SendBack"
        actions    = ["s3:AbortMultipartUpload", "s3:PutObject"]
        resources  = ["${local.bucket_arns["raw"]}/raw/*/*/requeued/*"]
        conditions = []
      },
    ]

    read_run_reports = [
      {
        sid        = "ReadRunReports"
        actions    = ["s3:GetObject"]
        resources  = ["${local.bucket_arns["validation-reports"]}/*"]
        conditions = []
      },
      {
        sid        = "ListReports"
        actions    = ["s3:ListBucket"]
        resources  = [local.bucket_arns["validation-reports"]]
        conditions = []
      },
    ]

    read_manifests = [
      {
        sid        = "ReadManifests"
        actions    = ["s3:GetObject"]
        resources  = ["${local.bucket_arns["temp"]}/${local.manifest_prefix}/*"]
        conditions = []
      },
    ]

    # What a run that failed has left in the temporary zone.
    clean_temp = [
      {
        sid        = "CleanTemp"
        actions    = ["s3:DeleteObject"]
        resources  = ["${local.bucket_arns["temp"]}/claims-etl-*"]
        conditions = []
      },
    ]

    write_lineage = concat([
      {
        sid        = "WriteLineage"
        actions    = ["s3:PutObject"]
        resources  = ["${local.bucket_arns["validation-reports"]}/lineage/*"]
        conditions = []
      },
    ], local.data_key_write)

    announce = [
      {
        sid        = "Announce"
        actions    = ["events:PutEvents"]
        resources  = ["arn:${local.partition}:events:${local.arn_scope}:event-bus/default"]
        conditions = []
      },
    ]

    count_in_athena = [
      {
        sid        = "CountInAthena"
        actions    = ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution"]
        resources  = [module.athena.workgroup_arn]
        conditions = []
      },
      {
        sid     = "FindTables"
        actions = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables"]
        resources = [
          "${local.glue_arn}:catalog",
          "${local.glue_arn}:database/${local.database}",
          "${local.glue_arn}:table/${local.database}/*",
        ]
        conditions = []
      },
      {
        sid        = "ReadTables"
        actions    = ["s3:GetObject"]
        resources  = ["${local.bucket_arns["processed"]}/${local.database}/*"]
        conditions = []
      },
      {
        sid        = "ListTables"
        actions    = ["s3:GetBucketLocation", "s3:ListBucket"]
        resources  = [local.bucket_arns["processed"]]
        conditions = []
      },
      {
        sid        = "WriteResults"
        actions    = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["temp"]}/athena/*"]
        conditions = []
      },
      {
        sid        = "FindResults"
        actions    = ["s3:GetBucketLocation"]
        resources  = [local.bucket_arns["temp"]]
        conditions = []
      },
    ]

    load_redshift = var.redshift == null ? [] : [
      {
        sid        = "LoadRedshift"
        actions    = ["redshift-data:ExecuteStatement", "redshift-serverless:GetCredentials"]
        resources  = [module.redshift[0].workgroup_arn]
        conditions = []
      },
      {
        sid        = "FindStatements"
        actions    = ["redshift-data:ListStatements"]
        resources  = ["*"] # statements have no ARN
        conditions = []
      },
    ]

    use_ledger = [
      {
        sid        = "UseLedger"
        actions    = ["dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        resources  = [local.table_arn]
        conditions = []
      },
      {
        sid        = "FindWaiting"
        actions    = ["dynamodb:Query"]
        resources  = ["${local.table_arn}/index/waiting"]
        conditions = []
      },
      {
        sid       = "DecryptLedger"
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [module.operations_key.key_arn]
        conditions = [{
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = ["dynamodb.${var.region}.${data.aws_partition.current.dns_suffix}"]
        }]
      },
    ]

    start_runs = [
      {
        sid        = "StartRuns"
        actions    = ["states:StartExecution"]
        resources  = [local.state_machine_arn]
        conditions = []
      },
      {
        # the input of an execution is encrypted by whoever starts it
        sid       = "EncryptInput"
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [module.operations_key.key_arn]
        conditions = [{
          test     = "StringEquals"
          variable = "kms:EncryptionContext:aws:states:stateMachineArn"
          values   = [local.state_machine_arn]
        }]
      },
    ]

    # What a person starts again is looked at first: its input, and whether it has ended.
    look_at_runs = [
      {
        sid        = "LookAtRuns"
        actions    = ["states:DescribeExecution"]
        resources  = ["${replace(local.state_machine_arn, ":stateMachine:", ":execution:")}:*"]
        conditions = []
      },
    ]

    # Who decided what about a queue, and why; decisions on files and runs lie beside their notes.
    keep_decisions = [
      {
        sid        = "KeepDecisions"
        actions    = ["s3:PutObject"]
        resources  = ["${local.bucket_arns["quarantine"]}/decisions/*"]
        conditions = []
      },
    ]

    # SQS moves dead letters in the name of whoever asks, who must be allowed to take them out and to send them.
    redrive = [
      {
        sid = "TakeDeadLetters"
        actions = [
          "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListMessageMoveTasks",
          "sqs:ReceiveMessage", "sqs:StartMessageMoveTask",
        ]
        resources  = values(module.queues.dead_letter_arns)
        conditions = []
      },
      {
        sid        = "SendThemBack"
        actions    = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"]
        resources  = values(module.queues.queue_arns)
        conditions = []
      },
      {
        sid        = "LetRunsWait"
        actions    = ["sqs:SendMessage"]
        resources  = [module.queues.dead_letter_arns["failures"]]
        conditions = []
      },
      {
        sid       = "EncryptLetters"
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [module.operations_key.key_arn]
        conditions = [{
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = ["sqs.${var.region}.${data.aws_partition.current.dns_suffix}"]
        }]
      },
    ]

    read_landing   = local.reading_of["landing"]
    read_failures  = local.reading_of["failures"]
    read_functions = local.reading_of["functions"]

    publish = [
      {
        sid        = "TellTopics"
        actions    = ["sns:Publish"]
        resources  = values(module.notifications.topic_arns)
        conditions = []
      },
      {
        sid       = "EncryptMessages"
        actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
        resources = [module.operations_key.key_arn]
        conditions = [{
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = ["sns.${var.region}.${data.aws_partition.current.dns_suffix}"]
        }]
      },
    ]

    # Iceberg's catalog: read and replace the pointers of the tables of one database.
    use_catalog = [
      {
        sid     = "UseCatalog"
        actions = ["glue:CreateTable", "glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"]
        resources = [
          "${local.glue_arn}:catalog",
          "${local.glue_arn}:database/${local.database}",
          "${local.glue_arn}:table/${local.database}/*",
        ]
        conditions = []
      },
    ]

    read_code_sets = [
      {
        sid        = "ReadCodeSets"
        actions    = ["s3:GetObject"]
        resources  = ["${local.bucket_arns["raw"]}/raw/codesets/*"]
        conditions = []
      },
      {
        sid        = "FindCodeSets"
        actions    = ["s3:ListBucket"]
        resources  = [local.bucket_arns["raw"]]
        conditions = []
      },
    ]

    write_tables = [
      {
        sid        = "WriteTables"
        actions    = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["processed"]}/*"]
        conditions = []
      },
    ]

    # What Spark keeps of a run's steps. The whole bucket: S3A looks at every folder above what it writes.
    use_temp = [
      {
        sid        = "UseTemp"
        actions    = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["temp"]}/*"]
        conditions = []
      },
      {
        # S3A takes uploads back that a dead worker left
        sid        = "ListTemp"
        actions    = ["s3:ListBucket", "s3:ListBucketMultipartUploads"]
        resources  = [local.bucket_arns["temp"]]
        conditions = []
      },
    ]

    # Tables, what Spark stages, and records that broke rules. Raw files are never changed by a job.
    # A whole bucket each: S3A looks at every folder above what it writes.
    write_zones = [
      {
        sid        = "WriteZones"
        actions    = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources  = [for zone in ["processed", "quarantine", "temp"] : "${local.bucket_arns[zone]}/*"]
        conditions = []
      },
      {
        sid        = "ListZones"
        actions    = ["s3:ListBucket"]
        resources  = [for zone in ["processed", "quarantine", "temp"] : local.bucket_arns[zone]]
        conditions = []
      },
      {
        # S3A takes uploads back that a dead worker left
        sid        = "ListUploads"
        actions    = ["s3:ListBucketMultipartUploads"]
        resources  = [for zone in ["quarantine", "temp"] : local.bucket_arns[zone]]
        conditions = []
      },
    ]

    write_reports = [
      {
        sid        = "WriteReports"
        actions    = ["s3:AbortMultipartUpload", "s3:PutObject"]
        resources  = ["${local.bucket_arns["validation-reports"]}/*"]
        conditions = []
      },
    ]

    # Upkeep: tables are rewritten, left-overs of dead runs deleted without being read.
    keep_up_zones = [
      {
        sid        = "KeepUpTables"
        actions    = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["processed"]}/*"]
        conditions = []
      },
      {
        sid        = "DeleteLeftovers"
        actions    = ["s3:DeleteObject"]
        resources  = ["${local.bucket_arns["quarantine"]}/records/*", "${local.bucket_arns["temp"]}/*"]
        conditions = []
      },
      {
        sid        = "ListZones"
        actions    = ["s3:ListBucket"]
        resources  = [for zone in ["processed", "quarantine", "temp"] : local.bucket_arns[zone]]
        conditions = []
      },
    ]
  }

  # Notes in the quarantine zone: on files that wait for a person, on runs that were given up.
  noting = {
    for folder in ["files", "runs"] : folder => [
      {
        sid        = "Note${title(folder)}"
        actions    = ["s3:GetObject", "s3:PutObject"]
        resources  = ["${local.bucket_arns["quarantine"]}/${folder}/*"]
        conditions = []
      },
    ]
  }

  finding_in = {
    for zone in ["temp", "quarantine"] : zone => [
      {
        sid        = "List${title(zone)}"
        actions    = ["s3:ListBucket"]
        resources  = [local.bucket_arns[zone]]
        conditions = []
      },
    ]
  }

  reading_of = {
    for name in ["landing", "failures", "functions"] : name => [
      {
        sid        = "Read${title(name)}"
        actions    = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
        resources  = [module.queues.queue_arns[name]]
        conditions = []
      },
      {
        sid       = "Decrypt${title(name)}"
        actions   = ["kms:Decrypt"]
        resources = [module.operations_key.key_arn]
        conditions = [{
          test     = "StringEquals"
          variable = "kms:ViaService"
          values   = ["sqs.${var.region}.${data.aws_partition.current.dns_suffix}"]
        }]
      },
    ]
  }
}
