# What `make tflint` holds the root and every module to. The AWS ruleset is left out: its plugin is loaded from GitHub's
# releases at run time, and the provider's own schema, checkov and the mocked tests look at the same attributes.
config {
  call_module_type = "none" # each module is a folder of its own, and is looked at as one
}

plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Files are named by what they hold: the root by the way of the data, variables of big modules in two files.
rule "terraform_standard_module_structure" {
  enabled = false
}
