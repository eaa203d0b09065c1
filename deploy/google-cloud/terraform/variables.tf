variable "project" {
  description = "Id of the project."
  type        = string
}

variable "project_number" {
  description = "Its number: gcloud projects describe PROJECT --format='value(projectNumber)'. It is part of the services' addresses."
  type        = string
}

variable "region" {
  description = "Of everything."
  type        = string
  default     = "europe-west1"
}

variable "image" {
  description = "The image with its digest, such as europe-west1-docker.pkg.dev/PROJECT/aiprod/aiprod@sha256:…"
  type        = string

  validation {
    condition     = can(regex("@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest: a tag can be moved."
  }
}

variable "network" {
  description = "VPC network of the database, which has no public address."
  type        = string
  default     = "default"
}

variable "subnetwork" {
  description = "Subnetwork of the region through which the services reach the database."
  type        = string
  default     = "default"
}

variable "database_tier" {
  description = "Machine of the database."
  type        = string
  default     = "db-custom-2-7680"
}

variable "max_connections" {
  description = "To the database, each some 10 MB of its machine. docs/operations/scaling-and-cost.md has the arithmetic."
  type        = number
  default     = 400
}

variable "secrets_version" {
  description = "Count up to make new secrets: the database's password, the pepper of API keys (all keys become void), and a new revision that reads them. The audit key is made once."
  type        = number
  default     = 1
}

variable "oidc" {
  description = "Issuer of access tokens. Null = API keys only: docs/operations/google-cloud.md says how to make the first one before the API starts."
  type        = object({ issuer = string, audience = string, jwks_url = string })
  default     = null
}

variable "settings" {
  description = "Further settings of docs/configuration.md for both services, such as { AIPROD_VOICE = \"elevenlabs,offline\" }."
  type        = map(string)
  default     = {}
}

variable "provider_keys" {
  description = "Setting => existing secret that holds it, such as { ELEVENLABS_API_KEY = \"aiprod-elevenlabs-api-key\" }."
  type        = map(string)
  default     = {}
}

variable "alert_email" {
  description = "Who is told of alerts."
  type        = string
}

variable "documents_url" {
  description = "Where docs/ can be read, for the links of alerts to the runbook: https://git.example.com/aiprod/blob/main/"
  type        = string
  default     = ""

  validation {
    condition     = var.documents_url == "" || can(regex("^https://.*/$", var.documents_url))
    error_message = "Give an https address with a slash at its end."
  }
}
