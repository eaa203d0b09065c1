# An account for each thing that runs, with no rights but those named in these files.
resource "google_service_account" "runner" {
  for_each = local.readers

  account_id   = "aiprod-${each.key}"
  display_name = "AIPROD ${each.key}"
}

# Signs what Pub/Sub pushes.
resource "google_service_account" "push" {
  account_id   = "aiprod-push"
  display_name = "AIPROD pushes"
}

# Starts the sweep.
resource "google_service_account" "scheduler" {
  account_id   = "aiprod-scheduler"
  display_name = "AIPROD scheduler"
}

# For the collectors beside the services.
resource "google_project_iam_member" "metric_writer" {
  for_each = toset(["api", "worker"])

  project = var.project
  role    = "roles/monitoring.metricWriter"
  member  = google_service_account.runner[each.key].member
}

resource "google_project_iam_member" "log_writer" {
  for_each = toset(["api", "worker"])

  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.runner[each.key].member
}

# Links to files are signed in the account's own name.
resource "google_service_account_iam_member" "api_signs" {
  service_account_id = google_service_account.runner["api"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.runner["api"].member
}
