# The two services and the two jobs, as ../*.yaml describe them.
resource "google_cloud_run_v2_service" "service" {
  for_each = local.services

  name                 = each.value.metadata.name
  location             = var.region
  deletion_protection  = true
  invoker_iam_disabled = each.value.metadata.annotations["run.googleapis.com/invoker-iam-disabled"] == "true"
  ingress = {
    all      = "INGRESS_TRAFFIC_ALL"
    internal = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  }[each.value.metadata.annotations["run.googleapis.com/ingress"]]

  template {
    # Secrets are read when an instance starts: new ones need a new revision.
    annotations = { "secrets-version" = tostring(var.secrets_version) }

    service_account                  = google_service_account.runner[each.key].email
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    max_instance_request_concurrency = each.value.spec.template.spec.containerConcurrency
    timeout                          = "${each.value.spec.template.spec.timeoutSeconds}s"

    scaling {
      min_instance_count = tonumber(each.value.spec.template.metadata.annotations["autoscaling.knative.dev/minScale"])
      max_instance_count = tonumber(each.value.spec.template.metadata.annotations["autoscaling.knative.dev/maxScale"])
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = var.network
        subnetwork = var.subnetwork
      }
    }

    dynamic "containers" {
      for_each = each.value.spec.template.spec.containers
      iterator = container

      content {
        name  = container.value.name
        image = container.value.image
        depends_on = try(
          jsondecode(each.value.spec.template.metadata.annotations["run.googleapis.com/container-dependencies"])[container.value.name],
          null,
        )

        resources {
          limits            = container.value.resources.limits
          cpu_idle          = each.value.spec.template.metadata.annotations["run.googleapis.com/cpu-throttling"] == "true"
          startup_cpu_boost = each.value.spec.template.metadata.annotations["run.googleapis.com/startup-cpu-boost"] == "true"
        }

        dynamic "ports" {
          for_each = try(container.value.ports, [])
          content {
            container_port = ports.value.containerPort
          }
        }

        dynamic "env" {
          for_each = concat(try(container.value.env, []), try(local.further_env[container.value.name], []))
          content {
            name  = env.value.name
            value = try(env.value.value, null)

            dynamic "value_source" {
              for_each = try([env.value.valueFrom.secretKeyRef], [])
              content {
                secret_key_ref {
                  secret  = value_source.value.name
                  version = value_source.value.key
                }
              }
            }
          }
        }

        dynamic "volume_mounts" {
          for_each = try(container.value.volumeMounts, [])
          content {
            name       = volume_mounts.value.name
            mount_path = volume_mounts.value.mountPath
          }
        }

        dynamic "startup_probe" {
          for_each = try([container.value.startupProbe], [])
          content {
            period_seconds    = startup_probe.value.periodSeconds
            timeout_seconds   = startup_probe.value.timeoutSeconds
            failure_threshold = startup_probe.value.failureThreshold
            http_get {
              path = startup_probe.value.httpGet.path
              port = startup_probe.value.httpGet.port
            }
          }
        }

        dynamic "liveness_probe" {
          for_each = try([container.value.livenessProbe], [])
          content {
            period_seconds    = liveness_probe.value.periodSeconds
            timeout_seconds   = liveness_probe.value.timeoutSeconds
            failure_threshold = liveness_probe.value.failureThreshold
            http_get {
              path = liveness_probe.value.httpGet.path
              port = liveness_probe.value.httpGet.port
            }
          }
        }
      }
    }

    dynamic "volumes" {
      for_each = each.value.spec.template.spec.volumes
      iterator = volume

      content {
        name = volume.value.name
        secret {
          secret = volume.value.secret.secretName
          dynamic "items" {
            for_each = volume.value.secret.items
            content {
              version = items.value.key
              path    = items.value.path
            }
          }
        }
      }
    }
  }

  depends_on = [
    google_artifact_registry_repository.images,
    google_kms_crypto_key_iam_member.data_keys,
    google_pubsub_topic_iam_member.publisher,
    google_secret_manager_secret_iam_member.provider_key_reader,
    google_secret_manager_secret_iam_member.reader,
    google_secret_manager_secret_version.audit_key,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.key_pepper,
    google_secret_manager_secret_version.monitoring,
    google_storage_bucket_iam_member.blobs,
  ]
}

resource "google_cloud_run_v2_job" "job" {
  for_each = local.jobs

  name     = each.value.metadata.name
  location = var.region

  template {
    parallelism = each.value.spec.template.spec.parallelism
    task_count  = each.value.spec.template.spec.taskCount

    template {
      service_account       = each.value.spec.template.spec.template.spec.serviceAccountName
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
      max_retries           = each.value.spec.template.spec.template.spec.maxRetries
      timeout               = "${each.value.spec.template.spec.template.spec.timeoutSeconds}s"

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = var.network
          subnetwork = var.subnetwork
        }
      }

      dynamic "containers" {
        for_each = each.value.spec.template.spec.template.spec.containers
        iterator = container

        content {
          name    = container.value.name
          image   = container.value.image
          command = container.value.command
          args    = container.value.args

          resources {
            limits = container.value.resources.limits
          }

          dynamic "env" {
            # What asks in a service's place is given its settings.
            for_each = concat(container.value.env, [for variable in local.further_env.aiprod : variable if startswith(each.key, "doctor-")])
            content {
              name  = env.value.name
              value = try(env.value.value, null)

              dynamic "value_source" {
                for_each = try([env.value.valueFrom.secretKeyRef], [])
                content {
                  secret_key_ref {
                    secret  = value_source.value.name
                    version = value_source.value.key
                  }
                }
              }
            }
          }

          dynamic "volume_mounts" {
            for_each = container.value.volumeMounts
            content {
              name       = volume_mounts.value.name
              mount_path = volume_mounts.value.mountPath
            }
          }
        }
      }

      dynamic "volumes" {
        for_each = each.value.spec.template.spec.template.spec.volumes
        iterator = volume

        content {
          name = volume.value.name
          secret {
            secret = volume.value.secret.secretName
            dynamic "items" {
              for_each = volume.value.secret.items
              content {
                version = items.value.key
                path    = items.value.path
              }
            }
          }
        }
      }
    }
  }

  depends_on = [
    google_artifact_registry_repository.images,
    google_kms_crypto_key_iam_member.data_keys,
    google_pubsub_topic_iam_member.publisher,
    google_secret_manager_secret_iam_member.provider_key_reader,
    google_secret_manager_secret_iam_member.reader,
    google_secret_manager_secret_version.audit_key,
    google_secret_manager_secret_version.database_ca,
    google_secret_manager_secret_version.database_url,
    google_secret_manager_secret_version.key_pepper,
    google_service_account.runner,
    google_storage_bucket_iam_member.blobs,
  ]
}
