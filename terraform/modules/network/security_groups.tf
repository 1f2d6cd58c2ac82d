locals {
  security_groups = local.enabled ? {
    compute   = "Glue workers and Lambda functions."
    data      = "Redshift."
    endpoints = "Interface endpoints of AWS services."
  } : {}

  https    = { from = 443, to = 443 }
  redshift = { from = 5439, to = 5439 }
  any_port = { from = 0, to = 65535 }

  ingress = local.enabled ? {
    compute-from-compute   = { group = "compute", source = "compute", ports = local.any_port, why = "Glue workers among themselves" }
    data-from-compute      = { group = "data", source = "compute", ports = local.redshift, why = "SQL from jobs and functions" }
    endpoints-from-compute = { group = "endpoints", source = "compute", ports = local.https, why = "AWS services for jobs and functions" }
    endpoints-from-data    = { group = "endpoints", source = "data", ports = local.https, why = "AWS services for Redshift" }
  } : {}

  egress = local.enabled ? {
    compute-to-compute   = { group = "compute", target = "compute", ports = local.any_port, why = "Glue workers among themselves" }
    compute-to-data      = { group = "compute", target = "data", ports = local.redshift, why = "SQL from jobs and functions" }
    compute-to-endpoints = { group = "compute", target = "endpoints", ports = local.https, why = "AWS services for jobs and functions" }
    data-to-endpoints    = { group = "data", target = "endpoints", ports = local.https, why = "AWS services for Redshift" }
  } : {}

  gateway_egress = local.enabled ? {
    compute-to-s3       = { group = "compute", service = "s3" }
    compute-to-dynamodb = { group = "compute", service = "dynamodb" }
    data-to-s3          = { group = "data", service = "s3" }
  } : {}
}

resource "aws_security_group" "tier" {
  #checkov:skip=CKV2_AWS_5:Jobs, functions and Redshift of other modules use the groups.
  for_each = local.security_groups

  name        = "${var.name_prefix}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this[0].id

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "group" {
  for_each = local.ingress

  security_group_id            = aws_security_group.tier[each.value.group].id
  referenced_security_group_id = aws_security_group.tier[each.value.source].id
  description                  = each.value.why
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports.from
  to_port                      = each.value.ports.to

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "group" {
  for_each = local.egress

  security_group_id            = aws_security_group.tier[each.value.group].id
  referenced_security_group_id = aws_security_group.tier[each.value.target].id
  description                  = each.value.why
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports.from
  to_port                      = each.value.ports.to

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}

resource "aws_vpc_security_group_egress_rule" "gateway" {
  for_each = local.gateway_egress

  security_group_id = aws_security_group.tier[each.value.group].id
  prefix_list_id    = aws_vpc_endpoint.gateway[each.value.service].prefix_list_id
  description       = "${each.value.service} through its gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = local.https.from
  to_port           = local.https.to

  tags = merge(local.tags, { Name = "${var.name_prefix}-${each.key}" })
}
