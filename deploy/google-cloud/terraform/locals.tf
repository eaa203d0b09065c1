# Names, and the services and jobs as the YAML files describe them. Needs no provider: a test evaluates it.
locals {
  bucket     = "${var.project}-aiprod"
  worker_url = "https://aiprod-worker-${var.project_number}.${var.region}.run.app"
  api_host   = "aiprod-api-${var.project_number}.${var.region}.run.app"

  # Pub/Sub's own account, which moves dead letters and signs tokens.
  pubsub_agent = "serviceAccount:service-${var.project_number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  filled_in = {
    project       = var.project
    region        = var.region
    network       = var.network
    subnetwork    = var.subnetwork
    bucket        = local.bucket
    image         = var.image
    worker_url    = local.worker_url
    oidc_issuer   = try(var.oidc.issuer, "")
    oidc_audience = try(var.oidc.audience, "")
    oidc_jwks_url = try(var.oidc.jwks_url, "")
    api_host      = local.api_host
    alert_email   = var.alert_email
    documents_url = var.documents_url
  }

  services = {
    for name in ["api", "worker"] :
    name => yamldecode(templatefile("${path.module}/../${name}.yaml", local.filled_in))
  }
  jobs = {
    for name in ["sweep", "admin", "doctor-api", "doctor-worker"] :
    name => yamldecode(templatefile("${path.module}/../${name}.yaml", local.filled_in))
  }

  # What the variables add to the environment of a container.
  further_env = {
    aiprod = concat(
      [for name, value in var.settings : { name = name, value = value }],
      [for name, secret in var.provider_keys : { name = name, valueFrom = { secretKeyRef = { name = secret, key = "latest" } } }],
    )
  }

  # Accounts of what runs, and which secrets each may read.
  readers = {
    api    = ["database-url", "database-ca", "audit-key", "key-pepper", "api-monitoring"]
    worker = ["database-url", "database-ca", "audit-key", "worker-monitoring"]
    sweep  = ["database-url", "database-ca"]
    admin  = ["database-url", "database-ca", "audit-key", "key-pepper"]
  }
  # One entry for each right to read.
  secret_rights = merge([
    for account, secrets in local.readers : {
      for secret in secrets : "${account} ${secret}" => { account = account, secret = secret }
    }
  ]...)
  provider_key_rights = merge([
    for account in ["api", "worker"] : {
      for setting, secret in var.provider_keys : "${account} ${setting}" => { account = account, secret = secret }
    }
  ]...)

  unreachable = yamldecode(templatefile("${path.module}/../uptime-policy.yaml", local.filled_in))

  alerts = merge([
    for group in yamldecode(templatefile("${path.module}/../alert-rules.yaml", local.filled_in)).groups : {
      for rule in group.rules :
      join(" ", compact([rule.alert, try("${rule.labels.burn}×", "")])) => merge({ "for" = "0m" }, rule, { group = group.name })
    }
  ]...)
}
