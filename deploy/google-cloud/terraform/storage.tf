# The keys that wrap users' data keys and encrypt the bucket, the bucket, and the registry of images.
resource "google_kms_key_ring" "aiprod" {
  name     = "aiprod"
  location = var.region

  depends_on = [google_project_service.used]
}

# Without this key nothing that users gave can be read again, nor any backup of it.
resource "google_kms_crypto_key" "data_keys" {
  name            = "data-keys"
  key_ring        = google_kms_key_ring.aiprod.id
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "data_keys" {
  for_each = toset(["api", "worker", "admin"])

  crypto_key_id = google_kms_crypto_key.data_keys.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = google_service_account.runner[each.key].member
}

resource "google_kms_crypto_key" "bucket" {
  name            = "bucket"
  key_ring        = google_kms_key_ring.aiprod.id
  rotation_period = "7776000s"

  lifecycle {
    prevent_destroy = true
  }
}

data "google_storage_project_service_account" "storage" {
  depends_on = [google_project_service.used]
}

resource "google_kms_crypto_key_iam_member" "bucket" {
  crypto_key_id = google_kms_crypto_key.bucket.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = data.google_storage_project_service_account.storage.member
}

resource "google_storage_bucket" "blobs" {
  name                        = local.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = google_kms_crypto_key.bucket.id
  }

  # What AIPROD removes must be gone.
  soft_delete_policy {
    retention_duration_seconds = 0
  }
  versioning {
    enabled = false
  }

  # AIPROD removes what is not needed. Nothing is deleted by age here: a step of an old job may be used by a new one.
  lifecycle_rule {
    condition {
      age                   = 60
      matches_storage_class = ["STANDARD"]
    }
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
  }
  lifecycle_rule {
    condition {
      age = 2
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [google_kms_crypto_key_iam_member.bucket]
}

resource "google_storage_bucket_iam_member" "blobs" {
  for_each = toset(["api", "worker", "admin"])

  bucket = google_storage_bucket.blobs.name
  role   = "roles/storage.objectUser"
  member = google_service_account.runner[each.key].member
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "aiprod"
  location      = var.region
  format        = "DOCKER"

  docker_config {
    immutable_tags = true
  }

  cleanup_policies {
    id     = "keep-the-last-twenty"
    action = "KEEP"
    most_recent_versions {
      keep_count = 20
    }
  }
  cleanup_policies {
    id     = "delete-after-ninety-days"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.used]
}
