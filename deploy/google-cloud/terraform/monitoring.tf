# The alerts of ../alert-rules.yaml as policies of Cloud Monitoring, and one that looks at the API from outside.
resource "google_monitoring_notification_channel" "email" {
  display_name = "AIPROD on call"
  type         = "email"
  labels       = { email_address = var.alert_email }

  depends_on = [google_project_service.used]
}

resource "google_monitoring_alert_policy" "alert" {
  for_each = local.alerts

  display_name          = each.key
  combiner              = "OR"
  severity              = each.value.labels.severity == "page" ? "CRITICAL" : "WARNING"
  notification_channels = [google_monitoring_notification_channel.email.name]

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query               = each.value.expr
      duration            = "${tonumber(trimsuffix(each.value["for"], "m")) * 60}s"
      evaluation_interval = "60s"
      rule_group          = each.value.group
      alert_rule          = each.value.alert
    }
  }

  documentation {
    content = "What to do: ${each.value.annotations.runbook_url}"
  }
}

resource "google_monitoring_uptime_check_config" "api" {
  display_name = "AIPROD API"
  period       = "60s"
  timeout      = "10s"

  http_check {
    path         = "/health"
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project
      host       = local.api_host
    }
  }

  depends_on = [google_cloud_run_v2_service.service]
}

resource "google_monitoring_alert_policy" "unreachable" {
  display_name          = "ServiceDown (from outside)"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = [google_monitoring_notification_channel.email.name]

  conditions {
    display_name = "/health does not answer from more than one region"

    condition_threshold {
      filter          = "resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.api.uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "120s"

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
      trigger {
        count = 1
      }
    }
  }

  documentation {
    content = "What to do: docs/operations/runbook.md#servicedown"
  }
}
