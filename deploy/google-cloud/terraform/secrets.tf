# Secrets, who may read them, and their first versions.
resource "google_secret_manager_secret" "secret" {
  for_each = toset(distinct(flatten(values(local.readers))))

  secret_id = "aiprod-${each.key}"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.secret_rights

  secret_id = google_secret_manager_secret.secret[each.value.secret].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runner[each.value.account].member
}

# Keys of providers are put into secrets by hand; here only the right to read them is given.
resource "google_secret_manager_secret_iam_member" "provider_key_reader" {
  for_each = local.provider_key_rights

  secret_id = "projects/${var.project}/secrets/${each.value.secret}"
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.runner[each.value.account].member
}

# The password alone, which nothing that runs may read. The user of the database and the address below take it from here:
# whichever of them an apply does not reach is given the same one by the next.
resource "google_secret_manager_secret" "database_password" {
  secret_id = "aiprod-database-password"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.used]
}

ephemeral "random_password" "database" {
  length  = 40
  special = false
}

resource "google_secret_manager_secret_version" "database_password" {
  secret                 = google_secret_manager_secret.database_password.id
  secret_data_wo         = ephemeral.random_password.database.result
  secret_data_wo_version = var.secrets_version

  lifecycle {
    create_before_destroy = true
  }
}

ephemeral "google_secret_manager_secret_version" "database_password" {
  secret  = google_secret_manager_secret.database_password.id
  version = google_secret_manager_secret_version.database_password.version
}

resource "google_secret_manager_secret_version" "database_url" {
  secret = google_secret_manager_secret.secret["database-url"].id
  secret_data_wo = format(
    "postgresql://%s:%s@%s/%s?sslmode=verify-ca",
    google_sql_user.aiprod.name,
    ephemeral.google_secret_manager_secret_version.database_password.secret_data,
    google_sql_database_instance.main.private_ip_address,
    google_sql_database.aiprod.name,
  )
  secret_data_wo_version = var.secrets_version

  # An instance that starts in between finds one of the two.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_secret_manager_secret_version" "database_ca" {
  secret      = google_secret_manager_secret.secret["database-ca"].id
  secret_data = google_sql_database_instance.main.server_ca_cert[0].cert
}

ephemeral "random_password" "key_pepper" {
  length  = 44
  special = false
}

resource "google_secret_manager_secret_version" "key_pepper" {
  secret                 = google_secret_manager_secret.secret["key-pepper"].id
  secret_data_wo         = ephemeral.random_password.key_pepper.result
  secret_data_wo_version = var.secrets_version

  lifecycle {
    create_before_destroy = true
  }
}

ephemeral "random_password" "audit_key" {
  length  = 32
  special = false
}

# Never another one while the log is kept: the chain of the log hangs on it.
resource "google_secret_manager_secret_version" "audit_key" {
  secret                 = google_secret_manager_secret.secret["audit-key"].id
  secret_data_wo         = base64encode(ephemeral.random_password.audit_key.result)
  secret_data_wo_version = 1

  lifecycle {
    prevent_destroy = true
  }
}

# No secret, but collectors read it as one.
resource "google_secret_manager_secret_version" "monitoring" {
  for_each = local.services

  secret      = google_secret_manager_secret.secret["${each.key}-monitoring"].id
  secret_data = templatefile("${path.module}/../run-monitoring.yaml", { service = each.value.metadata.name })
}
