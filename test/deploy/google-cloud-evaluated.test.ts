// Holds what Terraform would make of its variables to the YAML files that gcloud takes: one deployment, two ways.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { type Evaluated, evaluateTerraform } from '../support/evaluate-terraform.ts';
import {
  exampleValues,
  fillIn,
  readDeployFile,
  readJob,
  readService,
  secretsOf,
} from '../support/google-cloud-files.ts';

const { project, region, image, oidc_issuer, oidc_audience, oidc_jwks_url } = exampleValues;
const required = {
  ...{ project, region, image, project_number: '123456789012', alert_email: 'on-call@example.com' },
};
const oidc = JSON.stringify({ issuer: oidc_issuer, audience: oidc_audience, jwks_url: oidc_jwks_url });

const terraform = await promisify(execFile)('terraform', ['version']).then(
  () => true,
  () => false,
);
if (!terraform) {
  it.skip('NOT RUN: terraform is not on PATH, so it was not asked what it would make');
} else {
  describe('what Terraform makes', () => {
    let made: Evaluated;
    beforeAll(async () => {
      made = await evaluateTerraform({ ...required, oidc });
    });

    it.each(['api', 'worker'] as const)('%s is the service of the YAML file', async (name) => {
      const { metadata, spec } = await readService(`${name}.yaml`);
      const { annotations } = spec.template.metadata;
      const service = made['google_cloud_run_v2_service.service'][name];
      expect(service).toMatchObject({
        name: metadata.name,
        invoker_iam_disabled: true,
        ingress: name === 'api' ? 'INGRESS_TRAFFIC_ALL' : 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      });
      const [template] = service.template;
      expect(template).toMatchObject({
        max_instance_request_concurrency: spec.template.spec.containerConcurrency,
        timeout: `${spec.template.spec.timeoutSeconds}s`,
        scaling: [
          {
            min_instance_count: Number(annotations['autoscaling.knative.dev/minScale']),
            max_instance_count: Number(annotations['autoscaling.knative.dev/maxScale']),
          },
        ],
      });
      expect(template.containers.map(containerOf)).toEqual(spec.template.spec.containers);
      expect(template.volumes.map(volumeOf)).toEqual(spec.template.spec.volumes);
      const [own, collector] = template.containers;
      expect(own.resources[0]).toMatchObject({ cpu_idle: false, startup_cpu_boost: true });
      expect(collector.depends_on).toEqual([own.name]);
    });

    it.each([
      'sweep',
      'admin',
      'doctor-api',
      'doctor-worker',
    ])('%s is the job of the YAML file', async (name) => {
      const { metadata, spec } = await readJob(`${name}.yaml`);
      const job = made['google_cloud_run_v2_job.job'][name];
      expect(job.name).toBe(metadata.name);
      const [task] = job.template[0].template;
      expect(task.service_account).toBe(spec.template.spec.template.spec.serviceAccountName);
      expect(task.containers.map(containerOf)).toEqual(spec.template.spec.template.spec.containers);
      expect(task.volumes.map(volumeOf)).toEqual(spec.template.spec.template.spec.volumes);
    });

    it('secrets are there for whoever reads them', async () => {
      const secrets = Object.values(made['google_secret_manager_secret.secret'] as Evaluated);
      const { spec } = await readService('worker.yaml');
      expect(secrets.map(({ secret_id }) => secret_id)).toEqual(
        expect.arrayContaining(secretsOf(spec.template.spec)),
      );
      const rights = Object.keys(made['google_secret_manager_secret_iam_member.reader']);
      expect(rights).toContain('sweep database-url');
      expect(rights).not.toContain('sweep audit-key');
      const { api } = made['google_secret_manager_secret_version.monitoring'];
      expect(api.secret_data).toContain('name: aiprod-api\n');
    });

    it('every alert is a policy, waits as long, and leads to its section of the runbook', () => {
      const policies = made['google_monitoring_alert_policy.alert'] as Evaluated;
      expect(Object.keys(policies)).toEqual(
        expect.arrayContaining(['ErrorRateHigh', 'SloBurnFast 14.4×', 'SloBurnSlow 1×']),
      );
      expect(policies.ErrorRateHigh).toMatchObject({
        severity: 'CRITICAL',
        conditions: [
          { condition_prometheus_query_language: [{ duration: '300s', alert_rule: 'ErrorRateHigh' }] },
        ],
        documentation: [{ content: 'What to do: docs/operations/runbook.md#errorratehigh' }],
      });
      for (const { conditions } of Object.values(policies)) {
        // Metrics that are not there yet would make the first apply fail.
        const [{ condition_prometheus_query_language: query }] = conditions;
        expect(query).toMatchObject([{ disable_metric_validation: true }]);
      }
      expect(policies['SloBurnSlow 1×']).toMatchObject({
        severity: 'WARNING',
        conditions: [{ condition_prometheus_query_language: [{ duration: '0s', rule_group: 'aiprod-slo' }] }],
      });
    });

    it('the policy of the check from outside is that of the YAML file, by the same address', async () => {
      const text = fillIn(await readDeployFile('uptime-policy.yaml'), {
        ...exampleValues,
        documents_url: '',
      });
      const { conditions, displayName, documentation } = parse(text);
      const [{ conditionThreshold }] = conditions;
      const policy = made['google_monitoring_alert_policy.unreachable'];
      expect(policy).toMatchObject({
        display_name: displayName,
        documentation: [{ content: documentation.content, mime_type: documentation.mimeType }],
      });
      const [
        {
          condition_threshold: [threshold],
        },
      ] = policy.conditions;
      expect(threshold).toMatchObject({
        filter: conditionThreshold.filter,
        duration: conditionThreshold.duration,
        threshold_value: 1,
      });
      const {
        monitored_resource: [resource],
      } = made['google_monitoring_uptime_check_config.api'];
      expect(threshold.filter).toContain(`"${resource.labels.host}"`);
    });

    it('new secrets make a new revision, and links lead to where the documents are', async () => {
      const url = exampleValues.documents_url;
      const renewed = await evaluateTerraform({ ...required, secrets_version: '2', documents_url: url });
      for (const name of ['api', 'worker']) {
        const annotationsOf = (from: Evaluated) =>
          from['google_cloud_run_v2_service.service'][name].template[0].annotations;
        expect(annotationsOf(renewed)).not.toEqual(annotationsOf(made));
      }
      const policies = [
        ...Object.values(renewed['google_monitoring_alert_policy.alert'] as Evaluated),
        renewed['google_monitoring_alert_policy.unreachable'],
      ];
      for (const { documentation } of policies) {
        expect(documentation[0].content).toMatch(/^What to do: https:\/\/\S+\/runbook\.md#\w+$/);
      }
    });

    it('settings and keys of providers reach both services, and their own containers only', async () => {
      const further = await evaluateTerraform({
        ...required,
        settings: '{ AIPROD_VOICE = "elevenlabs,offline" }',
        provider_keys: '{ ELEVENLABS_API_KEY = "aiprod-elevenlabs-api-key" }',
      });
      for (const name of ['api', 'worker']) {
        const [own, collector] =
          further['google_cloud_run_v2_service.service'][name].template[0].containers.map(containerOf);
        const added = [
          { name: 'AIPROD_VOICE', value: 'elevenlabs,offline' },
          {
            name: 'ELEVENLABS_API_KEY',
            valueFrom: { secretKeyRef: { name: 'aiprod-elevenlabs-api-key', key: 'latest' } },
          },
        ];
        expect(own.env.slice(-2)).toEqual(added);
        expect(collector).not.toHaveProperty('env');
        const doctor = further['google_cloud_run_v2_job.job'][`doctor-${name}`].template[0].template[0];
        expect(doctor.containers.map(containerOf)[0].env).toEqual(own.env);
      }
      const [admin] = further['google_cloud_run_v2_job.job'].admin.template[0].template;
      expect(JSON.stringify(admin)).not.toContain('ELEVENLABS');
      const rights = further['google_secret_manager_secret_iam_member.provider_key_reader'];
      expect(Object.keys(rights)).toEqual(['api ELEVENLABS_API_KEY', 'worker ELEVENLABS_API_KEY']);
      // Without an issuer its settings are empty, which is as if they were not there.
      const [{ env }] = further['google_cloud_run_v2_service.service'].api.template[0].containers;
      expect(env).toContainEqual({ name: 'AIPROD_OIDC_ISSUER', value: '', value_source: [] });
    });
  });
}

/** As it stands in a YAML file. */
function containerOf(made: Evaluated): Evaluated {
  const {
    name,
    image: its,
    command,
    args,
    resources,
    ports = [],
    env = [],
    volume_mounts: mounts = [],
  } = made;
  const probes = { startupProbe: made.startup_probe ?? [], livenessProbe: made.liveness_probe ?? [] };
  return {
    ...{ name, image: its },
    ...(command && { command, args }),
    ...(ports.length > 0 && {
      ports: ports.map((port: Evaluated) => ({ containerPort: port.container_port })),
    }),
    resources: { limits: resources[0].limits },
    ...(env.length > 0 && { env: env.map(variableOf) }),
    volumeMounts: mounts.map((mount: Evaluated) => ({ name: mount.name, mountPath: mount.mount_path })),
    ...Object.fromEntries(
      Object.entries(probes).flatMap(([probe, [its]]) => (its === undefined ? [] : [[probe, probeOf(its)]])),
    ),
  };
}

function variableOf({ name, value, value_source: [source] }: Evaluated): Evaluated {
  if (source === undefined) return { name, value };
  const [{ secret, version }] = source.secret_key_ref;
  return { name, valueFrom: { secretKeyRef: { name: secret, key: version } } };
}

function probeOf(made: Evaluated): Evaluated {
  return {
    httpGet: made.http_get[0],
    periodSeconds: made.period_seconds,
    timeoutSeconds: made.timeout_seconds,
    failureThreshold: made.failure_threshold,
  };
}

function volumeOf({ name, secret: [{ secret: secretName, items }] }: Evaluated): Evaluated {
  const files = items.map(({ version: key, path }: Evaluated) => ({ key, path }));
  return { name, secret: { secretName, items: files } };
}
