# Topics, subscriptions and rights, the same as `aiprod gcp setup` makes.
resource "google_pubsub_topic" "jobs" {
  name = "aiprod-jobs"

  depends_on = [google_project_service.used]
}

resource "google_pubsub_topic" "dead_letters" {
  name = "aiprod-dead-letters"

  depends_on = [google_project_service.used]
}

resource "google_pubsub_subscription" "worker" {
  name                       = "aiprod-worker"
  topic                      = google_pubsub_topic.jobs.id
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }
  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }
  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 100
  }
  push_config {
    push_endpoint = "${local.worker_url}/process-job"

    oidc_token {
      service_account_email = google_service_account.push.email
      audience              = "${local.worker_url}/process-job"
    }
  }

  depends_on = [google_cloud_run_v2_service.service, google_service_account_iam_member.pushes_signed]
}

resource "google_pubsub_subscription" "dead_letters" {
  name                       = "aiprod-dead-letters"
  topic                      = google_pubsub_topic.dead_letters.id
  ack_deadline_seconds       = 600
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  for_each = toset(["api", "worker", "sweep", "admin"])

  topic  = google_pubsub_topic.jobs.name
  role   = "roles/pubsub.publisher"
  member = google_service_account.runner[each.key].member
}

resource "google_pubsub_subscription_iam_member" "worker" {
  subscription = google_pubsub_subscription.worker.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.runner["worker"].member
}

resource "google_pubsub_subscription_iam_member" "worker_dead_letters" {
  subscription = google_pubsub_subscription.dead_letters.name
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.runner["worker"].member
}

resource "google_pubsub_topic_iam_member" "agent_moves_dead_letters" {
  topic  = google_pubsub_topic.dead_letters.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_takes_them" {
  subscription = google_pubsub_subscription.worker.name
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_service_account_iam_member" "pushes_signed" {
  service_account_id = google_service_account.push.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent
}
