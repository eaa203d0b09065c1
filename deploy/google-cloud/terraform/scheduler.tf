# Runs the sweep every five minutes, so that a job whose message was lost waits no longer, even while no worker runs.
resource "google_cloud_run_v2_job_iam_member" "scheduler_runs_sweep" {
  name     = google_cloud_run_v2_job.job["sweep"].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler.member
}

resource "google_cloud_scheduler_job" "sweep" {
  name             = "aiprod-sweep"
  region           = var.region
  schedule         = "*/5 * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "60s"

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs/${google_cloud_run_v2_job.job["sweep"].name}:run"

    oauth_token {
      service_account_email = google_service_account.scheduler.email
    }
  }

  depends_on = [google_project_service.used, google_cloud_run_v2_job_iam_member.scheduler_runs_sweep]
}
