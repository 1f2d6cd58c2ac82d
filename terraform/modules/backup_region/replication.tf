resource "aws_s3_bucket_replication_configuration" "source" {
  for_each = var.source_buckets

  bucket = each.value.name
  role   = aws_iam_role.replication.arn

  rule {
    id       = "replica-${each.key}"
    status   = "Enabled"
    priority = 1

    filter {}

    # a deletion is copied as a marker; the versions under it stay in both regions
    delete_marker_replication {
      status = "Enabled"
    }

    # without it S3 passes over what KMS encrypts, and says nothing
    source_selection_criteria {
      sse_kms_encrypted_objects {
        status = "Enabled"
      }
    }

    destination {
      bucket        = local.replica_arns[each.key]
      storage_class = var.storage_class

      encryption_configuration {
        replica_kms_key_id = module.replica_key.key_arn
      }

      # lag and failures are visible with and without time control
      metrics {
        status = "Enabled"

        dynamic "event_threshold" {
          for_each = var.replication_time_control ? [15] : []

          content {
            minutes = event_threshold.value
          }
        }
      }

      dynamic "replication_time" {
        for_each = var.replication_time_control ? [15] : []

        content {
          status = "Enabled"

          time {
            minutes = replication_time.value
          }
        }
      }
    }
  }

  # the first objects are copied at once: all that a copy needs stands before
  depends_on = [
    aws_iam_role_policy.replication,
    aws_s3_bucket_object_lock_configuration.replica,
    aws_s3_bucket_policy.replica,
    aws_s3_bucket_server_side_encryption_configuration.replica,
    aws_s3_bucket_versioning.replica,
  ]
}
