output "api_url" {
  description = "Where users ask."
  value       = "https://${local.api_host}"
}

output "worker_url" {
  description = "Where Pub/Sub pushes."
  value       = local.worker_url
}

output "images" {
  description = "Where images are put."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}/aiprod"
}

output "database" {
  description = "Private address of the database."
  value       = google_sql_database_instance.main.private_ip_address
}
