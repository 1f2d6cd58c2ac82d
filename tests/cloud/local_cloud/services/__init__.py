"""What moto lacks for Terraform, one module a service.

A module declares changes to a service of moto (`registry`), or is a service that moto does not have (`new_service`).
"""
