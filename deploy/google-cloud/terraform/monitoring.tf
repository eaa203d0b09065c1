# The alerts of ../alert-rules.yaml and ../uptime-policy.yaml as policies of Cloud Monitoring.
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
      # Before the first scrape there is no such metric, and of some there is none before the first job.
      disable_metric_validation = true
    }
  }

  documentation {
    content = each.value.annotations.description
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
  display_name          = local.unreachable.displayName
  combiner              = local.unreachable.combiner
  severity              = local.unreachable.severity
  notification_channels = [google_monitoring_notification_channel.email.name]

  dynamic "conditions" {
    for_each = local.unreachable.conditions
    iterator = condition

    content {
      display_name = condition.value.displayName

      condition_threshold {
        filter          = condition.value.conditionThreshold.filter
        comparison      = condition.value.conditionThreshold.comparison
        threshold_value = condition.value.conditionThreshold.thresholdValue
        duration        = condition.value.conditionThreshold.duration

        dynamic "aggregations" {
          for_each = condition.value.conditionThreshold.aggregations
          iterator = aggregation

          content {
            alignment_period     = aggregation.value.alignmentPeriod
            per_series_aligner   = aggregation.value.perSeriesAligner
            cross_series_reducer = aggregation.value.crossSeriesReducer
            group_by_fields      = aggregation.value.groupByFields
          }
        }
        trigger {
          count = condition.value.conditionThreshold.trigger.count
        }
      }
    }
  }

  documentation {
    content   = local.unreachable.documentation.content
    mime_type = local.unreachable.documentation.mimeType
  }

  depends_on = [google_monitoring_uptime_check_config.api]
}
