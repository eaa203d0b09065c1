# PostgreSQL with a standby, backups and point-in-time recovery, reached by its private address only.
resource "google_compute_global_address" "database" {
  name          = "aiprod-database"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
  network       = "projects/${var.project}/global/networks/${var.network}"

  depends_on = [google_project_service.used]
}

resource "google_service_networking_connection" "database" {
  network                 = "projects/${var.project}/global/networks/${var.network}"
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.database.name]
}

resource "google_sql_database_instance" "main" {
  name                = "aiprod-db"
  database_version    = "POSTGRES_17"
  deletion_protection = true

  settings {
    tier                        = var.database_tier
    edition                     = "ENTERPRISE"
    availability_type           = "REGIONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = 50
    disk_autoresize             = true
    deletion_protection_enabled = true

    ip_configuration {
      ipv4_enabled    = false
      private_network = "projects/${var.project}/global/networks/${var.network}"
      ssl_mode        = "ENCRYPTED_ONLY"
      # Its own authority, which the services are given: it vouches for this server alone.
      server_ca_mode = "GOOGLE_MANAGED_INTERNAL_CA"
    }

    backup_configuration {
      enabled                        = true
      start_time                     = "02:00"
      point_in_time_recovery_enabled = true
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 30
      }
    }

    database_flags {
      name  = "max_connections"
      value = tostring(var.max_connections)
    }
    database_flags {
      name  = "log_min_duration_statement"
      value = "1000"
    }
  }

  depends_on = [google_service_networking_connection.database]
}

resource "google_sql_database" "aiprod" {
  name     = "aiprod"
  instance = google_sql_database_instance.main.name
}

resource "google_sql_user" "aiprod" {
  name                = "aiprod"
  instance            = google_sql_database_instance.main.name
  password_wo         = ephemeral.google_secret_manager_secret_version.database_password.secret_data
  password_wo_version = var.secrets_version
}
