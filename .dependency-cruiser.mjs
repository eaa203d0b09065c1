// Who may import whom. Each rule says why; docs/architecture.md shows the same as a picture.
/** @type {(name: string, from: string, allowed: string[], comment: string) => object} */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^src/${from}`, pathNot: '\\.test\\.ts$' },
  to: {
    path: '^(src|test|bench|scripts)/',
    pathNot: [`^src/${from}`, ...allowed.map((room) => `^src/${room}`)],
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no reading order.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'What cannot be found cannot be run.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-in-product',
      comment: 'Production installs have no development dependencies.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    only(
      'config-only-reads',
      'config/',
      ['domain/', 'ports/', 'adapters/elevenlabs/voices', 'adapters/freesound/licences'],
      'What is configured is known before anything is opened.',
    ),
    only('domain-is-pure', 'domain/', [], 'Rules and data outlive every tool.'),
    only('ports-know-the-domain', 'ports/', ['domain/'], 'A contract must not depend on who fulfils it.'),
    only('engine-knows-no-video', 'engine/', ['domain/', 'ports/'], 'Steps are memoised whatever they make.'),
    only(
      'recipe-uses-ports',
      'video/',
      ['domain/', 'ports/', 'engine/'],
      'The recipe reads the same whoever makes the parts.',
    ),
    only(
      'render-is-a-tool',
      'render/',
      ['domain/', 'ports/', 'sound/'],
      'Media work knows no jobs, blobs or users.',
    ),
    only('sound-is-a-tool', 'sound/', ['domain/', 'ports/'], 'Media work knows no jobs, blobs or users.'),
    only(
      'offline-makers',
      'offline/',
      ['domain/', 'ports/', 'render/planar', 'sound/'],
      'Makers are replaceable: they may use parts, not the system.',
    ),
    only(
      'media-hosts-the-makers',
      'media/',
      ['domain/', 'ports/', 'offline/', 'render/', 'sound/'],
      'One room starts the child processes.',
    ),
    only(
      'worker-runs-recipes',
      'worker/',
      ['domain/', 'ports/', 'engine/', 'video/'],
      'The worker owns leases, not media.',
    ),
    only(
      'api-speaks-ports',
      'api/',
      ['domain/', 'ports/', 'engine/explain'],
      'Requests must not reach around the stores.',
    ),
    {
      name: 'adapters-stand-alone',
      comment: 'Any adapter can be replaced without touching another.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/', pathNot: ['^src/adapters/$1/', '^src/domain/', '^src/ports/'] },
    },
    {
      name: 'tests-stay-outside',
      comment: 'The product runs without its tests.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(test|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
};
