# What make build made. A name holds its content's hash, so that a plan shows what a change of code touches.

locals {
  artifacts_path   = "${path.root}/${var.artifacts_file}"
  artifacts_folder = dirname(local.artifacts_path)
  artifacts        = jsondecode(file(local.artifacts_path))

  uris = { for name, artifact in local.artifacts : name => "s3://${local.buckets["artifacts"]}/${artifact.file}" }

  glue_packages = var.glue.data_docs ? "glue_packages_with_quality" : "glue_packages"
}

resource "aws_s3_object" "artifact" {
  for_each = local.artifacts

  bucket      = local.buckets["artifacts"]
  key         = each.value.file
  source      = "${local.artifacts_folder}/${each.value.file}"
  source_hash = each.value.sha256
  tags        = { Component = "artifacts" }
}

resource "aws_lambda_layer_version" "packages" {
  layer_name               = "${local.name_prefix}-packages"
  description              = "Third-party packages of the functions, from the lock file."
  s3_bucket                = aws_s3_object.artifact["lambda_packages"].bucket
  s3_key                   = aws_s3_object.artifact["lambda_packages"].key
  source_code_hash         = local.artifacts["lambda_packages"].sha256_base64
  compatible_runtimes      = ["python3.11"]
  compatible_architectures = ["arm64"]
}
