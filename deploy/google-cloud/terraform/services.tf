# The interfaces of Google Cloud that are used.
resource "google_project_service" "used" {
  for_each = toset([
    "artifactregistry", "cloudbuild", "cloudkms", "cloudresourcemanager", "cloudscheduler", "compute", "iam", "iamcredentials",
    "monitoring", "pubsub", "run", "secretmanager", "servicenetworking", "sqladmin", "storage",
  ])

  service            = "${each.key}.googleapis.com"
  disable_on_destroy = false
}
