# Which Terraform and which provider. Secrets are written with write-only arguments, which Terraform 1.11 brought, and read by
# what version 7 of the provider brought: none is in the state.
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 7.12"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.7"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}
